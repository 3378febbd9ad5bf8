// Where a unit could be written, which dimension is meant there, and the units in the order in which they fit.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/lsp/scope.h"

namespace eic::lsp {

struct UnitPlace {
  uint32_t begin = 0, end = 0;     // of what stands of it already
  std::vector<std::string> meant;  // units of the dimensions that fit; empty: any
};
// Behind a number and one blank (or tight), or behind `:` and `|` of a declaration.
std::optional<UnitPlace> unit_place(const Site& site);

struct UnitChoice {
  std::string text, detail;
};
// Those of the dimensions that are meant, then all others; unasked, none where only a plain number fits.
std::vector<UnitChoice> unit_choices(const UnitPlace& place, bool asked);

}  // namespace eic::lsp
