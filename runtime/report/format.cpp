#include "runtime/report/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace eic::report {
namespace {

std::string grouped(std::string digits) {
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) digits.insert(at, 1, ',');
  return digits;
}

}  // namespace

std::string thousands(uint64_t value) { return grouped(std::to_string(value)); }

std::string counted(uint64_t value, std::string_view what) {
  return thousands(value) + " " + std::string(what) + (value == 1 ? "" : "s");
}

std::string significant(double value, int n) {
  if (!std::isfinite(value)) return "–";
  double size = std::abs(value);
  if (size != 0 && size < 1e-4) return fmt::format("{:.{}e}", value, n - 1);
  // Rounding may lift 99.96 to 100.0: the digits behind the point follow the rounded value.
  double rounded = size == 0 ? 0 : std::stod(fmt::format("{:.{}e}", size, n - 1));
  int before = rounded == 0 ? 1 : static_cast<int>(std::floor(std::log10(rounded))) + 1;
  std::string text = fmt::format("{:.{}f}", rounded, std::max(0, n - before));
  size_t point = std::min(text.find('.'), text.size());
  return (value < 0 ? "-" : "") + grouped(text.substr(0, point)) + text.substr(point);
}

std::string bytes_text(uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes) / 1000;
  const char* units[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
  size_t unit = 0;
  for (; value >= 999.5 && unit < 5; ++unit) value /= 1000;
  return fmt::format("{} {}", significant(value, value < 10 ? 2 : 3), units[unit]);
}

std::string seconds_text(double seconds) {
  if (seconds < 0.9995e-3) return fmt::format("{:.0f} us", seconds * 1e6);
  if (seconds < 0.9995) return fmt::format("{:.0f} ms", seconds * 1e3);
  if (seconds < 99.95) return significant(seconds, 3) + " s";
  auto whole = static_cast<uint64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", thousands(whole / 3600), whole / 60 % 60);
}

std::string biological_text(double ms) {
  return ms < 1000 ? fmt::format("{:.10g} ms", ms) : fmt::format("{:.10g} s", ms / 1000);
}

std::string or_dash(const std::optional<double>& value, int digits, std::string_view unit, double scale) {
  if (!value || !std::isfinite(*value)) return "–";
  return significant(*value * scale, digits) + (unit.empty() ? "" : " ") + std::string(unit);
}

size_t display_width(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
}

std::string Table::text(std::string_view indent) const {
  std::vector<size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  std::string text;
  for (const auto& row : rows_) {
    std::string line(indent);
    for (size_t i = 0; i < row.size(); ++i) {
      std::string pad(widths[i] - display_width(row[i]), ' ');
      bool left = std::find(left_.begin(), left_.end(), i) != left_.end();
      line += (i > 0 ? "  " : "") + (left ? row[i] + pad : pad + row[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

}  // namespace eic::report
