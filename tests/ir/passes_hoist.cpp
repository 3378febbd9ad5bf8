// hoist, fuse, simplify and the scalar pipeline on small functions.
#include <boost/test/unit_test.hpp>

#include <cmath>

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

Function empty_function() {
  Function f;
  f.name = "test";
  f.columns = {{"x", {}}, {"y", {}}};
  f.uniforms = {{"a", {}}, {"b", {}}, {"w", {}}};
  return f;
}

size_t count(const Function& f, Op op) {
  size_t n = 0;
  for (const ir::Value& value : f.values) n += value.op == op;
  return n;
}

std::vector<std::string> names(const std::vector<ir::Slot>& slots) {
  std::vector<std::string> out;
  for (const ir::Slot& slot : slots) out.push_back(slot.name);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(hoist_moves_exactly_what_is_uniform) {
  Function f = empty_function();
  Builder build(f);
  ValueId x = build.column(0), a = build.uniform(0), b = build.uniform(1);
  ValueId rate = build.make(Op::Exp, build.make(Op::Div, a, b));
  ValueId condition = build.make(Op::Less, a, b);
  ValueId value = build.make(Op::Add, build.make(Op::Mul, x, rate), build.make(Op::Mul, build.constant(2), a));
  f.stores = {{.slot = 0, .value = build.make(Op::Select, condition, value, build.make(Op::Exp, x))}, {.slot = 1, .value = b}};
  auto [kernel, prologue] = passes::hoist(f);
  BOOST_TEST(ir::verify(kernel) == "");
  BOOST_TEST(ir::verify(prologue) == "");
  BOOST_TEST(count(kernel, Op::Exp) == 1u);
  BOOST_TEST(count(kernel, Op::Div) == 0u);
  BOOST_TEST(count(kernel, Op::Less) == 0u);
  BOOST_TEST(count(kernel, Op::Mul) == 1u);
  BOOST_TEST(count(prologue, Op::Exp) == 1u);
  BOOST_TEST(count(prologue, Op::Mul) == 1u);
  BOOST_TEST(count(prologue, Op::Column) == 0u);
  BOOST_TEST(kernel.uniforms.size() == 4u);  // rate, 2a, condition, b
  BOOST_TEST(names(prologue.results) == names(kernel.uniforms), boost::test_tools::per_element());
  BOOST_TEST(prologue.stores.size() == prologue.results.size());
}

BOOST_AUTO_TEST_CASE(the_prologue_gives_what_direct_evaluation_gives) {
  Function f = empty_function();
  Builder build(f);
  ValueId a = build.uniform(0), b = build.uniform(1);
  f.stores = {{.slot = 0, .value = build.make(Op::Mul, build.column(0), build.make(Op::Exp, build.make(Op::Div,
      build.make(Op::Neg, a), b)))}};
  for (auto precision : {ir::Precision::Single, ir::Precision::Double}) {
    auto code = passes::run_pipeline(f, precision);
    double parameters[] = {0.1, 5, 0};
    auto block = ir::interpret<double>(code.prologue, {}, parameters).stores;
    BOOST_REQUIRE(block.size() == 1u);
    BOOST_TEST(std::fabs(block[0] - std::exp(-0.1 / 5)) <= 3e-16);
  }
}

BOOST_AUTO_TEST_CASE(an_event_keeps_its_weight) {
  Function f = empty_function();
  f.weighted = true;
  Builder build(f);
  ValueId weight = build.uniform(2), a = build.uniform(0), b = build.uniform(1);
  ValueId jump = build.make(Op::Mul, build.make(Op::Mul, weight, weight), build.make(Op::Mul, a, b));
  f.stores = {{.slot = 0, .value = build.make(Op::Add, build.column(0), build.make(Op::Mul, jump, a))}};
  auto code = passes::run_pipeline(f, ir::Precision::Double);
  BOOST_TEST(code.kernel.uniforms.back().name == "w");
  BOOST_TEST(code.prologue.results.size() + 1 == code.kernel.uniforms.size());
  double parameters[] = {3, 5, 0};
  auto block = ir::interpret<double>(code.prologue, {}, parameters).stores;
  block.push_back(7);
  double columns[] = {100, 0};
  BOOST_TEST(ir::interpret<double>(code.kernel, columns, block).stores[0] == 100 + 49 * 15 * 3);
  f.stores[0].value = build.make(Op::Add, build.column(0), a);  // a weight that is not read still has its place
  auto unread = passes::hoist(passes::prune(f));
  BOOST_TEST(unread.kernel.uniforms.size() == 2u);
  BOOST_TEST(unread.kernel.uniforms.back().name == "w");
}

BOOST_AUTO_TEST_CASE(fuse_takes_products_that_are_used_once) {
  Function f = empty_function();
  Builder build(f);
  ValueId x = build.column(0), y = build.column(1), a = build.uniform(0);
  ValueId once = build.make(Op::Mul, x, y), twice = build.make(Op::Mul, x, a);
  f.stores = {{.slot = 0, .value = build.make(Op::Sub, a, once)},
              {.slot = 1, .value = build.make(Op::Mul, build.make(Op::Add, twice, y), build.make(Op::Exp, twice))}};
  Function fused = passes::prune(passes::fuse(f));
  BOOST_TEST(ir::verify(fused) == "");
  BOOST_TEST(count(fused, Op::Fma) == 1u);
  BOOST_TEST(count(fused, Op::Sub) == 0u);
  BOOST_TEST(count(fused, Op::Neg) == 1u);
  BOOST_TEST(count(fused, Op::Mul) == 2u);
}

BOOST_AUTO_TEST_CASE(simplify_divides_by_what_varies_only) {
  Function f = empty_function();
  Builder build(f);
  ValueId x = build.column(0), y = build.column(1), a = build.uniform(0), b = build.uniform(1);
  ValueId scaled = build.make(Op::Div, build.make(Op::Neg, build.make(Op::Div, build.make(Op::Mul, a, x), b)),
      build.constant(4));
  f.stores = {{.slot = 0, .value = scaled}, {.slot = 1, .value = build.make(Op::Div, x, y)}};
  Function kernel = passes::hoist(passes::prune(passes::simplify(f))).kernel;
  BOOST_TEST(ir::verify(kernel) == "");
  BOOST_TEST(count(kernel, Op::Div) == 1u);
  BOOST_TEST(count(kernel, Op::Mul) == 1u, ir::print(kernel));
  BOOST_TEST(count(kernel, Op::Neg) == 0u);
}

BOOST_AUTO_TEST_CASE(scalar_functions_run) {
  Function f;
  f.name = "scalars";
  f.uniforms = {{"a", {}}};
  f.results = {{"r", {}}};
  Builder build(f);
  f.stores = {{.slot = 0, .value = build.make(Op::Pow, build.uniform(0), build.constant(0.5))}};
  double parameters[] = {9};
  BOOST_TEST(ir::interpret<double>(passes::run_scalar_pipeline(f), {}, parameters).stores[0] == 3);
}
