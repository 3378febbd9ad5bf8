#include "runtime/state/positions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "runtime/contract/check.h"
#include "runtime/random/stream.h"
#include "runtime/tables/csv.h"

namespace eic::state {

namespace {

constexpr const char* k_columns[] = {"x_um", "y_um", "z_um"};

}  // namespace

double Positions::bytes_needed(const plan::Population& population) {
  if (!population.positions) return 0;
  const bool file = population.positions->kind == plan::Positions::Kind::Csv;
  return static_cast<double>(population.size) * sizeof(double) * (file ? 3 : population.positions->dimensions);
}

Result<Positions, RunError> Positions::make(const plan::Population& population, uint64_t seed) {
  using Kind = plan::Positions::Kind;
  EIC_CHECK(population.positions.has_value(), "positions of a population that has none");
  const plan::Positions& plan = *population.positions;
  Positions made;
  if (plan.kind == Kind::Csv) {
    if (auto error = made.read(population)) return Failure{std::move(*error)};
    return made;
  }
  made.dimensions_ = plan.dimensions;
  for (uint32_t axis = 0; axis < plan.dimensions; ++axis) {
    made.coordinates_[axis].resize(population.size);
    if (plan.periodic) made.period_[axis] = plan.extent[axis];
  }
  const random::Key key = random::key_of(seed, population.path, "position");
  for (uint64_t cell = 0; cell < population.size; ++cell) {
    if (plan.kind == Kind::Uniform) {
      random::Stream stream(key, cell);
      for (uint32_t axis = 0; axis < plan.dimensions; ++axis) made.coordinates_[axis][cell] = plan.extent[axis] * stream.uniform();
      continue;
    }
    const uint64_t place[2] = {plan.kind == Kind::Grid ? cell % plan.nx : cell, plan.kind == Kind::Grid ? cell / plan.nx : 0};
    for (uint32_t axis = 0; axis < plan.dimensions; ++axis)
      made.coordinates_[axis][cell] = (static_cast<double>(place[axis]) + 0.5) * plan.spacing;
  }
  return made;
}

std::optional<RunError> Positions::read(const plan::Population& population) {
  const plan::Positions& plan = *population.positions;
  auto table = tables::CsvReader::open(plan.csv.path, plan.csv.shown, plan.origin);
  if (!table) return table.error();
  std::vector<std::string> names = {k_columns[0]};
  for (dimensions_ = 1; dimensions_ < 3 && table->has(k_columns[dimensions_]); ++dimensions_) names.emplace_back(k_columns[dimensions_]);
  const auto read = tables::read_columns(plan.csv.path, plan.csv.shown, names, plan.origin);
  if (!read) return read.error();
  for (uint32_t axis = 0; axis < dimensions_; ++axis) coordinates_[axis] = (*read)[axis];
  if (coordinates_[0].size() == population.size) return std::nullopt;
  return RunError{RunError::Kind::Data,
                  fmt::format("`{}` has {} positions, but `{}` has {} cells", plan.csv.shown, coordinates_[0].size(), population.name,
                              population.size),
                  "one line a cell is needed", plan.origin};
}

double Positions::distance(uint64_t cell, const Positions& other, uint64_t other_cell) const {
  double squares = 0;
  for (uint32_t axis = 0; axis < 3; ++axis) {
    const double here = axis < dimensions_ ? coordinates_[axis][cell] : 0.0;
    const double there = axis < other.dimensions_ ? other.coordinates_[axis][other_cell] : 0.0;
    double along = std::fabs(here - there);
    if (period_[axis] > 0) along = std::min(along, period_[axis] - along);
    squares += along * along;
  }
  return std::sqrt(squares);
}

}  // namespace eic::state
