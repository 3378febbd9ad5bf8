// What one iteration of a benchmark works through, as a rate and as the time of each.
#pragma once
#include <benchmark/benchmark.h>

#include <cstdint>

namespace eic::bench {

inline void per_element(benchmark::State& state, uint64_t elements) {
  const auto all = static_cast<int64_t>(elements) * state.iterations();
  state.SetItemsProcessed(all);
  state.counters["each"] =
      benchmark::Counter(static_cast<double>(all), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

}  // namespace eic::bench
