// White noise: the columns of a population that hold a new normal number a cell in each step, N(0, 1)/sqrt(dt). The number of
// (column, cell, step) is keyed by these alone. Called by the engine before each step of the population.
#pragma once
#include <cstdint>
#include <vector>

#include "runtime/contract/plan.h"
#include "runtime/random/stream.h"
#include "runtime/state/columns.h"

namespace eic::engine {

class Noise {
 public:
  Noise(const plan::Run& run, uint32_t population);
  void update(uint64_t step, state::Columns& columns, uint64_t begin, uint64_t end) const;  // of the cells [begin, end)

 private:
  struct Source {
    uint64_t column;
    random::Key key;
  };
  std::vector<Source> sources_;
  double scale_ = 1;
};

}  // namespace eic::engine
