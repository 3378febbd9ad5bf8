// The spikes of the last steps of one population, one list a step, kept as long as the longest delay from it needs, all in one
// circular array that grows when it is too small, so a steady state allocates nothing. The engine writes once a step, in order,
// while nobody reads; delivery reads.
#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace eic::events {

class Ring {
 public:
  Ring() : Ring(1) {}
  explicit Ring(uint64_t longest_delay) : slots_(std::max<uint64_t>(longest_delay, 1)) {}

  // Room for the spikes of `step`, to be filled in ascending order; the oldest are forgotten.
  std::span<uint32_t> make_room(uint64_t step, uint64_t count) {
    Slot& slot = slots_[step % slots_.size()];
    slot = {head_, 0};
    const uint64_t oldest = slots_[(step + 1) % slots_.size()].begin;
    uint64_t begin = head_;
    const uint64_t left = cells_.size() - place(begin);
    if (count > left) begin += left;  // a list does not go round the end
    if (begin + count - oldest > cells_.size()) {
      grow(step, count);
      begin = head_;
    }
    slot = {begin, count};
    head_ = begin + count;
    return {cells_.data() + place(begin), count};
  }
  void push(uint64_t step, std::span<const uint32_t> cells) {
    std::copy(cells.begin(), cells.end(), make_room(step, cells.size()).begin());
  }
  // Raised in `step`, one of the last steps; cells ascend.
  std::span<const uint32_t> raised_in(uint64_t step) const {
    const Slot& slot = slots_[step % slots_.size()];
    return {cells_.data() + place(slot.begin), slot.count};
  }

 private:
  struct Slot {
    uint64_t begin = 0, count = 0;  // begin counts on and on
  };
  uint64_t place(uint64_t at) const { return at & (cells_.size() - 1); }

  // All that is kept moves, the oldest first, to the begin of an array of twice the size, or more.
  void grow(uint64_t step, uint64_t count) {
    uint64_t kept = 0;
    for (const Slot& slot : slots_) kept += slot.count;
    std::vector<uint32_t> larger(std::bit_ceil(2 * std::max<uint64_t>(kept + count, cells_.size())));
    head_ = 0;
    for (uint64_t i = 1; i <= slots_.size(); ++i) {
      Slot& slot = slots_[(step + i) % slots_.size()];
      std::copy_n(cells_.begin() + static_cast<int64_t>(place(slot.begin)), slot.count, larger.begin() + static_cast<int64_t>(head_));
      slot.begin = head_;
      head_ += slot.count;
    }
    cells_ = std::move(larger);
  }

  std::vector<Slot> slots_;
  std::vector<uint32_t> cells_ = std::vector<uint32_t>(256);  // a power of two
  alignas(128) uint64_t head_ = 0;                            // not where the readers look
};

}  // namespace eic::events
