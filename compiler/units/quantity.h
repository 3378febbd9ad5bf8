// A number with its unit, as a literal gives it, and the exact way into and out of the coherent internal set.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "compiler/units/unit.h"

namespace eic::units {

// Correctly rounded value, in internal units, of the decimal literal `digits` ("0.32", "1e-3", "-10") in `unit`.
// Nothing where the text is no number or does not fit a double.
std::optional<double> to_internal(std::string_view digits, const Unit& unit);
// `value` (internal) expressed in `unit`; one rounding.
double from_internal(double value, const Unit& unit);
// Shortest decimal, of twelve digits at most, with the unit: "0.1 ms". `unit` defaults to the usual one of the dimension.
std::string print(double internal_value, const Dimension& dimension, const Unit* unit = nullptr);

// An exact decimal: mantissa * 10^exponent. For times, which must be whole numbers of dt as written.
struct Decimal {
  __int128 mantissa = 0;
  int exponent = 0;
};
std::optional<Decimal> to_decimal(std::string_view digits, const Unit& unit);  // in SI units
// a/b if it is a whole number; nothing otherwise or where it does not fit 63 bits.
std::optional<long long> whole_ratio(const Decimal& a, const Decimal& b);

}  // namespace eic::units
