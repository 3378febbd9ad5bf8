// The stimulus current of the cells that one owner has of a population, written into its input column: the sum of all that flow, formed in the order in
// which they were declared, those that stay between their changes first. What did not change is not written.
// In: the plan's stimuli. Called by the engine before each step of the population.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "runtime/contract/plan.h"
#include "runtime/state/columns.h"
#include "runtime/stimuli/values.h"

namespace eic::stimuli {

// What one stimulus sends into an owner's cells, counted from the first of these. Steps are asked for in ascending order.
class Current {
 public:
  Current(const plan::Stimulus& stimulus, std::vector<uint32_t> cells)
      : cells_(std::move(cells)), from_(stimulus.from_step), to_(stimulus.to_step) {}
  virtual ~Current() = default;

  bool acts(uint64_t step) const { return from_ <= step && step < to_; }
  uint64_t from() const { return from_; }
  uint64_t to() const { return to_; }
  std::span<const uint32_t> cells() const { return cells_; }

  // Whether it stays the same until next_change(); what does not is asked in every step of its window.
  virtual bool stays() const { return false; }
  virtual uint64_t next_change(uint64_t step) const { return step < from_ ? from_ : step < to_ ? to_ : UINT64_MAX; }
  // Adds what flows in `step`, which lies in the window, to the sums, one a cell of the owner.
  virtual void add(uint64_t step, double* sums) = 0;

 protected:
  std::vector<uint32_t> cells_;
  uint64_t from_, to_;
};

// One an owner; null where it has none of the cells.
Result<std::vector<std::unique_ptr<Current>>, RunError> make_current(const Request& request, const state::Partition& partition);

class Currents {
 public:
  // One an owner.
  static Result<std::vector<Currents>, RunError> make(const plan::Run& run, uint32_t population, const state::Partition& partition);

  // What acts in `step`; steps come in ascending order, from 0 on.
  void update(uint64_t step, state::Columns& columns);

 private:
  void take(std::unique_ptr<Current> current);
  void sum_staying(uint64_t step);
  void store(uint64_t begin, uint64_t end, state::Columns& columns) const;

  uint64_t first_ = 0;                                       // the owner's first cell: from there all others here count
  std::vector<std::unique_ptr<Current>> staying_, varying_;  // as declared
  std::vector<double> base_, sums_;                          // nA, one a cell: of those that stay, of all
  uint64_t next_change_ = 0;                                 // of those that stay
  uint64_t next_step_ = 0;                                   // that update() expects
  uint64_t varying_begin_ = UINT64_MAX, varying_end_ = 0;    // the cells that the others reach
  bool varied_ = false;                                      // in the step before
  uint64_t input_column_ = 0;
};

}  // namespace eic::stimuli
