// exp, expm1, exprel, exprelr, tanh: one reduction and one polynomial, shared by the builder where the argument is the same.
#include <vector>

#include "compiler/passes/expand_math.h"

namespace eic::passes {

Real Math::horner(Real x, Coefficients coefficients) {
  const double* c = coefficients.end();
  Real sum = number(*--c);
  while (c != coefficients.begin()) sum = fma(sum, x, number(*--c));
  return sum;
}

Real Math::polynomial(Real x, Real x_squared, Coefficients single, Coefficients twice) {
  std::vector<double> all(single_ ? single : twice);
  Real part[2] = {number(0), number(0)};
  for (size_t parity : {0, 1}) {
    size_t i = all.size() - 1 - (all.size() - 1 - parity) % 2;
    part[parity] = number(all[i]);
    while (i >= 2) part[parity] = fma(part[parity], x_squared, number(all[i -= 2]));
  }
  return fma(part[1], x, part[0]);
}

// Two-constant reduction: n·ln2 is subtracted in two parts by fma, the first of which is exact. Clamped so that 2^n stays a
// number: below, e^x is subnormal and thus 0; above, it is infinite. `low` is what x lacks to be exact (pow).
// In double two more things keep expm1's followers within 2 ulp: n is taken a little low (r lies in −0.45 … 0.55 of
// ln2), where less of e^r − 1 cancels when n is 1; and the small parts are summed before r comes in. `exp` needs neither.
Math::Reduced Math::reduce(Real x, Follower follower, Proven proven, const Real* low) {
  bool plain = single_ || follower == Follower::Exp;
  Real top = min(number(89.0, 709.9), x);
  Real clamped = max(number(-87.5, -708.5), top);
  if (proven.not_above) twin(top, x);
  if (proven.not_below) twin(clamped, top);
  Real log2e = number(0x1.71547652b82fep0);
  Real shifted = plain ? fma(clamped, log2e, magic()) : fma(clamped, log2e, number(-0.05)) + magic();
  Real n = shifted - magic();
  Real rough = fma(n, number(-0x1.62e43p-1, -0x1.62e42fefa39efp-1), clamped);
  Real ln2_low = number(1.9046542121259336e-09, -2.3190468138462996e-17);
  Int scale = bits(shifted) << mantissa_bits();
  if (plain && !low) {
    Real r = fma(n, ln2_low, rough);
    Real square = r * r;
    return {top, clamped, fma(exp_series(r, square), square, r), scale};
  }
  Real rest = low ? fma(n, ln2_low, *low) : n * ln2_low;
  Real r = rough + rest;
  Real square = r * r;
  return {top, clamped, rough + fma(exp_series(r, square), square, rest), scale};
}

// (e^r − 1 − r)/r².
Real Math::exp_series(Real r, Real square) {
  return polynomial(r, square,
                    {0.5000000046291544, 0.1666666681709533, 0.041666354809068246, 0.008333273043869703, 0.0013941011006923134,
                     0.00019914176960075136},
                    {0.5, 0.1666666666666667, 0.04166666666666814, 0.008333333333328313, 0.0013888888888042637,
                     0.00019841269863851284, 2.480158924819232e-05, 2.755727274192804e-06, 2.7555362058605495e-07,
                     2.5096657250258795e-08, 2.1605167100667e-09});
}

// 2^n is added to the exponent of e^r. Above the largest number that makes a NaN's pattern, which `min` turns into
// infinity; fma with a zero flushes a subnormal pattern and brings the NaN of a NaN argument back.
Real Math::exp_of(const Reduced& reduced) {
  Real scaled = real(bits(reduced.em1 + number(1)) + reduced.scale);
  return fma(reduced.clamped, number(0), min(scaled, infinity()));
}

// 2^n (e^r − 1) + (2^n − 1) with 2^(n−1), since 2^1024 is no number.
Real Math::expm1_of(const Reduced& reduced) {
  Real half_scale = real(reduced.scale + bits(number(0.5)));
  return fma(half_scale, reduced.em1, half_scale - number(0.5)) * number(2);
}

// The same where 2^n is a number; it differs only for arguments of which 2^(n−1) (e^r − 1) is flushed.
Real Math::whole_expm1_of(const Reduced& reduced) {
  Real scale = real(reduced.scale + bits(number(1)));
  return fma(scale, reduced.em1, scale - number(1));
}

Real Math::exp(Real x, Proven proven, Follower follower) {
  Reduced reduced = reduce(x, follower, proven);
  Real result = exp_of(reduced);
  if (proven.not_above && proven.not_below) twin(result, real(bits(reduced.em1 + number(1)) + reduced.scale));
  return result;
}

Real Math::expm1(Real x, Proven proven) {
  Reduced reduced = reduce(x, Follower::Expm1, proven);
  Real result = expm1_of(reduced);
  if (proven.not_above && proven.not_zero) twin(result, whole_expm1_of(reduced));
  return result;
}

// The limit 1 stands where e^x − 1 is zero, which holds for arguments near the smallest normal number too: there the ratio of
// the whole e^x − 1 is 1 as well.
Real Math::exprel(Real x, Proven proven) {
  Reduced reduced = reduce(x, Follower::Expm1, proven);
  Real difference = expm1_of(reduced);
  Real result = over_one(difference, difference / reduced.top);
  if (!proven.not_above) return result;
  Real whole = whole_expm1_of(reduced), ratio = whole / reduced.top;
  twin(result, proven.not_zero ? ratio : over_one(whole, ratio));
  return result;
}

Real Math::exprelr(Real x, Proven proven) {
  Reduced reduced = reduce(x, Follower::Expm1, proven);
  Real difference = expm1_of(reduced);
  Real result = over_one(difference, reduced.top / difference);
  if (!proven.not_above) return result;
  Real whole = whole_expm1_of(reduced), ratio = reduced.top / whole;
  twin(result, proven.not_zero ? ratio : over_one(whole, ratio));
  return result;
}

// (e^2x − 1)/(e^2x + 1) of |x|; what the denominator and the quotient were rounded by is made up for.
Real Math::tanh(Real x) {
  Real difference = expm1(min(number(20, 40), abs(x) * number(2)), {});
  Real sum = difference + number(2);
  Real larger = max(number(2), difference), smaller = min(number(2), difference);
  Real residue = smaller - (sum - larger);
  Real quotient = difference / sum;
  Real remainder = fma(-quotient, residue, fma(-quotient, sum, difference));
  Real result = quotient + remainder / sum;
  return select(x < number(0), -result, result);
}

}  // namespace eic::passes
