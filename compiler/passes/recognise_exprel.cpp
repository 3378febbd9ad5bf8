// Removable singularities. A sum that is c·(e^x − 1), however it is written, becomes c·expm1(x); a product that holds
// expm1(x) and a factor proportional to x, on opposite sides of the line, becomes exprelr or exprel. Proportional means
// equal as polynomials up to one factor: (w − 40)/5 and 0.1·w − 4 are, x + 1 and x are not. A pole that is one stays.
#include <cmath>

#include "compiler/passes/polynomial.h"

namespace eic::passes {

namespace {

class Recogniser {
 public:
  explicit Recogniser(Builder& build) : build_(build), algebra_(build.function()) {}

  ValueId visit(ValueId id) {
    Op op = build_[id].op;
    if (op == Op::Add || op == Op::Sub) return sum(id);
    if (op == Op::Mul || op == Op::Div) return product(id);
    return id;
  }

 private:
  ValueId function(Op op, ValueId x) { return build_.make(op, x); }
  ValueId negative(ValueId x) { return build_.make(Op::Neg, x); }

  // The argument x where `term` is −e^x.
  std::optional<ValueId> minus_exp(const Term& term) {
    if (std::fabs(term.number + 1) > k_match || term.powers.size() != 1) return std::nullopt;
    auto [id, power] = *term.powers.begin();
    if (build_[id].op != Op::Exp || std::abs(power) != 1) return std::nullopt;
    ValueId x = build_[id].args[0];
    return power == 1 ? x : negative(x);
  }
  bool holds_exp(const Term& term) const {
    for (auto [id, power] : term.powers) {
      if (build_[id].op == Op::Exp) return true;
    }
    return false;
  }

  // c − c·e^x → −c·expm1(x)
  ValueId sum(ValueId id) {
    const Polynomial terms = algebra_.polynomial(id);
    if (terms.size() != 2) return id;
    for (int i : {0, 1}) {
      const Term &c = terms[i], &other = terms[1 - i];
      if (holds_exp(c)) continue;
      if (auto x = minus_exp(other * inverse(c))) {
        Term result = c * Term{-1, {{function(Op::Expm1, *x), 1}}};
        return algebra_.build(build_, result, build_[id].dimension);
      }
    }
    return id;
  }

  ValueId product(ValueId id) {
    Term factors = algebra_.product(id);
    bool changed = false;
    while (step(factors)) changed = true;
    return changed ? algebra_.build(build_, factors, build_[id].dimension) : id;
  }

  bool step(Term& factors) {
    const Term before = factors;  // what is looked through while `factors` changes
    for (auto [id, power] : before.powers) {
      switch (build_[id].op) {
        case Op::Expm1:
          if (pair_up(factors, id, power)) return true;
          break;
        case Op::Tanh:
          if (power < 0 && over_tanh(factors, id)) return true;
          break;
        case Op::Sub:
        case Op::Add:
          if (power < 0 && over_sinh(factors, id)) return true;
          break;
        case Op::Exprel:
        case Op::Exprelr:
          if (turn_over(factors, id, power) || absorb_exp(factors, id, power)) return true;
          break;
        default: break;
      }
    }
    return false;
  }

  // The factor on the side `sign` of the line that is t·x, and t; the replacement must not put a varying factor below the
  // line that was not there.
  struct Match {
    ValueId factor;
    Term ratio;
  };
  std::optional<Match> find_multiple(const Term& factors, const Polynomial& x, int sign) {
    for (auto [id, power] : factors.powers) {
      if (power * sign <= 0) continue;
      auto ratio = quotient(algebra_.polynomial(id), x);
      if (!ratio) continue;
      bool safe = true;
      for (auto [other, other_power] : ratio->powers) {
        int now = factors.power(other) + sign * other_power;
        safe = safe && (!algebra_.varying(other) || now >= std::min(0, factors.power(other)));
      }
      if (safe) return Match{id, *ratio};
    }
    return std::nullopt;
  }

  // x/expm1(x) → exprelr(x), expm1(x)/x → exprel(x)
  bool pair_up(Term& factors, ValueId expm1, int power) {
    ValueId x = build_[expm1].args[0];
    int side = power < 0 ? 1 : -1;  // of x
    auto match = find_multiple(factors, algebra_.polynomial(x), side);
    if (!match) return false;
    ValueId closed = function(side > 0 ? Op::Exprelr : Op::Exprel, x);
    factors = factors * Term{1, {{match->factor, -side}}} * Term{1, {{expm1, side}}} * Term{1, {{closed, 1}}} *
              (side > 0 ? match->ratio : inverse(match->ratio));
    return true;
  }

