// Forward differentiation, value by value. A derivative of zero is no value at all (k_no_value), so sums and products of
// zeros vanish; signs are pulled outwards, so that a·(1−x) − b·x gives −(a+b).
#include <span>

#include "compiler/ir/builder.h"
#include "runtime/contract/check.h"

namespace eic::ir {

namespace {

constexpr ValueId k_zero = k_no_value;

class Differentiator {
 public:
  Differentiator(Builder& builder, uint32_t slot) : build_(builder), slot_(slot) {}

  ValueId run(ValueId f) {
    derivative_.assign(f + 1, k_zero);
    std::vector<bool> needed = needed_for(f);
    for (ValueId id = 0; id <= f; id++) {
      if (needed[id]) derivative_[id] = rule(id);
    }
    if (derivative_[f] != k_zero) return derivative_[f];
    return build_.constant(0, build_[f].dimension / build_.function().columns[slot_].dimension);
  }

 private:
  std::vector<bool> needed_for(ValueId f) const {
    std::vector<bool> needed(f + 1, false);
    needed[f] = true;
    for (ValueId id = f + 1; id-- > 0;) {
      if (!needed[id]) continue;
      for (int i = 0; i < info(build_[id].op).arity; i++) needed[build_[id].args[i]] = true;
    }
    return needed;
  }

  Op op(ValueId x) const { return build_[x].op; }
  ValueId number(double x) { return build_.constant(x); }
  ValueId make(Op o, ValueId a, ValueId b = k_no_value, ValueId c = k_no_value) { return build_.make(o, a, b, c); }

  // Sums and products that know zeros and pull signs out.
  ValueId neg(ValueId a) {
    if (a == k_zero) return k_zero;
    if (op(a) == Op::Sub) return make(Op::Sub, build_[a].args[1], build_[a].args[0]);
    return make(Op::Neg, a);
  }
  ValueId add(ValueId a, ValueId b) {
    if (a == k_zero) return b;
    if (b == k_zero) return a;
    if (op(a) == Op::Neg && op(b) == Op::Neg) return neg(make(Op::Add, build_[a].args[0], build_[b].args[0]));
    if (op(a) == Op::Neg) return make(Op::Sub, b, build_[a].args[0]);
    if (op(b) == Op::Neg) return make(Op::Sub, a, build_[b].args[0]);
    return make(Op::Add, a, b);
  }
  ValueId sub(ValueId a, ValueId b) {
    if (b == k_zero) return a;
    if (a == k_zero) return neg(b);
    if (a == b) return k_zero;
    if (op(a) == Op::Neg && op(b) != Op::Neg) return neg(make(Op::Add, build_[a].args[0], b));
    return make(Op::Sub, a, b);
  }
  ValueId mul(ValueId a, ValueId b) {
    if (a == k_zero || b == k_zero) return k_zero;
    for (auto [x, y] : {std::pair{a, b}, std::pair{b, a}}) {
      bool plain = build_[x].dimension.dimensionless();
      if (op(x) == Op::Neg) return neg(mul(build_[x].args[0], y));
      if (op(x) == Op::Const && plain && build_[x].number == -1) return neg(y);
    }
    return make(Op::Mul, a, b);
  }
  ValueId div(ValueId a, ValueId b) {
    if (a == k_zero) return k_zero;
    if (op(a) == Op::Neg) return neg(div(build_[a].args[0], b));
    return make(Op::Div, a, b);
  }
  // A derivative where a value must stand: a zero of the right dimension.
  ValueId solid(ValueId a, ValueId of) {
    if (a != k_zero) return a;
    return build_.constant(0, build_[of].dimension / build_.function().columns[slot_].dimension);
  }
  ValueId choose(ValueId condition, ValueId a, ValueId b, ValueId of) {
    if (a == k_zero && b == k_zero) return k_zero;
    return make(Op::Select, condition, solid(a, of), solid(b, of));
  }
  ValueId polynomial(ValueId x, std::span<const double> coefficients) {
    ValueId sum = number(coefficients.back());
    for (size_t i = coefficients.size() - 1; i-- > 0;) sum = make(Op::Add, make(Op::Mul, sum, x), number(coefficients[i]));
    return sum;
  }
  // Near 0 the closed forms below cancel: their Taylor series stands in, to full precision for |x| < 0.1.
  ValueId near_zero(ValueId x, std::span<const double> series, ValueId closed) {
    return make(Op::Select, make(Op::Less, make(Op::Abs, x), number(0.1)), polynomial(x, series), closed);
  }
  ValueId exprel_derivative(ValueId x) {  // (e^x − exprel(x))/x; the series is Σ (k+1)/(k+2)! x^k
    static constexpr double k_series[] = {1. / 2,   1. / 3,    1. / 8,     1. / 30,    1. / 144,
                                          1. / 840, 1. / 5760, 1. / 45360, 1. / 403200};
    return near_zero(x, k_series, make(Op::Div, make(Op::Sub, make(Op::Exp, x), make(Op::Exprel, x)), x));
  }
  ValueId exprelr_derivative(ValueId x) {  // (1 − exprelr(−x))/expm1(x); the series follows from the Bernoulli numbers
    static constexpr double k_series[] = {-1. / 2, 1. / 6, 0, -1. / 180, 0, 1. / 5040, 0, -1. / 151200, 0, 1. / 4790016};
    ValueId top = make(Op::Sub, number(1), make(Op::Exprelr, make(Op::Neg, x)));
    return near_zero(x, k_series, make(Op::Div, top, make(Op::Expm1, x)));
  }
  ValueId square(ValueId x) { return make(Op::Mul, x, x); }

