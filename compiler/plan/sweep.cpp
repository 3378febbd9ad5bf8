#include "compiler/plan/sweep.h"

#include <fmt/format.h>

#include <cmath>

namespace eic::plan {

using diagnostics::Diagnostic;
using diagnostics::Kind;
using sema::SweepAxis;

namespace {

constexpr size_t k_most_points = 10'000;

class Grid {
 public:
  Grid(const sema::Model& model, const sema::Sweep& sweep, diagnostics::Emitter& emitter)
      : sweep_(sweep), emitter_(emitter), values_(model, {&model.simulations[sweep.simulation].params}) {}

  std::optional<SweepGrid> run() {
    SweepGrid grid;
    grid.points.emplace_back();
    for (const std::vector<SweepAxis>& together : sweep_.axes) {
      std::vector<std::vector<SweepValue>> columns;
      for (const SweepAxis& axis : together) {
        auto points = points_of(axis);
        if (!points) return std::nullopt;
        if (!columns.empty() && points->size() != columns[0].size()) {
          emitter_
              .emit(Kind::RuleArgument, axis.values_span,
                    fmt::format("what moves together has as many points: `{}` has {}, `{}` has {}", together[0].path,
                                columns[0].size(), axis.path, points->size()))
              .note(together[0].values_span, "the first axis of this `zip`");
          return std::nullopt;
        }
        columns.push_back(std::move(*points));
        grid.axes.push_back(&axis);
      }
      if (grid.points.size() > k_most_points / columns[0].size()) return too_many(together[0].values_span), std::nullopt;
      std::vector<std::vector<SweepValue>> more;
      for (const std::vector<SweepValue>& before : grid.points)
        for (size_t i = 0; i < columns[0].size(); i++) {
          more.push_back(before);
          for (const std::vector<SweepValue>& column : columns) more.back().push_back(column[i]);
        }
      grid.points = std::move(more);
    }
    return grid;
  }

 private:
  void too_many(source::Span at) {
    emitter_.emit(Kind::LimitSize, at, fmt::format("the sweep `{}` has more than {} points", sweep_.name, k_most_points));
  }

  std::optional<std::vector<SweepValue>> points_of(const SweepAxis& axis) {
    std::vector<SweepValue> points;
    if (axis.form == SweepAxis::Form::List) {
      for (const sema::ExprPtr& written : axis.args) {
        auto point = point_of(*written, axis);
        if (!point) return std::nullopt;
        points.push_back(std::move(*point));
      }
      return points;
    }
    double first = units::from_internal(values_.number(*axis.args[0]), axis.unit),
           last = units::from_internal(values_.number(*axis.args[1]), axis.unit);
    bool range = axis.form == SweepAxis::Form::Range;
    double count = range ? last - first + 1 : values_.number(*axis.args[2]);
    auto refuse = [&](Kind kind, source::Span at, const std::string& what) {
      emitter_.emit(kind, at, what);
      return std::nullopt;
    };
    if (!std::isfinite(first) || !std::isfinite(last)) return refuse(Kind::ParameterValue, axis.values_span, "these points are not finite numbers");
    if (range && (first != std::floor(first) || last != std::floor(last))) {
      emitter_.emit(Kind::RuleArgument, axis.values_span, fmt::format("a range counts in ones, its ends are {} and {}", first, last))
          .help(fmt::format("write the points, or `linspace({}, {}, 5)`", first, last));
      return std::nullopt;
    }
    if (range && last < first)
      return refuse(Kind::RangeReversed, axis.values_span, fmt::format("this range ends before it begins: {} .. {}", first, last));
    if (!(count >= 1) || count != std::floor(count))
      return refuse(Kind::SizeNotWhole, axis.args[2]->span, fmt::format("the number of points is {}: not a whole number above 0", count));
    if (count > static_cast<double>(k_most_points)) return too_many(axis.values_span), std::nullopt;
    bool logarithmic = axis.form == SweepAxis::Form::Logarithmic;
    if (logarithmic && (first <= 0 || last <= 0))
      return refuse(Kind::ParameterValue, axis.values_span, "the ends of `logspace` must be positive");
    for (double i = 0; i < count; i++) {
      double share = count > 1 ? i / (count - 1) : 0;
      double number = range ? first + i : logarithmic ? first * std::pow(last / first, share) : first + (last - first) * share;
      if (i > 0 && i == count - 1) number = last;
      points.push_back(decimal(fmt::format("{:.12g}", number), axis));
    }
    return points;
  }

  // A literal as it stands, so that a time stays the decimal it is; what is computed becomes its number.
  std::optional<SweepValue> point_of(const sema::Expr& written, const SweepAxis& axis) {
    auto node = std::make_shared<sema::Expr>(written);
    if (written.op != sema::ExprOp::Number) {
      sema::ExprPtr literal = sema::number(values_.number(written), written.dimension, written.span);
      *node = *literal;
      node->exact = values_.time(written);
      node->unit = written.unit;
    }
    if (!std::isfinite(node->number)) {
      emitter_.emit(Kind::ParameterValue, written.span, fmt::format("this point of `{}` is not a finite number", axis.path));
      return std::nullopt;
    }
    std::string digits = fmt::format("{:.15g}", units::from_internal(node->number, axis.unit));
    return SweepValue{node, std::move(digits)};
  }

  // A point between two: a decimal of twelve digits in the axis' unit, which is also what `--set` would be given.
  SweepValue decimal(std::string digits, const SweepAxis& axis) const {
    auto node = std::make_shared<sema::Expr>(*sema::number(0, axis.dimension, axis.values_span));
    node->number = units::to_internal(digits, axis.unit).value_or(0);
    node->exact = units::to_decimal(digits, axis.unit).value_or(units::Decimal{});
    node->unit = axis.unit.text == "1" ? "" : axis.unit.text;
    return {node, std::move(digits)};
  }

  const sema::Sweep& sweep_;
  diagnostics::Emitter& emitter_;
  Values values_;
};

}  // namespace

std::optional<SweepGrid> sweep_grid(const sema::Model& model, const sema::Sweep& sweep, diagnostics::Emitter& emitter) {
  return Grid(model, sweep, emitter).run();
}

sema::Model at_point(const sema::Model& model, const sema::Sweep& sweep, const SweepGrid& grid, size_t point) {
  sema::Model varied = model;
  sema::Simulation& run = varied.simulations[sweep.simulation];
  for (size_t i = 0; i < grid.axes.size(); i++) {
    const SweepAxis& axis = *grid.axes[i];
    const sema::ExprPtr& value = grid.points[point][i].value;
    switch (axis.what) {
      case SweepAxis::What::Seed: run.seed = value; break;
      case SweepAxis::What::Duration: run.duration = value; break;
      case SweepAxis::What::Step: run.dt = value; break;
      case SweepAxis::What::Param:
        varied.params[axis.param].value = value;
        run.params.erase(axis.param);
        for (sema::Phase& phase : run.phases) phase.params.erase(axis.param);
        for (sema::Network& network : varied.networks)
          for (sema::Population& population : network.populations) {
            population.params.erase(axis.param);
            population.drawn.erase(axis.param);
          }
    }
  }
  return varied;
}

std::string shown(const SweepValue& value, const sema::SweepAxis& axis) {
  return axis.unit.text == "1" ? value.digits : value.digits + " " + axis.unit.text;
}

}  // namespace eic::plan
