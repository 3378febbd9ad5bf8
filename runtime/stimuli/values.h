// What all stimuli need: the cells they act on and the values of these. In: the plan. Out: numbers, or a RunError about a file.
// Called when the engine is built; what comes of it is made once an owner of cells, so that owners share nothing.
#pragma once
#include <cstdint>
#include <vector>

#include "runtime/contract/error.h"
#include "runtime/contract/plan.h"
#include "runtime/contract/result.h"
#include "runtime/random/stream.h"
#include "runtime/state/partition.h"

namespace eic::stimuli {

// Of one stimulus in its run.
struct Request {
  const plan::Run& run;
  const plan::Stimulus& stimulus;

  random::Key key(const char* purpose) const { return random::key_of(run.seed, stimulus.path, purpose); }
  RunError fault(std::string what, std::string help = {}) const;  // Data, at the stimulus
};

// Ascending, each once.
std::vector<uint32_t> cells_of(const plan::Stimulus& stimulus);

// Which of these cells one owner has: places in the list, and so in the lists of their values.
struct Places {
  uint64_t begin = 0, end = 0;
  bool empty() const { return begin == end; }
  template <class T>
  std::vector<T> of(const std::vector<T>& all) const {
    return {all.begin() + static_cast<int64_t>(begin), all.begin() + static_cast<int64_t>(end)};
  }
};
Places places_of(const std::vector<uint32_t>& cells, const state::Partition& partition, uint64_t owner);

// One value for each of the cells: drawn under its index in the population, or the lines of a file, one a cell.
Result<std::vector<double>, RunError> values_of(const Request& request, const std::vector<uint32_t>& cells,
                                                const plan::Draw& draw, const char* setting);

// A value over time, read from the plan's series: times in ms, ascending, at least one row.
struct Series {
  std::vector<double> times, values;
};
Result<Series, RunError> series_of(const Request& request, const plan::CsvColumn& column);

// The line between the rows around t; before the first and after the last row, their values. Times of one reader ascend.
class Interpolated {
 public:
  explicit Interpolated(Series series) : series_(std::move(series)) {}
  double at(double t_ms);

 private:
  Series series_;
  uint64_t next_ = 0;  // the first row behind t
};

}  // namespace eic::stimuli
