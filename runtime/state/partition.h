// Who owns which cells: each owner has a contiguous share of every population, and everything that changes a cell's state in
// a step is done by its owner. In: the plan and how many owners there are to be. Read by connect (rows by owner of the target),
// events and the engine. Owners are not threads: one thread may do the work of several, one after the other, to the same bits.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "runtime/contract/plan.h"

namespace eic::state {

// Of one population. Owner o has the cells [cuts[o], cuts[o + 1]); the cuts are multiples of k_padding_cells, the first is 0, the
// last the padded size, so the padding belongs to the owner of the last cell. Shares may be empty.
struct Partition {
  std::vector<uint64_t> cuts = {0, 0};

  uint64_t owners() const { return cuts.size() - 1; }
  uint64_t begin(uint64_t owner) const { return cuts[owner]; }
  uint64_t end(uint64_t owner) const { return cuts[owner + 1]; }
  uint64_t owner_of(uint64_t cell) const {
    return static_cast<uint64_t>(std::upper_bound(cuts.begin(), cuts.end(), cell) - cuts.begin()) - 1;
  }
};

// One a population; all have the same owners. Shares of a population differ by at most k_padding_cells, and where they do, who has
// had less of the populations before gets more: several small populations are spread over the owners.
std::vector<Partition> divide(const plan::Run& run, uint64_t owners);
// More would have nothing to own.
uint64_t most_owners(const plan::Run& run);

}  // namespace eic::state
