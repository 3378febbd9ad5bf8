// Many words of one stream at once, as vectors: the same numbers as one by one (stream.h), sooner. In: key, index, sub-counter.
// Called by streams that know how much will be asked of them, and by who turns whole batches into numbers.
#pragma once
#include <cstdint>

namespace eic::random {

constexpr uint32_t k_blocks_together = 4;  // what `blocks` must be a multiple of

// The words of `blocks` consecutive blocks, four a block.
void fill_words(uint64_t key, uint64_t index, uint64_t block, uint32_t blocks, uint32_t* words);

// Of each two words log(open_uniform)·scale, with the very bits of elementary.h; `count` is a multiple of 4.
void fill_scaled_logs(const uint32_t* words, uint32_t count, double scale, double* logs);

}  // namespace eic::random
