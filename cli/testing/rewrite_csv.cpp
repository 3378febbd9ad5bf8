#include "cli/testing/rewrite_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <sstream>

namespace eic::cli {

namespace {

std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> out(1);
  for (char c : line)
    if (c == ',') out.emplace_back();
    else if (c != '\r') out.back() += c;
  return out;
}

std::string trimmed(std::string field) {
  field.erase(0, field.find_first_not_of(" \t"));
  field.erase(field.find_last_not_of(" \t") + 1);
  return field;
}

std::optional<double> number(const std::string& field) {
  std::string text = trimmed(field);
  double value = 0;
  auto [end, fault] = std::from_chars(text.data() + (text.starts_with('+') ? 1 : 0), text.data() + text.size(), value);
  return fault == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

bool is_comment(const std::string& line) { return trimmed(line).empty() || trimmed(line) == "\r" || trimmed(line)[0] == '#'; }

// The file's lines, and which of them is the header.
struct Lines {
  std::vector<std::string> all;
  size_t header = SIZE_MAX;
  std::string ending = "\n";
};

Lines lines_of(const std::string& text) {
  Lines lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) lines.ending = "\r\n", line.pop_back();
    if (lines.header == SIZE_MAX && !is_comment(line)) lines.header = lines.all.size();
    lines.all.push_back(std::move(line));
  }
  return lines;
}

std::optional<size_t> column(const std::vector<std::string>& header, const std::string& name) {
  for (size_t i = 0; i < header.size(); i++)
    if (trimmed(header[i]) == name) return i;
  return std::nullopt;
}

}  // namespace

Result<Rewritten, std::string> rewrite_column(const std::string& text, const std::string& x_column, const std::string& y_column,
                                              const std::vector<double>& x, const std::vector<double>& y) {
  Lines lines = lines_of(text);
  if (lines.header == SIZE_MAX) return Failure{std::string("it has no header")};
  std::vector<std::string> header = fields(lines.all[lines.header]);
  auto at_x = column(header, x_column), at_y = column(header, y_column);
  if (!at_x || !at_y) return Failure{fmt::format("it has no column `{}`", at_x ? y_column : x_column)};
  std::map<double, double> wanted;
  for (size_t i = 0; i < x.size(); i++) wanted.emplace(x[i], y[i]);
  Rewritten out;
  for (size_t i = 0; i < lines.all.size(); i++) {
    std::string line = lines.all[i];
    if (i > lines.header && !is_comment(line)) {
      out.rows++;
      std::vector<std::string> row = fields(line);
      auto here = *at_x < row.size() && *at_y < row.size() ? number(row[*at_x]) : std::nullopt;
      auto found = here ? wanted.find(*here) : wanted.end();
      auto old = found == wanted.end() ? std::nullopt : number(row[*at_y]);
      if (old && *old != found->second) {
        out.changed++;
        if (double change = std::fabs(*old - found->second); change > out.largest) out.largest = change, out.largest_at = *here;
        row[*at_y] = fmt::format("{}", found->second);
        line.clear();
        for (size_t k = 0; k < row.size(); k++) line += (k > 0 ? "," : "") + row[k];
      }
    }
    out.text += line + lines.ending;
  }
  return out;
}

Result<Rewritten, std::string> rewrite_rows(const std::string& text, const std::vector<std::string>& columns,
                                            const std::vector<std::vector<double>>& values) {
  Lines lines = lines_of(text);
  if (lines.header == SIZE_MAX) return Failure{std::string("it has no header")};
  std::vector<std::string> header = fields(lines.all[lines.header]);
  std::vector<size_t> from;  // for each of the file's columns, which of ours
  for (const std::string& name : header) {
    auto known = std::find(columns.begin(), columns.end(), trimmed(name));
    if (known == columns.end())
      return Failure{fmt::format("it has the column `{}` beside those of this comparison, which new rows would lose", trimmed(name))};
    from.push_back(static_cast<size_t>(known - columns.begin()));
  }
  Rewritten out;
  std::vector<std::string> old_rows;
  for (size_t i = 0; i < lines.all.size(); i++)
    if (i <= lines.header || is_comment(lines.all[i])) out.text += lines.all[i] + lines.ending;
    else old_rows.push_back(lines.all[i]);
  out.rows = values.empty() ? 0 : values[0].size();
  for (size_t row = 0; row < out.rows; row++) {
    std::string line;
    for (size_t k = 0; k < from.size(); k++) line += fmt::format("{}{}", k > 0 ? "," : "", values[from[k]][row]);
    if (row >= old_rows.size() || old_rows[row] != line) out.changed++;
    out.text += line + lines.ending;
  }
  if (old_rows.size() > out.rows) out.changed += old_rows.size() - out.rows;
  return out;
}

}  // namespace eic::cli
