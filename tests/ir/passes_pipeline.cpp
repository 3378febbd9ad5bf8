// The whole pipeline on the reference cell: what it costs, and that it computes what the equations say.
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <map>
#include <random>

#include "compiler/ir/interpret.h"
#include "compiler/ir/print.h"
#include "compiler/ir/verify.h"
#include "compiler/passes/passes.h"
#include "tests/ir/passes_flagship.h"

namespace {

using namespace eic;
using ir::Op;

size_t count(const ir::Function& f, Op op) {
  size_t n = 0;
  for (const ir::Value& value : f.values) n += value.op == op;
  return n;
}
size_t operations(const ir::Function& f) {
  size_t n = 0;
  for (const ir::Value& value : f.values) n += ir::info(value.op).arity > 0 && value.op != Op::ToBits && value.op != Op::FromBits;
  return n;
}

// The kernel's uniforms, as the engine gets them.
template <class R>
std::vector<R> argument_block(const passes::Lowerable& step, const std::vector<double>& parameters) {
  std::vector<double> block(step.prologue.results.size());
  auto result = ir::interpret<double>(step.prologue, {}, parameters);
  for (size_t i = 0; i < result.stores.size(); i++) block[step.prologue.stores[i].slot] = result.stores[i];
  return {block.begin(), block.end()};
}

template <class R>
void check_flagship(ir::Precision precision, double tolerance) {
  auto step = passes::run_pipeline(test::flagship_step(), precision);
  BOOST_TEST(ir::verify(step.kernel) == "");
  BOOST_TEST(ir::verify(step.prologue) == "");
  std::map<std::string, int> histogram;
  for (const ir::Value& value : step.kernel.values) {
    if (ir::info(value.op).arity > 0) histogram[ir::info(value.op).text]++;
  }
  std::string text;
  for (auto& [op, n] : histogram) text += " " + op + " " + std::to_string(n);
  BOOST_TEST_MESSAGE((sizeof(R) == 4 ? "single: " : "double: ") << operations(step.kernel) << " operations:" << text);
  BOOST_TEST(count(step.kernel, Op::Div) == 8u);
  BOOST_TEST(count(step.kernel, Op::IShl) == 9u, count(step.kernel, Op::IShl) << " reductions");  // one a reduction
  BOOST_TEST(operations(step.kernel) <= (sizeof(R) == 4 ? 250u : 320u));
  BOOST_TEST(count(step.kernel, Op::Exp) == 0u);

  std::vector<R> uniforms = argument_block<R>(step, test::flagship_parameters());
  std::mt19937 random(3);
  auto draw = [&](double low, double high) { return static_cast<R>(std::uniform_real_distribution<double>(low, high)(random)); };
  for (int i = 0; i < 300; i++) {
    std::vector<R> columns = {draw(-100, 60), draw(0, 1), draw(0, 1), draw(0, 1), draw(0, 0.1), draw(0, 1)};
    if (i < 3) columns[0] = std::array<R, 3>{-50, -23, -48}[i];  // the singular points of α_m, β_m, α_n
    std::array<long double, 6> state;
    std::copy(columns.begin(), columns.end(), state.begin());
    auto expected = test::flagship_reference(state);
    auto got = ir::interpret<R>(step.kernel, columns, uniforms);
    for (size_t k = 0; k < 6; k++) {
      double scale = k == 0 ? 100 : 1;
      BOOST_TEST(std::fabs(static_cast<double>(got.stores[k] - expected[k])) <= tolerance * scale, "store " << k << " at v = "
          << columns[0]);
    }
    BOOST_TEST(got.spike == (columns[0] < -20 && got.stores[0] >= -20));
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(flagship_in_single) { check_flagship<float>(ir::Precision::Single, 2e-6); }
BOOST_AUTO_TEST_CASE(flagship_in_double) { check_flagship<double>(ir::Precision::Double, 4e-15); }

BOOST_AUTO_TEST_CASE(extreme_voltages_stay_finite) {
  auto step = passes::run_pipeline(test::flagship_step(), ir::Precision::Double);
  auto uniforms = argument_block<double>(step, test::flagship_parameters());
  for (double v : {-10000.0, -5000.0, -3600.0, 3600.0, 1e5}) {
    double columns[] = {v, 0.1, 0.5, 0.3, 0, 0};
    auto got = ir::interpret<double>(step.kernel, columns, uniforms);
    for (double x : got.stores) BOOST_TEST(std::isfinite(x), "v = " << v << " gives " << x);
  }
}

BOOST_AUTO_TEST_CASE(every_pass_is_watched) {
  std::vector<std::string> seen;
  passes::run_pipeline(test::flagship_step(), ir::Precision::Double,
                       [&](const std::string& pass, const ir::Function& f) {
                         seen.push_back(pass);
                         BOOST_TEST(!ir::print(f).empty());
                       });
  const std::vector<std::string> expected = {"recognise_exprel", "simplify", "prologue", "prologue.expand", "prologue.fuse", "hoist",
      "expand", "fuse"};
  BOOST_TEST(seen == expected, boost::test_tools::per_element());
}
