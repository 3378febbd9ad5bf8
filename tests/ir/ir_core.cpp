// Builder, printer, verifier and interpreter.
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

#include "compiler/ir/builder.h"
#include "compiler/ir/interpret.h"
#include "compiler/ir/print.h"
#include "compiler/ir/verify.h"

namespace {

using namespace eic;
using ir::Builder;
using ir::Function;
using ir::Op;
using ir::Value;
using ir::ValueId;

units::Dimension volt() {
  units::Dimension d;
  d.exponents = {24, 12, -36, -12, 0, 0, 0};
  return d;
}

Function two_columns() {
  Function f;
  f.name = "test";
  f.columns = {{"v", volt()}, {"x", {}}};
  f.uniforms = {{"E", volt()}};
  return f;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// What the verifier says of one value appended to v and x (%0, %1).
std::string fault(Value value) {
  Function f = two_columns();
  Builder build(f);
  build.column(0);
  build.column(1);
  f.values.push_back(value);
  return ir::verify(f);
}

template <class R>
R one(Op op, R a, R b = 0, R c = 0) {
  Function f;
  f.columns = {{"a", {}}, {"b", {}}, {"c", {}}, {"out", {}}};
  Builder build(f);
  int arity = ir::info(op).arity;
  ValueId value = build.make(op, build.column(0), arity > 1 ? build.column(1) : ir::k_no_value,
      arity > 2 ? build.column(2) : ir::k_no_value);
  if (ir::info(op).type == ir::Type::Bool) value = build.make(Op::Select, value, build.constant(1), build.constant(0));
  f.stores = {{.slot = 3, .value = value}};
  R columns[] = {a, b, c, 0};
  return ir::interpret<R>(f, columns, {}).stores[0];
}

}  // namespace

BOOST_AUTO_TEST_CASE(builder_shares_and_folds) {
  Function f = two_columns();
  Builder build(f);
  ValueId v = build.column(0), x = build.column(1), e = build.uniform(0);
  BOOST_TEST(build.make(Op::Add, v, e) == build.make(Op::Add, e, v));
  BOOST_TEST(build.make(Op::Sub, v, e) != build.make(Op::Sub, e, v));
  BOOST_TEST(build.make(Op::Mul, x, build.constant(1)) == x);
  BOOST_TEST(build.make(Op::Mul, x, build.constant(1, volt())) != x);  // another dimension
  BOOST_TEST(build.make(Op::Mul, x, build.constant(0)) != build.constant(0));  // x may be infinite
  BOOST_TEST(build.make(Op::Add, x, build.constant(0)) != x);  // x may be −0
  BOOST_TEST(build.make(Op::Sub, x, build.constant(0)) == x);
  BOOST_TEST(build.make(Op::Neg, build.make(Op::Neg, v)) == v);
  BOOST_TEST(build.make(Op::Mul, build.constant(6), build.constant(7)) == build.constant(42));
  BOOST_TEST(build.make(Op::Select, build.make(Op::Less, build.constant(1), build.constant(2)), x, build.constant(3)) == x);
  BOOST_TEST((build[build.make(Op::Exp, build.constant(1))].op == Op::Exp));
  BOOST_TEST((build[build.make(Op::Sqrt, build.make(Op::Mul, v, v))].dimension == volt()));
  BOOST_TEST(build.power(x, 0) == build.constant(1));
  BOOST_TEST(build.power(x, 3) == build.make(Op::Mul, x, build.make(Op::Mul, x, x)));
  BOOST_TEST((build[build.power(v, -2)].dimension == volt().power(-2)));
  BOOST_TEST(ir::verify(f) == "");
}

BOOST_AUTO_TEST_CASE(substitute_and_dependence) {
  Function f = two_columns();
  Builder build(f);
  ValueId v = build.column(0), e = build.uniform(0);
  ValueId distance = build.make(Op::Sub, v, e);
  BOOST_TEST(ir::depends_on(f, distance, 0));
  BOOST_TEST(!ir::depends_on(f, distance, 1));
  BOOST_TEST(ir::depends_on_columns(f, distance));
  BOOST_TEST(!ir::depends_on_columns(f, e));
  BOOST_TEST(ir::substitute(build, distance, 0, e) == build.make(Op::Sub, e, e));
  BOOST_TEST(ir::substitute(build, distance, 1, build.constant(0)) == distance);
}

BOOST_AUTO_TEST_CASE(print_is_stable) {
  Function f = two_columns();
  Builder build(f);
  ValueId v = build.column(0), x = build.column(1);
  ValueId product = build.make(Op::Mul, build.make(Op::Sub, v, build.uniform(0)), x);
  f.stores = {{.slot = 0, .value = product, .guarded = true}};
  f.spike = build.make(Op::Less, build.constant(0.5), x);
  BOOST_TEST(ir::print(f) ==
             "function test\n"
             "  column v : mV\n"
             "  column x : 1\n"
             "  uniform E : mV\n"
             "  %0 = column v : mV\n"
             "  %1 = column x\n"
             "  %2 = uniform E : mV\n"
             "  %3 = sub %0, %2 : mV\n"
             "  %4 = mul %1, %3 : mV\n"
             "  %5 = const 0.5\n"
             "  %6 = less %5, %1\n"
             "  v = %4 guarded\n"
             "  spike if %6\n");
}

BOOST_AUTO_TEST_CASE(verifier_names_what_is_wrong) {
  const auto none = ir::k_no_value;
  BOOST_TEST(fault({.op = Op::Neg, .args = {0, none, none}, .dimension = volt()}) == "");
  BOOST_TEST(contains(fault({.op = Op::Add, .args = {0, 1, none}, .dimension = volt()}), "`add` of mV and 1"));
  BOOST_TEST(contains(fault({.op = Op::Min, .args = {1, 0, none}}), "`min` of 1 and mV"));
  BOOST_TEST(contains(fault({.op = Op::Mul, .args = {0, 0, none}, .dimension = volt()}), "`mul` is mV^2, not mV"));
  BOOST_TEST(contains(fault({.op = Op::Div, .args = {0, 0, none}, .dimension = volt()}), "`div` is 1, not mV"));
  BOOST_TEST(contains(fault({.op = Op::Fma, .args = {0, 0, 0}, .dimension = volt()}), "`fma` of mV^2 and mV"));
  BOOST_TEST(contains(fault({.op = Op::Sqrt, .args = {0, none, none}, .dimension = volt()}), "`sqrt`"));
  BOOST_TEST(contains(fault({.op = Op::Exp, .args = {0, none, none}}), "`exp` of mV"));
  BOOST_TEST(contains(fault({.op = Op::Pow, .args = {1, 0, none}}), "`pow` of mV"));
  BOOST_TEST(contains(fault({.op = Op::Less, .args = {0, 1, none}}), "`less` of mV and 1"));
  BOOST_TEST(contains(fault({.op = Op::Not, .args = {1, none, none}}), "wrong type"));
  BOOST_TEST(contains(fault({.op = Op::Select, .args = {1, 0, 0}, .dimension = volt()}), "wrong type"));
  BOOST_TEST(contains(fault({.op = Op::FromBits, .args = {1, none, none}}), "wrong type"));
  BOOST_TEST(contains(fault({.op = Op::Neg, .args = {2, none, none}}), "does not come earlier"));
  BOOST_TEST(contains(fault({.op = Op::Add, .args = {1, none, none}}), "does not come earlier"));
  BOOST_TEST(contains(fault({.op = Op::Neg, .args = {1, 1, none}}), "too many arguments"));
  BOOST_TEST(contains(fault({.op = Op::Column, .slot = 7}), "column 7 does not exist"));
  BOOST_TEST(contains(fault({.op = Op::Uniform, .slot = 0}), "another dimension"));
  Function f = two_columns();
  Builder build(f);
  ValueId x = build.column(1), condition = build.make(Op::Less, x, x);
  f.stores = {{.slot = 0, .value = x}};
  BOOST_TEST(contains(ir::verify(f), "`v` is mV, not 1"));
  f.stores = {{.slot = 9, .value = x}};
  BOOST_TEST(contains(ir::verify(f), "its slot does not exist"));
  f.stores = {{.slot = 1, .value = condition}};
  BOOST_TEST(contains(ir::verify(f), "not real"));
  f.stores.clear();
  f.spike = x;
  BOOST_TEST(contains(ir::verify(f), "the spike is no condition"));
  f.spike = condition;
  ValueId word = build.make(Op::ToBits, x);
  BOOST_TEST(ir::verify(f) == "");
  f.values.push_back({.op = Op::IShl, .args = {word, word, ir::k_no_value}});
  BOOST_TEST(contains(ir::verify(f), "not constant"));
}

BOOST_AUTO_TEST_CASE(interpreter_has_the_semantics_of_ops_def) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), tiny = 1e-310;
  BOOST_TEST(one<double>(Op::Fma, 1 + 0x1p-52, 1 + 0x1p-52, -1) == std::fma(1 + 0x1p-52, 1 + 0x1p-52, -1.0));
  BOOST_TEST(one<float>(Op::Div, 1, 3) == 1.0f / 3.0f);
  BOOST_TEST(std::isnan(one<double>(Op::Min, 1, nan)));
  BOOST_TEST(one<double>(Op::Min, nan, 1) == 1);
  BOOST_TEST(std::isnan(one<double>(Op::Max, 1, nan)));
  BOOST_TEST(one<double>(Op::Max, nan, 1) == 1);
  BOOST_TEST(one<double>(Op::NotEqual, nan, nan) == 1);
  BOOST_TEST(one<double>(Op::Equal, nan, nan) == 0);
  BOOST_TEST(one<double>(Op::LessEqual, nan, 1) == 0);
  BOOST_TEST(one<double>(Op::Add, tiny, 0) == 0);  // subnormals are flushed, on the way in
  BOOST_TEST(one<double>(Op::Equal, tiny, 0) == 1);
  BOOST_TEST(one<double>(Op::Mul, 1e-160, 1e-160) == 0);  // and on the way out
  volatile double small = 1e-160;
  BOOST_TEST(small * small > 0);  // but only there
}

BOOST_AUTO_TEST_CASE(integers_wrap_in_the_width_of_the_precision) {
  Function f;
  f.columns = {{"x", {}}};
  Builder build(f);
  ValueId word = build.make(Op::ToBits, build.column(0));
  ValueId top = build.make(Op::ISar, build.make(Op::IShl, word, build.integer(31)), build.integer(31));
  f.stores = {{.slot = 0, .value = build.make(Op::FromBits, build.make(Op::IAdd, build.make(Op::IAnd, top, build.integer(0)),
      word))}};
  float single[] = {-2.5f};
  BOOST_TEST(ir::interpret<float>(f, single, {}).stores[0] == -2.5f);
  f.stores[0].value = build.make(Op::FromBits, build.make(Op::IXor, build.make(Op::ISub, word, word), build.make(Op::IShr,
      build.integer(-1), build.integer(2))));
  BOOST_TEST(ir::interpret<float>(f, single, {}).stores[0] == 0x1.fffffep0f);  // 0x3fffffff
  double twice[] = {-2.5};
  BOOST_TEST(ir::interpret<double>(f, twice, {}).stores[0] == 0x1.fffffffffffffp0);
}
