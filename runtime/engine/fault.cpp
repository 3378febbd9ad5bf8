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

std::optional<RunError> starting_fault(const Population& population) {
  for (uint32_t c = 0; c < population.plan().columns.size(); ++c) {
    const plan::Column& column = population.plan().columns[c];
    if (column.role == plan::ColumnRole::Derived) continue;
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
