// The stimulus current of one population: written into its input column at the steps where something begins or ends.
// In: the plan's stimuli. Called by the engine before each step of the population.
#pragma once
#include <cstdint>
#include <vector>

#include "runtime/contract/plan.h"
#include "runtime/state/columns.h"

namespace eic::engine {

class Stimuli {
 public:
  Stimuli(const plan::Run& run, uint32_t population);

  // What acts in `step`; steps come in ascending order, from 0 on.
  void update(uint64_t step, state::Columns& columns);

 private:
  void rewrite(uint64_t step, state::Columns& columns);

  std::vector<const plan::Stimulus*> stimuli_;  // as declared: sums are formed in this order
  std::vector<uint64_t> changes_;               // steps, ascending
  uint64_t next_change_ = 0;
  std::vector<double> sums_;                    // nA, one a cell
  uint64_t input_column_ = 0;
};

}  // namespace eic::engine
