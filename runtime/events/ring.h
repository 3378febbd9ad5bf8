// The spikes of the last steps of one population, one list a step, kept as long as the longest delay from it needs.
// The engine pushes once a step, after delivery; delivery reads. Lists keep their room, so a steady state allocates nothing.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace eic::events {

class Ring {
 public:
  Ring() = default;
  explicit Ring(uint64_t longest_delay) : slots_(longest_delay) {}

  uint64_t longest_delay() const { return slots_.size(); }

  void push(uint64_t step, std::span<const uint32_t> cells) {
    if (!slots_.empty()) slots_[step % slots_.size()].assign(cells.begin(), cells.end());
  }
  // Raised in `step`, one of the last longest_delay() steps; cells ascend.
  std::span<const uint32_t> raised_in(uint64_t step) const { return slots_[step % slots_.size()]; }

 private:
  std::vector<std::vector<uint32_t>> slots_;
};

}  // namespace eic::events
