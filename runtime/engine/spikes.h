// Which spikes are recorded: several ranges of one population, overlapping or not, hand on each spike once.
// In: the plan's spike recordings. Called by the engine once a step and population.
#pragma once
#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "runtime/contract/plan.h"

namespace eic::engine {

class RecordedSpikes {
 public:
  RecordedSpikes(const plan::Run& run, uint32_t population) {
    std::vector<std::pair<uint64_t, uint64_t>> ranges;
    for (const plan::SpikeRecording& recording : run.spikes) {
      const plan::Range& of = recording.of;
      if (of.population == population && of.begin < of.end) ranges.emplace_back(of.begin, of.end);
    }
    std::sort(ranges.begin(), ranges.end());
    for (const auto& [begin, end] : ranges) {
      if (ranges_.empty() || ranges_.back().second < begin) {
        ranges_.emplace_back(begin, end);
      } else {
        ranges_.back().second = std::max(ranges_.back().second, end);
      }
    }
  }

  // Those of `cells`, which ascend, that are recorded; valid until the next call.
  std::span<const uint32_t> of(std::span<const uint32_t> cells) {
    if (ranges_.size() == 1) return within(cells, ranges_.front());
    chosen_.clear();
    for (const auto& range : ranges_) {
      const auto part = within(cells, range);
      chosen_.insert(chosen_.end(), part.begin(), part.end());
    }
    return chosen_;
  }

 private:
  static std::span<const uint32_t> within(std::span<const uint32_t> cells, const std::pair<uint64_t, uint64_t>& range) {
    const auto begin = std::lower_bound(cells.begin(), cells.end(), range.first);
    return {begin, std::lower_bound(begin, cells.end(), range.second)};
  }

  std::vector<std::pair<uint64_t, uint64_t>> ranges_;  // apart and ascending
  std::vector<uint32_t> chosen_;
};

}  // namespace eic::engine
