// In: a text and its tokens. Out: what stands before each of them: comments, line breaks, blank lines. Called by format.cpp.
#pragma once
#include <string_view>
#include <vector>

#include "compiler/parse/layout.h"

namespace eic::format {

struct Comment {
  std::string_view text;    // from its `#`, without blanks at the end
  bool own_line = false;    // else it trails what stands before it
  bool blank_before = false;
};

struct Gap {
  std::vector<Comment> comments;
  bool newline = false;  // anywhere in it
  bool blank = false;    // a blank line behind the last comment

  bool empty() const { return comments.empty() && !newline; }
  // Whether it holds more than line breaks and comments that trail.
  bool apart() const;
};

// One before each token, and one behind the last.
std::vector<Gap> gaps(std::string_view text, const std::vector<parse::Token>& tokens);

}  // namespace eic::format
