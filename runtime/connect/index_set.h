// A set of indices below n that empties itself in ascending order: a bitmap, and a bitmap of its words that are not zero, so that
// k members cost about k operations. The work horse of drawing without replacement. Flat, that is without the second bitmap, it is
// quicker where a look at every word costs less.
#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

namespace eic::connect {

class IndexSet {
 public:
  static double bytes_needed(uint64_t n) { return static_cast<double>(n) / 8 * 65 / 64; }
  static constexpr uint64_t k_slack = 4;  // indices that drain() may write beyond the last

  explicit IndexSet(uint64_t n) : words_((n + 63) / 64, 0), used_((words_.size() + 63) / 64, 0) {}

  bool flat_is_quicker(uint64_t members) const { return words_.size() <= 2 * members; }

  // False when it was there already.
  template <bool flat>
  bool insert(uint64_t index) {
    uint64_t& word = words_[index / 64];
    const uint64_t before = word;
    word |= uint64_t{1} << index % 64;
    if (!flat) used_[index / 4096] |= uint64_t{1} << index / 64 % 64;
    return word != before;
  }
  // Of a flat set: removes the member and its neighbours, which is to say, call it for every member.
  void remove(uint64_t index) { words_[index / 64] = 0; }

  // Writes the members to `to`, ascending, removes them, and returns where they end.
  template <bool flat>
  uint32_t* drain(uint32_t* to) {
    if (flat) {
      for (uint64_t place = 0; place < words_.size(); ++place) to = drain_word<4>(place, to);
      return to;
    }
    for (uint64_t place = 0; place < used_.size(); ++place) {
      for (uint64_t word = used_[place]; word != 0; word &= word - 1) to = drain_word<1>(place * 64 + static_cast<uint64_t>(std::countr_zero(word)), to);
      used_[place] = 0;
    }
    return to;
  }

 private:
  // The first members are written whether they are there or not: a branch that is often wrong costs more.
  template <uint64_t at_once>
  uint32_t* drain_word(uint64_t place, uint32_t* to) {
    static_assert(at_once <= k_slack);
    uint64_t word = words_[place];
    words_[place] = 0;
    uint32_t* const end = to + std::popcount(word);
    const auto first = static_cast<uint32_t>(place * 64);
    for (uint64_t i = 0; i < at_once; ++i, word &= word - 1) *to++ = first + static_cast<uint32_t>(std::countr_zero(word));
    for (; word != 0; word &= word - 1) *to++ = first + static_cast<uint32_t>(std::countr_zero(word));
    return end;
  }

  std::vector<uint64_t> words_, used_;
};

}  // namespace eic::connect
