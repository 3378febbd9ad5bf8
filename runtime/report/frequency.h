// In: stored spikes, cells and a window. Out: the frequency of their common rhythm, for `expect frequency(N)`.
#pragma once
#include "runtime/report/statistics.h"

namespace eic::report {

// In Hz: the peak of the power spectrum of the count of all cells in 1 ms bins, from 1/T, T being the whole ms of the window, to
// 500 Hz, which is as far as such bins resolve, in steps of 1/(4 T). Sharp volleys have harmonics nearly as strong as their
// rhythm: the lowest peak counts that has nine tenths of the highest. Absent where the count does not vary. `range` must lie
// within the population.
std::optional<double> frequency(const record::SpikeStore& store, uint32_t population, CellRange range, Window window = {});

}  // namespace eic::report
