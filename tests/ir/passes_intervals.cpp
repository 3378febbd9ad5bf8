// Intervals are sound: whatever numbers are taken from the arguments' intervals, the result that the run would have lies in the
// one that is said of it, for every operation that `guard` meets, in both precisions.
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>

#include "compiler/ir/builder.h"
#include "compiler/ir/interpret.h"
#include "compiler/passes/intervals.h"

namespace {

using namespace eic;
using ir::Op;
using passes::Interval;

struct Made {
  ir::Function function, runs;
  ir::ValueId result;
};

Made made(Op op, ir::Precision precision) {
  Made made;
  made.function.columns = {{"a", {}}, {"b", {}}, {"c", {}}, {"result", {}}};
  ir::Builder build(made.function);
  const int arity = ir::info(op).arity;
  const bool compares = op == Op::Less || op == Op::LessEqual || op == Op::Equal || op == Op::NotEqual;
  ir::ValueId x[3] = {build.column(0), build.column(1), build.column(2)};
  if (op == Op::Select) x[0] = build.make(Op::Less, x[0], x[1]);
  made.result = build.make(op, x[0], arity > 1 ? x[1] : ir::k_no_value, arity > 2 ? x[2] : ir::k_no_value);
  ir::ValueId shown = compares ? build.make(Op::Select, made.result, build.constant(1), build.constant(0)) : made.result;
  made.function.stores = {{.slot = 3, .value = shown}};
  made.runs = passes::expand(made.function, precision);
  return made;
}

template <class R>
class Checker {
 public:
  void check(Op op) {
    const Made function = made(op, k_precision);
    for (int box = 0; box < 400; box++) {
      const std::vector<Interval> columns = {interval(), interval(), interval(), {}};
      const Interval said = passes::intervals(function.function, k_precision, columns, {})[function.result];
      for (int point = 0; point < 12; point++) {
        const R at[] = {within(columns[0], point), within(columns[1], point / 2), within(columns[2], point / 3), 0};
        const R got = ir::interpret<R>(function.runs, at, {}).stores[0];
        const bool fits = std::isnan(got) ? said.nan : static_cast<double>(got) >= said.low && static_cast<double>(got) <= said.high;
        BOOST_TEST(fits, ir::info(op).text << "(" << at[0] << ", " << at[1] << ", " << at[2] << ") = " << got << " is not in ["
                                           << said.low << ", " << said.high << "]");
      }
    }
  }

 private:
  double number() {
    const double size = std::ldexp(1 + unit(), static_cast<int>(unit() * 24) - 12);
    switch (random_() % 12) {
      case 0: return 0;
      case 1: return 1;
      case 2: return 1e30 * size;
      case 3: return -1e30 * size;
      case 4: return 1e-30 * size;
      default: return random_() % 2 ? size : -size;
    }
  }
  double unit() { return static_cast<double>(random_() >> 11) * 0x1p-53; }
  Interval interval() {
    double a = static_cast<R>(number()), b = static_cast<R>(number());
    if (random_() % 25 == 0) return {-passes::k_infinite, passes::k_infinite, true};
    return {std::min(a, b), std::max(a, b), false};
  }
  R within(const Interval& x, int point) {
    const double low = std::max(x.low, -1e35), high = std::min(x.high, 1e35);
    if (x.nan && point == 2) return std::numeric_limits<R>::quiet_NaN();
    if (x.nan && point == 3) return std::numeric_limits<R>::infinity();
    if (point < 2) return static_cast<R>(point ? low : high);
    return std::clamp(static_cast<R>(low + (high - low) * unit()), static_cast<R>(low), static_cast<R>(high));
  }

  static constexpr ir::Precision k_precision = sizeof(R) == 4 ? ir::Precision::Single : ir::Precision::Double;
  std::mt19937_64 random_{sizeof(R)};
};

}  // namespace

BOOST_AUTO_TEST_CASE(intervals_hold_whatever_is_in_them) {
  for (Op op : {Op::Add, Op::Sub, Op::Mul, Op::Div, Op::Neg, Op::Fma, Op::Sqrt, Op::Abs, Op::Min, Op::Max, Op::Less, Op::LessEqual,
                Op::Equal, Op::NotEqual, Op::Select, Op::Exp, Op::Expm1, Op::Log, Op::Log1p, Op::Exprel, Op::Exprelr, Op::Tanh,
                Op::Sin, Op::Cos, Op::Pow}) {
    Checker<float>().check(op);
    Checker<double>().check(op);
  }
}

// x·x is not negative, and a mirrored exprelr keeps within its own bounds.
BOOST_AUTO_TEST_CASE(intervals_see_through_two_products) {
  ir::Function f;
  f.columns = {{"x", {}}};
  ir::Builder build(f);
  const ir::ValueId x = build.column(0);
  const ir::ValueId square = build.make(Op::Mul, x, x), mirrored = build.make(Op::Mul, build.make(Op::Exprelr, x), build.make(Op::Exp, x));
  const auto known = passes::intervals(f, ir::Precision::Double, {{-20, 15, false}}, {});
  BOOST_TEST(known[square].low == 0);
  BOOST_TEST(known[mirrored].high < 15.1);
  BOOST_TEST(known[mirrored].low > 0);
}
