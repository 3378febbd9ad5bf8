// A set of indices below n that empties itself in ascending order: a bitmap whose words are summarised by a bitmap, and so
// on, so that k members cost about k operations however large n is. The work horse of drawing without replacement.
// A set is used either with its summaries or flat; flat is quicker where a look at every word costs less than keeping them.
#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

namespace eic::connect {

class IndexSet {
 public:
  static double bytes_needed(uint64_t n) { return static_cast<double>(n) / 8 * 64 / 63; }

  explicit IndexSet(uint64_t n) {
    do {
      n = std::max<uint64_t>((n + 63) / 64, 1);
      levels_.emplace_back(n, 0);
    } while (n > 1);
  }

  // False when it was there already.
  bool insert(uint64_t index) {
    for (uint64_t level = 0; level < levels_.size(); ++level) {
      uint64_t& word = levels_[level][index / 64];
      const uint64_t before = word;
      word |= uint64_t{1} << index % 64;
      if (level == 0 && word == before) return false;
      if (before != 0) return true;  // the levels above know of this word
      index /= 64;
    }
    return true;
  }

  bool insert_flat(uint64_t index) {
    uint64_t& word = levels_[0][index / 64];
    const uint64_t before = word;
    word |= uint64_t{1} << index % 64;
    return word != before;
  }
  uint64_t words() const { return levels_[0].size(); }

  template <class Take>
  void drain_flat(Take take) {
    for (uint64_t place = 0; place < levels_[0].size(); ++place) {
      uint64_t word = levels_[0][place];
      levels_[0][place] = 0;
      for (; word != 0; word &= word - 1) take(place * 64 + static_cast<uint64_t>(std::countr_zero(word)));
    }
  }
  // Of a flat set: removes the member and its neighbours, which is to say, call it for every member.
  void remove_flat(uint64_t index) { levels_[0][index / 64] = 0; }

  // Calls take(index) for each member, ascending, and removes it.
  template <class Take>
  void drain(Take take) {
    drain_word(levels_.size() - 1, 0, take);
  }

 private:
  template <class Take>
  void drain_word(uint64_t level, uint64_t place, Take& take) {
    uint64_t word = levels_[level][place];
    levels_[level][place] = 0;
    for (; word != 0; word &= word - 1) {
      const uint64_t index = place * 64 + static_cast<uint64_t>(std::countr_zero(word));
      if (level == 0) {
        take(index);
      } else {
        drain_word(level - 1, index, take);
      }
    }
  }

  std::vector<std::vector<uint64_t>> levels_;
};

}  // namespace eic::connect
