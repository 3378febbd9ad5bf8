// Carries one step's events of one projection into the target population, in the order that numerics.md states: delay
// (longest first), source index, place in the row. Called by the engine for each projection, as declared.
#pragma once
#include <cstdint>

#include "runtime/connect/synapses.h"
#include "runtime/contract/kernel.h"
#include "runtime/contract/plan.h"
#include "runtime/events/plastic.h"
#include "runtime/events/ring.h"

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
  const void* uniforms = nullptr;
  bool single = false;
};

// Every event that arrives in `step`; then, where a rule hears them, what the targets' spikes of the step before do. A rule has
// begun the step.
void deliver(const Delivery& delivery, uint64_t step);

}  // namespace eic::events
