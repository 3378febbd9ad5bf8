// Phases: their spans, what may not differ between them, and what is otherwise in each from its begin on.
#include <fmt/format.h>

#include <functional>

#include "compiler/plan/planner.h"

namespace eic::plan {

// A phase overrules the run, and a population both.
std::vector<const Overrides*> Planner::layers(size_t phase, const sema::Population* population) const {
  std::vector<const Overrides*> all = {&simulation_.params};
  if (phase < simulation_.phases.size()) all.push_back(&simulation_.phases[phase].params);
  if (population) all.push_back(&population->params);
  return all;
}

// One after another from step 0 on. What `--duration` asks for beyond them is more of the last; what it cuts off is not run.
bool Planner::phase_spans() {
  uint64_t begin = 0;
  for (const sema::Phase& written : simulation_.phases) {
    auto steps = whole_steps(*written.duration, "the duration of a phase");
    if (!steps) return false;
    out_.run.phases.push_back({written.name, {begin, begin + *steps}, {}, {}, {}});
    begin += *steps;
  }
  return true;
}

bool Planner::phases_fit() {
  if (out_.run.phases.empty()) return true;
  uint64_t end = out_.run.phases.back().steps.end;
  if (!choices_.duration && end != out_.run.steps) {
    auto shown = [&](uint64_t steps) { return fmt::format("{:.12g} ms", static_cast<double>(steps) * out_.run.dt); };
    error(Kind::ParameterValue, simulation_.duration->span,
          fmt::format("the run lasts {}, its phases last {} together", shown(out_.run.steps), shown(end)))
        .note(simulation_.phases[0].span, "the first phase is here")
        .help("without a `duration`, the phases say how long the run is");
    return false;
  }
  for (Phase& phase : out_.run.phases) {
    phase.steps.begin = std::min(phase.steps.begin, out_.run.steps);
    phase.steps.end = std::min(phase.steps.end, out_.run.steps);
  }
  out_.run.phases.back().steps.end = out_.run.steps;
  return true;
}

// Parameters that have another value in a phase: those that it overrules and those that follow from them.
std::set<uint32_t> Planner::affected(const sema::Phase& phase) const {
  std::vector<int> known(model_.params.size(), -1);
  std::function<bool(uint32_t)> follows = [&](uint32_t param) {
    if (known[param] >= 0) return known[param] == 1;
    known[param] = phase.params.count(param) > 0;
    if (known[param] == 0 && !simulation_.params.count(param) && model_.params[param].value)
      for (uint32_t read : sema::params_of(*model_.params[param].value)) known[param] |= follows(read);
    return known[param] == 1;
  };
  std::set<uint32_t> all;
  for (uint32_t param = 0; param < model_.params.size(); param++)
    if (follows(param)) all.insert(param);
  return all;
}

bool Planner::fixed(const sema::Phase& phase, const std::set<uint32_t>& affected, const sema::Expr& expr,
                    const std::string& what) {
  for (uint32_t param : sema::params_of(expr)) {
    if (!affected.count(param)) continue;
    auto given = phase.params.begin();
    if (auto own = phase.params.find(param); own != phase.params.end()) given = own;
    error(Kind::ParameterValue, given->second->span,
          fmt::format("`{}` cannot differ in the phase `{}`: {} depends on it", model_.params[param].path, phase.name, what))
        .note(expr.span, "here")
        .help("what is fixed when the network is built is the same in all phases");
    return false;
  }
  return true;
}

// What is fixed when the network is built does not depend on what a phase changes.
bool Planner::built_without(const sema::Phase& phase) {
  if (phase.params.empty()) return true;
  std::set<uint32_t> changed = affected(phase);
  bool good = true;
  auto ask = [&](const sema::ExprPtr& expr, const std::string& what) {
    if (good && expr) good = fixed(phase, changed, *expr, what);
  };
  auto target = [&](const sema::Target& target) {
    for (const sema::ExprPtr& end : {target.begin, target.end}) ask(end, "an index");
    for (const sema::ExprPtr& cell : target.cells) ask(cell, "an index");
  };
  for (const sema::Population& population : network_.populations) {
    ask(population.size, fmt::format("the size of `{}`", population.name));
    if (population.positions)
      for (const sema::ExprPtr& arg : population.positions->args) ask(arg, fmt::format("the positions of `{}`", population.name));
    for (const sema::View& view : population.views)
      for (const sema::ExprPtr& end : {view.begin, view.end}) ask(end, fmt::format("the view `{}`", view.name));
  }
  for (const sema::Projection& projection : network_.projections) {
    target(projection.from), target(projection.to);
    ask(projection.rule.argument, fmt::format("which cells `{}` connects", projection.name));
    if (projection.weight && reads_distance(*projection.weight))
      ask(projection.weight->args[0], fmt::format("the weight of `{}`, which follows the distance,", projection.name));
    if (projection.delay)
      for (const sema::ExprPtr& arg : projection.delay->args) ask(arg, fmt::format("the delay of `{}`", projection.name));
    if (projection.gap)
      for (const sema::ExprPtr& arg : projection.weight->args) ask(arg, fmt::format("the conductance of `{}`", projection.name));
  }
  for (const sema::Projection& projection : network_.projections) {
    if (!projection.plasticity) continue;
    std::string what = fmt::format("the plasticity of `{}`", projection.name);
    for (const auto* body : {&projection.plasticity->on_pre, &projection.plasticity->on_post})
      for (const sema::Assignment& assignment : *body) ask(assignment.value, what);
    for (const sema::State& state : projection.plasticity->states) ask(state.rate, what);
    if (projection.weight)
      for (const sema::ExprPtr& arg : projection.weight->args) ask(arg, what);
  }
  for (const std::vector<sema::Stimulus>* stimuli : {&network_.stimuli, &simulation_.stimuli})
    for (const sema::Stimulus& stimulus : *stimuli) {
      target(stimulus.to);
      const std::string what = fmt::format("the stimulus `{}`, which is not the phase's own,", stimulus.name);
      for (const auto& [setting, value] : stimulus.values)
        for (const sema::ExprPtr& arg : value.args) ask(arg, what);
      for (const sema::ExprPtr& time : {stimulus.from, stimulus.to_time}) ask(time, what);
    }
  return good;
}

bool Planner::phase_changes() {
  bool good = true;
  for (size_t i = 0; i < out_.run.phases.size(); i++) good = phase_change(i) && good;
  return good;
}

bool Planner::phase_change(size_t index) {
  const sema::Phase& written = simulation_.phases[index];
  Phase& phase = out_.run.phases[index];
  Values values(model_, layers(index));
  size_t errors = emitter_.error_count();
  if (!written.params.empty()) check_ranges(model_, values, emitter_);
  if (emitter_.error_count() > errors) return false;
  for (const sema::Stimulus& stimulus : written.stimuli)
    if (!this->stimulus(stimulus, values, phase.steps)) return false;
  if (index == 0) return true;  // what the run begins with
  for (uint32_t p = 0; p < network_.populations.size(); p++) {
    const sema::Population& population = network_.populations[p];
    Values own(model_, layers(index, &population));
    if (!population.params.empty() && !written.params.empty()) {
      PerCell differing = per_cell(p);
      differing.drawn.insert(differing.drawn.end(), differing.following.begin(), differing.following.end());
      check_ranges(model_, own, emitter_, differing.drawn);
      if (emitter_.error_count() > errors) return false;
    }
    auto block = uniforms(p, own);
    if (!block) return false;
    phase.uniforms.push_back(std::move(*block));
    auto& parameters = phase.parameters.emplace_back();
    for (const solvers::Column& column : out_.kernels[out_.kernel_of[p]].formulation.columns) {
      auto& drawn = parameters.emplace_back();
      if (!column.param || !population.drawn.count(*column.param)) continue;
      drawn = draw(population.drawn.at(*column.param), own, 1);
      if (!drawn) return false;
    }
  }
  for (const sema::Projection& projection : network_.projections) {
    auto& weight = phase.weights.emplace_back();
    // a rule's weights are what it made of them
    if (!projection.weight || projection.gap || projection.plasticity || reads_distance(*projection.weight)) continue;
    weight = draw(*projection.weight, values, 1);
    if (!weight) return false;
  }
  return true;
}

}  // namespace eic::plan
