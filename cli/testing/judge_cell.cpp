#include "cli/testing/judge_cell.h"

#include <fmt/format.h>

#include "compiler/figures/figures.h"
#include "compiler/sema/curves.h"

namespace eic::cli {

using sema::Comparison;
using sema::Expect;

static const sema::Cell& cell_of(const sema::Model& model, const sema::Test& test) {
  return model.cells[model.networks[test.run.network].populations[0].cell];
}

Result<Verdict, RunError> judge_curve(const Expect& expect, const sema::Model& model, const sema::Test& test,
                                      plan::Values& values) {
  const sema::Cell& cell = cell_of(model, test);
  sema::ExprPtr value = sema::curve(cell, expect.variable, test.run);
  figures::Evaluator evaluate({model, cell, values}, {value.get()});
  std::vector<double> states(cell.states.size());
  auto at = [&](double v) {
    states[0] = v;
    return evaluate(states)[0];
  };
  if (expect.comparison != Comparison::File) return compare(expect, values, at(values.number(*expect.at)));
  auto columns = columns_of(expect, {"v_mV", expect.column});
  if (!columns) return Failure{columns.error()};
  if ((*columns)[0].empty()) return Failure{bad_data(expect, fmt::format("`{}` has no row", expect.shown))};
  units::Unit unit = unit_of_column(expect.column);
  std::string name = test.of_channel ? expect.variable.substr(cell.name.size() + 1) : expect.variable;
  Series series{"v", "mV", name, {unit.dimension, unit}, "point", "v_mV", std::move((*columns)[0])};
  double to_internal = 1 / units::from_internal(1, unit);
  for (size_t i = 0; i < series.x.size(); i++) {
    series.expected.push_back((*columns)[1][i] * to_internal);
    series.got.push_back(at(series.x[i]));
  }
  return compare(expect, values.number(*expect.tolerance), series);
}

// What a path is in this state: a state itself, a current, a `let`.
static std::optional<double> value_of(const std::string& path, const sema::Cell& cell, const std::vector<double>& states,
                                      const figures::Subject& subject) {
  for (size_t i = 0; i < cell.states.size(); i++)
    if (cell.states[i].path == path) return states[i];
  sema::ExprPtr value;
  if (auto let = cell.lets.find(path); let != cell.lets.end()) value = let->second;
  for (const sema::Current& current : cell.currents)
    if (current.path + ".i" == path) value = current.outward;
  if (!value) return std::nullopt;
  return figures::Evaluator(subject, {value.get()})(states)[0];
}

Verdict judge_rest(const Expect& expect, const sema::Model& model, const sema::Test& test, plan::Values& values) {
  const sema::Cell& cell = cell_of(model, test);
  figures::Subject subject{model, cell, values};
  constexpr double k_dt = 0.025;  // ms
  figures::Dynamics dynamics(subject, test.run.dt ? values.number(*test.run.dt) : k_dt);
  const figures::FixedPoint* rest = dynamics.rest();
  if (rest) return compare(expect, values, value_of(expect.variable, cell, rest->states, subject));
  Verdict verdict = compare(expect, values, std::nullopt);
  figures::Firing firing = dynamics.firing();
  verdict.got = "no stable resting state";
  if (firing.spikes > 0 && firing.rate > 0)
    verdict.got += fmt::format(": the cell fires at {:.3g} Hz without a stimulus", firing.rate);
  return verdict;
}

}  // namespace eic::cli
