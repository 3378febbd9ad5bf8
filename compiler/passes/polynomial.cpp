#include "compiler/passes/polynomial.h"

#include <algorithm>
#include <cmath>

namespace eic::passes {

namespace {

constexpr size_t k_max_terms = 16;  // a longer polynomial is taken as one factor
constexpr double k_cancelled = 1e-15;

bool close(double a, double b, double tolerance) { return std::fabs(a - b) <= tolerance * std::max(std::fabs(a), std::fabs(b)); }

bool by_powers(const Term& a, const Term& b) { return a.powers < b.powers; }

Polynomial collected(Polynomial terms) {
  std::stable_sort(terms.begin(), terms.end(), by_powers);
  Polynomial out;
  for (Term& term : terms) {
    if (out.empty() || out.back().powers != term.powers) {
      out.push_back(std::move(term));
      continue;
    }
    double size = std::fabs(out.back().number) + std::fabs(term.number);
    out.back().number += term.number;
    if (std::fabs(out.back().number) <= k_cancelled * size) out.back().number = 0;
  }
  std::erase_if(out, [](const Term& term) { return term.number == 0; });
  return out;
}

Polynomial scaled(Polynomial terms, const Term& by) {
  for (Term& term : terms) term = term * by;
  return collected(std::move(terms));
}

// Numbers that take part in products and quotients: not 0, infinity or NaN.
bool is_plain_number(const Value& value) { return value.op == Op::Const && value.number != 0 && std::isfinite(value.number); }

}  // namespace

int Term::power(ValueId id) const {
  auto found = powers.find(id);
  return found == powers.end() ? 0 : found->second;
}

Term operator*(const Term& a, const Term& b) {
  Term out = a;
  out.number *= b.number;
  for (auto [id, power] : b.powers) {
    if ((out.powers[id] += power) == 0) out.powers.erase(id);
  }
  return out;
}

Term inverse(const Term& term) {
  Term out = term;
  out.number = 1 / term.number;
  for (auto& [id, power] : out.powers) power = -power;
  return out;
}

bool proportional(const Polynomial& a, const Polynomial& b, double factor, double tolerance) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const Term& x, const Term& y) {
    return x.powers == y.powers && close(x.number, factor * y.number, tolerance);
  });
}

std::optional<Term> quotient(const Polynomial& a, const Polynomial& b) {
  if (a.empty() || a.size() != b.size()) return std::nullopt;
  for (const Term& term : b) {
    Term candidate = a.front() * inverse(term);
    if (proportional(a, scaled(b, candidate), 1)) return candidate;
  }
  return std::nullopt;
}

const Polynomial& Algebra::polynomial(ValueId id) {
  while (polynomials_.size() <= id) polynomials_.push_back(polynomial_of(static_cast<ValueId>(polynomials_.size())));
  return polynomials_[id];
}

const Term& Algebra::product(ValueId id) {
  while (products_.size() <= id) products_.push_back(product_of(static_cast<ValueId>(products_.size())));
  return products_[id];
}

bool Algebra::varying(ValueId id) {
  if (varying_.size() <= id) extend_varying(function_, varying_);
  return varying_[id];
}

Polynomial Algebra::polynomial_of(ValueId id) {
  const Value& value = function_.values[id];
  const Polynomial whole = {{1, {{id, 1}}}};
  auto arg = [&](int i) -> const Polynomial& { return polynomials_[value.args[i]]; };
  Polynomial terms;
  switch (value.op) {
    case Op::Const:
      if (!std::isfinite(value.number)) return whole;
      if (value.number != 0) terms.push_back({value.number, {}});
      return terms;
    case Op::Add:
    case Op::Sub:
      terms = arg(0);
      for (Term term : arg(1)) {
        if (value.op == Op::Sub) term.number = -term.number;
        terms.push_back(std::move(term));
      }
      break;
    case Op::Neg: return scaled(arg(0), {-1, {}});
    case Op::Mul:
      if (arg(0).size() * arg(1).size() > k_max_terms) return whole;
      for (const Term& a : arg(0)) {
        for (const Term& b : arg(1)) terms.push_back(a * b);
      }
      break;
    case Op::Div:
      if (arg(1).size() == 1) return scaled(arg(0), inverse(arg(1).front()));
      return scaled(arg(0), {1, {{value.args[1], -1}}});
    default: return whole;
  }
  terms = collected(std::move(terms));
  return terms.size() > k_max_terms ? whole : terms;
}

Term Algebra::product_of(ValueId id) {
  const Value& value = function_.values[id];
  auto arg = [&](int i) -> const Term& { return products_[value.args[i]]; };
  if (is_plain_number(value)) return {value.number, {}};
  switch (value.op) {
    case Op::Mul: return arg(0) * arg(1);
    case Op::Div: return arg(0) * inverse(arg(1));
    case Op::Neg: return arg(0) * Term{-1, {}};
    default: return {1, {{id, 1}}};
  }
}

ValueId Algebra::build(Builder& builder, const Term& term, units::Dimension dimension) {
  ValueId factors[2][2] = {{k_no_value, k_no_value}, {k_no_value, k_no_value}};  // [varying][below the line]
  for (auto [id, power] : term.powers) {
    for (int i = 0; i < std::abs(power); i++) {
      dimension = power > 0 ? dimension / builder[id].dimension : dimension * builder[id].dimension;
    }
    ValueId& place = factors[varying(id)][power < 0];
    ValueId raised = builder.power(id, std::abs(power));
    place = place == k_no_value ? raised : builder.make(Op::Mul, place, raised);
  }
  bool negative = term.number == -1 && dimension.dimensionless();
  ValueId result = builder.constant(negative ? 1 : term.number, dimension);
  for (auto [above, below] : factors) {
    if (above != k_no_value) result = builder.make(Op::Mul, result, above);
    if (below != k_no_value) result = builder.make(Op::Div, result, below);
  }
  return negative ? builder.make(Op::Neg, result) : result;
}

}  // namespace eic::passes
