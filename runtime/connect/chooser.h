// Draws k of n indices, with or without replacement, and hands them out ascending. In: a stream, n, k, perhaps one index
// to leave out. The rules of fixed degree and total are made of this.
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/connect/index_set.h"
#include "runtime/random/stream.h"

namespace eic::connect {

class Chooser {
 public:
  explicit Chooser(uint64_t n) : n_(n), chosen_(n) {}

  // Calls take(index) k times, ascending. Without replacement there must be k indices to choose from.
  template <class Take>
  void choose(random::Stream& stream, uint64_t k, bool replace, std::optional<uint64_t> left_out, Take take) {
    const bool flat = chosen_.words() <= k_words_a_member * k;
    repeated_.clear();
    draw(stream, k, replace, left_out, [&](uint64_t index) {
      const bool added = flat ? chosen_.insert_flat(index) : chosen_.insert(index);
      if (!added && replace) repeated_.push_back(index);
      return added;
    });
    std::sort(repeated_.begin(), repeated_.end());
    const Shift<Take> shifted{left_out.value_or(n_), take};
    if (repeated_.empty()) {
      drain(flat, shifted);
    } else {
      drain(flat, [this, &shifted, at = uint64_t{0}](uint64_t index) mutable {
        shifted(index);
        for (; at < repeated_.size() && repeated_[at] == index; ++at) shifted(index);
      });
    }
  }

  // The same indices in no order, sooner.
  template <class Take>
  void choose_unordered(random::Stream& stream, uint64_t k, bool replace, std::optional<uint64_t> left_out, Take take) {
    members_.clear();
    draw(stream, k, replace, left_out, [&](uint64_t index) {
      if (!replace && !chosen_.insert_flat(index)) return false;
      members_.push_back(index);
      return true;
    });
    const Shift<Take> shifted{left_out.value_or(n_), take};
    for (const uint64_t index : members_) {
      if (!replace) chosen_.remove_flat(index);
      shifted(index);
    }
  }

 private:
  static constexpr uint64_t k_words_a_member = 4;

  // Indices are drawn as if the one to leave out were not there.
  template <class Take>
  struct Shift {
    uint64_t gap;
    Take& take;
    void operator()(uint64_t index) const { take(index + (index >= gap ? 1 : 0)); }
  };

  // Calls add(index), which says whether the index is new. Without replacement: R. Floyd's sampling (Bentley & Floyd
  // 1987, doi:10.1145/30401.315746), k draws whatever the share of n.
  template <class Add>
  void draw(random::Stream& stream, uint64_t k, bool replace, std::optional<uint64_t> left_out, Add add) {
    const uint64_t n = n_ - (left_out ? 1 : 0);
    if (replace) {
      for (uint64_t i = 0; i < k; ++i) add(stream.below(n));
    } else {
      for (uint64_t last = n - k; last < n; ++last) {
        if (!add(stream.below(last + 1))) add(last);
      }
    }
  }
  template <class Take>
  void drain(bool flat, Take take) {
    if (flat) {
      chosen_.drain_flat(take);
    } else {
      chosen_.drain(take);
    }
  }

  uint64_t n_;
  IndexSet chosen_;
  std::vector<uint64_t> repeated_;  // what was drawn again, ascending
  std::vector<uint64_t> members_;   // in the order of drawing
};

}  // namespace eic::connect
