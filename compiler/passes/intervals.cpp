#include "compiler/passes/intervals.h"

#include <algorithm>
#include <cmath>

#include "compiler/passes/rewrite.h"

namespace eic::passes {

namespace {

// Of exact numbers: 0·∞ is 0, so that a bound stays a bound; who multiplies asks for NaN apart.
double product(double a, double b) { return a == 0 || b == 0 ? 0 : a * b; }
bool infinite(const Interval& x) { return std::isinf(x.low) || std::isinf(x.high); }

class Analysis {
 public:
  Analysis(Precision precision, const std::vector<Interval>& columns, const std::vector<Interval>& uniforms)
      : single_(precision == Precision::Single), columns_(columns), uniforms_(uniforms) {}

  std::vector<Interval> run(const Function& function) {
    for (const Value& value : function.values) {
      known_.push_back(of(value));
      if (value.op == Op::Mul) mirror(function, value);
    }
    return std::move(known_);
  }
  Interval number(double x) const {
    if (single_) x = static_cast<float>(x);
    return std::isnan(x) ? Interval{} : widened(x, x, false);
  }

 private:
  double smallest() const { return single_ ? 0x1p-126 : 0x1p-1022; }

  // Rounding keeps the order, so a bound of zero stays one; below the smallest normal number all is flushed.
  Interval widened(double low, double high, bool nan, int ulps = 1) const {
    const double step = ulps * (single_ ? 0x1p-23 : 0x1p-52), largest = single_ ? std::numeric_limits<float>::max() : k_largest;
    auto away = [&](double x) {
      double wide = x * (1 + step);
      if (std::fabs(wide) < smallest()) return std::copysign(smallest(), x);
      return std::fabs(wide) >= largest ? std::copysign(k_infinite, x) : wide;
    };
    auto nearer = [&](double x) {
      double less = std::isinf(x) ? std::copysign(largest, x) : x * (1 - step);
      return std::fabs(less) <= 3 * smallest() ? 0 : less;  // small arguments of e^x − 1 count as 0
    };
    if (std::isnan(low) || std::isnan(high)) return {};
    return {low == 0 ? 0 : low < 0 ? away(low) : nearer(low), high == 0 ? 0 : high > 0 ? away(high) : nearer(high), nan};
  }

  Interval add(const Interval& a, const Interval& b) const {
    auto sum = [](double x, double y, double otherwise) { double s = x + y; return std::isnan(s) ? otherwise : s; };
    bool nan = a.nan || b.nan || (a.high == k_infinite && b.low == -k_infinite) || (a.low == -k_infinite && b.high == k_infinite);
    return widened(sum(a.low, b.low, -k_infinite), sum(a.high, b.high, k_infinite), nan);
  }
  static Interval negated(const Interval& a) { return {-a.high, -a.low, a.nan}; }
  static bool has_zero(const Interval& a) { return a.low <= 0 && a.high >= 0; }
  // Least and largest of f where it rises or falls in each argument.
  template <class F>
  static std::pair<double, double> corners(const Interval& a, const Interval& b, F f) {
    return std::minmax({f(a.low, b.low), f(a.low, b.high), f(a.high, b.low), f(a.high, b.high)});
  }
  Interval mul(const Interval& a, const Interval& b, bool same) const {
    bool nan = a.nan || b.nan || (has_zero(a) && infinite(b)) || (has_zero(b) && infinite(a));
    auto [low, high] = corners(a, b, product);
    return widened(same ? std::max(0.0, low) : low, high, same ? a.nan : nan);
  }
  Interval div(const Interval& a, const Interval& b) const {
    if (b.low < smallest() * 2 && b.high > -smallest() * 2) return {};  // the sign of a zero is not known
    bool nan = a.nan || b.nan || (infinite(a) && infinite(b));
    auto [low, high] = corners(a, {1 / b.high, 1 / b.low, false}, product);
    return widened(low, high, nan, 2);
  }
  static Interval hull(const Interval& a, const Interval& b) {
    return {std::min(a.low, b.low), std::max(a.high, b.high), a.nan || b.nan};
  }

  // a < b ? a : b
  static Interval minimum(const Interval& a, const Interval& b) {
    return {std::min(a.low, b.low), a.nan ? b.high : std::min(a.high, b.high), b.nan};
  }
  Interval truth(bool sure, bool impossible) const { return {sure ? 1.0 : 0.0, impossible ? 0.0 : 1.0, false}; }
  Interval less(const Interval& a, const Interval& b, bool or_equal) const {
    bool nan = a.nan || b.nan;
    return or_equal ? truth(!nan && a.high <= b.low, a.low > b.high) : truth(!nan && a.high < b.low, a.low >= b.high);
  }
  Interval equal(const Interval& a, const Interval& b) const {
    bool point = a.low == a.high && b.low == b.high && a.low == b.low;
    return truth(!a.nan && !b.nan && point, a.high < b.low || b.high < a.low);
  }

  template <class F>
  Interval rising(const Interval& x, F f, bool nan = false) const {
    return widened(f(x.low), f(x.high), x.nan || nan, 8);
  }
  static Interval from(double least, const Interval& x) { return {std::max(least, x.low), std::max(least, x.high), x.nan}; }
  bool overflows(const Interval& x) const { return !(x.high <= unclamped(single_ ? Precision::Single : Precision::Double).high); }
  static double exprel(double x) { return x == 0 ? 1 : x == k_infinite ? x : std::expm1(x) / x; }
  static double exprelr(double x) { return x == 0 ? 1 : x == k_infinite ? 0 : x / std::expm1(x); }

