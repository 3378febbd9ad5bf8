#include "cli/lsp/text.h"

#include <algorithm>

namespace eic::lsp {

namespace {

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }
uint32_t units_of(char first) { return static_cast<unsigned char>(first) >= 0xF0 ? 2 : 1; }

}  // namespace

Text::Text(std::string text) : text_(std::move(text)) { find_lines(); }

void Text::find_lines() {
  lines_ = {0};
  for (size_t i = 0; i < text_.size(); i++)
    if (text_[i] == '\n' || (text_[i] == '\r' && (i + 1 == text_.size() || text_[i + 1] != '\n')))
      lines_.push_back(static_cast<uint32_t>(i + 1));
}

uint32_t Text::line_end(size_t line) const {
  auto end = line + 1 < lines_.size() ? lines_[line + 1] : static_cast<uint32_t>(text_.size());
  while (end > lines_[line] && (text_[end - 1] == '\n' || text_[end - 1] == '\r')) end--;
  return end;
}

uint32_t Text::offset(Position at) const {
  if (at.line >= lines_.size()) return static_cast<uint32_t>(text_.size());
  uint32_t offset = lines_[at.line], end = line_end(at.line), units = 0;
  while (offset < end) {
    units += units_of(text_[offset]);
    if (units > at.character) break;
    do offset++;
    while (offset < end && continues(text_[offset]));
  }
  return offset;
}

Position Text::position(uint32_t offset) const {
  offset = std::min(offset, static_cast<uint32_t>(text_.size()));
  auto after = std::upper_bound(lines_.begin(), lines_.end(), offset);
  Position at{static_cast<uint32_t>(after - lines_.begin() - 1), 0};
  offset = std::min(offset, std::max(line_end(at.line), lines_[at.line]));  // within a line's end: before it
  for (uint32_t i = lines_[at.line]; i < offset; i++)
    if (!continues(text_[i])) at.character += units_of(text_[i]);
  return at;
}

json Text::range(uint32_t begin, uint32_t end) const {
  Position from = position(begin), to = position(std::max(begin, end));
  return {{"start", {{"line", from.line}, {"character", from.character}}},
          {"end", {{"line", to.line}, {"character", to.character}}}};
}

void Text::replace(uint32_t begin, uint32_t end, std::string_view by) {
  begin = std::min(begin, static_cast<uint32_t>(text_.size()));
  end = std::clamp(end, begin, static_cast<uint32_t>(text_.size()));
  text_.replace(begin, end - begin, by);
  find_lines();
}

std::string_view Text::line_at(uint32_t offset) const {
  uint32_t line = position(offset).line;
  return std::string_view(text_).substr(lines_[line], line_end(line) - lines_[line]);
}

}  // namespace eic::lsp
