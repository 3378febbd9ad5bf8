// In: arranged lines. Out: the same with blanks before what aligns: `=`, `:`, `on` and `{` of adjacent items of a kind, and
// the numbers of those that list the same settings. Called by format.cpp.
#pragma once
#include "compiler/format/arrange.h"

namespace eic::format {

void align(std::string_view text, const std::vector<parse::Token>& tokens, Arranged& arranged);

}  // namespace eic::format
