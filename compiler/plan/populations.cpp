// Populations: sizes, views, the columns of their states and where these start.
#include <fmt/format.h>

#include <cmath>

#include "compiler/plan/planner.h"
#include "compiler/sema/ranges.h"

namespace eic::plan {

bool Planner::population(uint32_t index) {
  const sema::Population& written = network_.populations[index];
  const sema::Cell& cell = model_.cells[written.cell];
  Population population;
  population.name = written.name;
  population.path = written.path;
  population.cell = cell.name;
  population.origin = origin(written.span);
  auto size = whole(*written.size, "the size of a population");
  if (!size) return false;
  constexpr uint64_t k_most = UINT32_MAX;
  if (*size > k_most) {
    error(Kind::LimitSize, written.size->span, fmt::format("{} cells are more than the {} a population may have", *size, k_most));
    return false;
  }
  population.size = *size;
  if (written.positions) {
    population.positions = positions(*written.positions, *size);
    if (!population.positions) return false;
  }
  if (*size == 0)
    emitter_.emit(Kind::PopulationEmpty, written.size->span, fmt::format("the population `{}` is empty", written.name));
  for (const sema::View& view : written.views) {
    auto begin = whole(*view.begin, "the begin of a view"), end = whole(*view.end, "the end of a view");
    if (!begin || !end) return false;
    if (*begin > *end) {
      error(Kind::RangeReversed, view.span,
            fmt::format("the view `{}` ends before it begins: {} .. {}", view.name, *begin, *end));
      return false;
    }
    if (*end > *size) {
      error(Kind::ViewOutOfRange, view.end->span,
            fmt::format("the view `{}` ends at {}, but `{}` has {} cells", view.name, *end, written.name, *size))
          .note(written.size->span, "the size is given here");
      return false;
    }
    population.views.push_back({view.name, *begin, *end});
  }
  if (!kernel(index)) return false;
  out_.run.populations.push_back(std::move(population));
  Values& values = population_values_[index];
  auto block = uniforms(index, values);
  if (!block) return false;
  out_.run.populations[index].uniforms = std::move(*block);
  return columns(index, values);
}

bool Planner::columns(uint32_t index, Values& values) {
  const sema::Cell& cell = model_.cells[network_.populations[index].cell];
  const solvers::Formulation& formulation = out_.kernels[out_.kernel_of[index]].formulation;
  Population& population = out_.run.populations[index];
  std::vector<const sema::Expr*> computed = computed_starts(index);
  for (const solvers::Column& made : formulation.columns) {
    Column column;
    column.name = made.name;
    column.role = made.role;
    column.unit = made.unit;
    column.origin = origin(made.span);
    units::Unit unit = units::parse_unit(made.unit.empty() ? "1" : made.unit).value_or(units::usual(made.dimension));
    column.from_internal = units::from_internal(1, unit);
    if (made.state && !computed[*made.state]) {
      const sema::Spread& spread = start(index, *made.state);
      for (const sema::ExprPtr& arg : spread.args)
        if (!same_in_all_cells(index, *arg, "what a distribution is given")) return false;
      column.start = draw(spread, values, 1);
      if (!column.start) return false;
    } else if (made.param) {
      const auto& drawn = network_.populations[index].drawn;
      if (auto own = drawn.find(*made.param); own != drawn.end()) {
        column.start = draw(own->second, values, 1);
        if (!column.start) return false;
        column.origin = origin(own->second.span);
      }
      column.limits = limits(model_.params[*made.param], values);
    } else if (!made.state && made.role == ColumnRole::State) {
      column.start = Draw{};
      column.start->a = made.start;
    }
    population.columns.push_back(std::move(column));
  }
  population.interpolated = formulation.step.spike_fraction.has_value();
  if (formulation.clamp) population.clamp_columns = static_cast<int32_t>(*formulation.clamp);
  if (formulation.gap) population.gap_columns = static_cast<int32_t>(*formulation.gap);
  if (formulation.input) population.input_column = static_cast<int32_t>(*formulation.input);
  for (size_t i = 0; i < cell.ports.size(); i++) {
    const sema::Port& written = cell.ports[i];
    Port port;
    port.name = written.name;
    port.add_column = formulation.adds[i] ? static_cast<int32_t>(*formulation.adds[i]) : -1;
    port.weight_unit = written.weight_unit.text == "1" ? "" : written.weight_unit.text;
    port.weight_from_internal = units::from_internal(1, written.weight_unit);
    population.ports.push_back(port);
  }
  return true;
}

// What each cell's own value is held to; the same for all cells, as a range is.
Limits Planner::limits(const sema::Param& param, Values& values) const {
  Limits limits;
  limits.positive = sema::must_be_positive(param);
  if (param.low) limits.low = values.number(*param.low);
  if (param.high) limits.high = values.number(*param.high);
  limits.text = sema::describe_range(param, limits.low, limits.high);
  return limits;
}

// `scale` multiplies the internal values (a delay in steps: 1/dt).
std::optional<Draw> Planner::draw(const sema::Spread& spread, Values& values, double scale) const {
  Draw draw;
  draw.kind = spread.kind;
  draw.origin = origin(spread.span);
  if (spread.kind == Draw::Kind::Csv) {
    // 1/x of a power of ten that is exact, so that one rounding remains
    draw.csv = {spread.file, spread.shown, spread.column, scale / units::from_internal(1, spread.unit)};
    return draw;
  }
  std::vector<double> args;
  for (const sema::ExprPtr& arg : spread.args) {
    args.push_back(values.number(*arg));
    if (!std::isfinite(args.back())) {
      emitter_.emit(Kind::ParameterValue, arg->span, "this value is not a finite number");
      return std::nullopt;
    }
  }
  auto refuse = [&](size_t i, const char* what) {
    emitter_.emit(Kind::ParameterValue, spread.args[i]->span, what);
    return std::nullopt;
  };
  switch (spread.kind) {
    case Draw::Kind::Uniform:
      if (args[0] > args[1]) return refuse(0, "`uniform(low, high)` needs low ≤ high");
      break;
    case Draw::Kind::Normal:
      if (args[1] < 0) return refuse(1, "a standard deviation must not be negative");
      break;
    case Draw::Kind::LogNormal:
      if (args[0] <= 0) return refuse(0, "the mean of `lognormal` must be positive");
      if (args[1] < 0) return refuse(1, "a standard deviation must not be negative");
      break;
    case Draw::Kind::Exponential:
      if (args[0] <= 0) return refuse(0, "the mean of `exponential` must be positive");
      break;
    case Draw::Kind::Gamma:
      if (args[0] <= 0 || args[1] <= 0) return refuse(args[0] <= 0 ? 0 : 1, "shape and scale of `gamma` must be positive");
      break;
    default: break;
  }
  bool gamma = spread.kind == Draw::Kind::Gamma;
  draw.a = gamma ? args[0] : args[0] * scale;
  if (args.size() > 1) draw.b = args[1] * scale;
  return draw;
}

}  // namespace eic::plan
