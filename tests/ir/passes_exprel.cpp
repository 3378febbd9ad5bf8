// Every disguise of x/(e^x − 1): recognised, right at the singular point and beside it, unchanged elsewhere.
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <functional>

#include "compiler/ir/builder.h"
#include "compiler/ir/interpret.h"
#include "compiler/ir/print.h"
#include "compiler/ir/verify.h"
#include "compiler/passes/expression.h"
#include "compiler/passes/passes.h"

namespace {

using namespace eic;
using ir::Op;
using passes::Real;

Real call(Op op, Real x) { return {x.build, x.build->make(op, x.id)}; }
Real exp(Real x) { return call(Op::Exp, x); }

constexpr double k_uniform = 4;  // of the one uniform, u

struct Case {
  const char* name;
  std::function<Real(Real x, Real u, std::function<Real(double)> n)> write;
  std::function<long double(long double x)> exact;  // away from the singular point
  double singular;
  long double limit;  // there
  Op becomes;
};

ir::Function written(const Case& c) {
  ir::Function f;
  f.name = c.name;
  f.columns = {{"x", {}}, {"y", {}}};
  f.uniforms = {{"u", {}}};
  ir::Builder build(f);
  auto number = [&](double value) { return Real{&build, build.constant(value)}; };
  Real value = c.write({&build, build.column(0)}, {&build, build.uniform(0)}, number);
  f.stores = {{.slot = 1, .value = value.id}};
  return f;
}

bool holds(const ir::Function& f, Op op) {
  for (const ir::Value& value : f.values) {
    if (value.op == op) return true;
  }
  return false;
}

double run(const passes::Lowerable& code, double x) {
  double parameters[] = {k_uniform}, columns[] = {x, 0};
  auto block = ir::interpret<double>(code.prologue, {}, parameters).stores;
  return ir::interpret<double>(code.kernel, columns, block).stores[0];
}

long double em1(long double x) { return std::expm1(x); }

const Case k_cases[] = {
    {"alpha_m", [](Real x, Real, auto n) { return n(0.32) * (n(13) - x) / (exp((n(13) - x) / n(4)) - n(1)); },
     [](long double x) { return 0.32L * (13 - x) / em1((13 - x) / 4); }, 13, 1.28L, Op::Exprelr},
    {"beta_m", [](Real x, Real, auto n) { return (x - n(40)) / (exp((x - n(40)) / n(5)) - n(1)); },
     [](long double x) { return (x - 40) / em1((x - 40) / 5); }, 40, 5, Op::Exprelr},
    {"one minus exp", [](Real x, Real, auto n) { return (x + n(50)) / (n(1) - exp(-(x + n(50)) / n(4))); },
     [](long double x) { return (x + 50) / -em1(-(x + 50) / 4); }, -50, 4, Op::Exprelr},
    {"exp above too", [](Real x, Real, auto n) { return x * exp(x) / (exp(x) - n(1)); },
     [](long double x) { return x / -em1(-x); }, 0, 1, Op::Exprelr},
    {"exp above, grouped", [](Real x, Real, auto n) { return x * (exp(x) / (exp(x) - n(1))); },
     [](long double x) { return x / -em1(-x); }, 0, 1, Op::Exprelr},
    {"distributed", [](Real x, Real, auto n) { return -(n(0.1) * x + n(4)) / (exp(-(x + n(40)) / n(10)) - n(1)); },
     [](long double x) { return -0.1L * (x + 40) / em1(-(x + 40) / 10); }, -40, 1, Op::Exprelr},
    {"distributed argument", [](Real x, Real, auto n) { return (x + n(40)) / (exp(n(-0.1) * x - n(4)) - n(1)); },
     [](long double x) { return (x + 40) / em1(-(x + 40) / 10); }, -40, -10, Op::Exprelr},
    {"upside down", [](Real x, Real, auto n) { return n(1) / ((exp(x) - n(1)) / x); },
     [](long double x) { return x / em1(x); }, 0, 1, Op::Exprelr},
    {"scattered factors", [](Real x, Real u, auto n) { return u * (n(3) * (x * n(2))) / (n(5) * ((exp(x) - n(1)) * n(7))); },
     [](long double x) { return 4 * 6 * x / (35 * em1(x)); }, 0, 24 / 35.0L, Op::Exprelr},
    {"reciprocal", [](Real x, Real, auto n) { return x * (n(1) / (exp(x) - n(1))); },
     [](long double x) { return x / em1(x); }, 0, 1, Op::Exprelr},
    {"vtrap", [](Real x, Real u, auto n) { return x / (exp(x / u) - n(1)); },
     [](long double x) { return x / em1(x / 4); }, 0, 4, Op::Exprelr},
    {"vtrap, shifted", [](Real x, Real u, auto n) { return (x - n(7)) / (exp((x - n(7)) / u) - n(1)); },
     [](long double x) { return (x - 7) / em1((x - 7) / 4); }, 7, 4, Op::Exprelr},
    {"uniform shift", [](Real x, Real u, auto n) { return (x - u - n(3)) / (exp(((x - u) - n(3)) / n(2)) - n(1)); },
     [](long double x) { return (x - 7) / em1((x - 7) / 2); }, 7, 2, Op::Exprelr},
    {"uniform slope", [](Real x, Real u, auto n) { return (x - u) / (exp(u * x - u * u) - n(1)); },
     [](long double x) { return (x - 4) / em1(4 * (x - 4)); }, 4, 0.25L, Op::Exprelr},
    {"negated difference", [](Real x, Real, auto n) { return x / -(n(1) - exp(x)); },
     [](long double x) { return x / em1(x); }, 0, 1, Op::Exprelr},
    {"plus minus one", [](Real x, Real, auto n) { return x / (exp(x) + n(-1)); },
     [](long double x) { return x / em1(x); }, 0, 1, Op::Exprelr},
    {"reciprocal exp", [](Real x, Real, auto n) { return x / (n(1) / exp(x) - n(1)); },
     [](long double x) { return x / em1(-x); }, 0, -1, Op::Exprelr},
    {"scaled difference", [](Real x, Real u, auto) { return x / (u * exp(x) - u); },
     [](long double x) { return x / (4 * em1(x)); }, 0, 0.25L, Op::Exprelr},
    {"symmetric", [](Real x, Real, auto n) { return x / (exp(x / n(2)) - exp(-x / n(2))); },
     [](long double x) { return x / (2 * std::sinh(x / 2)); }, 0, 1, Op::Exprelr},
    {"over tanh", [](Real x, Real, auto) { return x / call(Op::Tanh, x); },
     [](long double x) { return x / std::tanh(x); }, 0, 1, Op::Exprelr},
    {"expm1 written", [](Real x, Real, auto) { return x / call(Op::Expm1, x); },
     [](long double x) { return x / em1(x); }, 0, 1, Op::Exprelr},
    {"over exprel", [](Real x, Real, auto n) { return n(1) / call(Op::Exprel, x); },
     [](long double x) { return x / em1(x); }, 0, 1, Op::Exprelr},
    {"exprel", [](Real x, Real, auto n) { return (exp(x) - n(1)) / x; },
     [](long double x) { return em1(x) / x; }, 0, 1, Op::Exprel},
    {"exprel of -x", [](Real x, Real, auto n) { return (n(1) - exp(-x)) / x; },
     [](long double x) { return -em1(-x) / x; }, 0, 1, Op::Exprel},
    {"exp minus one", [](Real x, Real, auto n) { return exp(x) - n(1); }, [](long double x) { return em1(x); }, 0, 0,
        Op::Expm1},
    {"one minus exp alone", [](Real x, Real, auto n) { return n(1) - exp(x); }, [](long double x) { return -em1(x); }, 0, 0,
        Op::Expm1},
};

const Case k_poles[] = {
    {"minus two", [](Real x, Real, auto n) { return x / (exp(x) - n(2)); },
        [](long double x) { return x / (std::exp(x) - 2); }, 0, 0, Op::Exp},
    {"x plus one", [](Real x, Real, auto n) { return (x + n(1)) / (exp(x) - n(1)); },
     [](long double x) { return (x + 1) / em1(x); }, 0, HUGE_VALL, Op::Expm1},
    {"another slope", [](Real x, Real, auto n) { return (x - n(40)) / (exp((x - n(39)) / n(5)) - n(1)); },
     [](long double x) { return (x - 40) / em1((x - 39) / 5); }, 39, -HUGE_VALL, Op::Expm1},
    {"plus one", [](Real x, Real, auto n) { return x / (exp(x) + n(1)); },
        [](long double x) { return x / (std::exp(x) + 1); }, 0, 0, Op::Exp},
    {"one above", [](Real x, Real, auto n) { return n(1) / (exp(x) - n(1)); }, [](long double x) { return 1 / em1(x); }, 0,
        HUGE_VALL, Op::Expm1},
};

double relative(double got, long double exact) {
  return exact == 0 ? std::fabs(got) : static_cast<double>(std::fabs((got - exact) / exact));
}

// The rounding of the argument is the model's own: what it can move the result by.
double allowance(const Case& c, double x) {
  double step = 4e-16 * (std::fabs(x) + std::fabs(c.singular) + 1);
  return 1e-14 + relative(static_cast<double>(c.exact(x + step)), c.exact(x - step));
}

void check_elsewhere(const Case& c, const passes::Lowerable& code) {
  for (double d : {-60.0, -17.3, -3.0, -0.5, -0.01, 0.02, 0.7, 2.9, 20.1, 55.0}) {
    double x = c.singular + d;
    BOOST_TEST(relative(run(code, x), c.exact(x)) <= allowance(c, x), c.name << " at " << x << ": " << run(code, x));
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(disguises_are_recognised) {
  for (const Case& c : k_cases) {
    ir::Function recognised = passes::prune(passes::recognise_exprel(written(c)));
    BOOST_TEST(ir::verify(recognised) == "");
    BOOST_TEST(holds(recognised, c.becomes), c.name << " is not recognised:\n" << ir::print(recognised));
    auto code = passes::run_pipeline(written(c), ir::Precision::Double);
    BOOST_TEST(relative(run(code, c.singular), c.limit) <= 1e-15, c.name << " is " << run(code, c.singular)
        << " at its singular point");
    for (double d : {-1e-9, 1e-9}) {
      double x = c.singular + d;
      bool vanishes = c.limit == 0;  // relative to its slope there
      double expected = vanishes ? static_cast<double>(c.exact(x)) : static_cast<double>(c.limit);
      BOOST_TEST(relative(run(code, x), expected) <= 2e-9 * 5, c.name << " is " << run(code, x)
          << " beside its singular point");
    }
    check_elsewhere(c, code);
  }
}

BOOST_AUTO_TEST_CASE(poles_stay) {
  for (const Case& c : k_poles) {
    ir::Function recognised = passes::prune(passes::recognise_exprel(written(c)));
    BOOST_TEST(holds(recognised, c.becomes), c.name);
    BOOST_TEST(!holds(recognised, Op::Exprelr), c.name << ":\n" << ir::print(recognised));
    BOOST_TEST(!holds(recognised, Op::Exprel), c.name);
    auto code = passes::run_pipeline(written(c), ir::Precision::Double);
    check_elsewhere(c, code);
    if (std::isinf(c.limit)) BOOST_TEST(std::isinf(run(code, c.singular)), c.name << " hides its pole");
  }
}

BOOST_AUTO_TEST_CASE(large_arguments_keep_their_value) {
  Case symmetric = k_cases[18];
  BOOST_TEST(std::string(symmetric.name) == "symmetric");
  auto code = passes::run_pipeline(written(symmetric), ir::Precision::Double);
  for (double x : {1000.0, 3000.0, 1e6, -1e6}) BOOST_TEST(run(code, x) >= 0, "symmetric at " << x << ": " << run(code, x));
  Case both = {"shared", [](Real x, Real, auto n) { return x / (exp(x) - n(1)) + n(1) / (n(1) + exp(-x)); }, {}, 0, 0,
      Op::Exprelr};
  auto shared = passes::run_pipeline(written(both), ir::Precision::Double);
  for (double x : {-1e5, -800.0, -720.0, -41.0, -39.0, 720.0, 1e5}) {
    long double expected = static_cast<long double>(x) / em1(x) + 1 / (1 + std::exp(-static_cast<long double>(x)));
    BOOST_TEST(relative(run(shared, x), expected) < 1e-14, "shared at " << x << ": " << run(shared, x));
  }
}
