#include "cli/testing/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "runtime/report/statistics.h"
#include "runtime/tables/csv.h"

namespace eic::cli {

namespace {

using sema::Comparison;
using sema::Expect;
using sema::Measure;
using Within = sema::Expect::Within;

struct Shown {  // numbers as the user reads them
  units::Dimension dimension;
  units::Unit unit;
  std::string operator()(double internal) const { return units::print(internal, dimension, &unit); }
};

Shown shown_as(const char* unit) {
  units::Unit parsed = *units::parse_unit(unit);
  return {parsed.dimension, parsed};
}

// In internal units: a rate counts in ms^-1.
Verdict compare(const Expect& expect, plan::Values& values, std::optional<double> got, const Shown& shown) {
  Verdict verdict;
  double low = values.number(*expect.low), high = values.number(*expect.high);
  verdict.got = got ? shown(*got) : "nothing that could be measured";
  switch (expect.comparison) {
    case Comparison::Less:
      verdict.expected = "< " + shown(low);
      verdict.holds = got && *got < low;
      break;
    case Comparison::LessEqual:
      verdict.expected = "<= " + shown(low);
      verdict.holds = got && *got <= low;
      break;
    case Comparison::Greater:
      verdict.expected = "> " + shown(low);
      verdict.holds = got && *got > low;
      break;
    case Comparison::GreaterEqual:
      verdict.expected = ">= " + shown(low);
      verdict.holds = got && *got >= low;
      break;
    case Comparison::In:
      verdict.expected = "in " + shown(low) + " .. " + shown(high);
      verdict.holds = got && *got >= low && *got <= high;
      break;
    case Comparison::About:
      verdict.expected = shown(low) + " +- " + shown(high);
      verdict.holds = got && std::fabs(*got - low) <= high;
      break;
    case Comparison::File: break;
  }
  return verdict;
}

bool close(double got, double wanted, double tolerance, Within within) {
  return std::fabs(got - wanted) <= (within == Within::Rel ? tolerance * std::fabs(wanted) : tolerance);
}

RunError bad_window(const Expect& expect, const std::string& what) {
  return {RunError::Kind::Data, what, "", {expect.span.file, expect.span.begin, expect.span.end}};
}

struct Cells {
  uint32_t population = 0;
  report::CellRange range;
};

Cells cells_of(const Expect& expect, const plan::Run& run) {
  const plan::Population& population = run.populations[expect.of.population];
  if (!expect.of.view) return {expect.of.population, {0, population.size}};
  const plan::View& view = population.views[*expect.of.view];
  return {expect.of.population, {view.begin, view.end}};
}

Result<report::Window, RunError> window_of(const Expect& expect, const plan::Run& run, plan::Values& values) {
  report::Window window;
  for (auto [time, step] : {std::pair{&expect.from, &window.from}, std::pair{&expect.to, &window.to}}) {
    if (!*time) continue;
    double steps = values.number(**time) / run.dt;
    if (!(steps >= 0)) return Failure{bad_window(expect, "a window of time begins and ends at 0 or later")};
    *step = static_cast<uint64_t>(std::llround(steps));
  }
  if (window.from >= std::min(window.to, run.steps))
    return Failure{bad_window(expect, "this window of time holds no step of the run")};
  return window;
}

std::string spikes_text(size_t count) { return fmt::format("{} spike{}", count, count == 1 ? "" : "s"); }

Verdict spike_times(const Expect& expect, std::vector<double> got, const std::vector<double>& wanted, double tolerance) {
  std::sort(got.begin(), got.end());
  Shown ms = shown_as("ms");
  Verdict verdict{true, spikes_text(wanted.size()), spikes_text(got.size()), ""};
  for (size_t i = 0; i < std::max(got.size(), wanted.size()) && verdict.holds; i++) {
    if (i < got.size() && i < wanted.size() && close(got[i], wanted[i], tolerance, expect.within)) continue;
    verdict.holds = false;
    verdict.divergence = fmt::format("spike {}: expected {}, got {}", i + 1, i < wanted.size() ? ms(wanted[i]) : "none",
                                     i < got.size() ? ms(got[i]) : "none");
  }
  return verdict;
}

Result<Verdict, RunError> spike_times_of_file(const Expect& expect, const Evidence& evidence, const Cells& cells,
                                              const report::Window& window, double tolerance) {
  Origin origin{expect.span.file, expect.span.begin, expect.span.end};
  auto table = tables::CsvReader::open(expect.file, expect.shown, origin);
  if (!table) return Failure{table.error()};
  std::string column = expect.column == "time_ms" ? tables::time_column(*table).value_or("time_ms") : expect.column;
  auto wanted = tables::read_columns(expect.file, expect.shown, std::vector<std::string>{column}, origin);
  if (!wanted) return Failure{wanted.error()};
  std::vector<double> got;
  const auto& store = evidence.spikes.populations()[cells.population];
  for (size_t i = 0; i < store.cells.size(); i++)
    if (store.cells[i] >= cells.range.begin && store.cells[i] < cells.range.end && store.steps[i] >= window.from &&
        store.steps[i] < window.to)
      got.push_back(evidence.spikes.clock().ms(store.steps[i] + 1));
  return spike_times(expect, std::move(got), (*wanted)[0], tolerance);
}

// The set of (time, index): every spike of the file, and no other.
Result<Verdict, RunError> spikes_of_file(const Expect& expect, const Evidence& evidence, const Cells& cells,
                                         const report::Window& window, double tolerance) {
  Origin origin{expect.span.file, expect.span.begin, expect.span.end};
  auto table = tables::CsvReader::open(expect.file, expect.shown, origin);
  if (!table) return Failure{table.error()};
  std::string time = tables::time_column(*table).value_or("time_ms");
  auto columns = tables::read_columns(expect.file, expect.shown, std::vector<std::string>{time, "index"}, origin);
  if (!columns) return Failure{columns.error()};
  using Spike = std::pair<double, uint64_t>;
  std::vector<Spike> wanted, got;
  auto inside = [&](uint64_t step) { return step >= window.from && step < window.to; };
  for (size_t i = 0; i < (*columns)[0].size(); i++) {
    double step = (*columns)[0][i] / evidence.run.dt - 1;  // a spike of step k has the time (k + 1)·dt
    if (inside(step > 0 ? static_cast<uint64_t>(std::llround(step)) : 0))
      wanted.emplace_back((*columns)[0][i], static_cast<uint64_t>((*columns)[1][i]));
  }
  const auto& store = evidence.spikes.populations()[cells.population];
  for (size_t i = 0; i < store.cells.size(); i++)
    if (store.cells[i] >= cells.range.begin && store.cells[i] < cells.range.end && inside(store.steps[i]))
      got.emplace_back(evidence.spikes.clock().ms(store.steps[i] + 1), store.cells[i] - cells.range.begin);
  // by cell, then time: a tolerance in time must not pair the spikes of two cells
  auto order = [](const Spike& a, const Spike& b) { return a.second != b.second ? a.second < b.second : a.first < b.first; };
  std::sort(wanted.begin(), wanted.end(), order);
  std::sort(got.begin(), got.end(), order);
  Verdict verdict{true, spikes_text(wanted.size()), spikes_text(got.size()), ""};
  constexpr double k_same = 1e-9;  // ms: the file's decimals and ours
  std::optional<Spike> first;
  bool missing = false;
  auto note = [&](const Spike& spike, bool is_missing) {
    if (!first || spike.first < first->first) first = spike, missing = is_missing;
    verdict.holds = false;
  };
  size_t i = 0, j = 0;
  while (i < wanted.size() || j < got.size()) {
    if (i < wanted.size() && j < got.size() && wanted[i].second == got[j].second &&
        std::fabs(wanted[i].first - got[j].first) <= std::max(tolerance, k_same)) {
      i++, j++;
    } else if (j == got.size() || (i < wanted.size() && order(wanted[i], got[j]))) {
      note(wanted[i++], true);
    } else {
      note(got[j++], false);
    }
  }
  if (first)
    verdict.divergence =
        fmt::format("first at {}, cell {}: {}", shown_as("ms")(first->first), first->second,
                    missing ? "the file has a spike here, the run has none" : "the run has a spike here, the file has none");
  return verdict;
}

units::Unit unit_of_column(const std::string& column) {
  size_t mark = column.rfind('_');
  auto unit = mark == std::string::npos ? std::nullopt : units::parse_unit(column.substr(mark + 1));
  return unit.value_or(units::dimensionless());
}

Result<Verdict, RunError> trace_of_file(const Expect& expect, const Evidence& evidence, const report::Window& window,
                                        double tolerance) {
  Origin origin{expect.span.file, expect.span.begin, expect.span.end};
  auto table = tables::CsvReader::open(expect.file, expect.shown, origin);
  if (!table) return Failure{table.error()};
  std::string time = tables::time_column(*table).value_or("time_ms");
  auto columns = tables::read_columns(expect.file, expect.shown, std::vector<std::string>{time, expect.column}, origin);
  if (!columns) return Failure{columns.error()};
  const record::TraceStore::Trace& trace = evidence.traces.traces()[*evidence.trace];
  units::Unit unit = unit_of_column(expect.column);
  Shown shown{unit.dimension, unit};
  double to_internal = 1 / units::from_internal(1, unit), worst = 0, squares = 0, worst_time = 0;
  size_t rows = (*columns)[0].size(), compared = 0;
  Verdict verdict{true, "", "", ""};
  for (size_t i = 0; i < rows; i++) {
    double ms = (*columns)[0][i], wanted = (*columns)[1][i] * to_internal;
    auto step = static_cast<uint64_t>(std::llround(ms / evidence.run.dt));
    if (std::fabs(evidence.traces.clock().ms(step) - ms) > 1e-9 + 1e-12 * ms)
      return Failure{RunError{
          RunError::Kind::Data,
          fmt::format("`{}` has a row at {} ms, which is no step of dt = {} ms", expect.shown, ms, evidence.run.dt), "", origin}};
    auto row = std::lower_bound(trace.steps.begin(), trace.steps.end(), step);
    if (row == trace.steps.end() || *row != step || step < window.from || step > window.to) continue;
    double got = trace.at(static_cast<size_t>(row - trace.steps.begin()), 0), error = std::fabs(got - wanted);
    compared++;
    squares += error * error;
    if (error > worst || std::isnan(error)) worst = error, worst_time = ms;
    if (expect.within != Within::Rmse && verdict.holds && !close(got, wanted, tolerance, expect.within)) {
      verdict.holds = false;
      verdict.divergence = fmt::format("first at {} ms: expected {}, got {}", ms, shown(wanted), shown(got));
    }
  }
  if (compared == 0)
    return Failure{
        RunError{RunError::Kind::Data, fmt::format("`{}` and the run have no time in common", expect.shown), "", origin}};
  double rmse = std::sqrt(squares / static_cast<double>(compared));
  bool relative = expect.within == Within::Rel;
  if (expect.within == Within::Rmse) verdict.holds = rmse <= tolerance;
  verdict.expected = fmt::format("{} samples of `{}` within {}", compared, expect.shown,
                                 relative ? fmt::format("{} of the value", tolerance) : shown(tolerance));
  verdict.got = expect.within == Within::Rmse ? fmt::format("a root mean square error of {}", shown(rmse))
                                              : fmt::format("a largest error of {} at {} ms", shown(worst), worst_time);
  return verdict;
}

Verdict trace_values(const Expect& expect, const Evidence& evidence, plan::Values& values, const report::Window& window) {
  const record::TraceStore::Trace& trace = evidence.traces.traces()[*evidence.trace];
  Shown shown{expect.low->dimension, units::usual(expect.low->dimension)};
  if (auto unit = units::parse_unit(sema::unit_of(*expect.low))) shown.unit = *unit;
  Verdict verdict = compare(expect, values, 0.0, shown);
  verdict.holds = true;
  double least = HUGE_VAL, most = -HUGE_VAL;
  for (size_t row = 0; row < trace.steps.size(); row++) {
    if (trace.steps[row] < window.from || trace.steps[row] > window.to) continue;
    double value = trace.at(row, 0);
    least = std::min(least, value);
    most = std::max(most, value);
    if (!verdict.holds || compare(expect, values, value, shown).holds) continue;
    verdict.holds = false;
    verdict.divergence = fmt::format("first at {} ms: {}", evidence.traces.clock().ms(trace.steps[row]), shown(value));
  }
  verdict.got = shown(least) + " .. " + shown(most);
  return verdict;
}

}  // namespace

Result<Verdict, RunError> judge(const Expect& expect, const Evidence& evidence, plan::Values& values) {
  Cells cells = cells_of(expect, evidence.run);
  auto window = window_of(expect, evidence.run, values);
  if (!window) return Failure{window.error()};
  double tolerance = expect.tolerance ? values.number(*expect.tolerance) : 0;
  if (expect.measure == Measure::Trace)
    return expect.comparison == Comparison::File ? trace_of_file(expect, evidence, *window, tolerance)
                                                 : Result<Verdict, RunError>(trace_values(expect, evidence, values, *window));
  if (expect.measure == Measure::SpikeTimes) return spike_times_of_file(expect, evidence, cells, *window, tolerance);
  if (expect.measure == Measure::Spikes) return spikes_of_file(expect, evidence, cells, *window, tolerance);
  report::Measures measured = report::measure(evidence.spikes, cells.population, cells.range, *window);
  auto number = [&](std::optional<double> got) { return compare(expect, values, got, shown_as("1")); };
  switch (expect.measure) {
    case Measure::Count: return number(static_cast<double>(measured.spikes));
    case Measure::Rate:
      return compare(expect, values, measured.rate_hz ? std::optional(*measured.rate_hz / 1000) : std::nullopt, shown_as("Hz"));
    case Measure::CvIsi: return number(measured.cv_isi);
    case Measure::Silent: return number(measured.silent_fraction);
    default: return number(measured.synchrony);
  }
}

}  // namespace eic::cli
