// How the targets of a projection are cut into blocks. In: the range, who owns which cells, and how many synapses to expect.
// Called before anything is drawn; the graph does not depend on it.
#pragma once
#include <cstdint>
#include <vector>

#include "runtime/connect/rule.h"
#include "runtime/connect/synapses.h"

namespace eic::connect {

struct Layout {
  std::vector<Block> blocks;
  bool narrow = false;
  uint64_t target_bytes() const { return narrow ? sizeof(uint16_t) : sizeof(uint32_t); }
};

Layout layout_of(const Request& request);

// The bytes of the table of offsets, as far as they are known before the delays are.
double offsets_expected(const Request& request);

// About how many different delays there will be, in steps: 1 where it is constant; a guess of the spread of a distribution.
double delays_expected(const Request& request);

}  // namespace eic::connect
