// Plasticity rules: their functions through the passes, and their numbers.
#include <fmt/format.h>

#include <cmath>

#include "compiler/plan/planner.h"

namespace eic::plan {

bool Planner::is_recorded(const sema::Projection& written) const {
  auto of = [&](const sema::Recording& recording) {
    return recording.of.projection && &network_.projections[*recording.of.projection] == &written &&
           (recording.weights || !recording.variables.empty());
  };
  auto any = [&](const std::vector<sema::Recording>& recordings) { return std::any_of(recordings.begin(), recordings.end(), of); };
  return any(simulation_.recordings) || std::any_of(simulation_.phases.begin(), simulation_.phases.end(),
                                                    [&](const sema::Phase& phase) { return any(phase.recordings); });
}

bool Planner::plasticity(const sema::Projection& written, Projection& projection) {
  const sema::Plasticity& rule = *written.plasticity;
  bool constant_weight = projection.weight && projection.weight->kind == Draw::Kind::Constant;
  solvers::RuleRequest request{&rule, &model_.params, projection.name, constant_weight, is_recorded(written)};
  auto formulation = solvers::formulate_rule(request, emitter_);
  if (!formulation) return false;
  for (uint32_t state : formulation->frozen)
    error(Kind::NotLinear, rule.states[state].rate_span,
          fmt::format("`{0}'` is not linear in `{0}`: its slope is held over each step", rule.states[state].path));

  RuleKernel kernel;
  kernel.name = projection.name;
  kernel.projection = static_cast<uint32_t>(out_.run.projections.size());
  uint32_t base = 0;
  ir::Precision precision = out_.run.single ? ir::Precision::Single : ir::Precision::Double;
  auto ready = [&](const std::optional<ir::Function>& function, std::optional<ir::Function>& to) {
    if (!function) return;
    passes::Lowerable lowerable = passes::run_pipeline(*function, precision, watch_);
    move_uniforms(lowerable.kernel, base);
    base += static_cast<uint32_t>(lowerable.prologue.results.size());
    kernel.prologues.push_back(std::move(lowerable.prologue));
    to = std::move(lowerable.kernel);
  };
  ready(formulation->source_step, kernel.source_step);
  ready(formulation->target_step, kernel.target_step);
  ready(formulation->pre.cells, kernel.pre.cells);
  ready(formulation->pre.synapses, kernel.pre.synapses);
  ready(formulation->post.cells, kernel.post.cells);
  ready(formulation->post.synapses, kernel.post.synapses);
  ready(formulation->look, kernel.look);

  Plasticity& made = projection.plasticity.emplace();
  made.name = rule.name;
  made.rule = rule.type;
  made.weight_column = formulation->weight ? static_cast<int32_t>(*formulation->weight) : -1;
  made.changes_weight = formulation->changes_weight;
  made.sent = formulation->sent;
  made.sent_column = formulation->sent_column;
  made.on_post = rule.has_on_post;
  made.origin = origin(rule.span);
  std::map<std::string, double> extra = {{"dt", out_.run.dt}, {"(weight)", constant_weight ? projection.weight->a : 0}};
  for (const ir::Function& prologue : kernel.prologues) {
    std::vector<double> block = values_.results(prologue, extra);
    made.uniforms.insert(made.uniforms.end(), block.begin(), block.end());
  }
  for (const solvers::RuleColumn& column : formulation->columns) {
    RuleColumn& to = made.columns.emplace_back();
    to.name = column.name;
    to.home = column.home;
    to.steps = column.steps;
    to.stepped = column.stepped;
    if (column.look) to.look = static_cast<int32_t>(*column.look);
    to.unit = column.unit;
    units::Unit unit = units::parse_unit(to.unit.empty() ? "1" : to.unit).value_or(units::usual(column.dimension));
    to.from_internal = units::from_internal(1, unit);
    to.origin = origin(column.span);
    if (!column.state || *column.state == sema::Plasticity::k_weight) continue;
    const sema::State& state = rule.states[*column.state];
    to.start = values_.number(*state.start.args[0]);
    if (std::isfinite(to.start)) continue;
    error(Kind::ParameterValue, state.start.args[0]->span, "this value is not a finite number");
    return false;
  }
  out_.rules.push_back(std::move(kernel));
  return true;
}

}  // namespace eic::plan
