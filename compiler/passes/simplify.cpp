// Algebra for fewer and cheaper operations. What depends on parameters alone is gathered into one factor, which `hoist`
// then takes out of the kernel; a division by it becomes a multiplication. Arguments of the exponential family take the
// form A·x + B, so that equal ones are one value. A division by something that varies stays a division.
#include <utility>

#include "compiler/passes/polynomial.h"

namespace eic::passes {

namespace {

class Simplifier {
 public:
  explicit Simplifier(Builder& build) : build_(build), algebra_(build.function()) {}

  ValueId visit(const Value& value, const Args& args) {
    auto [a, b, c] = args;
    switch (value.op) {
      case Op::Add: return add(a, b);
      case Op::Sub: return sub(a, b);
      case Op::Mul: return mul(a, b);
      case Op::Div: return div(a, b);
      case Op::Neg: return neg(a);
      case Op::Exp: case Op::Exprel: case Op::Exprelr: return build_.make(value.op, canonical(a));
      default: return copy(build_, value, args);
    }
  }

 private:
  ValueId make(Op op, ValueId a, ValueId b = k_no_value) { return build_.make(op, a, b); }
  bool is(ValueId id, Op op) const { return build_[id].op == op; }
  ValueId arg(ValueId id, int i) const { return build_[id].args[i]; }
  bool is_number(ValueId id, double number) const { return is(id, Op::Const) && build_[id].number == number; }
  bool is_plain(ValueId id, double number) const { return is_number(id, number) && build_[id].dimension.dimensionless(); }

  ValueId add(ValueId a, ValueId b) {
    if (is_number(a, 0)) return b;
    if (is_number(b, 0)) return a;
    if (is(a, Op::Neg) && is(b, Op::Neg)) return neg(add(arg(a, 0), arg(b, 0)));
    if (is(a, Op::Neg)) return sub(b, arg(a, 0));
    if (is(b, Op::Neg)) return sub(a, arg(b, 0));
    return make(Op::Add, a, b);
  }

  ValueId sub(ValueId a, ValueId b) {
    if (is_number(a, 0)) return neg(b);
    if (is_number(b, 0)) return a;
    if (is(b, Op::Neg)) return add(a, arg(b, 0));
    if (is(a, Op::Neg)) return neg(add(arg(a, 0), b));
    if (ValueId relaxed = relaxation(a, b); relaxed != k_no_value) return relaxed;
    return make(Op::Sub, a, b);
  }

  // A gate's a·(1 − x) − b·x → a − (a + b)·x, whose sum its J holds too.
  ValueId relaxation(ValueId left, ValueId right) {
    if (!is(left, Op::Mul) || !is(right, Op::Mul)) return k_no_value;
    for (int i : {0, 1}) {
      ValueId a = arg(left, 1 - i), open = arg(left, i);
      if (!is(open, Op::Sub) || !is_plain(arg(open, 0), 1)) continue;
      for (int j : {0, 1}) {
        ValueId x = arg(right, j), b = arg(right, 1 - j);
        if (x == arg(open, 1)) return sub(a, mul(add(a, b), x));
      }
    }
    return k_no_value;
  }

  // u·x, where u does not vary (no value: 1); a product or quotient of two that vary gives up what its parts hold.
  struct Scaled {
    ValueId by = k_no_value;
    ValueId core = k_no_value;
  };
  Scaled scaled(ValueId id) {
    if (is(id, Op::Neg)) {
      Scaled inner = scaled(arg(id, 0));
      return {inner.by == k_no_value ? build_.constant(-1) : neg(inner.by), inner.core};
    }
    if (is(id, Op::Mul)) {
      for (int i : {0, 1}) {
        if (!algebra_.varying(arg(id, i))) return {arg(id, i), arg(id, 1 - i)};
      }
    }
    if (is(id, Op::Mul) || is(id, Op::Div)) {
      for (int i : {0, 1}) {
        if (i == 1 && is(id, Op::Div)) break;
        ValueId part = arg(id, i);
        if (!is(part, Op::Mul) && !is(part, Op::Neg)) continue;
        Scaled inner = scaled(part);
        if (inner.by == k_no_value) continue;
        ValueId other = arg(id, 1 - i);
        return {inner.by, make(build_[id].op, inner.core, other)};
      }
    }
    return {k_no_value, id};
  }
  ValueId times(ValueId by, ValueId core) {
    if (by == k_no_value) return core;
    if (is_plain(by, -1)) return make(Op::Neg, core);
    return make(Op::Mul, by, core);
  }
  // What a sign costs nothing to be moved into: a factor that does not vary.
  bool only_sign(const Scaled& x) const { return x.by != k_no_value && is_plain(x.by, -1); }

