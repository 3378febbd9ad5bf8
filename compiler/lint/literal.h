// Where a value of a cell was written, which other value its digits may have meant, and quantities as modellers write them.
// Internal to lint/; used by the rules about magnitudes.
#pragma once
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "compiler/lint/rule.h"
#include "compiler/plan/values.h"

namespace eic::lint {

// The text that gives a value: a literal where parameters lead to one, else the expression or declaration they lead to.
struct Written {
  Span span;
  bool library = false;  // in a file of the library, where the user can change nothing: then it is placed elsewhere
  bool literal = false;  // the rest is of literals only
  std::string digits;    // "5"; may begin with a minus
  units::Unit unit;      // "nS/cm^2"
};

// Follows parameters (and what overrules them) from `expr` to a literal.
Written written(const Input& input, plan::Values& values, const sema::Expr& expr);
// The same of the only quantity of one of these dimensions that `expr` reads: the `g` of `g*m^3*h`. Nothing where there are
// several.
std::optional<Written> written(const Input& input, plan::Values& values, const sema::Expr& expr,
                               std::initializer_list<units::Dimension> dimensions);

struct Band {
  double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();
  // Inclusive; the last digits of a computed value do not count, and what is no number is for others to report.
  bool holds(double value) const {
    double slack = 1e-9 * std::fabs(value);
    return !(value < low - slack || value > high + slack);
  }
};

// "5e-9 S/cm^2": few digits, but so many that a value outside the band is not printed as its edge.
std::string quantity(double value, const char* unit, const Band& band = {});
// With the prefix that leaves one to three digits before the point: "200 s", "1 TΩ". `value` in the unit without prefix.
std::string engineering(double value, const char* unit, const Band& band = {});
std::string number(double value, int digits = 4);  // "5e-9"

// The digits of a literal times the power of ten that brings `figure(factor)` nearest to `target`, spelled in `unit`; nothing
// where that does not fulfil `good`, or changes nothing.
std::optional<std::string> other_power(const Written& literal, const char* unit,
                                       const std::function<double(double factor)>& figure, double target,
                                       const std::function<bool(double factor)>& good);
// The digits in another unit, and the factor by which that changes the value.
struct Respelled {
  std::string text;
  double factor;
};
std::optional<Respelled> other_unit(const Written& literal, const char* unit);

}  // namespace eic::lint
