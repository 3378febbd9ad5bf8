// Who projects to whom, seen from the targets: for each, its synapses in the order of delivery (longest delay first, source,
// place in the row). In: the synapses of a projection. Built only where a plasticity rule hears the targets' spikes.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/connect/synapses.h"
#include "runtime/state/array.h"

namespace eic::events {

class Incoming {
 public:
  static constexpr double k_bytes_a_synapse = 2 * sizeof(uint32_t);
  static double bytes_needed(uint64_t cells, uint64_t synapses) {
    return static_cast<double>(cells + 1) * sizeof(uint64_t) + static_cast<double>(synapses) * k_bytes_a_synapse;
  }

  Incoming() = default;
  // The sources of delay group g count from g·stride.
  Incoming(const connect::Synapses& synapses, uint64_t cells, uint64_t stride);

  std::span<const uint32_t> synapses(uint32_t target) const { return part(synapses_, target); }
  std::span<const uint32_t> sources(uint32_t target) const { return part(sources_, target); }

 private:
  std::span<const uint32_t> part(const state::Array& array, uint32_t target) const {
    return {array.as<uint32_t>() + offsets_[target], offsets_[target + 1] - offsets_[target]};
  }

  std::vector<uint64_t> offsets_;
  state::Array synapses_, sources_;
};

}  // namespace eic::events
