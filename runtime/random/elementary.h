// log, log1p and exp from + − × ÷ alone, so that draws have the same bits on every machine and with every libm.
// Arguments: log takes x > 0, finite and normal; log1p takes −1 < x ≤ 1; errors stay below 2 ulp. Called by the draws.
#pragma once
#include <bit>
#include <cstdint>

namespace eic::random {

inline double log(double x) {
  // x = 2^k·m with m in [√½, √2), log m = 2·atanh(s), s = (m − 1)/(m + 1), |s| < 0.172: the series needs ten terms.
  constexpr double k_ln2_high = 0x1.62e42fee00000p-1, k_ln2_low = 0x1.a39ef35793c76p-33;  // k·high is exact
  constexpr uint64_t k_sqrt_half = 0x3fe6a09e667f3bcd;
  const uint64_t bits = std::bit_cast<uint64_t>(x);
  const int64_t exponent = static_cast<int64_t>(bits - k_sqrt_half) >> 52;
  const double m = std::bit_cast<double>(bits - (static_cast<uint64_t>(exponent) << 52));
  const double f = m - 1.0;
  const double s = f / (2.0 + f), z = s * s, z2 = z * z, z4 = z2 * z2;
  const double low = (2.0 / 3 + z * (2.0 / 5)) + z2 * (2.0 / 7 + z * (2.0 / 9));
  const double middle = (2.0 / 11 + z * (2.0 / 13)) + z2 * (2.0 / 15 + z * (2.0 / 17));
  const double tail = z * (low + z4 * (middle + z4 * (2.0 / 19 + z * (2.0 / 21))));
  // log m = 2s + s·tail and 2s = f − s·f: written so that f, the large part, is added last.
  const double k = static_cast<double>(exponent);
  return k * k_ln2_high + (f - (s * (f - tail) - k * k_ln2_low));
}

inline double log1p(double x) {
  const double u = 1.0 + x;
  return u == 1.0 ? x : log(u) * (x / (u - 1.0));  // the rounding of u cancels in the quotient
}

inline double exp(double x) {
  if (x > 709.7) return std::bit_cast<double>(uint64_t{0x7ff} << 52);
  if (x < -708.0) return 0.0;
  constexpr double k_log2e = 0x1.71547652b82fep0, k_ln2_high = 0x1.62e42fee00000p-1, k_ln2_low = 0x1.a39ef35793c76p-33;
  const double scaled = x * k_log2e;
  const auto k = static_cast<int64_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
  const double r = (x - static_cast<double>(k) * k_ln2_high) - static_cast<double>(k) * k_ln2_low;
  double sum = 1.0;
  for (int n = 14; n >= 1; --n) sum = 1.0 + r * sum / n;
  // Two factors, since 2^1024 is beyond the range while its product with the sum may not be.
  const double half = std::bit_cast<double>(static_cast<uint64_t>(1023 + k / 2) << 52);
  const double rest = std::bit_cast<double>(static_cast<uint64_t>(1023 + k - k / 2) << 52);
  return sum * half * rest;
}

}  // namespace eic::random