  ValueId neg(ValueId a) {
    if (is(a, Op::Sub)) return make(Op::Sub, arg(a, 1), arg(a, 0));
    if (!algebra_.varying(a) || (!is(a, Op::Mul) && !is(a, Op::Neg))) return make(Op::Neg, a);
    Scaled x = scaled(a);
    return x.by == k_no_value ? make(Op::Neg, a) : times(make(Op::Neg, x.by), x.core);
  }

  ValueId mul(ValueId a, ValueId b) {
    if (algebra_.varying(a)) std::swap(a, b);
    if (!algebra_.varying(b)) return make(Op::Mul, a, b);
    Scaled y = scaled(b);
    if (!algebra_.varying(a)) {
      if (is_plain(a, -1)) return neg(b);
      return y.by == k_no_value ? make(Op::Mul, a, b) : times(make(Op::Mul, a, y.by), y.core);
    }
    Scaled x = scaled(a);
    bool both = x.by != k_no_value && y.by != k_no_value;
    if (both) return times(make(Op::Mul, x.by, y.by), make(Op::Mul, x.core, y.core));
    if (only_sign(x)) return neg(make(Op::Mul, x.core, b));
    if (only_sign(y)) return neg(make(Op::Mul, a, y.core));
    return make(Op::Mul, a, b);
  }

  ValueId div(ValueId a, ValueId b) {
    if (!algebra_.varying(b)) {
      if (!algebra_.varying(a)) return make(Op::Div, a, b);
      return mul(make(Op::Div, build_.constant(1), b), a);
    }
    Scaled y = scaled(b);
    if (y.by == k_no_value) return make(Op::Div, a, b);
    if (!algebra_.varying(a)) return make(Op::Div, make(Op::Div, a, y.by), y.core);
    Scaled x = scaled(a);
    if (x.by != k_no_value) return times(make(Op::Div, x.by, y.by), make(Op::Div, x.core, y.core));
    return only_sign(y) ? neg(make(Op::Div, a, y.core)) : make(Op::Div, a, b);
  }

  // Equal arguments, and those that differ in sign, get the very same numbers.
  ValueId canonical(ValueId x) {
    const Polynomial terms = algebra_.polynomial(x);
    for (const auto& [known, id] : known_) {
      if (proportional(terms, known, 1, k_same)) return id;
    }
    Polynomial form = terms;
    for (const auto& [known, id] : known_) {
      if (!proportional(terms, known, -1, k_same)) continue;
      form = known;
      for (Term& term : form) term.number = -term.number;
    }
    ValueId result = affine(form, x);
    known_.emplace_back(form, result);
    return result;
  }

