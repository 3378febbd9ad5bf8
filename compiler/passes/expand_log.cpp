// log, log1p and pow. log(1+f) = 2 atanh(s), s = f/(2+f), in the arrangement of fdlibm's e_log.c.
#include "compiler/passes/expand_math.h"

namespace eic::passes {

namespace {
constexpr double k_ln2_single[] = {0x1.62e43p-1, -1.9046542121259336e-09};
constexpr double k_ln2_double[] = {0x1.62e42fefa39efp-1, 2.3190468138462996e-17};
}  // namespace

Math::Split Math::split(Real x) {
  Int above = bits(x) - bits(number(0x1.6a09e667f3bcdp-1));  // of √½
  Int k = shift_right_signed(above, mantissa_bits());
  Real mantissa = real(bits(x) - (k << mantissa_bits()));
  return {real(k + bits(magic())) - magic(), mantissa - number(1)};
}

// log of the split number, plus a small correction.
Real Math::log_of(const Split& split, Real correction) {
  auto [k, f] = split;
  Real s = f / (f + number(2));
  Real z = s * s;
  Real series = z * polynomial(z, z * z, {0.6666666655260582, 0.40000123090833456, 0.285506989923372, 0.23333417620199182},
                               {0.6666666666666666, 0.4000000000000089, 0.2857142857079473, 0.22222222393609403,
                                0.18181795447839416, 0.1538624969802916, 0.13268515959275978, 0.1308922165233988});
  Real half_square = f * f * number(0.5);
  Real tail = fma(s, half_square + series, fma(k, number(k_ln2_single[1], k_ln2_double[1]), correction));
  return fma(k, number(k_ln2_single[0], k_ln2_double[0]), f - (half_square - tail));
}

Real Math::log(Real x) {
  Real zero = number(0);
  Real outside = select(x == zero, minus_infinity(), select(x < zero, nan(), x));
  return select(zero < x && x < infinity(), log_of(split(x), zero), outside);
}

// log of the rounded sum 1 + x, and what the rounding lost.
Real Math::log1p(Real x) {
  Real one = number(1), minus_one = number(-1);
  Real sum = x + one;
  Real part = sum - one;
  Real lost = (one - (sum - part)) + (x - part);
  Real outside = select(x == minus_one, minus_infinity(), select(x < minus_one, nan(), x));
  return select(minus_one < x && x < infinity(), log_of(split(sum), lost / sum), outside);
}

// log of a positive number to about one and a half times the precision: 2s + s·z·(2/3 + z·P(z)), every large term in two
// parts (Dekker; products by fma).
Math::Double Math::precise_log(Real x) {
  auto sum_of = [](Real large, Real small) { Real sum = large + small; return Double{sum, small - (sum - large)}; };
  auto product_of = [](Double a, Double b) {
    Real high = a.high * b.high;
    Real low = fma(a.high, b.high, -high) + fma(a.high, b.low, a.low * b.high);
    return Double{high, low};
  };
  auto [k, f] = split(x);
  Double below = sum_of(number(2), f);
  Real s_high = f / below.high;
  Real s_low = fma(-s_high, below.low, fma(-s_high, below.high, f)) / below.high;
  Double s = sum_of(s_high, s_low);
  Double z = product_of(s, s);
  Real p = polynomial(z.high, z.high * z.high, {0.39999999903339056, 0.2857153286897709, 0.222046607913726, 0.19122894948219726},
                      {0.4, 0.28571428571428564, 0.22222222222228524, 0.18181818179630316, 0.15384615764865994,
                       0.13333296256142757, 0.11766824712265092, 0.10456076218931952, 0.10764630570181859});
  Double q = sum_of(number(0x1.555556p-1, 0x1.5555555555555p-1), z.high * p);
  q.low = q.low + number(-1.9868215517249155e-08, 3.700743415417188e-17);
  Double cubic = product_of(product_of(s, z), q);
  Double twice = {s.high * number(2), s.low * number(2)};
  Double fraction = sum_of(twice.high, cubic.high);
  fraction.low = fraction.low + (twice.low + cubic.low);
  Real ln2_high = number(k_ln2_single[0], k_ln2_double[0]), ln2_low = number(k_ln2_single[1], k_ln2_double[1]);
  Real whole = k * ln2_high;
  Real whole_low = fma(k, ln2_low, fma(k, ln2_high, -whole));
  // |k ln2| ≥ ln2 > |log(1+f)| unless k = 0, and then the sum is exact.
  Double sum = sum_of(whole, fraction.high);
  return sum_of(sum.high, sum.low + (whole_low + fraction.low));
}

// As C has it: x^0 = 1^y = 1, a negative x needs a whole y. A zero counts as positive.
Real Math::pow(Real x, Real y) {
  Real zero = number(0), one = number(1);
  Real size = abs(x);
  Double precise = precise_log(size);
  Real high = select(size == zero, minus_infinity(), select(size < infinity(), precise.high, size));
  Real low = select(zero < size && size < infinity(), precise.low, zero);
  Real exponent = y * high;
  Real rest = fma(y, high, -exponent) + y * low;
  rest = select(abs(exponent) < number(200, 2000), rest, zero);
  Real power = exp_of(reduce(exponent, Follower::Expm1, {}, &rest));

  Real huge = number(0x1p22, 0x1p51);  // from there on every number is whole, and (but for few) even
  Real shifted = y + magic();
  Bool whole = (shifted - magic() == y) || (huge < abs(y));
  Bool odd = (abs(y) < huge) && bit(bits(shifted), 0);
  Real of_negative = select(whole, select(odd, -power, power), nan());
  Real result = select(x < zero, of_negative, power);
  return select(y == zero || x == one, one, result);
}

}  // namespace eic::passes
