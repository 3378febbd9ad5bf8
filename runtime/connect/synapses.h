// The synapses of one projection, ready for delivery: rows by source, u32 targets, 64-bit offsets. Synapses of one delay
// form a group, the groups stand longest delay first and share the arrays. Made by connect, read by events and the report.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/state/array.h"

namespace eic::connect {

struct DelayGroup {
  uint64_t delay = 1;             // steps
  std::vector<uint64_t> offsets;  // rows + 1, places in `targets`
};

// Delays that were drawn or read, in steps, after rounding; `clipped` is the share that was raised to one step.
struct DelayStatistics {
  double mean = 0, sd = 0, clipped = 0;
  uint64_t shortest = 0, longest = 0;
};

struct Statistics {
  uint64_t synapses = 0;
  uint64_t in_min = 0, in_max = 0, out_min = 0, out_max = 0;
  uint64_t autapses = 0;   // a cell onto itself
  uint64_t multapses = 0;  // beyond the first between the same two cells
  uint64_t bytes = 0;
  uint64_t rule_bytes = 0;  // what a plasticity rule keeps besides
  std::optional<DelayStatistics> delays;  // none: one constant delay
};

struct Synapses {
  uint64_t rows = 0;               // sources
  state::Array targets;            // u32, indices of the whole target population
  state::Array weights;            // R[1] or R[synapses], in the port's internal unit
  bool constant_weight = true;
  std::vector<DelayGroup> groups;
  state::Array places;             // u64: where each synapse stands, they being counted row by row; empty: where it is counted
  Statistics statistics;

  double weight(uint64_t place, bool single) const {
    const uint64_t at = constant_weight ? 0 : place;
    return single ? static_cast<double>(weights.as<float>()[at]) : weights.as<double>()[at];
  }
  uint64_t place_of(uint64_t synapse) const { return places.bytes() > 0 ? places.as<uint64_t>()[synapse] : synapse; }
};

}  // namespace eic::connect
