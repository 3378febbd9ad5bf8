#include "cli/testing/reach.h"

#include <unordered_set>

#include "compiler/sema/curves.h"

namespace eic::cli {

namespace {

class Reach {
 public:
  explicit Reach(const sema::Model& model) : model_(model) {}

  void expr(const sema::ExprPtr& expr) {
    if (!expr || !seen_.insert(expr.get()).second) return;
    if (expr->op == sema::ExprOp::Param) param(expr->index);
    for (const sema::ExprPtr& arg : expr->args) this->expr(arg);
  }
  // A parameter, and what its value is computed from.
  void param(uint32_t index) {
    if (found_.insert(index).second) expr(model_.params[index].value);
  }
  void spread(const sema::Spread& spread) {
    for (const sema::ExprPtr& arg : spread.args) expr(arg);
  }
  void overrides(const std::map<uint32_t, sema::ExprPtr>& params) {
    for (const auto& [index, value] : params) expr(value);
  }
  void target(const sema::Target& target) {
    expr(target.begin), expr(target.end);
    for (const sema::ExprPtr& cell : target.cells) expr(cell);
  }
  void assignments(const std::vector<sema::Assignment>& body) {
    for (const sema::Assignment& assignment : body) expr(assignment.value);
  }
  void cell(const sema::Cell& cell) {
    for (const sema::State& state : cell.states) expr(state.rate), spread(state.start);
    for (const sema::Port& port : cell.ports) assignments(port.body);
    assignments(cell.reset);
    if (cell.spike) expr(cell.spike->condition), expr(cell.spike->threshold), expr(cell.spike->refractory);
  }
  void stimulus(const sema::Stimulus& stimulus) {
    target(stimulus.to), expr(stimulus.from), expr(stimulus.to_time);
    for (const auto& [setting, value] : stimulus.values) spread(value);
  }
  void network(const sema::Network& network) {
    for (const sema::Population& population : network.populations) {
      cell(model_.cells[population.cell]);
      expr(population.size), overrides(population.params);
      for (const sema::View& view : population.views) expr(view.begin), expr(view.end);
      for (const auto& [param, drawn] : population.drawn) spread(drawn);
      for (const auto& [state, start] : population.starts) spread(start);
    }
    for (const sema::Projection& projection : network.projections) {
      target(projection.from), target(projection.to), expr(projection.rule.argument);
      if (projection.weight) spread(*projection.weight);
      if (projection.delay) spread(*projection.delay);
    }
    for (const sema::Stimulus& written : network.stimuli) stimulus(written);
  }
  std::set<uint32_t> take() { return std::move(found_); }

 private:
  const sema::Model& model_;
  std::set<uint32_t> found_;
  std::unordered_set<const sema::Expr*> seen_;
};

}  // namespace

std::set<uint32_t> reached_params(const sema::Model& model, const sema::Test& test) {
  Reach reach(model);
  const sema::Simulation& run = test.run;
  if (test.of_channel) {  // its cell was made around it; only the curves are asked for
    const sema::Cell& cell = model.cells[model.networks[run.network].populations[0].cell];
    for (const sema::Expect& expect : test.expects)
      reach.expr(sema::curve(cell, expect.variable, run));
    return reach.take();
  }
  reach.network(model.networks[run.network]);
  reach.expr(run.duration), reach.expr(run.dt), reach.overrides(run.params);
  for (const auto& [state, start] : run.starts) reach.spread(start);
  for (const sema::Stimulus& stimulus : run.stimuli) reach.stimulus(stimulus);
  for (const sema::Phase& phase : run.phases) {
    reach.overrides(phase.params);
    for (const sema::Stimulus& stimulus : phase.stimuli) reach.stimulus(stimulus);
  }
  return reach.take();
}

}  // namespace eic::cli
