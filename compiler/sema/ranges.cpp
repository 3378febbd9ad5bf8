#include "compiler/sema/ranges.h"

#include <fmt/format.h>

#include <cmath>

namespace eic::sema {

using diagnostics::Kind;

// Settings of a cell, and time constants by the name that everybody gives them.
static bool must_be_positive(const Param& param) {
  std::string_view name = std::string_view(param.path).substr(param.path.rfind('.') + 1);
  static const Dimension time = units::parse_unit("ms")->dimension;
  bool setting = param.path.ends_with(".area") || param.path.ends_with(".capacitance");
  return setting || (name.starts_with("tau") && param.dimension == time);
}

bool check_range(const Param& param, double value, const Expr& source, double low, double high, diagnostics::Emitter& emitter) {
  auto shown = [&](double number, const Expr& as) {
    units::Unit unit = units::parse_unit(unit_of(as)).value_or(param.unit);
    return units::print(number, param.dimension, unit.dimension == param.dimension ? &unit : &param.unit);
  };
  if (!std::isfinite(value)) {
    emitter.emit(Kind::ParameterValue, source.span, fmt::format("`{}` is not a finite number", param.path));
    return false;
  }
  if (must_be_positive(param) && value <= 0) {
    emitter.emit(Kind::ParameterValue, source.span,
                 fmt::format("`{}` must be positive, this is {}", param.path, shown(value, source)));
    return false;
  }
  if (low > high) {
    emitter.emit(
        Kind::RangeReversed, param.low->span,
        fmt::format("the range of `{}` is empty: {} .. {}", param.path, shown(low, *param.low), shown(high, *param.high)));
    return false;
  }
  if (value >= low && value <= high) return true;
  std::string range = param.low && param.high ? fmt::format("in {} .. {}", shown(low, *param.low), shown(high, *param.high))
                      : param.low             ? "at least " + shown(low, *param.low)
                                              : "at most " + shown(high, *param.high);
  emitter.emit(Kind::ParamRange, source.span, fmt::format("`{}` is {}, it must be {}", param.path, shown(value, source), range))
      .note(param.low ? param.low->span : param.high->span, "the range is declared here");
  return false;
}

}  // namespace eic::sema
