// sin and cos: the argument less a whole number of quarter turns, π/2 in three parts, then a polynomial for ±π/4.
#include "compiler/passes/expand_math.h"

namespace eic::passes {

// Bit `index` of n as a condition: moved to the place of a sign.
Bool Math::bit(Int n, int index) {
  Int sign = n << (word_bits() - 1 - index);
  return real((sign & bits(number(-0.0))) | bits(number(1))) < number(0);
}

// The three parts hold up to the limit; beyond it neighbouring numbers lie a good part of a turn apart, and the
// argument counts as 0 (infinity and NaN give NaN).
Math::Turned Math::turn(Real x) {
  Real inside = select(abs(x) < number(0x1p20, 0x1p50), x, x * number(0));
  Real shifted = fma(inside, number(0x1.45f306dc9c883p-1), magic());
  Real n = shifted - magic();
  Real r = fma(n, number(-0x1.921fb6p0, -0x1.921fb54442d18p0), inside);
  r = fma(n, number(4.371138828673793e-08, -6.123233995736766e-17), r);
  r = fma(n, number(1.7151245100058819e-15, 1.4973849048591698e-33), r);
  return {r, bits(shifted)};
}

Real Math::sine_or_cosine(const Turned& turned, Int quarter) {
  Real r = turned.r, z = r * r;
  Real cubic = polynomial(z, z * z, {-0.1666666666252554, 0.008333331382577797, -0.00019839833749282608, 2.7218697889801076e-06},
                          {-0.16666666666666666, 0.00833333333333333, -0.0001984126984126207, 2.7557319217127424e-06,
                           -2.5052105502645754e-08, 1.605842165365629e-10, -7.580530165346213e-13});
  Real quartic = polynomial(z, z * z, {0.041666666663210346, -0.0013888887260980597, 2.480038910505108e-05, -2.7274882441537704e-07},
                            {0.041666666666666664, -0.0013888888888886463, 2.480158729742318e-05, -2.7557316610169506e-07,
                             2.087601518642486e-09, -1.137364734318894e-11});
  Real sine = fma(r * z, cubic, r);
  Real cosine = fma(z, fma(z, quartic, number(-0.5)), number(1));
  Real value = select(bit(quarter, 0), cosine, sine);
  return select(bit(quarter, 1), -value, value);
}

Real Math::sin(Real x) {
  Turned turned = turn(x);
  return sine_or_cosine(turned, turned.n);
}

Real Math::cos(Real x) {
  Turned turned = turn(x);
  return sine_or_cosine(turned, turned.n + integer(1));
}

}  // namespace eic::passes
