// In: spikes, as they come (SpikeStatistics) or from a SpikeStore. Out: the measures that `eic run` prints and `expect` tests:
// one implementation of each. Intervals and counts are summed as integers, so no measure depends on the order of summation;
// of a time between two grid points counts what is whole in 2^-20 of a step.
//
// A spike of step k belongs to the window [from, to) of steps and to the 1 ms bin floor((k − from)·dt): each whole bin holds
// the spikes of its own steps, and a window of 500 ms has 500 bins. A last bin that is not whole is left out.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "runtime/record/recorder.h"
#include "runtime/record/stores.h"

namespace eic::report {

// What cannot be computed (no cell, no spike, too few intervals) is absent.
struct Measures {
  uint64_t cells = 0, spikes = 0;
  std::optional<double> rate_hz;          // spikes / cells / time
  std::optional<double> cv_isi;           // mean over cells with at least 5 intervals of sd/mean, ddof 1
  std::optional<double> silent_fraction;  // share of cells without a spike
  std::optional<double> fano_1ms;         // variance / mean of the count of all cells in 1 ms bins, ddof 0
  std::optional<double> synchrony;        // χ²: variance of the mean 1 ms count over cells / mean of the cells' variances
};                                        // (Golomb 2007, DOI 10.4249/scholarpedia.1347)

struct CellRange {
  uint64_t begin = 0, end = 0;
};
struct Window {  // steps; `to` is cut to what was run
  uint64_t from = 0, to = UINT64_MAX;
};

// The sums behind the measures of several ranges of one population: memory O(cells + ranges).
class PopulationSums {
 public:
  PopulationSums(uint64_t cells, std::vector<CellRange> ranges, record::StepClock clock, uint64_t from_step = 0);
  void spikes(uint64_t step, const record::Spikes& spikes);  // steps ascend, cells ascend
  // Of range `range`, when all steps before `to_step` are done.
  Measures measures(size_t range, uint64_t to_step) const;

 private:
  struct Cell {
    uint64_t first = 0, last = 0, count = 0;  // parts of a step, spikes
    unsigned __int128 interval_squares = 0;   // parts²
    uint64_t bin = 0, in_bin = 0, bin_squares = 0, closed = 0;  // the open bin, its count; Σ count², Σ count of closed bins
  };
  struct RangeSums {
    CellRange cells;
    uint64_t spikes = 0, bin = 0, in_bin = 0, closed = 0;
    unsigned __int128 bin_squares = 0;
  };
  std::optional<double> cv_isi(CellRange range) const;
  void binned(const RangeSums& range, uint64_t bins, Measures& into) const;

  record::StepClock clock_;
  uint64_t from_;
  std::vector<Cell> cells_;
  std::vector<RangeSums> ranges_;
};

struct NamedMeasures {
  std::string name;  // "N", "N.E"
  uint32_t population = 0;
  CellRange range;
  Measures measures;
};

// While the engine runs; results() after end().
class SpikeStatistics final : public record::Recorder {
 public:
  std::optional<RunError> begin(const plan::Run& run) override;
  void spikes(uint32_t population, uint64_t step, const record::Spikes& spikes) override;
  void sample(uint32_t, uint64_t, std::span<const double>) override {}
  std::optional<RunError> end(record::Outcome outcome, uint64_t steps) override;
  // Each population, followed by its views.
  const std::vector<NamedMeasures>& results() const { return results_; }
  uint64_t spike_count() const;  // of all populations

 private:
  std::vector<PopulationSums> sums_;
  std::vector<NamedMeasures> results_;
};

// Of stored spikes. `range` must lie within the population.
Measures measure(const record::SpikeStore& store, uint32_t population, CellRange range, Window window = {});
// χ² of a recorded variable: columns [first, first + count) of the rows whose step is in the window.
std::optional<double> trace_synchrony(const record::TraceStore::Trace& trace, size_t first, size_t count, Window window = {});

}  // namespace eic::report
