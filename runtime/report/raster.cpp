#include "runtime/report/raster.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>

#include "runtime/report/format.h"
#include "runtime/report/statistics.h"
#include "runtime/report/svg.h"

namespace eic::report {
namespace {

using record::SpikeStore;

// The picture's places, in px.
constexpr double k_width = 960, k_height = 600;
constexpr double k_left = 76, k_plot_width = 714, k_top = 62, k_raster_height = 370, k_gap = 22, k_rate_height = 84;
constexpr double k_right = k_left + k_plot_width, k_raster_bottom = k_top + k_raster_height;
constexpr double k_rate_top = k_raster_bottom + k_gap, k_rate_bottom = k_rate_top + k_rate_height;
constexpr int k_fine = 10;            // marks lie on a grid of 1/10 px
constexpr uint64_t k_most_bins = 1500;
constexpr size_t k_most_labels = 10;  // that fit beside the plot
constexpr double k_label_pitch = 36;

constexpr const char* k_viewless = "#555555";

// A view, a population without views, or the cells in no view. Where views overlap, the first one colours the cells;
// cells, spikes and bins are those of the whole view.
struct Group {
  std::string name, colour;
  uint32_t population = 0;
  std::optional<CellRange> view;
  uint64_t cells = 0, spikes = 0;
  std::vector<uint64_t> bins;
  uint64_t coloured = 0, row_sum = 0;  // rows in its colour
  std::string path;                    // of its marks
  int64_t x = 0, y = 0;                // where its pen stands
};

struct Picture {
  const SpikeStore& store;
  std::vector<Group> groups;
  std::vector<std::vector<uint32_t>> group_of;  // [population][cell]
  std::vector<uint64_t> first_row;              // of each population
  uint64_t rows = 0, spikes = 0, marks = 0, every = 1;
  double duration_ms = 0;
  uint64_t bin_ms = 1;

