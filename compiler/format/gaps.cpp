#include "compiler/format/gaps.h"

#include <algorithm>

namespace eic::format {

namespace {

Gap gap(std::string_view text, bool behind_token) {
  Gap made;
  size_t newlines = 0;
  for (size_t at = 0; at < text.size();) {
    if (text[at] == '#') {
      size_t end = std::min(text.find_first_of("\r\n", at), text.size());
      std::string_view comment = text.substr(at, end - at);
      comment.remove_suffix(comment.size() - 1 - comment.find_last_not_of(" \t"));
      made.comments.push_back({comment, newlines > 0 || !behind_token, newlines > 1});
      newlines = 0;
      at = end;
    } else if (text[at] == '\n' || text[at] == '\r') {
      at += text.substr(at).starts_with("\r\n") ? 2 : 1;
      newlines++;
      made.newline = true;
    } else {
      at++;  // blanks, and the commas that separate items
    }
  }
  made.blank = newlines > 1;
  return made;
}

}  // namespace

bool Gap::apart() const {
  return blank || std::any_of(comments.begin(), comments.end(), [](const Comment& comment) { return comment.own_line; });
}

std::vector<Gap> gaps(std::string_view text, const std::vector<parse::Token>& tokens) {
  std::vector<Gap> made;
  made.reserve(tokens.size() + 1);
  size_t from = 0;
  for (const parse::Token& token : tokens) {
    made.push_back(gap(text.substr(from, token.begin - from), from > 0));
    from = token.end;
  }
  made.push_back(gap(text.substr(from), from > 0));
  return made;
}

}  // namespace eic::format
