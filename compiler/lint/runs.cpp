// L012: a recording or an expectation of what never changes. L013: a projection whose weight is zero.
#include <fmt/format.h>

#include "compiler/lint/rule.h"
#include "compiler/plan/values.h"

namespace eic::lint {

namespace {

using sema::ExprOp;

bool changes(const sema::Expr& expr, const sema::Cell& cell) {
  if (sema::contains(expr, ExprOp::Input)) return true;
  for (uint32_t i = 0; i < cell.states.size(); i++)
    if (sema::contains(expr, ExprOp::State, i)) return true;
  return false;
}

// What the recorded variable is computed from, where that cannot change; null where it can.
const sema::Expr* constant(const sema::Cell& cell, const std::string& variable) {
  if (auto let = cell.lets.find(variable); let != cell.lets.end() && !changes(*let->second, cell)) return let->second.get();
  for (const sema::Current& current : cell.currents)
    if (current.path + ".i" == variable && current.outward && !changes(*current.outward, cell)) return current.outward.get();
  for (const sema::State& state : cell.states)
    if (state.path == variable && state.rate && state.rate->op == ExprOp::Number && state.rate->number == 0) return state.rate.get();
  return nullptr;
}

void constant_record(const sema::Model& model, uint32_t network, const sema::Target& of, const std::string& variable, Span at,
                     const char* word, Reporter& reporter) {
  if (of.projection) return;  // what a plasticity rule keeps: events may change it
  const sema::Cell& cell = model.cells[model.networks[network].populations[of.population].cell];
  if (const sema::Expr* why = constant(cell, variable))
    reporter.warn(Kind::LintConstantRecord, at, {cell.span}, fmt::format("this {} `{}`, which never changes", word, variable))
        .note(why->span, "it depends on parameters only");
}

void weights(const sema::Model& model, const sema::Simulation& run, Reporter& reporter) {
  plan::Values values(model, {&run.params});
  for (const sema::Projection& projection : model.networks[run.network].projections) {
    if (!projection.weight || projection.weight->kind != plan::Draw::Kind::Constant) continue;
    const sema::Expr& weight = *projection.weight->args[0];
    if (!sema::is_constant(weight) || values.number(weight) != 0) continue;
    auto& diagnostic = reporter.warn(Kind::LintWeightZero, weight.span, {projection.span, run.span},
                                     fmt::format("every weight of `{}` is zero: its events do nothing", projection.name));
    if (weight.op == ExprOp::Param) diagnostic.note(values.source(weight.index).span, "from here");
    diagnostic.help("leave the projection out, or give it a weight");
  }
}

}  // namespace

void check_runs(const Input& input, Reporter& reporter) {
  const sema::Model& model = input.model;
  for (const sema::Simulation& run : model.simulations) {
    for (const sema::Recording& recording : run.recordings)
      for (const std::string& variable : recording.variables)
        constant_record(model, run.network, recording.of, variable, recording.span, "records", reporter);
    weights(model, run, reporter);
  }
  for (const sema::Test& test : model.tests) {
    if (test.of_channel) continue;
    for (const sema::Expect& expect : test.expects)
      if (expect.measure == sema::Measure::Trace || expect.measure == sema::Measure::Synchrony)
        constant_record(model, test.run.network, expect.of, expect.variable, expect.span, "expects something of", reporter);
  }
}

}  // namespace eic::lint
