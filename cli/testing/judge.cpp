#include "cli/testing/judge.h"

#include <fmt/format.h>

#include <cmath>

#include "runtime/report/frequency.h"

namespace eic::cli {

using sema::Comparison;
using sema::Expect;
using sema::Measure;

Cells cells_of(const Expect& expect, const plan::Run& run) {
  const plan::Population& population = run.populations[expect.of.population];
  if (!expect.of.view) return {expect.of.population, {0, population.size}};
  const plan::View& view = population.views[*expect.of.view];
  return {expect.of.population, {view.begin, view.end}};
}

// Every sample must be where it is expected.
static Verdict trace_values(const Expect& expect, const Evidence& evidence, plan::Values& values, const report::Window& window) {
  const record::TraceStore::Trace& trace = evidence.traces.traces()[*evidence.trace];
  Shown shown = shown_as(*expect.low);
  Verdict verdict = compare(expect, values, 0.0);
  verdict.holds = true;
  double least = HUGE_VAL, most = -HUGE_VAL;
  for (size_t row = 0; row < trace.steps.size(); row++) {
    if (trace.steps[row] < window.from || trace.steps[row] > window.to) continue;
    double value = trace.at(row, 0);
    least = std::min(least, value);
    most = std::max(most, value);
    if (!verdict.holds || compare(expect, values, value).holds) continue;
    verdict.holds = false;
    verdict.divergence = fmt::format("first at {} ms: {}", evidence.traces.clock().ms(trace.steps[row]), shown(value));
  }
  verdict.got = shown(least) + " .. " + shown(most);
  return verdict;
}

Result<Verdict, RunError> judge(const Expect& expect, const Evidence& evidence, plan::Values& values) {
  Cells cells = cells_of(expect, evidence.run);
  auto window = window_of(expect, evidence.run.dt, evidence.run.steps, values);
  if (!window) return Failure{window.error()};
  double tolerance = expect.tolerance ? values.number(*expect.tolerance) : 0;
  if (expect.measure == Measure::SpikeTimes) return judge_spike_times(expect, evidence, cells, *window, tolerance);
  if (expect.measure == Measure::Spikes) return judge_spikes(expect, evidence, cells, *window, tolerance);
  if (expect.measure == Measure::Trace)
    return expect.comparison == Comparison::File ? judge_trace(expect, evidence, *window, tolerance)
                                                 : Result<Verdict, RunError>(trace_values(expect, evidence, values, *window));
  if (evidence.trace) {  // synchrony of a variable
    const record::TraceStore::Trace& trace = evidence.traces.traces()[*evidence.trace];
    return compare(expect, values, report::trace_synchrony(trace, 0, trace.width, *window));
  }
  if (expect.measure == Measure::Frequency) {
    auto hz = report::frequency(evidence.spikes, cells.population, cells.range, *window);
    return compare(expect, values, hz ? std::optional(*hz / 1000) : std::nullopt);
  }
  report::Measures measured = report::measure(evidence.spikes, cells.population, cells.range, *window);
  switch (expect.measure) {
    case Measure::Count: return compare(expect, values, static_cast<double>(measured.spikes));
    case Measure::Rate: return compare(expect, values, measured.rate_hz ? std::optional(*measured.rate_hz / 1000) : std::nullopt);
    case Measure::CvIsi: return compare(expect, values, measured.cv_isi);
    case Measure::Silent: return compare(expect, values, measured.silent_fraction);
    default: return compare(expect, values, measured.synchrony);
  }
}

}  // namespace eic::cli
