#include "runtime/events/incoming.h"

namespace eic::events {

Incoming::Incoming(const connect::Synapses& synapses, uint64_t cells, uint64_t stride)
    : offsets_(cells + 1, 0),
      synapses_(synapses.statistics.synapses * sizeof(uint32_t)),
      sources_(synapses.statistics.synapses * sizeof(uint32_t)) {
  synapses.for_each([&](uint64_t, uint64_t, uint32_t target, uint64_t) { ++offsets_[target + 1]; });
  for (uint64_t cell = 0; cell < cells; ++cell) offsets_[cell + 1] += offsets_[cell];
  std::vector<uint64_t> cursors(offsets_.begin(), offsets_.end() - 1);
  const connect::Block& all = synapses.blocks.front();
  for (uint64_t g = 0; g < synapses.delays.size(); ++g) {
    for (uint64_t row = 0; row < synapses.rows; ++row) {
      const uint64_t piece = synapses.piece(row, 0, g);
      for (uint64_t i = synapses.begin_of(piece); i < synapses.begin_of(piece + 1); ++i) {
        const uint64_t to = cursors[synapses.target(i, all)]++;
        synapses_.as<uint32_t>()[to] = static_cast<uint32_t>(i);
        sources_.as<uint32_t>()[to] = static_cast<uint32_t>(g * stride + row);
      }
    }
  }
}

}  // namespace eic::events