  // A·y + B where one y varies; otherwise x as it is.
  ValueId affine(const Polynomial& terms, ValueId x) {
    ValueId y = k_no_value, slope = k_no_value, offset = k_no_value;
    for (const Term& term : terms) {
      ValueId in = k_no_value;
      for (auto [id, power] : term.powers) {
        if (!algebra_.varying(id)) continue;
        if (in != k_no_value || power != 1) return x;
        in = id;
      }
      if (in != k_no_value && y != k_no_value && in != y) return x;
      if (in != k_no_value) y = in;
    }
    if (y == k_no_value) return x;
    units::Dimension inverse_dimension = units::Dimension{} / build_[y].dimension;
    auto gather = [&](ValueId& sum, ValueId part) { sum = sum == k_no_value ? part : make(Op::Add, sum, part); };
    for (const Term& term : terms) {
      if (term.power(y) == 1) gather(slope, algebra_.build(build_, term * Term{1, {{y, -1}}}, inverse_dimension));
      else gather(offset, algebra_.build(build_, term, {}));
    }
    ValueId product = mul(slope, y);
    return offset == k_no_value ? product : is(product, Op::Neg) ? sub(offset, arg(product, 0)) : make(Op::Add, product, offset);
  }

  static constexpr double k_same = 4e-15;
  Builder& build_;
  Algebra algebra_;
  std::vector<std::pair<Polynomial, ValueId>> known_;
};

// Of arguments that differ in sign one reduction is enough: exprelr(−y) = exprelr(y)·e^y where e^y is there anyway, or
// exprelr(y) and neither exponential.
class Sharer {
 public:
  explicit Sharer(const Function& function)
      : function_(function), algebra_(function), out_(frame_of(function)), build_(out_),
        map_(function.values.size(), k_no_value), partner_(function.values.size(), k_no_value) {
    for (ValueId id = 0; id < function.values.size(); id++) {
      Op op = function.values[id].op;
      if (op == Op::Exp || op == Op::Exprelr) family_.push_back(id);
    }
    for (ValueId id : family_) {
      if (function.values[id].op != Op::Exprelr || find(Op::Exp, id, 1) != k_no_value) continue;
      partner_[id] = find(Op::Exp, id, -1);
      if (ValueId other = find(Op::Exprelr, id, -1); partner_[id] == k_no_value && other < id) partner_[id] = other;
    }
  }

  Function run() {
    for (ValueId id = 0; id < function_.values.size(); id++) moved(id);
    copy_outputs(function_, map_, out_);
    return std::move(out_);
  }

 private:
  ValueId argument(ValueId id) const { return function_.values[id].args[0]; }

  ValueId find(Op op, ValueId like, double sign) {
    for (ValueId id : family_) {
      if (function_.values[id].op != op) continue;
      if (proportional(algebra_.polynomial(argument(id)), algebra_.polynomial(argument(like)), sign, 0)) return id;
    }
    return k_no_value;
  }

  // A partner may stand further down: then it is made here already.
  ValueId moved(ValueId id) {
    if (map_[id] != k_no_value) return map_[id];
    const Value& value = function_.values[id];
    ValueId partner = std::exchange(partner_[id], k_no_value);
    Args args = value.args;
    for (int i = 0; i < ir::info(value.op).arity; i++) args[i] = moved(args[i]);
    ValueId mirrored = partner == k_no_value ? k_no_value : moved(argument(partner));
    build_.at(value.span);
    return map_[id] = partner == k_no_value ? copy(build_, value, args) : from_mirrored(mirrored);
  }

  // Beyond 40 e^−y is below half an ulp, and e^y may have no number.
  ValueId from_mirrored(ValueId y) {
    ValueId product = build_.make(Op::Mul, build_.make(Op::Exprelr, y), build_.make(Op::Exp, y));
    return build_.make(Op::Select, build_.make(Op::Less, build_.constant(40), y), y, product);
  }

  const Function& function_;
  Algebra algebra_;
  Function out_;
  Builder build_;
  std::vector<ValueId> map_, partner_;
  std::vector<ValueId> family_;
};

}  // namespace

Function simplify(const Function& function) {
  std::optional<Simplifier> simplifier;
  Function simple = rewrite(function, [&](Builder& build, const Value& value, const Args& args) {
    if (!simplifier) simplifier.emplace(build);
    return simplifier->visit(value, args);
  });
  return Sharer(prune(simple)).run();
}

}  // namespace eic::passes
