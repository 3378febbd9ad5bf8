#include "compiler/format/arrange.h"

#include <algorithm>

namespace eic::format {

using parse::Part;
using parse::Token;

namespace {

constexpr size_t k_longest_line = 120;  // that a block on one line may make
constexpr size_t k_step = 2;            // of a block
constexpr size_t k_continued = 4;       // of the further lines of an item

// Flat: on one line. Hanging: the first item behind the brace, the others below it. Open: a line for each, or for as many as
// the author put on one. Spread: open, and was flat but too wide.
enum class Style : uint8_t { Empty, Flat, Hanging, Open, Spread };

class Arranger {
 public:
  Arranger(std::string_view text, const std::vector<Token>& tokens, std::vector<Gap> gaps)
      : text_(text), tokens_(tokens), gaps_(std::move(gaps)), partner_(tokens.size()) {
    made_.places.resize(tokens.size());
    std::vector<size_t> open;
    for (size_t i = 0; i < tokens.size(); i++) {
      if (tokens[i].part == Part::OpenBlock) open.push_back(i);
      if (tokens[i].part == Part::Comma) move_behind(i);
      if (tokens[i].part != Part::CloseBlock) continue;
      partner_[open.back()] = i;
      open.pop_back();
    }
  }

  Arranged run() {
    items(0, tokens_.size(), {}, Style::Open);
    comments(gaps_.back(), {}, false);
    return std::move(made_);
  }

 private:
  std::vector<Line>& lines() { return made_.lines; }

  // A line ends in a comma rather than that the next begins with it.
  void move_behind(size_t comma) {
    Gap& before = gaps_[comma];
    Gap& behind = gaps_[comma + 1];
    behind.newline |= before.newline;
    behind.comments.insert(behind.comments.begin(), before.comments.begin(), before.comments.end());
    before = {};
  }

  void start_line(Indent indent, bool blank) {
    lines().push_back({indent, blank && !lines().empty(), {}, {}});
    line_end_ = indent.columns;
  }

  void append(size_t token) {
    Line& line = lines().back();
    bool blank = !line.chunks.empty() && blank_between(tokens_[token - 1], tokens_[token]);
    made_.places[token] = {lines().size() - 1, line.chunks.size()};
    line.chunks.push_back({spelled(text_, tokens_[token]), blank ? 1u : 0u});
    line_end_ += blank + width(line.chunks.back().text);
  }

  // Nothing may follow a comment on its line: the caller starts another.
  void comments(const Gap& gap, Indent indent, bool begins_block) {
    for (const Comment& comment : gap.comments) {
      bool trails = !comment.own_line && !lines().empty() && lines().back().comment.empty();
      if (!trails) start_line(indent, comment.blank_before && !begins_block);
      lines().back().comment = comment.text;
      begins_block = begins_block && trails;
    }
  }

  size_t end_of_item(size_t first, size_t end) const {
    for (size_t i = first; i < end; i++) {
      if (i > first && tokens_[i].starts_item) return i;
      if (tokens_[i].part == Part::OpenBlock) i = partner_[i];
    }
    return end;
  }

  void items(size_t begin, size_t end, Indent indent, Style style) {
    std::vector<Row> rows;
    bool open = style == Style::Open || style == Style::Spread;
    for (size_t i = begin, next = 0; i < end; i = next) {
      next = end_of_item(i, end);
      const Gap& gap = gaps_[i];
      bool first = i == begin;
      bool breaks = first ? open : style == Style::Spread || !gap.empty();
      if (breaks) {
        comments(gap, indent, first);
        start_line(indent, gap.blank && !(first && gap.comments.empty()));
      } else if (!first) {
        lines().back().chunks.back().text += ",";
        line_end_++;
      }
      if (!first) rows.back().alone &= breaks;
      rows.push_back({i, next, first || breaks, gap.apart()});
      item(i, next, indent);
    }
    if (style != Style::Flat) made_.blocks.push_back(std::move(rows));
  }

