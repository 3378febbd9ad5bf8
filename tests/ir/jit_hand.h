// Functions made by hand, so that the tests of lowering and JIT stand without builder and passes: a small arithmetic
// notation over ir::Function, and the reference cell (the arithmetic of the hand-written floor) in it.
#pragma once
#include <cmath>

#include "compiler/ir/ir.h"

namespace eic::hand {

struct Term;

class Maker {
 public:
  Maker(std::string name, ir::Precision precision) : precision(precision) { function.name = std::move(name); }

  Term push(ir::Value value);
  Term op(ir::Op op, Term a, Term b, Term c);
  Term op(ir::Op op, Term a, Term b);
  Term op(ir::Op op, Term a);
  Term number(double value);
  Term integer(int64_t value);
  Term column(uint32_t slot);
  Term uniform(uint32_t slot);
  void store(uint32_t slot, Term value, bool guarded = true);

  ir::Function function;
  ir::Precision precision;
  ir::Span span;
};

struct Term {
  Maker* maker;
  ir::ValueId id;
};

inline Term Maker::push(ir::Value value) {
  value.span = span;
  function.values.push_back(value);
  return {this, static_cast<ir::ValueId>(function.values.size() - 1)};
}
inline Term Maker::op(ir::Op op, Term a, Term b, Term c) { return push({.op = op, .args = {a.id, b.id, c.id}}); }
inline Term Maker::op(ir::Op op, Term a, Term b) { return push({.op = op, .args = {a.id, b.id, ir::k_no_value}}); }
inline Term Maker::op(ir::Op op, Term a) { return push({.op = op, .args = {a.id, ir::k_no_value, ir::k_no_value}}); }
inline Term Maker::number(double value) { return push({.op = ir::Op::Const, .number = value}); }
inline Term Maker::integer(int64_t value) { return push({.op = ir::Op::IntConst, .integer = value}); }
inline Term Maker::column(uint32_t slot) {
  if (function.columns.size() <= slot) function.columns.resize(slot + 1);
  return push({.op = ir::Op::Column, .slot = slot});
}
inline Term Maker::uniform(uint32_t slot) {
  if (function.uniforms.size() <= slot) function.uniforms.resize(slot + 1);
  return push({.op = ir::Op::Uniform, .slot = slot});
}
inline void Maker::store(uint32_t slot, Term value, bool guarded) {
  if (function.columns.size() <= slot) function.columns.resize(slot + 1);
  function.stores.push_back({.slot = slot, .value = value.id, .span = span, .guarded = guarded});
}

inline Term operator+(Term a, Term b) { return a.maker->op(ir::Op::Add, a, b); }
inline Term operator-(Term a, Term b) { return a.maker->op(ir::Op::Sub, a, b); }
inline Term operator*(Term a, Term b) { return a.maker->op(ir::Op::Mul, a, b); }
inline Term operator/(Term a, Term b) { return a.maker->op(ir::Op::Div, a, b); }
inline Term operator-(Term a) { return a.maker->op(ir::Op::Neg, a); }
inline Term fma(Term a, Term b, Term c) { return a.maker->op(ir::Op::Fma, a, b, c); }
inline Term less(Term a, Term b) { return a.maker->op(ir::Op::Less, a, b); }
inline Term select(Term condition, Term a, Term b) { return a.maker->op(ir::Op::Select, condition, a, b); }

// exp and expm1 by the two-constant reduction x = n·ln2 + r.
class Exponentials {
 public:
  explicit Exponentials(Maker& maker) : m_(maker), one_(maker.number(1)) {
    bool single = m_.precision == ir::Precision::Single;
    log2e_ = number(1.4426950408889634074);
    magic_ = number(single ? 12582912.0 : 6755399441055744.0);
    high_ = number(single ? -0.693145751953125 : -6.93147180369123816490e-01);
    low_ = number(single ? -1.428606765330187e-6 : -1.90821492927058770002e-10);
    shift_ = m_.integer(single ? 23 : 52).id;
    if (single)
      for (double k : {1.9875691500E-4, 1.3981999507E-3, 8.3334519073E-3, 4.1665795894E-2, 1.6666665459E-1, 5.0000001201E-1})
        taylor_.push_back(number(k));
    else
      for (double k : {1.6059043836821613e-10, 2.08767569878681e-09, 2.505210838544172e-08, 2.755731922398589e-07,
                       2.7557319223985893e-06, 2.48015873015873e-05, 1. / 5040, 1. / 720, 1. / 120, 1. / 24, 1. / 6, 0.5})
        taylor_.push_back(number(k));
  }

  Term exp(Term x) {
    Reduced r = reduce(x);
    return from_bits(m_.op(ir::Op::IAdd, to_bits(r.em1 + one()), r.power));
  }
  Term expm1(Term x) {
    Reduced r = reduce(x);
    Term s = from_bits(m_.op(ir::Op::IAdd, to_bits(one()), r.power));
    return fma(s, r.em1, s - one());
  }

