// Numbers as people read them, each with its unit. Used by the summary, the raster and the progress line.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eic::report {

std::string thousands(uint64_t value);                          // "82,081"
std::string counted(uint64_t value, std::string_view what);  // "1 cell", "4,000 cells"
std::string significant(double value, int n);                   // "0.0213", "41.0", "4,762"; an exponent below 1e-4 only
std::string bytes_text(uint64_t bytes);                         // "5.4 MB", powers of 1000
std::string seconds_text(double seconds);                       // wall time: "31 ms", "1.02 s", "2 min 5 s", "3 h 12 min"
std::string biological_text(double ms);                         // "0.1 ms", "500 ms", "1.5 s"
// Absent → "–"; else the value with its unit ("" for none).
std::string or_dash(const std::optional<double>& value, int digits, std::string_view unit = "", double scale = 1);

// Characters as seen (code points of UTF-8).
size_t display_width(std::string_view text);

// Columns as wide as their widest cell, two blanks between; those in `left` start at the left, others end at the right.
class Table {
 public:
  explicit Table(std::vector<size_t> left) : left_(std::move(left)) {}
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  std::string text(std::string_view indent) const;

 private:
  std::vector<size_t> left_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace eic::report
