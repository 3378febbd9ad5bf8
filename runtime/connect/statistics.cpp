#include "runtime/connect/statistics.h"

#include <algorithm>

namespace eic::connect {

namespace {

// Synapses beyond the first onto the same target; `row` ascends.
uint64_t repeats(const uint32_t* row, uint64_t count) {
  uint64_t found = 0;
  for (uint64_t i = 1; i < count; ++i) found += row[i] == row[i - 1] ? 1 : 0;
  return found;
}

}  // namespace

Statistics statistics_of(const Request& request, const Drawn& drawn) {
  Statistics statistics;
  statistics.synapses = drawn.synapses();
  statistics.out_min = request.sources() > 0 ? UINT64_MAX : 0;
  std::vector<uint32_t> in_degrees(request.targets(), 0);
  std::vector<uint32_t> sorted;
  for (uint64_t source = 0; source < request.sources(); ++source) {
    const uint32_t* row = drawn.targets.as<uint32_t>() + drawn.offsets[source];
    const uint64_t count = drawn.offsets[source + 1] - drawn.offsets[source];
    statistics.out_min = std::min(statistics.out_min, count);
    statistics.out_max = std::max(statistics.out_max, count);
    for (uint64_t i = 0; i < count; ++i) ++in_degrees[row[i]];
    if (!std::is_sorted(row, row + count)) {  // only a file gives such rows
      sorted.assign(row, row + count);
      std::sort(sorted.begin(), sorted.end());
      row = sorted.data();
    }
    statistics.multapses += repeats(row, count);
    if (const auto same = request.same_cell(source)) {
      const auto [first, last] = std::equal_range(row, row + count, static_cast<uint32_t>(*same));
      statistics.autapses += static_cast<uint64_t>(last - first);
    }
  }
  if (!in_degrees.empty()) {
    const auto [least, most] = std::minmax_element(in_degrees.begin(), in_degrees.end());
    statistics.in_min = *least;
    statistics.in_max = *most;
  }
  return statistics;
}

}  // namespace eic::connect
