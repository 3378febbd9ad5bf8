// Units: a dimension and an exact decimal scale, read from the table units.def. Every unit of the table is a power of
// ten of SI, so scales are integers and conversions are exact; degC alone has an offset and is good for literals only.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/units/dimension.h"

namespace eic::units {

struct Unit {
  Dimension dimension;
  int scale = 0;        // one unit is 10^scale SI units
  bool celsius = false; // affine: K = value + 273.15
  std::string text;     // as the user wrote it; "1" for dimensionless
};

// One word of the table with its prefix: "mV", "um", "Ohm", "µS", "degC". Nothing for any other word.
std::optional<Unit> find_word(std::string_view word);
// A whole unit: words joined by `/`, each with an optional integer exponent: "mS/cm^2", "ms^-1/mV". Blanks are not allowed.
std::optional<Unit> parse_unit(std::string_view text);
Unit dimensionless();
// A unit to print values of `dimension` in: usual_unit() as a Unit.
Unit usual(const Dimension& dimension);
// Every word of the table, without prefixes, for 'did you mean'.
std::vector<std::string> all_words();

}  // namespace eic::units
