// Ideal voltage clamps of the cells that one owner has of a population: where they hold, what they command at the end of a step, and its slope, written into
// three columns that the kernel reads. A clamp with from ≤ t < to holds v at t = from (it jumps there) up to t = to, included.
// In: the plan's stimuli. Called by the engine before each step of the population.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/contract/plan.h"
#include "runtime/state/columns.h"
#include "runtime/stimuli/values.h"

namespace eic::stimuli {

class Clamps {
 public:
  // One an owner.
  static Result<std::vector<Clamps>, RunError> make(const plan::Run& run, uint32_t population, const state::Partition& partition);

  // At t = 0, once everything else has started: v jumps where a clamp begins.
  void start(state::Columns& columns);
  // What holds in `step`; steps come in ascending order, from 0 on.
  void update(uint64_t step, state::Columns& columns);

 private:
  struct Clamp {
    uint64_t from, to;
    std::vector<uint32_t> cells;
    std::vector<double> command;          // mV, one a cell
    std::optional<Interpolated> series;   // or one for all, over time
    double before = 0;                    // of the series, at the begin of the step
  };
  static Result<Clamp, RunError> read(const Request& request);
  void hold(Clamp& clamp, uint64_t step, state::Columns& columns);

  std::vector<Clamp> clamps_;   // by their begin
  uint64_t begin_ = 0, end_ = 0;  // the owner's cells
  double dt_ = 0;
  uint64_t first_column_ = 0;
  uint64_t next_change_ = 0;
};

}  // namespace eic::stimuli
