#include "runtime/report/chart.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "runtime/report/format.h"
#include "runtime/report/svg.h"

namespace eic::report {

namespace {

constexpr size_t k_most_points = 4000;  // of a line; what lies between is drawn by its least and greatest
constexpr double k_digit = 7, k_letter = 6.8, k_head_letter = 9;  // generous widths of characters: nothing here can measure text
constexpr double k_row = 20;                                      // of title, note and legend

struct Range {
  double low = HUGE_VAL, high = -HUGE_VAL;
  void take(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  // A little air, and never empty.
  void settle(double air) {
    if (!(low <= high)) low = 0, high = 1;
    double span = high - low;
    double least = std::max(std::fabs(low), std::fabs(high)) * 1e-9;
    if (span <= least) span = std::max(std::fabs(low), 1.0), low -= span / 2, high += span / 2;
    else low -= air * span, high += air * span;
  }
};

struct Frame {
  double left, top, right, bottom;
  Range x, y;
  double at_x(double value) const { return left + (value - x.low) / (x.high - x.low) * (right - left); }
  double at_y(double value) const { return bottom - (value - y.low) / (y.high - y.low) * (bottom - top); }
};

struct Tick {
  double value;
  std::string text;
};

std::vector<Tick> ticks(const Range& range, int wanted) {
  std::vector<Tick> all;
  double step = tick_step(range.high - range.low, wanted);
  for (double value = std::ceil(range.low / step) * step; value <= range.high + step * 1e-6; value += step)
    all.push_back({value, tick_text(value, step)});
  return all;
}

// Room for the turned label, then for the widest number.
double left_margin(const std::vector<Tick>& y) {
  size_t widest = 0;
  for (const Tick& tick : y) widest = std::max(widest, display_width(tick.text));
  return std::max(52.0, 34 + k_digit * static_cast<double>(widest));
}

// What of the text fits, in whole characters.
std::string fitted(const std::string& text, double width, double letter) {
  auto room = static_cast<size_t>(std::max(width / letter, 1.0));
  if (display_width(text) <= room) return text;
  size_t end = 0, characters = 0;
  while (end < text.size() && (characters += (static_cast<unsigned char>(text[end]) & 0xc0) != 0x80) < room) end++;
  return text.substr(0, end) + "…";
}

void draw_axes(const Chart& chart, const Frame& frame, const std::vector<Tick>& y_ticks, Svg& svg) {
  for (const Tick& tick : ticks(frame.x, 8)) {
    double x = frame.at_x(tick.value);
    svg.line(x, frame.top, x, frame.bottom, "grid");
    svg.line(x, frame.bottom, x, frame.bottom + 5, "frame");
    svg.words(x, frame.bottom + 20, "x", tick.text);
  }
  for (const Tick& tick : y_ticks) {
    double y = frame.at_y(tick.value);
    svg.line(frame.left, y, frame.right, y, "grid");
    svg.line(frame.left - 5, y, frame.left, y, "frame");
    svg.words(frame.left - 9, y + 4, "y", tick.text);
  }
  svg.words((frame.left + frame.right) / 2, frame.bottom + 42, "axis", chart.x_label);
  svg.turned(18, (frame.top + frame.bottom) / 2, chart.y_label);
}

std::string line_path(const Series& series, const Frame& frame) {
  std::string path;
  bool pen = false;
  auto to = [&](double x, double y) {
    if (!std::isfinite(x) || !std::isfinite(y)) {
      pen = false;
      return;
    }
    fmt::format_to(std::back_inserter(path), "{}{:.1f} {:.1f}", pen ? "L" : "M", frame.at_x(x), frame.at_y(y));
    pen = true;
  };
  size_t every = series.x.size() / k_most_points + 1;
  for (size_t i = 0; i < series.x.size(); i += every) {
    size_t end = std::min(i + every, series.x.size()), least = i, most = i;
    for (size_t k = i; k < end; k++) {
      if (series.y[k] < series.y[least]) least = k;
      if (series.y[k] > series.y[most]) most = k;
    }
    to(series.x[std::min(least, most)], series.y[std::min(least, most)]);
    if (least != most) to(series.x[std::max(least, most)], series.y[std::max(least, most)]);
  }
  return path;
}

void draw(const Series& series, const Frame& frame, size_t index, Svg& svg) {
  if (!series.points) {
    svg.add("<path class=\"curve\" stroke=\"{}\"{} d=\"{}\"/>\n", series.colour, series.dashed ? " stroke-dasharray=\"7 4\"" : "",
            line_path(series, frame));
    return;
  }
  // the first set of marks from below, the second from above, so that equal ones are seen as such
  std::string path;
  double tall = index % 2 == 0 ? 7 : -7;
  for (size_t i = 0; i < series.x.size(); i++)
    if (std::isfinite(series.x[i]) && std::isfinite(series.y[i]))
      fmt::format_to(std::back_inserter(path), "M{:.1f} {:.1f}v{:.1f}", frame.at_x(series.x[i]), frame.at_y(series.y[i]), tall);
  svg.add("<path class=\"curve\" stroke=\"{}\" d=\"{}\"/>\n", series.colour, path);
}

}  // namespace

std::string chart_svg(const Chart& chart) {
  bool legend = chart.series.size() > 1;
  double above = chart.title.empty() ? 16 : 44;
  Frame frame{0, above + k_row * (!chart.note.empty() + legend) - (legend ? 4 : 2), chart.width - 16, chart.height - 56, {}, {}};
  bool points = false;
  for (const Series& series : chart.series) {
    for (double x : series.x) frame.x.take(x);
    for (double y : series.y) frame.y.take(y);
    points = points || series.points;
  }
  frame.x.settle(points ? 0.01 : 0);
  frame.y.settle(points ? 0.15 : 0.06);
  std::vector<Tick> y_ticks = ticks(frame.y, 6);
  frame.left = left_margin(y_ticks);
  Svg svg;
  svg.add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\">\n",
          chart.width, chart.height);
  if (!chart.title.empty()) svg.add("<title>{}</title>\n", escaped(chart.title));
  if (!chart.inside_html)
    svg.add(
        "<style>{}</style>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        "text{font:13px system-ui,'Segoe UI','Helvetica Neue',Helvetica,Arial,sans-serif;fill:#333}"
        ".head{font-size:16px;font-weight:600;fill:#111}.note{fill:#666}.axis{text-anchor:middle}"
        ".x{text-anchor:middle;font-size:12px;fill:#555}.y{text-anchor:end;font-size:12px;fill:#555}.key{font-size:12px}"
        ".frame{stroke:#888;fill:none}.grid{stroke:#e8e8e8;fill:none}.curve{fill:none;stroke-width:1.6;stroke-linejoin:round}");
  double wide = frame.right - frame.left;
  if (!chart.title.empty()) svg.words(frame.left, 26, "head", fitted(chart.title, wide, k_head_letter));
  if (!chart.note.empty()) svg.words(frame.left, 46, "note", fitted(chart.note, wide, k_letter));
  draw_axes(chart, frame, y_ticks, svg);
  for (size_t i = 0; i < chart.series.size(); i++) draw(chart.series[i], frame, i, svg);
  svg.add("<path class=\"frame\" d=\"M{} {}V{}H{}\"/>\n", frame.left, frame.top, frame.bottom, frame.right);
  if (legend) {  // a row of its own: it hides no curve
    double x = frame.left, y = frame.top - 12;
    for (const Series& series : chart.series) {
      svg.add("<path class=\"curve\" stroke=\"{}\"{} d=\"M{:.1f} {:.1f}h22\"/>\n", series.colour,
              series.dashed ? " stroke-dasharray=\"7 4\"" : "", x, y);
      svg.words(x + 28, y + 4, "key", series.name);
      x += 52 + k_letter * static_cast<double>(display_width(series.name));
    }
  }
  svg.add("</svg>\n");
  return svg.take();
}

}  // namespace eic::report
