#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <numeric>
#include <random>

#include "runtime/report/frequency.h"
#include "runtime/report/statistics.h"
#include "tests/runtime/record_fixture.h"

using namespace eic;
using namespace eic::report;
using record::Outcome;
using boost::test_tools::tolerance;

namespace {

struct Both {  // the same spikes, counted as they come and stored
  SpikeStatistics online;
  record::SpikeStore store;
  void spikes(uint32_t population, uint64_t step, const std::vector<uint32_t>& cells) {
    online.spikes(population, step, cells);
    store.spikes(population, step, cells);
  }
  void begin(const plan::Run& run) { BOOST_REQUIRE(!online.begin(run).has_value() && !store.begin(run).has_value()); }
  void end(uint64_t steps) {
    BOOST_REQUIRE(!online.end(Outcome::Complete, steps).has_value() && !store.end(Outcome::Complete, steps).has_value());
  }
};

void same(const std::optional<double>& a, const std::optional<double>& b) {
  BOOST_REQUIRE_EQUAL(a.has_value(), b.has_value());
  if (a) BOOST_TEST(*a == *b, tolerance(1e-12));
}

void same(const Measures& a, const Measures& b) {
  BOOST_TEST(a.cells == b.cells);
  BOOST_TEST(a.spikes == b.spikes);
  same(a.rate_hz, b.rate_hz);
  same(a.cv_isi, b.cv_isi);
  same(a.silent_fraction, b.silent_fraction);
  same(a.fano_1ms, b.fano_1ms);
  same(a.synchrony, b.synchrony);
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}
double variance(const std::vector<double>& values, int ddof) {
  double sum = 0, m = mean(values);
  for (double value : values) sum += (value - m) * (value - m);
  return sum / static_cast<double>(values.size() - ddof);
}

// The definitions, word by word, on a matrix of spikes; tenths of a ms a step.
Measures brute_force(const std::vector<std::vector<bool>>& raised, CellRange range, uint64_t from, uint64_t to, uint64_t tenths) {
  Measures result;
  result.cells = range.end - range.begin;
  uint64_t bins = (to - from) * tenths / 10, silent = 0;
  std::vector<double> cvs, variances, together(bins);
  for (uint64_t cell = range.begin; cell < range.end; ++cell) {
    std::vector<double> times, intervals, counts(bins);
    for (uint64_t step = from; step < to; ++step) {
      if (!raised[step][cell]) continue;
      times.push_back(static_cast<double>(step));
      uint64_t bin = (step - from) * tenths / 10;
      if (bin < bins) { ++counts[bin]; ++together[bin]; }
    }
    result.spikes += times.size();
    silent += times.empty();
    for (size_t i = 1; i < times.size(); ++i) intervals.push_back(times[i] - times[i - 1]);
    if (intervals.size() >= 5) cvs.push_back(std::sqrt(variance(intervals, 1)) / mean(intervals));
    variances.push_back(variance(counts, 0));
  }
  double n = static_cast<double>(result.cells);
  result.rate_hz = static_cast<double>(result.spikes) / n / (static_cast<double>((to - from) * tenths) / 10'000);
  result.silent_fraction = static_cast<double>(silent) / n;
  if (!cvs.empty()) result.cv_isi = mean(cvs);
  result.fano_1ms = variance(together, 0) / mean(together);
  result.synchrony = variance(together, 0) / (n * n) / mean(variances);
  return result;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_case_computed_by_hand) {
  Both both;
  both.begin(test::small_run("0.1", 100));  // 10 ms
  // Cell 0: intervals 10, 10, 20, 10, 10 steps: mean 12, sd √20 (ddof 1). Cell 1: one spike. N has 10 cells, E 8, I 2.
  for (uint64_t step : {5, 15, 25, 45, 55}) both.spikes(0, step, {0});
  both.spikes(0, 65, {0, 1});
  both.end(100);
  const auto& results = both.online.results();
  BOOST_REQUIRE(results.size() == 4u);
  BOOST_TEST(results[0].name == "N");
  BOOST_TEST(results[1].name == "N.E");
  BOOST_TEST(results[2].name == "N.I");
  BOOST_TEST(results[3].name == "M");
  const Measures& n = results[0].measures;
  BOOST_TEST(n.cells == 10u);
  BOOST_TEST(n.spikes == 7u);
  BOOST_TEST(*n.rate_hz == 70.0);
  BOOST_TEST(*n.silent_fraction == 0.8);
  BOOST_TEST(*n.cv_isi == std::sqrt(20.0) / 12, tolerance(1e-14));
  // Counts in the ten bins 1 1 1 0 1 1 2 0 0 0: mean 0.7, mean square 0.9, variance 0.41.
  BOOST_TEST(*n.fano_1ms == 0.41 / 0.7, tolerance(1e-14));
  // Cell variances: cell 0 has six of ten bins (0.24), cell 1 one of ten (0.09), the others none.
  BOOST_TEST(*n.synchrony == 0.41 / 100 / ((0.24 + 0.09) / 10), tolerance(1e-14));
  const Measures& silent = results[2].measures;
  BOOST_TEST(*silent.rate_hz == 0.0);
  BOOST_TEST(*silent.silent_fraction == 1.0);
  BOOST_TEST((!silent.cv_isi && !silent.fano_1ms && !silent.synchrony));
  BOOST_TEST(both.online.spike_count() == 7u);
}

BOOST_AUTO_TEST_CASE(four_intervals_are_too_few_for_a_cv) {
  Both both;
  both.begin(test::small_run());
  for (uint64_t step : {1, 3, 9, 27, 81}) both.spikes(0, step, {2});
  both.end(100);
  BOOST_TEST(!both.online.results()[0].measures.cv_isi.has_value());
}

BOOST_AUTO_TEST_CASE(a_clock_has_no_cv_and_full_synchrony) {
  Both both;
  both.begin(test::small_run("1", 100));
  for (uint64_t step = 0; step < 100; step += 10) both.spikes(1, step, {0, 1, 2});
  both.end(100);
  const Measures& m = both.online.results()[3].measures;
  BOOST_TEST(*m.cv_isi == 0.0);
  BOOST_TEST(*m.synchrony == 1.0, tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(random_spikes_agree_with_the_definitions_online_and_stored) {
  std::mt19937 random(11);
  for (uint64_t tenths : {1, 2, 3, 10, 25}) {  // 0.3 and 2.5 ms do not divide 1 ms
    uint64_t steps = 403;
    plan::Run run = test::small_run(tenths == 10 ? "1" : std::to_string(tenths / 10) + "." + std::to_string(tenths % 10), steps);
    Both both;
    both.begin(run);
    std::vector<std::vector<bool>> raised(steps, std::vector<bool>(10));
    for (uint64_t step = 0; step < steps; ++step) {
      std::vector<uint32_t> cells;
      for (uint32_t cell = 0; cell < 10; ++cell) {
        raised[step][cell] = cell != 5 && random() % (20 + 5 * cell) == 0;
        if (raised[step][cell]) cells.push_back(cell);
      }
      both.spikes(0, step, cells);
    }
    both.end(steps);
    for (int i = 0; i < 3; ++i) {
      CellRange range = both.online.results()[i].range;
      same(both.online.results()[i].measures, brute_force(raised, range, 0, steps, tenths));
      same(measure(both.store, 0, range), both.online.results()[i].measures);
      same(measure(both.store, 0, range, {57, 381}), brute_force(raised, range, 57, 381, tenths));
    }
  }
}

BOOST_AUTO_TEST_CASE(windows_part_the_spikes) {
  Both both;
  both.begin(test::small_run());
  for (uint64_t step = 0; step < 100; ++step) both.spikes(0, step, {3});
  both.end(100);
  BOOST_TEST(measure(both.store, 0, {0, 10}, {0, 30}).spikes == 30u);
  BOOST_TEST(measure(both.store, 0, {0, 10}, {30, UINT64_MAX}).spikes == 70u);
  BOOST_TEST(*measure(both.store, 0, {3, 4}, {30, 50}).rate_hz == 10'000.0);
  Measures nothing = measure(both.store, 0, {0, 10}, {100, UINT64_MAX});
  BOOST_TEST(nothing.spikes == 0u);
  BOOST_TEST(!nothing.rate_hz.has_value());
}

BOOST_AUTO_TEST_CASE(a_run_that_stopped_is_measured_over_what_was_done) {
  Both both;
  both.begin(test::small_run("0.1", 1000));
  for (uint64_t step = 0; step < 50; ++step) both.spikes(1, step, {0});
  both.end(50);
  BOOST_TEST(*both.online.results()[3].measures.rate_hz == 50 / 3.0 / 0.005, tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(a_population_without_cells_has_no_measures) {
  plan::Run run = test::small_run();
  run.populations[1].size = 0;
  Both both;
  both.begin(run);
  both.end(100);
  const Measures& m = both.online.results()[3].measures;
  BOOST_TEST((!m.rate_hz && !m.cv_isi && !m.silent_fraction && !m.fano_1ms && !m.synchrony));
}

BOOST_AUTO_TEST_CASE(the_frequency_of_volleys) {
  // Two cells in turns, each at 25 Hz: together 50 Hz. Then noise of another population, which has no part in it.
  Both both;
  both.begin(test::small_run("0.1", 4000));
  for (uint64_t step = 35; step < 4000; step += 200) {
    both.spikes(0, step, {static_cast<uint32_t>(step / 200 % 2)});
    both.spikes(1, step + step % 37, {0});
  }
  both.end(4000);
  BOOST_TEST(*frequency(both.store, 0, {0, 10}) == 50.0, tolerance(1e-14));
  BOOST_TEST(*frequency(both.store, 0, {0, 1}) == 25.0, tolerance(1e-14));
  BOOST_TEST(*frequency(both.store, 0, {0, 10}, {1000, 3000}) == 50.0, tolerance(1e-14));
  BOOST_TEST(!frequency(both.store, 0, {2, 10}).has_value());          // no spike
  BOOST_TEST(!frequency(both.store, 0, {0, 10}, {36, 40}).has_value());  // less than a bin
}

BOOST_AUTO_TEST_CASE(the_frequency_of_a_modulated_rate) {
  // 73 Hz is no multiple of 1/(500 ms), and rounding to whole spikes brings harmonics.
  Both both;
  both.begin(test::small_run("1", 500));
  for (uint64_t step = 0; step < 500; ++step) {
    double wave = 5 + 5 * std::cos(2 * std::numbers::pi * 0.073 * static_cast<double>(step) + 1);
    std::vector<uint32_t> cells(static_cast<size_t>(wave));
    std::iota(cells.begin(), cells.end(), 0);
    both.spikes(0, step, cells);
  }
  both.end(500);
  BOOST_TEST(std::abs(*frequency(both.store, 0, {0, 10}) - 73) <= 0.5 + 1e-9);
}

BOOST_AUTO_TEST_CASE(synchrony_of_traces) {
  record::TraceStore::Trace trace{2, 2, {}, {}};
  for (uint64_t row = 0; row < 4; ++row) {
    trace.steps.push_back(row);
    double v = row % 2 == 0 ? -65 : -55;
    trace.values.insert(trace.values.end(), {v, v});
  }
  BOOST_TEST(*trace_synchrony(trace, 0, 2) == 1.0, tolerance(1e-14));
  for (size_t row = 0; row < 4; ++row) trace.values[2 * row + 1] = -120 - trace.values[2 * row];
  BOOST_TEST(*trace_synchrony(trace, 0, 2) == 0.0);
  BOOST_TEST(!trace_synchrony(trace, 0, 2, {4, 9}).has_value());
}

BOOST_AUTO_TEST_CASE(intervals_are_those_of_times_between_grid_points) {
  plan::Run run = test::small_run("0.1", 100);
  run.populations[0].interpolated = true;
  SpikeStatistics online;
  record::SpikeStore store;
  BOOST_REQUIRE(!online.begin(run).has_value() && !store.begin(run).has_value());
  // intervals of 10.5, 9.75, 10, 10.25 and 9.5 steps
  const std::pair<uint64_t, double> spikes[] = {{0, 0.5}, {10, 1}, {20, 0.75}, {30, 0.75}, {40, 1}, {50, 0.5}};
  for (auto [step, fraction] : spikes) {
    const std::vector<uint32_t> cells = {0};
    const std::vector<double> fractions = {fraction};
    online.spikes(0, step, {cells, fractions});
    store.spikes(0, step, {cells, fractions});
  }
  BOOST_REQUIRE(!online.end(Outcome::Complete, 100).has_value() && !store.end(Outcome::Complete, 100).has_value());
  const std::vector<double> intervals = {10.5, 9.75, 10, 10.25, 9.5};
  double wanted = std::sqrt(variance(intervals, 1)) / mean(intervals);
  BOOST_TEST(online.results()[0].measures.cv_isi.value_or(0) == wanted, tolerance(1e-12));
  BOOST_TEST(measure(store, 0, {0, 10}).cv_isi.value_or(0) == wanted, tolerance(1e-12));
}
