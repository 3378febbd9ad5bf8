// The math functions as primitive ops, for one precision: what `expand` replaces them by. Each is within 2 ulp over the
// whole range (tests/ir/math_*.cpp). All arithmetic is in the run's precision, the builder must not fold. The sign of a
// zero is not kept, arguments below the smallest normal number are zero, results below it are zero.
// Coefficients: minimax polynomials computed with Remez exchange in 60 digits (docs/numerics.md).
#pragma once
#include <initializer_list>

#include "compiler/passes/expression.h"

namespace eic::passes {

class Math {
 public:
  Math(ir::Builder& builder, ir::Precision precision) : build_(builder), single_(precision == ir::Precision::Single) {}

  // What is known of an argument inside the function's guard: then the value has a twin without what is needed for the rest.
  struct Proven {
    bool not_above = false, not_below = false;  // `unclamped`
    bool not_zero = false;
  };
  // What a reduction serves: exp alone takes a cheaper one, unless it can share that of expm1, exprel or exprelr.
  enum class Follower : uint8_t { Exp, Expm1 };
  Real exp(Real x, Proven proven, Follower follower = Follower::Exp);
  Real expm1(Real x, Proven proven);
  Real exprel(Real x, Proven proven);   // overflows where e^x does, x > 709.78 (88.72)
  Real exprelr(Real x, Proven proven);  // 0 from there on
  Real tanh(Real x);
  Real log(Real x);
  Real log1p(Real x);
  Real sin(Real x);      // |x| up to 2^50 (2^20); arguments beyond count as 0
  Real cos(Real x);
  Real pow(Real x, Real y);

 private:
  struct Reduced {  // x = n ln2 + r
    Real top;       // x, clamped from above
    Real clamped;   // and from below
    Real em1;       // e^r − 1
    Int scale;      // n in the place of the exponent
  };
  Reduced reduce(Real x, Follower follower, Proven proven, const Real* low = nullptr);
  Real exp_series(Real r, Real square);
  Real exp_of(const Reduced& reduced);
  Real expm1_of(const Reduced& reduced);
  Real whole_expm1_of(const Reduced& reduced);
  Real over_one(Real zero, Real ratio) { return select(zero == number(0), number(1), ratio); }
  void twin(Real value, Real other) { build_.function().twins.push_back({value.id, other.id}); }

  struct Split {  // x = 2^k (1 + f), 1 + f in √½ … √2
    Real k, f;
  };
  Split split(Real x);
  Real log_of(const Split& split, Real correction);
  struct Double {  // high + low
    Real high, low;
  };
  Double precise_log(Real x);  // in one and a half times the precision

  struct Turned {  // x = n π/2 + r
    Real r;
    Int n;
  };
  Turned turn(Real x);
  Real sine_or_cosine(const Turned& turned, Int quarter);

  Real number(double both) { return {&build_, build_.constant(both)}; }
  Real number(double single, double twice) { return number(single_ ? single : twice); }
  Int integer(int64_t value) { return {&build_, build_.integer(value)}; }
  Real infinity() { return number(std::numeric_limits<double>::infinity()); }
  Real minus_infinity() { return number(-std::numeric_limits<double>::infinity()); }
  Real nan() { return number(std::numeric_limits<double>::quiet_NaN()); }
  Real magic() { return number(0x1.8p23, 0x1.8p52); }  // (x + magic) − magic rounds to a whole number, kept in the low bits
  int mantissa_bits() const { return single_ ? 23 : 52; }
  int word_bits() const { return single_ ? 32 : 64; }
  using Coefficients = std::initializer_list<double>;  // of x^0, x^1, …
  Real horner(Real x, Coefficients coefficients);
  Real polynomial(Real x, Real x_squared, Coefficients single, Coefficients twice);  // even and odd part side by side
  Bool bit(Int n, int index);

  ir::Builder& build_;
  bool single_;
};

}  // namespace eic::passes
