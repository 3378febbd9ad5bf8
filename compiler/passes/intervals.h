// In: a function before `expand`, and intervals of its columns and uniforms. Out: an interval of every value that holds
// whatever the rounding: bounds are rounded outwards in the run's precision, subnormals are flushed, infinities and NaN are
// values. Math functions are taken to be within 4 ulp (they are within 2). Asked by guard.cpp.
#pragma once
#include <limits>
#include <vector>

#include "compiler/passes/passes.h"

namespace eic::passes {

constexpr double k_infinite = std::numeric_limits<double>::infinity();

struct Interval {  // of a condition: 0 is false, 1 is true
  double low = -k_infinite, high = k_infinite;
  bool nan = true;
  bool within(double least, double most) const { return !nan && low >= least && high <= most; }
  bool always() const { return within(1, 1); }
  bool never() const { return within(0, 0); }
};

std::vector<Interval> intervals(const Function& function, Precision precision, const std::vector<Interval>& columns,
                                const std::vector<Interval>& uniforms);
// The number as the run has it.
Interval rounded(double number, Precision precision);

// Arguments for which exp, expm1, exprel and exprelr need no clamp, and 2^n of their reduction is a number of full precision.
struct Range {
  double low, high;
};
constexpr Range unclamped(Precision precision) {
  return precision == Precision::Single ? Range{-87.3, 88.3} : Range{-708.3, 709.3};
}
// Arguments of a smaller size give e^x − 1 = 0.
constexpr double not_zero(Precision precision) { return precision == Precision::Single ? 0x1p-124 : 0x1p-1020; }

}  // namespace eic::passes
