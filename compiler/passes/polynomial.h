// Values as polynomials over what they are made of (columns, uniforms, results of functions), for the passes that must
// see through the way an expression was written: v/k − a/k and (v − a)/k are the same two terms. Internal to passes/.
#pragma once
#include <map>
#include <optional>
#include <vector>

#include "compiler/passes/rewrite.h"

namespace eic::passes {

// number · Π value^power, no power being 0. The number has whatever dimension is missing.
struct Term {
  double number = 1;
  std::map<ValueId, int> powers;
  int power(ValueId id) const;
};
Term operator*(const Term& a, const Term& b);
Term inverse(const Term& term);

using Polynomial = std::vector<Term>;  // in the order of their powers, which all differ; empty: zero

constexpr double k_match = 1e-12;  // relative: what the rounding of a model's numbers may make of equal ones

bool proportional(const Polynomial& a, const Polynomial& b, double factor, double tolerance = k_match);
// The term t with a = t·b.
std::optional<Term> quotient(const Polynomial& a, const Polynomial& b);

// The polynomials, products and varying flags of a function that may still grow.
class Algebra {
 public:
  explicit Algebra(const Function& function) : function_(function) {}
  const Polynomial& polynomial(ValueId id);  // sums multiplied out, up to a limit
  const Term& product(ValueId id);           // Mul, Div, Neg taken apart; sums are factors
  bool varying(ValueId id);
  // What a Term stands for, as a value of this dimension; what does not vary is gathered in one factor.
  ValueId build(Builder& builder, const Term& term, units::Dimension dimension);

 private:
  Polynomial polynomial_of(ValueId id);
  Term product_of(ValueId id);

  const Function& function_;
  std::vector<Polynomial> polynomials_;
  std::vector<Term> products_;
  std::vector<bool> varying_;
};

}  // namespace eic::passes
