#include "runtime/report/svg.h"

#include <algorithm>
#include <cmath>

#include "runtime/report/format.h"

namespace eic::report {

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '"') out += "&quot;";
    else out += static_cast<unsigned char>(c) < 0x20 && c != '\n' ? ' ' : c;
  }
  return out;
}

double tick_step(double length, int wanted) {
  double rough = length / wanted, power = std::pow(10, std::floor(std::log10(rough)));
  for (double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough * 0.999) return factor * power;
  return 10 * power;
}

std::string tick_text(double value, double step) {
  int behind = std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9)));
  if (behind == 0 && value >= 10'000 && value < 1e15) return thousands(static_cast<uint64_t>(std::llround(value)));
  if (behind > 5 || std::fabs(value) >= 1e15) return fmt::format("{:.3g}", std::fabs(value) < step / 2 ? 0.0 : value);
  return fmt::format("{:.{}f}", std::fabs(value) < step / 2 ? 0.0 : value, behind);
}

void Svg::line(double x1, double y1, double x2, double y2, const char* style) {
  add("<path class=\"{}\" d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}\"/>\n", style, x1, y1, x2, y2);
}
void Svg::words(double x, double y, const char* style, std::string_view text) {
  add("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", style, x, y, escaped(text));
}
void Svg::turned(double x, double y, std::string_view text) {
  add("<text class=\"axis\" transform=\"translate({:.1f} {:.1f})rotate(-90)\">{}</text>\n", x, y, escaped(text));
}

}  // namespace eic::report
