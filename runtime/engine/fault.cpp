// Names the culprit of a numerical failure.
#include <fmt/format.h>

#include <cmath>

#include "runtime/engine/network.h"

namespace eic::engine {

namespace {

const char* name_of(double value) { return std::isnan(value) ? "NaN" : value > 0 ? "infinite" : "minus infinity"; }

std::string shown(const plan::Column& column, double value) {
  return fmt::format("{:.6g}{}{}", value * column.from_internal, column.unit.empty() ? "" : " ", column.unit);
}

}  // namespace

RunError numerical_fault(const plan::Run& run, const Population& population, const Fault& fault, uint64_t step) {
  const plan::Column& column = population.plan().columns[fault.column];
  const double before = population.columns().value(fault.column, fault.cell);
  return {RunError::Kind::Numerical,
          fmt::format("`{}` of {}[{}] became {} at t = {:.10g} ms (value before: {})", column.name, population.plan().name,
                      fault.cell, name_of(fault.value), static_cast<double>(step + 1) * run.dt, shown(column, before)),
          "a smaller `dt` may help, or a look at what this equation divides by", column.origin};
}

std::optional<RunError> parameter_fault(const Population& population) {
  const state::Columns& columns = population.columns();
  for (uint32_t c = 0; c < population.plan().columns.size(); ++c) {
    const plan::Column& column = population.plan().columns[c];
    if (column.role != plan::ColumnRole::Parameter) continue;
    const auto kept = [&](double limit) { return columns.single() ? static_cast<double>(static_cast<float>(limit)) : limit; };
    const double low = kept(column.limits.low), high = kept(column.limits.high);
    for (uint64_t cell = 0; cell < columns.cells(); ++cell) {
      const double value = columns.value(c, cell);
      const bool positive = !column.limits.positive || value > 0;
      if (std::isfinite(value) && value >= low && value <= high && positive) continue;
      const std::string must = !std::isfinite(value) ? "a finite number" : !positive ? "positive" : column.limits.text;
      return RunError{RunError::Kind::Data,
                      fmt::format("`{}` of {}[{}] is {}, it must be {}", column.name, population.plan().name, cell,
                                  shown(column, value), must),
                      column.start && column.start->kind != plan::Draw::Kind::Csv
                          ? "a distribution that cannot leave the range, such as `lognormal` or `uniform`, may be meant"
                          : "",
                      column.origin};
    }
  }
  return std::nullopt;
}

RunError plastic_fault(const plan::Run& run, uint32_t projection, const events::Plastic::Fault& fault, uint64_t step) {
  const plan::Projection& of = run.projections[projection];
  const plan::RuleColumn& column = of.plasticity->columns[fault.column];
  const uint64_t first = column.home == plan::Home::Source ? of.from.begin : 0;
  const uint32_t population = column.home == plan::Home::Source ? of.from.population : of.to.population;
  return {RunError::Kind::Numerical,
          fmt::format("`{}` of {}, of {}[{}], became {} at t = {:.10g} ms (value before: {:.6g}{}{})", column.name, of.name,
                      run.populations[population].name, first + fault.cell, name_of(fault.value),
                      static_cast<double>(step) * run.dt, fault.before * column.from_internal, column.unit.empty() ? "" : " ",
                      column.unit),
          "a smaller `dt` may help, or a look at what this equation divides by", column.origin};
}

std::optional<RunError> starting_fault(const Population& population) {
  for (uint32_t c = 0; c < population.plan().columns.size(); ++c) {
    const plan::Column& column = population.plan().columns[c];
    if (column.role == plan::ColumnRole::Derived || column.role == plan::ColumnRole::Parameter) continue;
    for (uint64_t cell = 0; cell < population.columns().cells(); ++cell) {
      const double value = population.columns().value(c, cell);
      if (std::isfinite(value)) continue;
      return RunError{RunError::Kind::Numerical,
                      fmt::format("`{}` of {}[{}] starts as {}", column.name, population.plan().name, cell, name_of(value)),
                      "its starting value follows from those of the other states", column.origin};
    }
  }
  return std::nullopt;
}

}  // namespace eic::engine
