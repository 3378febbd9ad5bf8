#include "compiler/sema/ranges.h"

#include <fmt/format.h>

#include <cmath>

namespace eic::sema {

using diagnostics::Kind;

// Settings of a cell, and time constants by the name that everybody gives them.
bool must_be_positive(const Param& param) {
  std::string_view name = std::string_view(param.path).substr(param.path.rfind('.') + 1);
  static const Dimension time = units::parse_unit("ms")->dimension;
  bool setting = param.path.ends_with(".area") || param.path.ends_with(".capacitance");
  return setting || (name.starts_with("tau") && param.dimension == time);
}

static std::string shown(double number, const Param& param, const Expr& as) {
  units::Unit unit = units::parse_unit(unit_of(as)).value_or(param.unit);
  return units::print(number, param.dimension, unit.dimension == param.dimension ? &unit : &param.unit);
}

std::string describe_range(const Param& param, double low, double high) {
  if (param.low && param.high) return fmt::format("in {} .. {}", shown(low, param, *param.low), shown(high, param, *param.high));
  if (param.low) return "at least " + shown(low, param, *param.low);
  return param.high ? "at most " + shown(high, param, *param.high) : "";
}

bool check_range(const Param& param, double value, const Expr& source, double low, double high, diagnostics::Emitter& emitter) {
  if (!std::isfinite(value)) {
    emitter.emit(Kind::ParameterValue, source.span, fmt::format("`{}` is not a finite number", param.path));
    return false;
  }
  if (must_be_positive(param) && value <= 0) {
    emitter.emit(Kind::ParameterValue, source.span,
                 fmt::format("`{}` must be positive, this is {}", param.path, shown(value, param, source)));
    return false;
  }
  if (low > high) {
    emitter.emit(
        Kind::RangeReversed, param.low->span,
        fmt::format("the range of `{}` is empty: {} .. {}", param.path, shown(low, param, *param.low), shown(high, param, *param.high)));
    return false;
  }
  if (value >= low && value <= high) return true;
  emitter
      .emit(Kind::ParamRange, source.span,
            fmt::format("`{}` is {}, it must be {}", param.path, shown(value, param, source), describe_range(param, low, high)))
      .note(param.low ? param.low->span : param.high->span, "the range is declared here");
  return false;
}

}  // namespace eic::sema
