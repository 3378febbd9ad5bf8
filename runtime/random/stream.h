// Random numbers that belong to a place: a Key is the hash of (seed, path of the object, purpose), a Stream the endless
// sequence of one index under it. Nothing is carried from one place to the next, so no order of drawing can matter.
// The generator is Philox4x32-10 (Salmon et al. 2011, doi:10.1145/2063384.2063405); its key is the hash, its counter
// (sub-counter, index).
#pragma once
#include <Random123/philox.h>

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "runtime/random/words.h"

namespace eic::random {

struct Key {
  uint64_t value = 0;
};

Key key_of(uint64_t seed, std::string_view path, std::string_view purpose);

class Stream {
 public:
  // `block` counts words by fours: a stream that begins there draws what one from 0 on draws after that many.
  Stream(Key key, uint64_t index, uint64_t block = 0) : key_(key), index_(index), block_(block), first_(block) {}

  // About so many words will be asked for: they are then computed together.
  void expect(uint64_t words) { planned_ = (words + 3) / 4; }

  uint32_t word() {
    if (next_ == filled_) refill();
    return words_[next_++];
  }
  uint64_t bits() {
    const uint64_t low = word();
    return low | static_cast<uint64_t>(word()) << 32;
  }
  double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }                          // [0, 1)
  double open_uniform();                                                                            // (0, 1)
  uint64_t below(uint64_t n) { return n <= uint64_t{1} << 32 ? below_short(n) : below_long(n); }    // [0, n), n > 0

  double normal();              // mean 0, sd 1
  double exponential();         // mean 1
  double gamma(double shape);   // scale 1

 private:
  static constexpr uint32_t k_most = 64;   // blocks that are kept
  static constexpr uint32_t k_blocks = 4;  // computed together where nothing is expected

  // Lemire (2019), doi:10.1145/3230636: the high half of word·n; the rare words that would favour a value are drawn again.
  uint64_t below_short(uint64_t n) {
    uint64_t product = word() * n;
    if (static_cast<uint32_t>(product) < n) {
      const uint64_t favoured = ((uint64_t{1} << 32) - n) % n;
      while (static_cast<uint32_t>(product) < favoured) product = word() * n;
    }
    return product >> 32;
  }
  uint64_t below_long(uint64_t n);

  void refill() {
    if (planned_ == 0 && block_ == first_) {
      fill_one();  // most streams draw a single value
      return;
    }
    const auto blocks = static_cast<uint32_t>(std::clamp<uint64_t>(planned_, k_blocks, k_most) + k_blocks - 1) / k_blocks * k_blocks;
    fill_words(key_.value, index_, block_, blocks, words_);
    planned_ -= std::min<uint64_t>(planned_, blocks);
    filled(blocks);
  }
  void fill_one() {
    const philox4x32_key_t key = {{static_cast<uint32_t>(key_.value), static_cast<uint32_t>(key_.value >> 32)}};
    const philox4x32_ctr_t counter = {{static_cast<uint32_t>(block_), static_cast<uint32_t>(block_ >> 32),
                                       static_cast<uint32_t>(index_), static_cast<uint32_t>(index_ >> 32)}};
    const philox4x32_ctr_t drawn = philox4x32_R(10, counter, key);
    for (uint32_t i = 0; i < 4; ++i) words_[i] = drawn.v[i];
    filled(1);
  }
  void filled(uint32_t blocks) {
    block_ += blocks;
    next_ = 0;
    filled_ = blocks * 4;
  }

  Key key_;
  uint64_t index_;
  uint64_t block_;      // the sub-counter: next block to compute
  uint64_t first_;
  uint64_t planned_ = 0;  // blocks that will be asked for
  uint32_t next_ = 0, filled_ = 0;
  uint32_t words_[k_most * 4];
};

// The words of one sub-counter, for who draws once a step: `block` is then the step.
inline philox4x32_ctr_t words_at(Key key, uint64_t index, uint64_t block) {
  const philox4x32_ctr_t counter = {{static_cast<uint32_t>(block), static_cast<uint32_t>(block >> 32),
                                     static_cast<uint32_t>(index), static_cast<uint32_t>(index >> 32)}};
  const philox4x32_key_t words = {{static_cast<uint32_t>(key.value), static_cast<uint32_t>(key.value >> 32)}};
  return philox4x32_R(10, counter, words);
}
// In (0, 1).
inline double open_uniform(uint32_t low, uint32_t high) {
  return (static_cast<double>((low | static_cast<uint64_t>(high) << 32) >> 12) + 0.5) * 0x1p-52;
}

inline double Stream::open_uniform() {
  const uint32_t low = word();
  return random::open_uniform(low, word());
}

// The standard normal's quantile at p in (0, 1), about 1 part in 10^16.
double normal_quantile(double p);

}  // namespace eic::random
