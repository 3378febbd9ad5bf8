// In: tokens and what stands between them. Out: the lines they are set in, and the items of each block, for align.h.
// Line breaks between items and within expressions are the author's; those at braces follow from them. Called by format.cpp.
#pragma once
#include "compiler/format/gaps.h"
#include "compiler/format/lines.h"

namespace eic::format {

struct Row {
  size_t first = 0, end = 0;  // the item's tokens
  bool alone = true;          // no other item begins or ends on its lines
  bool apart = false;         // a blank line or a comment stands before it
};

struct Arranged {
  std::vector<Line> lines;
  std::vector<Place> places;            // of each token
  std::vector<std::vector<Row>> blocks;
};

Arranged arrange(std::string_view text, const std::vector<parse::Token>& tokens, std::vector<Gap> gaps);
// A token as it is written: a quantity has one blank before its unit.
std::string spelled(std::string_view text, const parse::Token& token);
bool blank_between(const parse::Token& left, const parse::Token& right);

}  // namespace eic::format
