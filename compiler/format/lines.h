// The text while it is being set: lines of chunks, a chunk a token. What aligns adds blanks before chunks; the columns of
// lines that hang below a chunk follow. Filled by arrange.h, widened by align.h.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eic::format {

struct Place {
  size_t line = 0, chunk = 0;
};

// From the margin, or from the column where a chunk of an earlier line begins.
struct Indent {
  size_t columns = 0;
  std::optional<Place> below = {};

  Indent deeper(size_t more) const { return {columns + more, below}; }
};

struct Chunk {
  std::string text;
  size_t blanks = 0;  // before it
};

struct Line {
  Indent indent;
  bool blank_before = false;
  std::vector<Chunk> chunks;
  std::string comment;  // behind the chunks, or alone
};

// In code points, as columns are counted everywhere.
size_t width(std::string_view text);
size_t column(const std::vector<Line>& lines, Place place);
size_t end_column(const std::vector<Line>& lines, Place place);
// Comments that trail adjacent lines of a block stand below each other.
std::string render(const std::vector<Line>& lines);

}  // namespace eic::format
