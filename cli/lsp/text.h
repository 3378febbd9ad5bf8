// In: a text in UTF-8. Out: its places as editors count them (lines from 0, UTF-16 units within the line), both ways, and the
// text with a change made. Used by everything that answers an editor.
#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace eic::lsp {

using nlohmann::json;

struct Position {
  uint32_t line = 0, character = 0;
};

class Text {
 public:
  Text() : Text(std::string()) {}
  explicit Text(std::string text);
  const std::string& str() const { return text_; }
  // What lies behind the end of a line is its end, what lies behind the last line the end of the text; the second half of a
  // character is its beginning.
  uint32_t offset(Position at) const;
  Position position(uint32_t offset) const;
  json range(uint32_t begin, uint32_t end) const;
  void replace(uint32_t begin, uint32_t end, std::string_view by);
  // The line that holds the offset, without its end.
  std::string_view line_at(uint32_t offset) const;

 private:
  uint32_t line_end(size_t line) const;
  void find_lines();

  std::string text_;
  std::vector<uint32_t> lines_;  // where each begins
};

}  // namespace eic::lsp
