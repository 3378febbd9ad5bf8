// Spikes and traces of the run beside those of a file.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "cli/testing/judge.h"
#include "runtime/report/format.h"

namespace eic::cli {

using sema::Expect;
using Within = sema::Expect::Within;

namespace {

constexpr double k_same = 1e-9;  // ms: the file's decimals and ours

std::string spikes_text(size_t count) { return report::counted(count, "spike"); }

struct Spike {
  double time = 0;  // ms
  uint64_t cell = 0;
};

// By cell, then time: a tolerance in time must not pair the spikes of two cells.
bool before(const Spike& a, const Spike& b) { return a.cell != b.cell ? a.cell < b.cell : a.time < b.time; }

std::vector<Spike> spikes_of_run(const Evidence& evidence, const Cells& cells, const report::Window& window) {
  std::vector<Spike> found;
  const auto& store = evidence.spikes.populations()[cells.population];
  for (size_t i = 0; i < store.cells.size(); i++)
    if (store.cells[i] >= cells.range.begin && store.cells[i] < cells.range.end && store.steps[i] >= window.from &&
        store.steps[i] < window.to)
      found.push_back({evidence.spikes.time_ms(store, i), store.cells[i] - cells.range.begin});
  return found;
}

// A spike of step k has a time in (k·dt, (k + 1)·dt], as far as decimals tell.
bool inside(double time, const report::Window& window, double dt) {
  constexpr double k_rounding = 1e-6;
  double step = std::ceil(time / dt - k_rounding) - 1;
  return step < 0 ? window.from == 0 : step >= static_cast<double>(window.from) && step < static_cast<double>(window.to);
}

Curves picture(const Expect& expect, const std::string& time_column, const units::Unit& unit, const std::vector<Spike>& wanted,
               const std::vector<Spike>& got) {
  Curves curves;
  curves.x_label = fmt::format("time ({})", unit.text);
  curves.y_label = "cell";
  curves.points = true;
  curves.window = expect.from || expect.to;
  curves.file = expect.file;
  curves.x_column = time_column;
  if (expect.measure == sema::Measure::Spikes) curves.y_column = "index";
  auto add = [&](const std::vector<Spike>& spikes, std::vector<double>& x, std::vector<double>& y) {
    for (const Spike& spike : spikes) {
      x.push_back(unit.text == "ms" ? spike.time : units::from_internal(spike.time, unit));
      y.push_back(static_cast<double>(spike.cell));
    }
  };
  add(wanted, curves.expected_x, curves.expected_y);
  std::vector<Spike> in_time = got;  // as a file has them
  std::sort(in_time.begin(), in_time.end(), [](const Spike& a, const Spike& b) { return std::tie(a.time, a.cell) < std::tie(b.time, b.cell); });
  add(in_time, curves.got_x, curves.got_y);
  return curves;
}

}  // namespace

// The times of all cells together, the first with the first, and so on.
Result<Verdict, RunError> judge_spike_times(const Expect& expect, const Evidence& evidence, const Cells& cells,
                                            const report::Window& window, double tolerance) {
  std::string column = expect.column;
  if (column == "time_ms") {
    auto time = time_column_of(expect);
    if (!time) return Failure{time.error()};
    column = *time;
  }
  auto columns = columns_of(expect, {column});
  if (!columns) return Failure{columns.error()};
  units::Unit unit = unit_of_column(column);
  double to_ms = 1 / units::from_internal(1, unit);
  std::vector<Spike> wanted, got = spikes_of_run(evidence, cells, window);
  for (double time : (*columns)[0])
    if (inside(time * to_ms, window, evidence.run.dt)) wanted.push_back({time * to_ms, 0});
  for (Spike& spike : got) spike.cell = 0;
  std::sort(wanted.begin(), wanted.end(), before);
  std::sort(got.begin(), got.end(), before);

  Shown ms = shown_as("ms");
  Verdict verdict{true, spikes_text(wanted.size()), spikes_text(got.size()), "", picture(expect, column, unit, wanted, got)};
  bool rmse = expect.within == Within::Rmse && wanted.size() == got.size();
  double squares = 0;
  for (size_t i = 0; i < std::max(got.size(), wanted.size()) && verdict.holds; i++) {
    bool both = i < got.size() && i < wanted.size();
    if (both) squares += (got[i].time - wanted[i].time) * (got[i].time - wanted[i].time);
    if (both && (expect.within == Within::Rmse || close(got[i].time, wanted[i].time, tolerance, expect.within))) continue;
    verdict.holds = false;
    verdict.divergence = fmt::format("spike {}: expected {}, got {}", i + 1, i < wanted.size() ? ms(wanted[i].time) : "none",
                                     i < got.size() ? ms(got[i].time) : "none");
  }
  if (!rmse) return verdict;
  double mean = got.empty() ? 0 : std::sqrt(squares / static_cast<double>(got.size()));
  verdict.holds = mean <= tolerance;
  verdict.expected += fmt::format(" within {}", ms(tolerance));
  verdict.got += fmt::format(", a root mean square error of {:.6g} ms", mean);
  return verdict;
}

// The set of time and index: every spike of the file, and no other.
Result<Verdict, RunError> judge_spikes(const Expect& expect, const Evidence& evidence, const Cells& cells,
                                       const report::Window& window, double tolerance) {
  auto time = time_column_of(expect);
  if (!time) return Failure{time.error()};
  auto columns = columns_of(expect, {*time, "index"});
  if (!columns) return Failure{columns.error()};
  std::vector<Spike> wanted, got = spikes_of_run(evidence, cells, window);
  for (size_t i = 0; i < (*columns)[0].size(); i++) {
    double index = (*columns)[1][i];
    if (!(index >= 0) || index != std::floor(index))
      return Failure{bad_data(expect, fmt::format("`{}` has the index {}, which counts no cell", expect.shown, index))};
    if (inside((*columns)[0][i], window, evidence.run.dt)) wanted.push_back({(*columns)[0][i], static_cast<uint64_t>(index)});
  }
  std::sort(wanted.begin(), wanted.end(), before);
  std::sort(got.begin(), got.end(), before);
  Verdict verdict{true, spikes_text(wanted.size()), spikes_text(got.size()), "",
                  picture(expect, *time, *units::parse_unit("ms"), wanted, got)};
  std::optional<Spike> first;
  bool missing = false;
  auto note = [&](const Spike& spike, bool is_missing) {
    if (!first || spike.time < first->time) first = spike, missing = is_missing;
    verdict.holds = false;
  };
  size_t i = 0, j = 0;
  while (i < wanted.size() || j < got.size()) {
    if (i < wanted.size() && j < got.size() && wanted[i].cell == got[j].cell &&
        std::fabs(wanted[i].time - got[j].time) <= std::max(tolerance, k_same)) {
      i++, j++;
    } else if (j == got.size() || (i < wanted.size() && before(wanted[i], got[j]))) {
      note(wanted[i++], true);
    } else {
      note(got[j++], false);
    }
  }
  if (first)
    verdict.divergence =
        fmt::format("first at {}, cell {}: {}", shown_as("ms")(first->time), first->cell,
                    missing ? "the file has a spike here, the run has none" : "the run has a spike here, the file has none");
  return verdict;
}

// The rows of the file that the run reaches, inside the window.
Result<Verdict, RunError> judge_trace(const Expect& expect, const Evidence& evidence, const report::Window& window,
                                      double tolerance) {
  auto time = time_column_of(expect);
  if (!time) return Failure{time.error()};
  auto columns = columns_of(expect, {*time, expect.column});
  if (!columns) return Failure{columns.error()};
  const record::TraceStore::Trace& trace = evidence.traces.traces()[*evidence.trace];
  units::Unit unit = unit_of_column(expect.column);
  double to_internal = 1 / units::from_internal(1, unit);
  Series series{"time", "ms", expect.variable, {unit.dimension, unit}, "sample", *time, {}};
  for (size_t i = 0; i < (*columns)[0].size(); i++) {
    double ms = (*columns)[0][i];
    auto step = ms < 0 ? UINT64_MAX : static_cast<uint64_t>(std::llround(ms / evidence.run.dt));
    if (ms < 0 || std::fabs(evidence.traces.clock().ms(step) - ms) > k_same + 1e-12 * ms)
      return Failure{bad_data(
          expect, fmt::format("`{}` has a row at {} ms, which is no step of dt = {} ms", expect.shown, ms, evidence.run.dt))};
    auto row = std::lower_bound(trace.steps.begin(), trace.steps.end(), step);
    if (row == trace.steps.end() || *row != step || step < window.from || step > window.to) continue;
    series.x.push_back(ms);
    series.expected.push_back((*columns)[1][i] * to_internal);
    series.got.push_back(trace.at(static_cast<size_t>(row - trace.steps.begin()), 0));
  }
  if (series.x.empty()) return Failure{bad_data(expect, fmt::format("`{}` and the run have no time in common", expect.shown))};
  return compare(expect, tolerance, series);
}

}  // namespace eic::cli