 private:
  struct Reduced {
    Term em1, power;
  };
  Reduced reduce(Term x) {
    Term t = fma(x, term(log2e_), term(magic_));
    Term k = t - term(magic_);
    Term r = fma(k, term(low_), fma(k, term(high_), x));
    return {polynomial(r), m_.op(ir::Op::IShl, to_bits(t), term(shift_))};
  }
  // Horner in single; in double even and odd parts side by side, which shortens the chain.
  Term polynomial(Term r) {
    auto c = [&](size_t i) { return term(taylor_[i]); };
    if (m_.precision == ir::Precision::Single) {
      Term p = c(0);
      for (size_t i = 1; i < 6; i++) p = fma(p, r, c(i));
      return fma(p, r * r, r);
    }
    Term r2 = r * r, r4 = r2 * r2;
    Term q0 = fma(fma(r, c(8), c(9)), r2, fma(r, c(10), c(11)));
    Term q1 = fma(fma(r, c(4), c(5)), r2, fma(r, c(6), c(7)));
    Term q2 = fma(fma(r, c(0), c(1)), r2, fma(r, c(2), c(3)));
    Term p = fma(q2, r4 * r4, fma(q1, r4, q0));
    return fma(p, r2, r);
  }
  ir::ValueId number(double value) { return m_.number(value).id; }
  Term term(ir::ValueId id) { return {&m_, id}; }
  Term one() { return one_; }
  Term to_bits(Term x) { return m_.op(ir::Op::ToBits, x); }
  Term from_bits(Term x) { return m_.op(ir::Op::FromBits, x); }

  Maker& m_;
  Term one_;
  ir::ValueId log2e_, magic_, high_, low_, shift_;
  std::vector<ir::ValueId> taylor_;
};

// One step of the flagship's cell. Columns: v, m, h, n, g_exc, g_inh. Uniforms: the parameters, as after `hoist`.
inline ir::Function reference_step(ir::Precision precision) {
  Maker m("COBAHH.N", precision);
  auto k = [&](double x) { return m.number(x); };
  Term gl = m.uniform(0), gl_el = m.uniform(1), gna = m.uniform(2), ena = m.uniform(3), gk = m.uniform(4), ek = m.uniform(5);
  Term ei = m.uniform(6), vsh = m.uniform(7), minus_dt = m.uniform(8), decay_e = m.uniform(9), decay_i = m.uniform(10);
  Exponentials e(m);
  Term zero = k(0), one = k(1);
  Term v = m.column(0), gm = m.column(1), gh = m.column(2), gn = m.column(3), ge = m.column(4), gi = m.column(5);
  auto clamp_low = [&](Term x, double low) { return m.op(ir::Op::Max, k(low), x); };
  Term w = m.op(ir::Op::Min, k(163), clamp_low(v - vsh, -137));
  auto exprelr = [&](Term x, Term em1) {
    Term at_zero = m.op(ir::Op::Equal, em1, zero);
    return select(at_zero, one, x) / select(at_zero, one, em1);
  };
  Term x1 = (k(13) - w) * k(0.25), x2 = (k(40) - w) * k(0.2), x3 = (k(15) - w) * k(0.2);
  Term q2 = e.expm1(x2), e2 = q2 + one;
  Term am = k(1.28) * exprelr(x1, e.expm1(x1)), bm = k(1.4) * exprelr(x2, q2) * e2;
  Term ah = k(0.128) * e.exp((k(17) - w) * k(1. / 18)), bh = k(4) / (e2 + one);
  Term an = k(0.16) * exprelr(x3, e.expm1(x3)), bn = k(0.5) * e.exp((k(10) - w) * k(1. / 40));
  Term g_na = gna * (gm * gm) * (gm * gh), n2 = gn * gn, g_k = gk * (n2 * n2);
  Term g = (gl + ge) + (gi + g_na) + g_k;
  Term current = fma(gi, ei, fma(g_k, ek, fma(g_na, ena, gl_el)));
  Term v1 = fma(v - current / g, e.expm1(clamp_low(g * minus_dt, -80)), v);
  auto gate = [&](Term x, Term a, Term b) {
    Term sum = a + b;
    return fma(x - a / sum, e.expm1(sum * minus_dt), x);
  };
  Term m1 = gate(gm, am, bm), h1 = gate(gh, ah, bh), n1 = gate(gn, an, bn);
  m.store(0, v1), m.store(1, m1), m.store(2, h1), m.store(3, n1), m.store(4, ge * decay_e), m.store(5, gi * decay_i);
  Term threshold = k(-20);
  m.function.spike = m.op(ir::Op::And, less(v, threshold), m.op(ir::Op::LessEqual, threshold, v1)).id;
  return m.function;
}

inline std::vector<double> reference_uniforms() {
  return {0.05, -3, 100, 50, 30, -90, -80, -63, -0.1, 0.98019867330675525, 0.99004983374916811};
}

}  // namespace eic::hand
