// Derivatives: cheap forms where solvers need them, and central differences on random expressions.
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>

#include "compiler/ir/builder.h"
#include "compiler/ir/interpret.h"
#include "compiler/ir/print.h"
#include "compiler/ir/verify.h"
#include "compiler/passes/passes.h"

namespace {

using namespace eic;
using ir::Builder;
using ir::Function;
using ir::Op;
using ir::ValueId;

Function plain_columns() {
  Function f;
  f.name = "test";
  f.columns = {{"x", {}}, {"y", {}}, {"f", {}}, {"df", {}}};
  return f;
}

// f and its derivative by x, expanded, at x and y.
class Pair {
 public:
  explicit Pair(Function f, ValueId value) {
    Builder build(f);
    ValueId derivative = ir::differentiate(build, value, 0);
    f.stores = {{.slot = 2, .value = value}, {.slot = 3, .value = derivative}};
    BOOST_TEST(ir::verify(f) == "");
    function_ = passes::prune(passes::expand(f, ir::Precision::Double));
  }
  std::pair<double, double> operator()(double x, double y) const {
    double columns[] = {x, y, 0, 0};
    auto stores = ir::interpret<double>(function_, columns, {}).stores;
    return {stores[0], stores[1]};
  }

 private:
  Function function_;
};

void check_against_differences(const Pair& pair, double x, double y, const std::string& what) {
  double h = 1e-5 * std::max(1.0, std::fabs(x));
  double numeric = (8 * (pair(x + h, y).first - pair(x - h, y).first) - (pair(x + 2 * h, y).first - pair(x - 2 * h,
      y).first)) / (12 * h);
  double symbolic = pair(x, y).second, size = std::fabs(pair(x, y).first) + std::fabs(symbolic) + 1;
  BOOST_TEST(std::fabs(symbolic - numeric) <= 1e-8 * size, what << " at " << x << ", " << y << ": " << symbolic
      << ", numerically " << numeric);
}

// A random smooth expression of x and y, its values of moderate size.
ValueId random_expression(Builder& build, std::mt19937& random, int depth) {
  auto below = [&](int n) { return static_cast<int>(random() % n); };
  if (depth == 0) return below(3) == 0 ? build.constant(0.5 + below(4)) : build.column(below(2));
  ValueId a = random_expression(build, random, depth - 1), b = random_expression(build, random, depth - 1);
  ValueId bounded = build.make(Op::Tanh, a), positive = build.make(Op::Add, build.constant(1.5), build.make(Op::Tanh, b));
  switch (below(16)) {
    case 0: return build.make(Op::Add, a, b);
    case 1: return build.make(Op::Sub, a, b);
    case 2: return build.make(Op::Mul, bounded, b);
    case 3: return build.make(Op::Div, a, positive);
    case 4: return build.make(Op::Neg, a);
    case 5: return build.make(Op::Fma, bounded, b, a);
    case 6: return build.make(Op::Sqrt, positive);
    case 7: return build.make(Op::Exp, bounded);
    case 8: return build.make(Op::Expm1, bounded);
    case 9: return build.make(Op::Log, positive);
    case 10: return build.make(Op::Log1p, positive);
    case 11: return build.make(Op::Exprel, bounded);
    case 12: return build.make(Op::Exprelr, bounded);
    case 13: return build.make(Op::Sin, bounded);
    case 14: return build.make(Op::Cos, bounded);
    default: return build.make(Op::Pow, positive, bounded);
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(derivatives_are_cheap) {
  Function f = plain_columns();
  f.uniforms = {{"a", {}}, {"b", {}}, {"G", {}}, {"E", {}}};
  Builder build(f);
  ValueId x = build.column(0), a = build.uniform(0), b = build.uniform(1), g = build.uniform(2), e = build.uniform(3);
  ValueId open = build.make(Op::Sub, build.constant(1), x);
  ValueId gate = build.make(Op::Sub, build.make(Op::Mul, a, open), build.make(Op::Mul, b, x));
  BOOST_TEST(ir::differentiate(build, gate, 0) == build.make(Op::Neg, build.make(Op::Add, a, b)));
  BOOST_TEST(ir::differentiate(build, build.make(Op::Mul, g, build.make(Op::Sub, x, e)), 0) == g);
  BOOST_TEST(ir::differentiate(build, build.make(Op::Mul, g, e), 0) == build.constant(0));
  BOOST_TEST(ir::differentiate(build, build.make(Op::Div, build.make(Op::Sub, a, x), b), 0) ==
             build.make(Op::Div, build.constant(-1), b));
}

BOOST_AUTO_TEST_CASE(derivative_of_every_function) {
  for (Op op : {Op::Neg, Op::Sqrt, Op::Abs, Op::Exp, Op::Expm1, Op::Log, Op::Log1p, Op::Exprel, Op::Exprelr, Op::Tanh,
      Op::Sin, Op::Cos}) {
    Function f = plain_columns();
    Builder build(f);
    Pair pair(f, build.make(op, build.column(0)));
    for (double x : {0.01, 0.07, 0.099, 0.101, 0.4, 1.7, 3.0, 9.0}) check_against_differences(pair, x, 0, ir::info(op).text);
    bool positive = op == Op::Sqrt || op == Op::Log || op == Op::Log1p;
    for (double x : {-0.01, -0.2, -1.0, -8.0}) {
      if (!positive) check_against_differences(pair, x, 0, ir::info(op).text);
    }
  }
}

BOOST_AUTO_TEST_CASE(derivatives_of_choices) {
  Function f = plain_columns();
  Builder build(f);
  ValueId x = build.column(0), y = build.column(1), square = build.make(Op::Mul, x, x);
  for (ValueId value : {build.make(Op::Min, square, y), build.make(Op::Max, square, y), build.make(Op::Select,
      build.make(Op::Less, x, y), square, y),
                        build.make(Op::Pow, x, y), build.make(Op::Pow, y, x), build.make(Op::Fma, x, y, square)}) {
    Pair pair(f, value);
    for (double at : {0.5, 1.1, 2.5}) check_against_differences(pair, at, 2, "choice");
  }
  BOOST_TEST(Pair(f, build.make(Op::Exprel, x))(0, 0).second == 0.5);
  BOOST_TEST(Pair(f, build.make(Op::Exprelr, x))(0, 0).second == -0.5);
}

BOOST_AUTO_TEST_CASE(derivatives_of_random_expressions) {
  std::mt19937 random(11);
  for (int i = 0; i < 150; i++) {
    Function f = plain_columns();
    Builder build(f);
    ValueId value = random_expression(build, random, 3);
    Pair pair(f, value);
    for (double x : {-1.3, 0.2, 0.9}) check_against_differences(pair, x, 0.6, ir::print(f));
  }
}
