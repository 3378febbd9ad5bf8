// In: any text, however broken. Out: its words, numbers, strings and signs. The parser's own tokens end where the language does;
// what an editor asks about is mostly a text that is being written. Used by outline.cpp, hover and completion.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

namespace eic::lsp {

enum class Mark : uint8_t { Word, Number, String, Comment, Sign, Newline };

struct Token {
  Mark mark = Mark::Sign;
  uint32_t begin = 0, end = 0;
  std::string_view text;  // of the scanned text, which must outlive it
  bool is(std::string_view what) const { return text == what && (mark == Mark::Word || mark == Mark::Sign); }
};

std::vector<Token> scan(std::string_view text);

// The literal around an offset: digits, and the unit that stands behind them. Empty unit: none.
struct Literal {
  uint32_t begin = 0, end = 0;
  std::string_view digits, unit;
};
// `tokens[at]` is a Number.
Literal literal_at(std::string_view text, const std::vector<Token>& tokens, size_t at);
// Behind the longest unit whose first word is tokens[at]; `at` where that is no unit.
size_t unit_end(std::string_view text, const std::vector<Token>& tokens, size_t at);

}  // namespace eic::lsp
