// The pieces of an SVG picture that raster and chart share: text, lines, ticks, colours.
#pragma once
#include <fmt/format.h>

#include <iterator>
#include <string>
#include <string_view>

namespace eic::report {

// Okabe & Ito (2008): told apart with every common colour blindness, and in grey.
inline constexpr const char* k_colours[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"};

// For XML and HTML: & < > " as entities, control characters as blanks.
std::string escaped(std::string_view text);

// A step 1, 2 or 5 times a power of ten, so that about `wanted` of them make up `length`.
double tick_step(double length, int wanted);
// With as many digits behind the point as the step needs.
std::string tick_text(double value, double step);

class Svg {
 public:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
  }
  void line(double x1, double y1, double x2, double y2, const char* style);
  void words(double x, double y, const char* style, std::string_view text);
  void turned(double x, double y, std::string_view text);  // the name of an axis, read upwards
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace eic::report
