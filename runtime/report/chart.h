// In: curves over one axis. Out: an SVG picture of them, with axes and a legend. Called by `eic test` (what was expected
// and what came out) and `eic explain` (the curves of gates).
#pragma once
#include <string>
#include <vector>

namespace eic::report {

struct Series {
  std::string name, colour;  // "#0072B2"
  std::vector<double> x, y;  // as long as each other; what is not finite leaves a gap
  bool points = false;       // marks instead of a line
  bool dashed = false;
};

struct Chart {
  std::string title, note;       // the note under the title; either may be empty
  std::string x_label, y_label;  // "v (mV)"
  std::vector<Series> series;
  double width = 760, height = 420;
  bool inside_html = false;  // without what a file of its own needs
};

std::string chart_svg(const Chart& chart);

}  // namespace eic::report
