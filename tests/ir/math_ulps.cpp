// The expanded math functions against long double: at most 2 ulp over the whole range, in both precisions.
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <functional>
#include <limits>
#include <random>

#include "compiler/ir/builder.h"
#include "compiler/ir/interpret.h"
#include "compiler/passes/passes.h"

namespace {

using namespace eic;
using ir::Op;
using ir::Precision;

constexpr double k_inf = std::numeric_limits<double>::infinity();
constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();

// One math function, expanded; a thousand points a call, so that the interpreter's start does not count.
template <class R>
class Expanded {
 public:
  explicit Expanded(Op op) {
    bool two = ir::info(op).arity == 2;
    ir::Function f;
    f.columns = {{"x", {}}, {"y", {}}, {"result", {}}};
    ir::Builder build(f);
    ir::ValueId value = build.make(op, build.column(0), two ? build.column(1) : ir::k_no_value);
    f.stores = {{.slot = 2, .value = value}};
    function_ = passes::prune(passes::fuse(passes::prune(passes::expand(f,
        sizeof(R) == 4 ? Precision::Single : Precision::Double))));
  }
  R operator()(R x, R y = 0) const {
    R columns[] = {x, y, 0};
    return ir::interpret<R>(function_, columns, {}).stores[0];
  }

 private:
  ir::Function function_;
};

// The distance in units of the last place of the exact value; results below the normal range must be zero.
template <class R>
double ulps(R got, long double exact) {
  using Limits = std::numeric_limits<R>;
  if (std::isnan(exact)) return std::isnan(got) ? 0 : k_inf;
  if (std::fabs(exact) > static_cast<long double>(Limits::max()) * (1 + std::ldexp(1.0L, -Limits::digits - 1))) {
    return std::isinf(got) && (got > 0) == (exact > 0) ? 0 : k_inf;
  }
  if (std::isinf(got)) return std::fabs(exact) > static_cast<long double>(Limits::max()) * (1 - std::ldexp(1.0L,
      -Limits::digits + 1)) ? 0 : k_inf;
  if (std::fabs(exact) < static_cast<long double>(Limits::min()) * 2) {  // flushed, or near where it would be
    return std::fabs(got - exact) <= static_cast<long double>(Limits::min()) * 2 ? 0 : k_inf;
  }
  int exponent = std::ilogb(exact);
  return static_cast<double>(std::fabs(got - exact) / std::ldexp(1.0L, exponent - Limits::digits + 1));
}

using Reference = long double (*)(long double);

long double exprel(long double x) { return x == 0 ? 1 : std::expm1(x) / x; }
long double exprelr(long double x) { return x == 0 ? 1 : x / std::expm1(x); }

struct Range {
  double low, high;
};

template <class R>
void check_range(Op op, Reference reference, std::initializer_list<Range> ranges, size_t points) {
  Expanded<R> function(op);
  std::mt19937_64 random(static_cast<unsigned>(op) + sizeof(R));
  double worst = 0, where = 0;
  auto probe = [&](R x) {
    double error = ulps<R>(function(x), reference(x));
    if (!(error <= worst)) worst = error, where = static_cast<double>(x);
  };
  for (Range range : ranges) {
    std::uniform_real_distribution<double> uniform(range.low, range.high);
    for (size_t i = 0; i < points / ranges.size(); i++) probe(static_cast<R>(uniform(random)));
    for (double edge : {range.low, range.high}) {
      for (R x = static_cast<R>(edge), i = 0; i < 40; i++, x = std::nextafter(x, R(0))) probe(x);
    }
  }
  std::uniform_real_distribution<double> exponent(sizeof(R) == 4 ? -120 : -1000, 3);  // small arguments of every size
  for (size_t i = 0; i < points / 8; i++) {
    R x = static_cast<R>(std::ldexp(1 + (random() & 0xFFFFFF) / double(1 << 24), static_cast<int>(exponent(random))));
    if (ranges.begin()->low < 0 && (i & 1) && -x > ranges.begin()->low) x = -x;
    if (ranges.begin()->low > 0 || x <= ranges.begin()->high) probe(x);
  }
  BOOST_TEST_MESSAGE(ir::info(op).text << (sizeof(R) == 4 ? " single: " : " double: ") << worst << " ulp at " << where);
  BOOST_TEST(worst <= 2.0, ir::info(op).text << (sizeof(R) == 4 ? " single: " : " double: ") << worst << " ulp at " << where);
}

constexpr size_t k_points = 200000;

template <class R>
void check_all() {
  bool single = sizeof(R) == 4;
  double top = single ? 88.7 : 709.7, over = single ? 95 : 720, under = single ? -110 : -760;
  check_range<R>(Op::Exp, std::exp, {{under, over}, {-1, 1}, {top, over}}, k_points);
  check_range<R>(Op::Expm1, std::expm1, {{under, over}, {-1, 1}, {top, over}, {-2, 3}}, k_points);
  check_range<R>(Op::Exprel, exprel, {{under, top}, {-1, 1}, {-40, 3}}, k_points);
  check_range<R>(Op::Exprelr, exprelr, {{under, top}, {-1, 1}, {-40, 3}}, k_points);
  check_range<R>(Op::Tanh, std::tanh, {{-50, 50}, {-1, 1}, {-0.2, 0.2}, {-3, 3}}, k_points);
  check_range<R>(Op::Log, std::log, {{1e-30, 1e30}, {0.5, 2}, {0.9, 1.1}, {1e-3, 10}}, k_points);
  check_range<R>(Op::Log1p, std::log1p, {{-0.999, 1e6}, {-0.5, 1}, {-0.01, 0.01}}, k_points);
  check_range<R>(Op::Sin, std::sin, {{-1e5, 1e5}, {-1, 1}, {-10, 10}}, k_points);
  check_range<R>(Op::Cos, std::cos, {{-1e5, 1e5}, {-1, 1}, {-10, 10}}, k_points);
}

template <class R>
void check_pow() {
  Expanded<R> function(Op::Pow);
  std::mt19937_64 random(7);
  double worst = 0, at_x = 0, at_y = 0;
  auto probe = [&](R x, R y) {
    double error = ulps<R>(function(x, y), std::pow(static_cast<long double>(x), static_cast<long double>(y)));
    if (!(error <= worst)) worst = error, at_x = static_cast<double>(x), at_y = static_cast<double>(y);
  };
  std::uniform_real_distribution<double> log_x(sizeof(R) == 4 ? -87 : -700, sizeof(R) == 4 ? 88 : 700), near(0.5, 2), to(-1, 1);
  double reach = sizeof(R) == 4 ? 88 : 709;
  for (size_t i = 0; i < k_points / 4; i++) {
    R x = static_cast<R>(i % 2 ? std::exp(log_x(random)) : near(random));
    probe(x, static_cast<R>(to(random) * reach / std::fabs(std::log(double(x)))));
    probe(static_cast<R>(near(random)), static_cast<R>(10 * to(random)));
    probe(static_cast<R>(-10 * near(random)), static_cast<R>(static_cast<int>(20 * to(random))));
    probe(static_cast<R>(3), static_cast<R>(5 * to(random)));  // a q10
  }
  BOOST_TEST_MESSAGE("pow" << (sizeof(R) == 4 ? " single: " : " double: ") << worst << " ulp at " << at_x << ", " << at_y);
  BOOST_TEST(worst <= 2.0, "pow: " << worst << " ulp at " << at_x << ", " << at_y);
}

template <class R>
void check_special() {
  const R inf = static_cast<R>(k_inf), nan = static_cast<R>(k_nan);
  struct Case {
    Op op;
    double x, expected;
  };
  const Case cases[] = {
      {Op::Exp, 0, 1},         {Op::Exp, -0.0, 1},       {Op::Exp, k_inf, k_inf},    {Op::Exp, -k_inf, 0},      {Op::Exp,
          1e30, k_inf},
      {Op::Exp, -1e30, 0},     {Op::Expm1, 0, 0},        {Op::Expm1, -0.0, 0},       {Op::Expm1, k_inf, k_inf}, {Op::Expm1,
          -k_inf, -1},
      {Op::Expm1, 1e30, k_inf}, {Op::Expm1, -1e30, -1},  {Op::Exprel, 0, 1},         {Op::Exprel, k_inf, k_inf}, {Op::Exprel,
          -k_inf, 0},
      {Op::Exprelr, 0, 1},     {Op::Exprelr, -0.0, 1},   {Op::Exprelr, k_inf, 0},    {Op::Exprelr, -k_inf, k_inf},
          {Op::Exprelr, 1e30, 0},
      {Op::Exprelr, -1e30, 1e30}, {Op::Exprel, 1e-37, 1}, {Op::Exprelr, 1e-37, 1},   {Op::Log, 0, -k_inf},      {Op::Log, -1,
          k_nan},
      {Op::Log, 1, 0},         {Op::Log, k_inf, k_inf},  {Op::Log, -k_inf, k_nan},   {Op::Log1p, -1, -k_inf},   {Op::Log1p,
          0, 0},
      {Op::Log1p, -2, k_nan},  {Op::Log1p, k_inf, k_inf}, {Op::Tanh, 0, 0},          {Op::Tanh, k_inf, 1},      {Op::Tanh,
          -k_inf, -1},
      {Op::Tanh, 1e30, 1},     {Op::Sin, 0, 0},          {Op::Sin, k_inf, k_nan},    {Op::Cos, 0, 1},           {Op::Cos,
          -k_inf, k_nan},
      {Op::Sin, 1e30, 0},      {Op::Cos, 1e30, 1},
  };
  for (const Case& c : cases) {
    R got = Expanded<R>(c.op)(static_cast<R>(c.x));
    R expected = static_cast<R>(c.expected);
    BOOST_TEST((got == expected || (std::isnan(got) && std::isnan(expected))), ir::info(c.op).text << " of " << c.x
        << " is " << got);
  }
  R payload = sizeof(R) == 4 ? static_cast<R>(std::nanf("0xabc")) : static_cast<R>(std::nan("0x123"));
  for (Op op : {Op::Exp, Op::Expm1, Op::Exprel, Op::Exprelr, Op::Log, Op::Log1p, Op::Tanh, Op::Sin, Op::Cos}) {
    BOOST_TEST(std::isnan(Expanded<R>(op)(nan)), ir::info(op).text << " loses NaN");
    BOOST_TEST(std::isnan(Expanded<R>(op)(payload)), ir::info(op).text << " loses a NaN with a payload");
    BOOST_TEST(std::isnan(Expanded<R>(op)(-payload)), ir::info(op).text << " loses a negative NaN");
  }
  Expanded<R> pow(Op::Pow);
  const double powers[][3] = {{2, 10, 1024},      {0, 0, 1},          {0, 2, 0},        {0, -1, k_inf},       {k_inf, 2,
      k_inf}, {k_inf, -2, 0},
                              {k_nan, 0, 1},      {1, k_inf, 1},      {-2, 3, -8},      {-2, 0.5, k_nan},     {-2, 4, 16},
                                  {2, k_inf, k_inf},
                              {0.5, k_inf, 0},    {2, -k_inf, 0},     {0.5, -k_inf, k_inf}, {k_nan, 1, k_nan}, {2, k_nan,
                                  k_nan}, {1e10, 1e10, k_inf},
                              {1e10, -1e10, 0},   {10, 3, 1000},      {-1, 1e18, 1},    {9, 0.5, 3}};
  for (auto& [x, y, expected] : powers) {
    R got = pow(static_cast<R>(x), static_cast<R>(y)), want = static_cast<R>(expected);
    BOOST_TEST((got == want || (std::isnan(got) && std::isnan(want))), "pow(" << x << ", " << y << ") is " << got);
  }
  BOOST_TEST(Expanded<R>(Op::Exp)(inf) == inf);
}

}  // namespace

BOOST_AUTO_TEST_CASE(math_functions_are_within_two_ulp_in_single) { check_all<float>(); }
BOOST_AUTO_TEST_CASE(math_functions_are_within_two_ulp_in_double) { check_all<double>(); }
BOOST_AUTO_TEST_CASE(pow_is_within_two_ulp) {
  check_pow<float>();
  check_pow<double>();
}
BOOST_AUTO_TEST_CASE(math_functions_at_special_values) {
  check_special<float>();
  check_special<double>();
}