  ValueId power_rule(ValueId id, ValueId a, ValueId b) {  // b a^(b−1) a' + a^b log(a) b'
    ValueId base = derivative_[a] == k_zero ? k_zero : mul(mul(b, make(Op::Pow, a, make(Op::Sub, b, number(1)))), derivative_[a]);
    ValueId exponent = derivative_[b] == k_zero ? k_zero : mul(mul(id, make(Op::Log, a)), derivative_[b]);
    return add(base, exponent);
  }

  ValueId rule(ValueId id) {
    const Value value = build_[id];  // a copy: building moves the values
    build_.at(value.span);
    if (value.op == Op::Column) return value.slot == slot_ ? number(1) : k_zero;
    if (info(value.op).type != Type::Real || info(value.op).arity == 0) return k_zero;
    auto [a, b, c] = value.args;
    auto d = [&](int i) { return derivative_[value.args[i]]; };
    bool zero = true;
    for (int i = 0; i < info(value.op).arity; i++) zero = zero && d(i) == k_zero;
    if (zero) return k_zero;
    switch (value.op) {
      case Op::Add: return add(d(0), d(1));
      case Op::Sub: return sub(d(0), d(1));
      case Op::Mul: return add(mul(d(0), b), mul(a, d(1)));
      case Op::Div: return d(1) == k_zero ? div(d(0), b) : div(sub(d(0), mul(id, d(1))), b);
      case Op::Neg: return neg(d(0));
      case Op::Fma: return add(add(mul(d(0), b), mul(a, d(1))), d(2));
      case Op::Sqrt: return div(d(0), make(Op::Mul, number(2), id));
      case Op::Abs: return choose(make(Op::Less, a, build_.constant(0, build_[a].dimension)), neg(d(0)), d(0), id);
      case Op::Min: return choose(make(Op::Less, a, b), d(0), d(1), id);
      case Op::Max: return choose(make(Op::Less, b, a), d(0), d(1), id);
      case Op::Select: return choose(a, d(1), d(2), id);
      case Op::Pow: return power_rule(id, a, b);
      default: return mul(function_derivative(value.op, id, a), d(0));
    }
  }

  ValueId function_derivative(Op o, ValueId id, ValueId x) {
    switch (o) {
      case Op::Exp: return id;
      case Op::Expm1: return make(Op::Exp, x);
      case Op::Log: return make(Op::Div, number(1), x);
      case Op::Log1p: return make(Op::Div, number(1), make(Op::Add, number(1), x));
      case Op::Exprel: return exprel_derivative(x);
      case Op::Exprelr: return exprelr_derivative(x);
      case Op::Tanh: return make(Op::Sub, number(1), square(id));
      case Op::Sin: return make(Op::Cos, x);
      case Op::Cos: return make(Op::Neg, make(Op::Sin, x));
      default: EIC_CHECK(false, "an op that has no derivative"); return k_zero;
    }
  }

  Builder& build_;
  uint32_t slot_;
  std::vector<ValueId> derivative_;
};

}  // namespace

ValueId differentiate(Builder& builder, ValueId f, uint32_t column_slot) { return Differentiator(builder, column_slot).run(f); }

}  // namespace eic::ir