  double row_height() const { return k_raster_height / static_cast<double>(std::max<uint64_t>(rows, 1)); }
  double y_of(double row) const { return k_raster_bottom - row * row_height(); }
  double x_of(double ms) const { return k_left + ms / duration_ms * k_plot_width; }
};

uint32_t add_group(Picture& picture, std::string name, uint32_t population, std::optional<CellRange> view, const char* colour) {
  picture.groups.push_back({std::move(name), colour, population, view, view ? view->end - view->begin : 0});
  return static_cast<uint32_t>(picture.groups.size() - 1);
}

void group_cells(Picture& picture) {
  constexpr uint32_t k_none = UINT32_MAX;
  size_t colour = 0;
  auto next_colour = [&colour] { return k_colours[colour++ % std::size(k_colours)]; };
  const auto& populations = picture.store.populations();
  for (uint32_t p = 0; p < populations.size(); ++p) {
    const auto& population = populations[p];
    picture.first_row.push_back(picture.rows);
    picture.rows += population.size;
    auto& group_of = picture.group_of.emplace_back(population.size, k_none);
    for (const auto& view : population.views) {
      auto begin = group_of.begin() + view.begin, end = group_of.begin() + view.end;
      if (std::find(begin, end, k_none) == end) continue;  // all of it is coloured by views before it
      CellRange range{view.begin, view.end};
      std::replace(begin, end, k_none, add_group(picture, population.name + "." + view.name, p, range, next_colour()));
    }
    if (std::find(group_of.begin(), group_of.end(), k_none) != group_of.end()) {
      bool plain = population.views.empty();
      uint32_t rest = add_group(picture, plain ? population.name : population.name + ", no view", p, std::nullopt,
                                plain ? next_colour() : k_viewless);
      std::replace(group_of.begin(), group_of.end(), k_none, rest);
    }
    for (uint64_t cell = 0; cell < population.size; ++cell) {
      Group& group = picture.groups[group_of[cell]];
      if (!group.view) ++group.cells;
      ++group.coloured;
      group.row_sum += picture.first_row[p] + cell;
    }
  }
}

void count_bins(Picture& picture) {
  const auto& store = picture.store;
  uint64_t whole = store.clock().whole_ms(store.steps());
  for (uint64_t factor : {2, 5, 10, 20, 50, 100, 200, 500, 1000, 10'000, 100'000, 1'000'000})
    if (whole / picture.bin_ms > k_most_bins) picture.bin_ms = factor;
  uint64_t bins = whole / picture.bin_ms;
  for (uint32_t g = 0; g < picture.groups.size(); ++g) {
    Group& group = picture.groups[g];
    group.bins.assign(bins, 0);
    const auto& spikes = store.populations()[group.population];
    const auto& group_of = picture.group_of[group.population];
    for (size_t i = 0; i < spikes.cells.size(); ++i) {
      uint32_t cell = spikes.cells[i];
      bool member = group.view ? cell >= group.view->begin && cell < group.view->end : group_of[cell] == g;
      if (!member) continue;
      ++group.spikes;
      uint64_t bin = store.clock().whole_ms(spikes.steps[i]) / picture.bin_ms;
      if (bin < bins) ++group.bins[bin];
    }
  }
  for (const auto& population : store.populations()) picture.spikes += population.cells.size();
}

// Hands over, in order, the marks of every `every`-th row; spikes of one cell on the same grid point are one mark.
template <class Use>
uint64_t for_each_mark(const Picture& picture, uint64_t every, Use use) {
  uint64_t marks = 0;
  double per_step = k_fine * k_plot_width / static_cast<double>(std::max<uint64_t>(picture.store.steps(), 1));
  for (uint32_t p = 0; p < picture.store.populations().size(); ++p) {
    const auto& spikes = picture.store.populations()[p];
    std::vector<int64_t> last(spikes.size, -1);
    for (size_t i = 0; i < spikes.cells.size(); ++i) {
      uint32_t cell = spikes.cells[i];
      uint64_t row = picture.first_row[p] + cell;
      if (row % every != 0) continue;
      int64_t x = std::llround((static_cast<double>(spikes.steps[i]) + spikes.fraction(i)) * per_step);
      if (last[cell] == x) continue;
      last[cell] = x;
      ++marks;
      use(picture.group_of[p][cell], row, x);
    }
  }
  return marks;
}

// One path a group, in tenths of a px from the plot's lower left: m dx dy v height, again and again.
void draw_marks(Picture& picture, uint64_t most_marks) {
  auto count = [&](uint64_t every) { return for_each_mark(picture, every, [](uint32_t, uint64_t, int64_t) {}); };
  uint64_t all = count(1);
  if (all > most_marks) picture.every = (all + most_marks - 1) / most_marks;
  while (picture.every > 1 && picture.every < picture.rows && count(picture.every) > most_marks) ++picture.every;

  double pitch = picture.row_height() * static_cast<double>(picture.every);
  int64_t tall = std::llround(k_fine * std::clamp(0.72 * pitch, 1.1, 24.0));
  for (Group& group : picture.groups) group.path.clear();
  picture.marks = for_each_mark(picture, picture.every, [&](uint32_t index, uint64_t row, int64_t x) {
    Group& group = picture.groups[index];
    double centre = k_fine * (picture.y_of(static_cast<double>(row) + 0.5) - k_raster_bottom);
    int64_t y = std::llround(centre) - tall / 2;
    fmt::format_to(std::back_inserter(group.path), "m{}{}{}v{}", x - group.x, y < group.y ? "" : " ", y - group.y, tall);
    group.x = x;
    group.y = y + tall;
  });
}

void draw_head(const Picture& picture, const RasterTitle& title, Svg& svg) {
  svg.add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\">\n", k_width, k_height);
  svg.add("<title>{}</title>\n", escaped(fmt::format("{}, {}, seed {}: spikes", title.model, title.simulation, title.seed)));
  svg.add("<style>text{{font:13px system-ui,'Segoe UI','Helvetica Neue',Helvetica,Arial,sans-serif;fill:#333}}"
          ".head{{font-size:17px;font-weight:600;fill:#111}}.note{{fill:#666}}.axis{{text-anchor:middle;fill:#333}}"
          ".x{{text-anchor:middle;font-size:12px;fill:#555}}.y{{text-anchor:end;font-size:12px;fill:#555}}"
          ".name{{font-weight:600}}.small{{font-size:12px;fill:#666}}.frame{{stroke:#888;fill:none}}.grid{{stroke:#e8e8e8;fill:none}}"
          ".marks{{fill:none;stroke-width:11;stroke-opacity:.85}}"
          ".rate{{fill:none;stroke-width:1.1;stroke-linejoin:round}}</style>\n");
  svg.add("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
  svg.words(k_left, 27, "head", fmt::format("{} · {} · seed {}", title.model, title.simulation, title.seed));
  std::string note = fmt::format("{}, {} in {}", counted(picture.rows, "cell"), counted(picture.spikes, "spike"),
                                 biological_text(picture.store.clock().ms(picture.store.steps())));
  if (picture.every > 1) note += fmt::format(" · drawn: one cell in {}, {} marks", picture.every, thousands(picture.marks));
  svg.words(k_left, 47, "note", note);
}

// Every population counts its own cells from 0.
void draw_cell_axis(const Picture& picture, Svg& svg) {
  const auto& populations = picture.store.populations();
  double tall_before = 0;
  for (size_t p = 0; p < populations.size(); ++p) {
    double size = static_cast<double>(populations[p].size);
    double tall = size * picture.row_height(), base = picture.y_of(static_cast<double>(picture.first_row[p]));
    if (p > 0 && std::max(tall, tall_before) > 6) svg.line(k_left, base, k_right, base, "frame");
    tall_before = tall;
    if (tall < 14) continue;
    double cells = std::max(1.0, tick_step(size, std::max(1, static_cast<int>(std::lround(6 * tall / k_raster_height)))));
    for (double cell = 0; cell < size || (cell == size && p + 1 == populations.size()); cell += cells) {
      double y = picture.y_of(static_cast<double>(picture.first_row[p]) + std::min(cell + (picture.rows < 60 ? 0.5 : 0.0), size));
      if (cell == size && picture.rows < 60) break;  // rows wide enough to be seen are named at their middle
      svg.line(k_left - 5, y, k_left, y, "frame");
      svg.words(k_left - 9, y + 4, "y", tick_text(cell, cells));
    }
  }
  svg.turned(20, (k_top + k_raster_bottom) / 2, "cell index");
}

void draw_time_axis(const Picture& picture, double unit_ms, const char* unit, Svg& svg) {
  double end = picture.duration_ms / unit_ms, step = tick_step(end, 8);
  for (int i = 0; i * step <= end * 1.0001; ++i) {
    double x = picture.x_of(i * step * unit_ms);
    if (i > 0 && x < k_right - 1) {
      svg.line(x, k_top, x, k_raster_bottom, "grid");
      svg.line(x, k_rate_top, x, k_rate_bottom, "grid");
    }
    svg.line(x, k_rate_bottom, x, k_rate_bottom + 5, "frame");
    svg.words(x, k_rate_bottom + 20, "x", tick_text(i * step, step));
  }
  svg.words((k_left + k_right) / 2, k_rate_bottom + 42, "axis", fmt::format("time / {}", unit));
}

void draw_rate_axis(const Picture& picture, double most_rate, Svg& svg) {
  double rate = tick_step(most_rate, 2);
  for (double value = 0; value <= most_rate * 1.0001; value += rate) {
    double y = k_rate_bottom - value / most_rate * k_rate_height;
    svg.line(k_left - 5, y, k_left, y, "frame");
    svg.words(k_left - 9, y + 4, "y", tick_text(value, rate));
  }
  svg.turned(20, (k_rate_top + k_rate_bottom) / 2, "rate / Hz");
  svg.words(k_right + 14, k_rate_top + 12, "small", fmt::format("{} ms bins", thousands(picture.bin_ms)));
}

double rate_of(const Picture& picture, const Group& group, uint64_t count) {
  double seconds = static_cast<double>(picture.bin_ms) / 1000;
  return static_cast<double>(count) / seconds / static_cast<double>(std::max<uint64_t>(group.cells, 1));
}

// One line of steps a group.
void draw_rates(const Picture& picture, double most_rate, Svg& svg) {
  for (const Group& group : picture.groups) {
    if (group.bins.empty() || group.spikes == 0) continue;
    double wide = picture.x_of(static_cast<double>(picture.bin_ms)) - k_left;
    std::string path = fmt::format("M{} {}", k_left, k_rate_bottom);
    double before = 0;
    for (size_t i = 0; i < group.bins.size(); ++i) {
      double height = rate_of(picture, group, group.bins[i]) / most_rate * k_rate_height;
      if (height == before) continue;
      fmt::format_to(std::back_inserter(path), "H{:.1f}V{:.1f}", k_left + wide * static_cast<double>(i), k_rate_bottom - height);
      before = height;
    }
    fmt::format_to(std::back_inserter(path), "H{:.1f}", k_left + wide * static_cast<double>(group.bins.size()));
    svg.add("<path class=\"rate\" stroke=\"{}\" d=\"{}\"/>\n", group.colour, path);
  }
}

// Names beside the plot, at the height of their cells, pushed apart where they would touch.
void draw_labels(const Picture& picture, Svg& svg) {
  struct Label { const Group* group; double y; };
  std::vector<Label> labels;
  for (const Group& group : picture.groups)
    if (group.coloured > 0)
      labels.push_back({&group, picture.y_of(static_cast<double>(group.row_sum) / static_cast<double>(group.coloured) + 0.5)});
  std::stable_sort(labels.begin(), labels.end(), [](const Label& a, const Label& b) { return a.y < b.y; });
  size_t unnamed = labels.size() > k_most_labels ? labels.size() - (k_most_labels - 1) : 0;
  labels.resize(labels.size() - unnamed);
  double floor = k_raster_bottom - 20 - (unnamed > 0 ? k_label_pitch : 0);
  double ceiling = k_top + 10;
  for (Label& label : labels) {
    label.y = std::max(label.y, ceiling);
    ceiling = label.y + k_label_pitch;
  }
  for (size_t i = labels.size(); i-- > 0;) {
    labels[i].y = std::min(labels[i].y, floor);
    floor = labels[i].y - k_label_pitch;
  }
  for (const Label& label : labels) {
    const Group& group = *label.group;
    double rate = static_cast<double>(group.spikes) / static_cast<double>(group.cells) / (picture.duration_ms / 1000);
    svg.add("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"4\" height=\"30\" rx=\"2\" fill=\"{}\"/>\n", k_right + 14, label.y - 11,
            group.colour);
    svg.words(k_right + 26, label.y + 1, "name", group.name);
    svg.words(k_right + 26, label.y + 17, "small", fmt::format("{}, {} Hz", counted(group.cells, "cell"), significant(rate, 3)));
  }
  if (unnamed > 0) svg.words(k_right + 26, k_raster_bottom - 10, "small", fmt::format("and {} more", unnamed));
}

}  // namespace

std::string raster_svg(const SpikeStore& store, const RasterTitle& title, uint64_t most_marks) {
  Picture picture{store};
  picture.duration_ms = store.steps() > 0 ? store.clock().ms(store.steps()) : 1;
  group_cells(picture);
  count_bins(picture);
  draw_marks(picture, std::max<uint64_t>(most_marks, 1));
  double most_rate = 0;
  for (const Group& group : picture.groups)
    for (uint64_t count : group.bins) most_rate = std::max(most_rate, rate_of(picture, group, count));
  most_rate = most_rate == 0 ? 1 : 1.06 * most_rate;

  Svg svg;
  draw_head(picture, title, svg);
  bool seconds = picture.duration_ms >= 2000;
  draw_time_axis(picture, seconds ? 1000 : 1, seconds ? "s" : "ms", svg);
  draw_cell_axis(picture, svg);
  draw_rate_axis(picture, most_rate, svg);
  for (const Group& group : picture.groups)
    if (!group.path.empty())
      svg.add("<path class=\"marks\" transform=\"translate({} {})scale({})\" stroke=\"{}\" d=\"{}\"/>\n", k_left, k_raster_bottom,
              1.0 / k_fine, group.colour, group.path);
  draw_rates(picture, most_rate, svg);
  svg.add("<path class=\"frame\" d=\"M{} {}H{}V{}H{}Z\"/>\n", k_left, k_top, k_right, k_raster_bottom, k_left);
  svg.add("<path class=\"frame\" d=\"M{} {}V{}H{}\"/>\n", k_left, k_rate_top, k_rate_bottom, k_right);
  draw_labels(picture, svg);
  svg.add("</svg>\n");
  return svg.take();
}

}  // namespace eic::report
