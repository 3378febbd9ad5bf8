// Draws k of n indices, with or without replacement. In: a stream, n, k, perhaps one index to leave out. Out: the indices in an
// array with room for k and some more. The rules of fixed degree and total are made of this.
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
  static uint64_t room_for(uint64_t k) { return k + IndexSet::k_slack; }

  explicit Chooser(uint64_t n) : n_(n), chosen_(n) {}

  // Ascending. Without replacement there must be k indices to choose from.
  void choose(random::Stream& stream, uint64_t k, bool replace, std::optional<uint64_t> left_out, uint32_t* to) {
    const uint64_t n = n_ - (left_out ? 1 : 0);
    stream.expect(k);
    if (chosen_.flat_is_quicker(k)) choose_sorted<true>(stream, n, k, replace, to);
    else choose_sorted<false>(stream, n, k, replace, to);
    leave_out(left_out, k, to);
  }

  // The same indices in no order, sooner.
  void choose_unordered(random::Stream& stream, uint64_t k, bool replace, std::optional<uint64_t> left_out, uint32_t* to) {
    const uint64_t n = n_ - (left_out ? 1 : 0);
    stream.expect(k);
    if (replace) {
      for (uint64_t i = 0; i < k; ++i) to[i] = static_cast<uint32_t>(stream.below(n));
    } else {
      uint32_t* next = to;
      sample<true>(stream, n, k, [&](uint64_t index) { *next++ = static_cast<uint32_t>(index); });
      for (uint64_t i = 0; i < k; ++i) chosen_.remove(to[i]);
    }
    leave_out(left_out, k, to);
  }

 private:
  // R. Floyd's sampling (Bentley & Floyd 1987, doi:10.1145/30401.315746), k draws whatever the share of n.
  template <bool flat, class Take>
  void sample(random::Stream& stream, uint64_t n, uint64_t k, Take take) {
    for (uint64_t last = n - k; last < n; ++last) {
      uint64_t index = stream.below(last + 1);
      if (!chosen_.insert<flat>(index)) {
        index = last;
        chosen_.insert<flat>(index);
      }
      take(index);
    }
  }

  template <bool flat>
  void choose_sorted(random::Stream& stream, uint64_t n, uint64_t k, bool replace, uint32_t* to) {
    repeated_.clear();
    if (!replace) {
      sample<flat>(stream, n, k, [](uint64_t) {});
    } else {
      for (uint64_t i = 0; i < k; ++i) {
        const uint64_t index = stream.below(n);
        if (!chosen_.insert<flat>(index)) repeated_.push_back(static_cast<uint32_t>(index));
      }
    }
    const uint32_t* distinct = chosen_.drain<flat>(to);
    std::sort(repeated_.begin(), repeated_.end());
    // merged from the end, where there is room
    for (uint32_t* end = to + k; !repeated_.empty();) {
      if (distinct > to && distinct[-1] > repeated_.back()) {
        *--end = *--distinct;
      } else {
        *--end = repeated_.back();
        repeated_.pop_back();
      }
    }
  }

  // Indices are drawn as if the one to leave out were not there.
  static void leave_out(std::optional<uint64_t> left_out, uint64_t k, uint32_t* indices) {
    if (!left_out) return;
    const auto hole = static_cast<uint32_t>(*left_out);
    for (uint64_t i = 0; i < k; ++i) indices[i] += indices[i] >= hole ? 1 : 0;
  }

  uint64_t n_;
  IndexSet chosen_;
  std::vector<uint32_t> repeated_;  // what was drawn again
};

}  // namespace eic::connect
