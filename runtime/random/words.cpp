#include "runtime/random/words.h"

#include <Random123/philox.h>

#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#define EIC_WIDE __attribute__((target("avx2")))  // what jit::Jit::create asks of the processor; without fma, so that nothing is fused
#else
#define EIC_WIDE
#endif

namespace eic::random {

namespace {

#if defined(__x86_64__)

// Four blocks, one a lane; a word of a block is the low half of its lane, what stands in the high half does not count.
struct Blocks {
  __m256i c0, c1, c2, c3;
};

EIC_WIDE inline void round_of(Blocks& b, __m256i k0, __m256i k1, __m256i m0, __m256i m1) {
  const __m256i p0 = _mm256_mul_epu32(b.c0, m0), p1 = _mm256_mul_epu32(b.c2, m1);
  b.c0 = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p1, 32), b.c1), k0);
  b.c2 = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p0, 32), b.c3), k1);
  b.c1 = p1;
  b.c3 = p0;
}

// The words of each block one behind the other.
EIC_WIDE inline void store(const Blocks& b, uint32_t* words) {
  const __m256i low = _mm256_blend_epi32(b.c0, _mm256_slli_epi64(b.c1, 32), 0xaa);   // c0 and c1 of each block
  const __m256i high = _mm256_blend_epi32(b.c2, _mm256_slli_epi64(b.c3, 32), 0xaa);  // c2 and c3
  const __m256i even = _mm256_unpacklo_epi64(low, high), odd = _mm256_unpackhi_epi64(low, high);
  auto* to = reinterpret_cast<__m256i*>(words);
  _mm256_storeu_si256(to, _mm256_permute2x128_si256(even, odd, 0x20));
  _mm256_storeu_si256(to + 1, _mm256_permute2x128_si256(even, odd, 0x31));
}

// `vectors` of four blocks together, so that one's multiplications fill the other's waiting.
template <int vectors>
EIC_WIDE inline void fill_vectors(uint64_t key, uint64_t index, uint64_t block, uint32_t* words) {
  Blocks b[vectors];
  const __m256i lanes = _mm256_set_epi64x(3, 2, 1, 0);
  for (int v = 0; v < vectors; ++v) {
    const __m256i counter = _mm256_add_epi64(_mm256_set1_epi64x(static_cast<int64_t>(block + 4 * static_cast<uint64_t>(v))), lanes);
    b[v] = {counter, _mm256_srli_epi64(counter, 32), _mm256_set1_epi64x(static_cast<int64_t>(index)),
            _mm256_set1_epi64x(static_cast<int64_t>(index >> 32))};
  }
  const __m256i m0 = _mm256_set1_epi64x(PHILOX_M4x32_0), m1 = _mm256_set1_epi64x(PHILOX_M4x32_1);
  auto k0 = static_cast<uint32_t>(key), k1 = static_cast<uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const __m256i wide0 = _mm256_set1_epi64x(k0), wide1 = _mm256_set1_epi64x(k1);
    for (int v = 0; v < vectors; ++v) round_of(b[v], wide0, wide1, m0, m1);
    k0 += PHILOX_W32_0;
    k1 += PHILOX_W32_1;
  }
  for (int v = 0; v < vectors; ++v) store(b[v], words + 16 * v);
}

EIC_WIDE void fill_wide(uint64_t key, uint64_t index, uint64_t block, uint32_t blocks, uint32_t* words) {
  for (; blocks >= 16; blocks -= 16, block += 16, words += 64) fill_vectors<4>(key, index, block, words);
  if (blocks >= 8) {
    fill_vectors<2>(key, index, block, words);
    blocks -= 8, block += 8, words += 32;
  }
  if (blocks >= 4) fill_vectors<1>(key, index, block, words);
}

#else

void fill_wide(uint64_t key, uint64_t index, uint64_t block, uint32_t blocks, uint32_t* words) {
  const philox4x32_key_t k = {{static_cast<uint32_t>(key), static_cast<uint32_t>(key >> 32)}};
  for (uint32_t b = 0; b < blocks; ++b, ++block) {
    const philox4x32_ctr_t counter = {{static_cast<uint32_t>(block), static_cast<uint32_t>(block >> 32),
                                       static_cast<uint32_t>(index), static_cast<uint32_t>(index >> 32)}};
    const philox4x32_ctr_t drawn = philox4x32_R(10, counter, k);
    std::memcpy(words + 4 * b, drawn.v, sizeof drawn.v);
  }
}

#endif

// elementary.h's log, four at a time: operation for operation the same.
typedef double Doubles __attribute__((vector_size(32)));
typedef uint64_t Integers __attribute__((vector_size(32)));

EIC_WIDE inline Doubles log_of_open_uniforms(Integers drawn) {
  constexpr double k_ln2_high = 0x1.62e42fee00000p-1, k_ln2_low = 0x1.a39ef35793c76p-33;
  constexpr uint64_t k_sqrt_half = 0x3fe6a09e667f3bcd, k_one = 0x3ff0000000000000, k_two_to_52 = 0x4330000000000000;
  constexpr uint64_t k_shift = 64;  // keeps exponents positive
  // (drawn >> 12) + ½ in units of 2⁻⁵²: in [1, 2) first, from where the way down is exact.
  const Doubles x = (Doubles)((drawn >> 12) | k_one) - (1.0 - 0x1p-53);
  const Integers bits = (Integers)x;
  const Integers exponent = (bits - k_sqrt_half + (k_shift << 52)) >> 52;
  const Doubles m = (Doubles)(bits - (exponent << 52) + (k_shift << 52));
  const Doubles k = (Doubles)(exponent | k_two_to_52) - (0x1p52 + static_cast<double>(k_shift));
  const Doubles f = m - 1.0;
  const Doubles s = f / (2.0 + f), z = s * s, z2 = z * z, z4 = z2 * z2;
  const Doubles low = (2.0 / 3 + z * (2.0 / 5)) + z2 * (2.0 / 7 + z * (2.0 / 9));
  const Doubles middle = (2.0 / 11 + z * (2.0 / 13)) + z2 * (2.0 / 15 + z * (2.0 / 17));
  const Doubles tail = z * (low + z4 * (middle + z4 * (2.0 / 19 + z * (2.0 / 21))));
  return k * k_ln2_high + (f - (s * (f - tail) - k * k_ln2_low));
}

EIC_WIDE void logs_wide(const uint32_t* words, uint32_t count, double scale, double* logs) {
  for (uint32_t i = 0; i < count; i += 4) {
    Integers drawn;
    std::memcpy(&drawn, words + 2 * i, sizeof drawn);
    const Doubles scaled = log_of_open_uniforms(drawn) * scale;
    std::memcpy(logs + i, &scaled, sizeof scaled);
  }
}

}  // namespace

void fill_words(uint64_t key, uint64_t index, uint64_t block, uint32_t blocks, uint32_t* words) { fill_wide(key, index, block, blocks, words); }

void fill_scaled_logs(const uint32_t* words, uint32_t count, double scale, double* logs) { logs_wide(words, count, scale, logs); }

}  // namespace eic::random