  Interval pow(const Interval& x, const Interval& y) const {
    if (!(x.low > 0) || infinite(x) || infinite(y)) return {};
    auto [low, high] = corners(x, y, [](double a, double b) { return std::pow(a, b); });
    bool through_one = x.low <= 1 && x.high >= 1, through_zero = has_zero(y);
    if (through_one || through_zero) low = std::min(low, 1.0), high = std::max(high, 1.0);
    return widened(low, high, x.nan || y.nan, 8);
  }

  Interval of(const Value& value) const {
    auto arg = [&](int i) -> const Interval& { return known_[value.args[i]]; };
    switch (value.op) {
      case Op::Const: return number(value.number);
      case Op::Column: return columns_[value.slot];
      case Op::Uniform: return uniforms_[value.slot];
      case Op::BoolConst: return truth(value.integer != 0, value.integer == 0);
      case Op::Add: return add(arg(0), arg(1));
      case Op::Sub: return add(arg(0), negated(arg(1)));
      case Op::Mul: return mul(arg(0), arg(1), value.args[0] == value.args[1]);
      case Op::Div: return div(arg(0), arg(1));
      case Op::Neg: return negated(arg(0));
      case Op::Fma: return add(mul(arg(0), arg(1), value.args[0] == value.args[1]), arg(2));
      case Op::Sqrt: return rising(from(0, arg(0)), [](double x) { return std::sqrt(x); }, arg(0).low < 0);
      case Op::Abs: {
        double nearest = has_zero(arg(0)) ? 0 : std::min(std::fabs(arg(0).low), std::fabs(arg(0).high));
        return {nearest, std::max(std::fabs(arg(0).low), std::fabs(arg(0).high)), arg(0).nan};
      }
      case Op::Min: return minimum(arg(0), arg(1));
      case Op::Max: return negated(minimum(negated(arg(0)), negated(arg(1))));
      case Op::Less: return less(arg(0), arg(1), false);
      case Op::LessEqual: return less(arg(0), arg(1), true);
      case Op::Equal: return equal(arg(0), arg(1));
      case Op::NotEqual: return inverted(equal(arg(0), arg(1)));
      case Op::And: return {std::min(arg(0).low, arg(1).low), std::min(arg(0).high, arg(1).high), false};
      case Op::Or: return {std::max(arg(0).low, arg(1).low), std::max(arg(0).high, arg(1).high), false};
      case Op::Not: return inverted(arg(0));
      case Op::Select: return arg(0).always() ? arg(1) : arg(0).never() ? arg(2) : hull(arg(1), arg(2));
      case Op::Exp: return rising(arg(0), [](double x) { return std::exp(x); });
      case Op::Expm1: return rising(arg(0), [](double x) { return std::expm1(x); });
      case Op::Exprel: {  // infinite where e^x is
        Interval x = rising(arg(0), exprel);
        return overflows(arg(0)) ? Interval{x.low, k_infinite, x.nan} : x;
      }
      case Op::Exprelr: {
        Interval x = negated(rising(arg(0), [](double at) { return -exprelr(at); }));
        return overflows(arg(0)) ? Interval{0, x.high, x.nan} : x;
      }
      case Op::Tanh: return rising(arg(0), [](double x) { return std::tanh(x); });
      case Op::Log: return rising(from(0, arg(0)), [](double x) { return std::log(x); }, arg(0).low < 0);
      case Op::Log1p: return rising(from(-1, arg(0)), [](double x) { return std::log1p(x); }, arg(0).low < -1);
      case Op::Sin: case Op::Cos: return widened(-1, 1, arg(0).nan || infinite(arg(0)), 8);
      case Op::Pow: return pow(arg(0), arg(1));
      default: return {};
    }
  }
  // exprelr(x)·e^x is exprelr(−x), which is less than the two factors say.
  void mirror(const Function& function, const Value& value) {
    for (int i : {0, 1}) {
      const Value &ratio = function.values[value.args[i]], &power = function.values[value.args[1 - i]];
      if (ratio.op != Op::Exprelr || power.op != Op::Exp || ratio.args[0] != power.args[0]) continue;
      Interval& known = known_.back();
      if (known.nan || infinite(known)) return;  // a factor may have no number where the product has one
      Interval closed = rising(known_[ratio.args[0]], [](double x) { return exprelr(-x); });
      known.high = std::min(known.high, closed.high);
    }
  }
  static Interval inverted(const Interval& x) { return {1 - x.high, 1 - x.low, false}; }

  static constexpr double k_largest = std::numeric_limits<double>::max();
  bool single_;
  const std::vector<Interval>&columns_, &uniforms_;
  std::vector<Interval> known_;
};

}  // namespace

std::vector<Interval> intervals(const Function& function, Precision precision, const std::vector<Interval>& columns,
                                const std::vector<Interval>& uniforms) {
  return Analysis(precision, columns, uniforms).run(function);
}

Interval rounded(double number, Precision precision) { return Analysis(precision, {}, {}).number(number); }

}  // namespace eic::passes
