#include "compiler/format/lines.h"

#include <algorithm>

namespace eic::format {

namespace {

constexpr size_t k_before_comment = 3;

bool has_both(const Line& line) { return !line.chunks.empty() && !line.comment.empty(); }

// Whether the comment of `line` may align with that of the line above it.
bool goes_with(const Line& above, const Line& line) {
  return has_both(above) && has_both(line) && !line.blank_before && above.chunks.back().text != "{" &&
         !line.chunks.front().text.starts_with('}');
}

size_t end_of_line(const std::vector<Line>& lines, size_t line) {
  return end_column(lines, {line, lines[line].chunks.size() - 1});
}

}  // namespace

size_t width(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

size_t column(const std::vector<Line>& lines, Place place) {
  const Line& line = lines[place.line];
  size_t at = line.indent.columns + (line.indent.below ? column(lines, *line.indent.below) : 0);
  for (size_t i = 0; i < place.chunk; i++) at += line.chunks[i].blanks + width(line.chunks[i].text);
  return at + (place.chunk < line.chunks.size() ? line.chunks[place.chunk].blanks : 0);
}

size_t end_column(const std::vector<Line>& lines, Place place) {
  return column(lines, place) + width(lines[place.line].chunks[place.chunk].text);
}

std::string render(const std::vector<Line>& lines) {
  std::string out;
  size_t comments_at = 0;
  for (size_t i = 0; i < lines.size(); i++) {
    const Line& line = lines[i];
    if (line.blank_before) out += '\n';
    out.append(column(lines, {i, 0}), ' ');
    for (const Chunk& chunk : line.chunks) out.append(&chunk == &line.chunks.front() ? 0 : chunk.blanks, ' ') += chunk.text;
    if (has_both(line)) {
      if (i == 0 || !goes_with(lines[i - 1], line)) {
        comments_at = 0;
        for (size_t j = i; j == i || (j < lines.size() && goes_with(lines[j - 1], lines[j])); j++)
          comments_at = std::max(comments_at, end_of_line(lines, j) + k_before_comment);
      }
      out.append(comments_at - end_of_line(lines, i), ' ');
    }
    out += line.comment + "\n";
  }
  return out;
}

}  // namespace eic::format