  void item(size_t first, size_t end, Indent indent) {
    for (size_t i = first; i < end; i++) {
      if (tokens_[i].part == Part::OpenBlock) {
        i = block(i, indent);
        continue;
      }
      if (i > first && !gaps_[i].empty()) {
        comments(gaps_[i], indent.deeper(k_continued), true);
        start_line(indent.deeper(tokens_[i].part == Part::Close ? 0 : k_continued), false);
      }
      append(i);
    }
  }

  size_t block(size_t open, Indent indent) {
    size_t close = partner_[open];
    Style style = style_of(open, close);
    // `cell C  # why` and its brace on the next line: the comment comes behind the brace
    std::vector<Comment>& inside = gaps_[open + 1].comments;
    inside.insert(inside.begin(), gaps_[open].comments.begin(), gaps_[open].comments.end());
    append(open);
    switch (style) {
      case Style::Empty: break;
      case Style::Flat: items(open + 1, close, indent, style); break;
      case Style::Hanging:
        items(open + 1, close, {0, Place{lines().size() - 1, lines().back().chunks.size()}}, style);
        break;
      case Style::Open: case Style::Spread:
        items(open + 1, close, indent.deeper(k_step), style);
        comments(gaps_[close], indent.deeper(k_step), open + 1 == close);
        start_line(indent, false);
        break;
    }
    append(close);
    return close;
  }

  Style style_of(size_t open, size_t close) const {
    auto begin = gaps_.begin() + static_cast<ptrdiff_t>(open), last = gaps_.begin() + static_cast<ptrdiff_t>(close);
    bool commented = std::any_of(begin, last + 1, [](const Gap& gap) { return !gap.comments.empty(); });
    if (open + 1 == close) return commented ? Style::Open : Style::Empty;
    bool broken = std::any_of(begin + 1, last, [](const Gap& gap) { return gap.newline; });
    if (!commented && !broken) return fits(open, close) ? Style::Flat : Style::Spread;
    bool hangs = begin->comments.empty() && begin[1].empty() && last->empty();
    bool second_line = false;
    for (size_t i = open + 1; i < close && hangs; i++) {
      second_line |= tokens_[i].starts_item && !gaps_[i].empty();
      hangs = tokens_[i].part != Part::OpenBlock && !gaps_[i].apart();
    }
    return hangs && second_line ? Style::Hanging : Style::Open;
  }

  bool fits(size_t open, size_t close) const {
    size_t end = line_end_;
    for (size_t i = open; i <= close && end <= k_longest_line; i++) {
      bool comma = i > open + 1 && tokens_[i].starts_item;
      end += comma + blank_between(tokens_[i - 1], tokens_[i]) + width(spelled(text_, tokens_[i]));
    }
    return end <= k_longest_line;
  }

  std::string_view text_;
  const std::vector<Token>& tokens_;
  std::vector<Gap> gaps_;
  std::vector<size_t> partner_;  // of an opening brace
  Arranged made_;
  size_t line_end_ = 0;  // the column behind the last chunk, of a line that does not hang
};

}  // namespace

std::string spelled(std::string_view text, const Token& token) {
  if (token.number_end == 0) return std::string(text.substr(token.begin, token.end - token.begin));
  std::string_view unit = text.substr(token.number_end, token.end - token.number_end);
  unit.remove_prefix(unit.find_first_not_of(" \t"));
  return std::string(text.substr(token.begin, token.number_end - token.begin)) + " " + std::string(unit);
}

bool blank_between(const Token& left, const Token& right) {
  switch (right.part) {
    case Part::Comma: case Part::Close: case Part::Tight: case Part::Prime: case Part::Call: return false;
    default: break;
  }
  switch (left.part) {
    case Part::Call: case Part::Open: case Part::Tight: case Part::Prefix: return false;
    default: return true;
  }
}

Arranged arrange(std::string_view text, const std::vector<Token>& tokens, std::vector<Gap> gaps) {
  return Arranger(text, tokens, std::move(gaps)).run();
}

}  // namespace eic::format
