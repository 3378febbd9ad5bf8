#include "compiler/format/align.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

namespace eic::format {

using parse::Part;
using parse::Token;

namespace {

// The tokens of an item that may align with those of its neighbours, in the order of the line.
enum Stop : size_t { k_sign, k_on, k_brace, k_stops };

struct Shape {
  std::string kind;  // empty: aligns with nothing
  std::array<std::optional<size_t>, k_stops> stops;

  bool goes_with(const Shape& other) const {
    return !kind.empty() && kind == other.kind && stops[k_sign].has_value() == other.stops[k_sign].has_value();
  }
};

// One `path = value` between braces.
struct Setting {
  size_t first = 0, value = 0, end = 0;
};

class Aligner {
 public:
  Aligner(std::string_view text, const std::vector<Token>& tokens, Arranged& arranged)
      : text_(text), tokens_(tokens), arranged_(arranged) {}

  void block(const std::vector<Row>& rows) {
    for (size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
      std::vector<Shape> shapes{shape(rows[begin])};
      for (end = begin + 1; end < rows.size() && joins(rows[end - 1], rows[end]); end++) {
        Shape next = shape(rows[end]);
        if (!next.goes_with(shapes.back())) break;
        shapes.push_back(std::move(next));
      }
      if (shapes.size() > 1) group(std::span(rows).subspan(begin, end - begin), shapes);
    }
  }

 private:
  const Place& place(size_t token) const { return arranged_.places[token]; }
  size_t line(size_t token) const { return place(token).line; }
  size_t column_of(size_t token) const { return column(arranged_.lines, place(token)); }
  // Where the chunk of a token ends, a comma behind it included.
  size_t end_of(size_t token) const { return end_column(arranged_.lines, place(token)); }
  std::string word(size_t token) const { return spelled(text_, tokens_[token]); }
  void widen(size_t token, size_t by) { arranged_.lines[line(token)].chunks[place(token).chunk].blanks += by; }

  // Its lines end with those of a block that has its closing brace on a line of its own.
  bool is_open(const Row& row) const { return tokens_[row.end - 1].part == Part::CloseBlock && place(row.end - 1).chunk == 0; }
  bool joins(const Row& above, const Row& row) const {
    return above.alone && row.alone && !row.apart && !is_open(above) && !is_open(row);
  }

  Shape shape(const Row& row) const {
    static const std::vector<std::string> k_values = {"param", "let", "state", "init"};
    static const std::vector<std::string> k_structures = {"channel", "synapse",    "pool",       "plasticity", "ion",
                                                          "gate",    "population", "projection", "gap", "stimulus"};
    Shape made;
    bool word_first = tokens_[row.first].part == Part::Word;
    std::string kind = word_first ? "" : word(row.first);
    bool structure = std::find(k_structures.begin(), k_structures.end(), kind) != k_structures.end();
    bool value = word_first || std::find(k_values.begin(), k_values.end(), kind) != k_values.end();
    if (!structure && !value) return made;
    for (size_t i = row.first; i < row.end && line(i) == line(row.first) && !made.stops[k_brace]; i++) {
      Part part = tokens_[i].part;
      if (part == Part::OpenBlock && structure) made.stops[k_brace] = i;
      else if (part == Part::OpenBlock) break;  // `param {`
      else if (part == Part::Keyword && structure && word(i) == "on") made.stops[k_on] = i;
      else if (part == Part::Prime) kind = "'";
      else if (part == Part::Symbol && !made.stops[k_sign] && (value || word(i) == ":")) made.stops[k_sign] = i;
      if (value && made.stops[k_sign]) break;
    }
    if (structure || made.stops[k_sign]) made.kind = kind.empty() ? "=" : kind;
    return made;
  }

  void group(std::span<const Row> rows, const std::vector<Shape>& shapes) {
    for (size_t stop = 0; stop < k_stops; stop++) {
      size_t widest = 0;
      for (const Shape& shape : shapes)
        if (shape.stops[stop]) widest = std::max(widest, column_of(*shape.stops[stop]));
      for (const Shape& shape : shapes)
        if (shape.stops[stop]) widen(*shape.stops[stop], widest - column_of(*shape.stops[stop]));
    }
    tables(rows, shapes);
  }

  // ---- numbers
  // Runs of adjacent rows that list the same settings, two at least, on a line each.
  void tables(std::span<const Row> rows, const std::vector<Shape>& shapes) {
    std::vector<std::vector<Setting>> run;
    std::string keys;
    for (size_t i = 0; i <= rows.size(); i++) {
      std::vector<Setting> settings = i < rows.size() ? settings_of(rows[i], shapes[i]) : std::vector<Setting>{};
      std::string names = keys_of(settings);
      if (!run.empty() && names != keys) {
        table(run);
        run.clear();
      }
      keys = names;
      if (settings.size() > 1) run.push_back(std::move(settings));
    }
  }

  std::vector<Setting> settings_of(const Row& row, const Shape& shape) const {
    std::vector<Setting> made;
    if (!shape.stops[k_brace] || line(row.end - 1) != line(row.first)) return made;
    for (size_t i = *shape.stops[k_brace] + 1; i + 1 < row.end; i++) {
      if (tokens_[i].starts_item) {
        if (tokens_[i].part != Part::Word) return {};
        made.push_back({i, 0, i});
      }
      if (made.back().value == 0 && tokens_[i].part == Part::Symbol) made.back().value = i + 1;
      made.back().end = i + 1;
    }
    return made;
  }

  std::string keys_of(const std::vector<Setting>& settings) const {
    std::string keys;
    for (const Setting& setting : settings)
      for (size_t i = setting.first; i < setting.value; i++) keys += word(i) + " ";
    return keys;
  }

  void table(const std::vector<std::vector<Setting>>& run) {
    for (size_t k = 0; k < run.front().size(); k++) {
      auto value = [&](const std::vector<Setting>& row) { return row[k].value; };
      bool numbers = std::all_of(run.begin(), run.end(), [&](const auto& row) {
        return unit_width(row[k]) && *unit_width(row[k]) == unit_width(run.front()[k]);
      });
      size_t widest = 0;
      for (const auto& row : run) widest = std::max(widest, end_of(row[k].end - 1));
      for (const auto& row : run) {
        size_t lacking = widest - end_of(row[k].end - 1);
        if (lacking > 0 && !numbers) return;  // what follows stands in no column
        widen(value(row), lacking);
      }
    }
  }

  // Of a number with or without a sign; nothing for any other value.
  std::optional<size_t> unit_width(const Setting& setting) const {
    size_t number = tokens_[setting.value].part == Part::Prefix ? setting.value + 1 : setting.value;
    const Token& token = tokens_[number];
    if (number + 1 != setting.end || text_[token.begin] < '0' || text_[token.begin] > '9') return std::nullopt;
    return token.number_end == 0 ? 0 : width(word(number)) - (token.number_end - token.begin);
  }

  std::string_view text_;
  const std::vector<Token>& tokens_;
  Arranged& arranged_;
};

}  // namespace

void align(std::string_view text, const std::vector<Token>& tokens, Arranged& arranged) {
  Aligner aligner(text, tokens, arranged);
  for (const std::vector<Row>& rows : arranged.blocks) aligner.block(rows);
}

}  // namespace eic::format
