#include "runtime/events/incoming.h"

namespace eic::events {

Incoming::Incoming(const connect::Synapses& synapses, uint64_t cells, uint64_t stride)
    : offsets_(cells + 1, 0),
      synapses_(synapses.statistics.synapses * sizeof(uint32_t)),
      sources_(synapses.statistics.synapses * sizeof(uint32_t)) {
  const auto* targets = synapses.targets.as<uint32_t>();
  for (uint64_t i = 0; i < synapses.statistics.synapses; ++i) ++offsets_[targets[i] + 1];
  for (uint64_t cell = 0; cell < cells; ++cell) offsets_[cell + 1] += offsets_[cell];
  std::vector<uint64_t> cursors(offsets_.begin(), offsets_.end() - 1);
  for (uint64_t g = 0; g < synapses.groups.size(); ++g) {
    const std::vector<uint64_t>& rows = synapses.groups[g].offsets;
    for (uint64_t row = 0; row < synapses.rows; ++row) {
      for (uint64_t i = rows[row]; i < rows[row + 1]; ++i) {
        const uint64_t to = cursors[targets[i]]++;
        synapses_.as<uint32_t>()[to] = static_cast<uint32_t>(i);
        sources_.as<uint32_t>()[to] = static_cast<uint32_t>(g * stride + row);
      }
    }
  }
}

}  // namespace eic::events