  // x/tanh(x) = |x| + exprelr(2|x|)
  bool over_tanh(Term& factors, ValueId tanh) {
    ValueId x = build_[tanh].args[0];
    auto match = find_multiple(factors, algebra_.polynomial(x), 1);
    if (!match) return false;
    ValueId size = build_.make(Op::Abs, x);
    ValueId closed = build_.make(Op::Add, size, function(Op::Exprelr, build_.make(Op::Mul, build_.constant(2), size)));
    factors = factors * Term{1, {{match->factor, -1}}} * Term{1, {{tanh, 1}}} * Term{1, {{closed, 1}}} * match->ratio;
    return true;
  }

  // x/(c·(e^x − e^−x)) = exprelr(−2|x|)·e^−|x| / 2c, which is even in x and overflows nowhere
  bool over_sinh(Term& factors, ValueId sum) {
    const Polynomial terms = algebra_.polynomial(sum);
    if (terms.size() != 2) return false;
    for (int i : {0, 1}) {
      auto [rising, c] = split_exp(terms[i]);
      auto [falling, d] = split_exp(terms[1 - i]);
      if (rising == k_no_value || falling == k_no_value) continue;
      if (c.powers != d.powers || std::fabs(c.number + d.number) > k_match * std::fabs(c.number) || holds_exp(c)) continue;
      ValueId x = build_[rising].args[0];
      if (!proportional(algebra_.polynomial(x), algebra_.polynomial(build_[falling].args[0]), -1)) continue;
      auto match = find_multiple(factors, algebra_.polynomial(x), 1);
      if (!match) return false;
      ValueId down = negative(build_.make(Op::Abs, x));
      ValueId twice = build_.make(Op::Mul, build_.constant(2), down);
      ValueId closed = build_.make(Op::Mul, function(Op::Exprelr, twice), function(Op::Exp, down));
      factors = factors * Term{1, {{match->factor, -1}}} * Term{1, {{sum, 1}}} * Term{0.5, {{closed, 1}}} * match->ratio;
      factors = factors * inverse(c);
      return true;
    }
    return false;
  }
  // A term with one e^x: that, and the rest.
  std::pair<ValueId, Term> split_exp(const Term& term) const {
    for (auto [id, power] : term.powers) {
      if (build_[id].op == Op::Exp && power == 1) return {id, term * Term{1, {{id, -1}}}};
    }
    return {k_no_value, term};
  }

  // 1/exprel → exprelr and back
  bool turn_over(Term& factors, ValueId id, int power) {
    if (power >= 0) return false;
    ValueId other = function(build_[id].op == Op::Exprel ? Op::Exprelr : Op::Exprel, build_[id].args[0]);
    factors = factors * Term{1, {{id, 1}}} * Term{1, {{other, 1}}};
    return true;
  }

  // exprelr(x)·e^x → exprelr(−x)
  bool absorb_exp(Term& factors, ValueId id, int power) {
    if (build_[id].op != Op::Exprelr || power <= 0) return false;
    ValueId x = build_[id].args[0];
    const Term before = factors;
    for (auto [other, other_power] : before.powers) {
      if (build_[other].op != Op::Exp || other_power == 0) continue;
      ValueId y = build_[other].args[0];
      if (!proportional(algebra_.polynomial(y), algebra_.polynomial(x), other_power > 0 ? 1 : -1)) continue;
      ValueId closed = function(Op::Exprelr, negative(x));
      factors = factors * Term{1, {{id, -1}}} * Term{1, {{other, other_power > 0 ? -1 : 1}}} * Term{1, {{closed, 1}}};
      return true;
    }
    return false;
  }

  Builder& build_;
  Algebra algebra_;
};

}  // namespace

Function recognise_exprel(const Function& function) {
  std::optional<Recogniser> recogniser;
  return rewrite(function, [&](Builder& build, const Value& value, const Args& args) {
    if (!recogniser) recogniser.emplace(build);
    return recogniser->visit(copy(build, value, args));
  });
}

}  // namespace eic::passes
