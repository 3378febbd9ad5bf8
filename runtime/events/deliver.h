// Carries one step's events of one projection into the target population, in the order that numerics.md states: delay
// (longest first), source index, place in the row. Called by the engine for each projection, as declared.
#pragma once
#include <cstdint>
#include <vector>

#include "runtime/connect/synapses.h"
#include "runtime/contract/kernel.h"
#include "runtime/contract/plan.h"
#include "runtime/events/plastic.h"
#include "runtime/events/ring.h"
#include "runtime/state/partition.h"

namespace eic::events {

struct Delivery {
  const connect::Synapses* synapses = nullptr;
  const Ring* ring = nullptr;      // of the source population
  uint64_t from_begin = 0, from_end = 0;
  uint32_t projection = 0;
  Plastic* rule = nullptr;         // none: the weights are what is sent
  const Ring* targets = nullptr;   // of the target population, for a rule that hears it
  uint64_t to_begin = 0, to_end = 0;
  void* column = nullptr;          // fast path: `column += weight`
  EventFn handler = nullptr;       // otherwise
  void* const* columns = nullptr;  // of the target population, for the handler
  std::vector<const void*> uniforms = {nullptr};  // likewise; a copy for each owner
  const state::Partition* partition = nullptr;    // of the target population; none: one owner has it all
  bool single = false;
};

// Every event that arrives in `step` at cells of this owner; owners may be at work at the same time. Returns how many there were.
// A projection with a rule is delivered whole, by one thread, as owner 0: then, where the rule hears them, follows what the
// targets' spikes of the step before do. The rule has begun the step.
uint64_t deliver(const Delivery& delivery, uint64_t step, uint64_t owner);

}  // namespace eic::events
