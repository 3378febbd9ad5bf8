// Every op, at every width and precision, against the interpreter: bit for bit.
#include <limits>
#include <random>

#include "compiler/ir/interpret.h"
#include "tests/ir/jit_hand.h"
#include "tests/ir/jit_run.h"

using namespace eic;
using namespace eic::hand;

namespace {

constexpr uint32_t k_widths[] = {1, 2, 4, 8, 16, 32, 64};
constexpr ir::Op k_ops[] = {
#define EIC_OP(name, text, arity, type, rule) ir::Op::name,
#include "compiler/ir/ops.def"
#undef EIC_OP
};

bool is_lowered(ir::Op op) { return ir::info(op).rule != ir::DimensionRule::Plain; }

// Three Real inputs (columns 0 … 2) and a uniform; each op stores what it makes of them in a column of its own.
ir::Function every_op(ir::Precision precision) {
  Maker m("ops", precision);
  Term real[] = {m.column(0), m.column(1), m.column(2)};
  Term flag[] = {less(real[0], real[1]), less(real[2], real[1])};
  Term bits[] = {m.op(ir::Op::ToBits, real[0]), m.op(ir::Op::ToBits, real[1])};
  Term one = m.number(1), zero = m.number(0), shift = m.integer(5);
  auto apply = [&](ir::Op op) -> Term {
    switch (op) {
      case ir::Op::Const: return m.number(-1.0 / 3);
      case ir::Op::Column: return real[0];
      case ir::Op::Uniform: return m.uniform(1);
      case ir::Op::BoolConst: return m.push({.op = op, .integer = 1});
      case ir::Op::IntConst: return m.integer(-12345);
      case ir::Op::Select: return select(flag[0], real[1], real[2]);
      case ir::Op::And: case ir::Op::Or: return m.op(op, flag[0], flag[1]);
      case ir::Op::Not: return m.op(op, flag[0]);
      case ir::Op::FromBits: return m.op(op, bits[1]);
      case ir::Op::IShl: case ir::Op::IShr: case ir::Op::ISar: return m.op(op, bits[0], shift);
      default: break;
    }
    bool integers = ir::info(op).rule == ir::DimensionRule::Free && op != ir::Op::ToBits;
    const Term* x = integers ? bits : real;
    switch (ir::info(op).arity) {
      case 1: return m.op(op, x[0]);
      case 2: return m.op(op, x[0], x[1]);
      default: return m.op(op, x[0], x[1], x[2]);
    }
  };
  uint32_t column = 3;
  for (ir::Op op : k_ops) {
    if (!is_lowered(op)) continue;
    Term made = apply(op);
    if (ir::info(op).type == ir::Type::Bool) made = select(made, one, zero);
    if (ir::info(op).type == ir::Type::Int) made = m.op(ir::Op::FromBits, made);
    m.store(column++, made, /*guarded=*/false);
  }
  return m.function;
}

template <class R>
void fill_with_awkward_numbers(Population<R>& population) {
  using Limits = std::numeric_limits<R>;
  const R special[] = {R(0), R(-0.0), R(1), R(-1), Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN(),
                       Limits::denorm_min(), -Limits::denorm_min(), Limits::min(), Limits::min() / 2,
                       Limits::max(), -Limits::max(), Limits::epsilon()};
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> mantissa(-2, 2);
  for (size_t column = 0; column < 3; column++)
    population.fill(column, [&](size_t) {
      if (random() % 3 == 0) return special[random() % std::size(special)];
      return static_cast<R>(std::ldexp(mantissa(random), static_cast<int>(random() % 40) - 20));
    });
}

template <class R>
void compare_every_op() {
  const ir::Function function = every_op(precision_of<R>);
  for (uint32_t width : k_widths) {
    Compiled compiled = compile(function, {.precision = precision_of<R>, .width = width});
    BOOST_TEST_REQUIRE(compiled.kernel.width == width);
    BOOST_TEST_REQUIRE(compiled.kernel.single == (sizeof(R) == 4));
    Population<R> population(1000, function.columns.size(), {0.5, -2.25});
    fill_with_awkward_numbers(population);
    population.run(compiled.kernel.step);
    for (size_t i = 0; i < population.padded(); i++) {
      std::vector<R> cell = population.cell(i);
      auto expected = ir::interpret<R>(function, cell, population.uniforms());
      for (size_t s = 0; s < function.stores.size(); s++) {
        ir::Op op = function.values[function.stores[s].value].op;
        BOOST_REQUIRE_MESSAGE(same_bits(cell[s + 3], expected.stores[s]),
                              "width " << width << " store " << s << " (" << ir::info(op).text << ") of " << cell[0] << ", "
                                       << cell[1] << ", "
                                       << cell[2] << ": " << cell[s + 3] << " instead of " << expected.stores[s]);
      }
    }
  }
}

// 60 ms of the reference cell: spikes and all six states.
template <class R>
void compare_reference_cell(uint32_t width) {
  const ir::Function function = reference_step(precision_of<R>);
  Compiled compiled = compile(function, {.precision = precision_of<R>, .width = width});
  Population<R> population(5, 6, reference_uniforms());
  const double start[] = {-65, 0.05, 0.6, 0.32, 0, 0};
  for (size_t c = 0; c < 6; c++) population.fill(c, [&](size_t i) { return start[c] + (c == 0 ? 2.0 * i : 0); });
  size_t spikes = 0;
  for (int step = 0; step < 600; step++) {
    std::vector<ir::CellResult<R>> expected;
    for (size_t i = 0; i < 5; i++) expected.push_back(ir::interpret<R>(function, population.cell(i), population.uniforms()));
    StepArgs args = population.run(compiled.kernel.step);
    BOOST_REQUIRE(args.fault == k_no_fault);
    size_t found = 0;
    for (uint32_t i = 0; i < 5; i++) {
      for (size_t c = 0; c < 6; c++) BOOST_REQUIRE(same_bits(population.column(c)[i], expected[i].stores[c]));
      if (expected[i].spike) BOOST_REQUIRE(population.spikes()[found++] == i);
    }
    BOOST_REQUIRE(found == args.spike_count);
    spikes += found;
  }
  BOOST_TEST(spikes >= 3u);
}

}  // namespace

BOOST_AUTO_TEST_CASE(jit_every_op_in_single_equals_the_interpreter) { compare_every_op<float>(); }
BOOST_AUTO_TEST_CASE(jit_every_op_in_double_equals_the_interpreter) { compare_every_op<double>(); }

BOOST_AUTO_TEST_CASE(jit_reference_cell_equals_the_interpreter) {
  for (uint32_t width : {0, 1, 2, 4, 8, 16}) {
    compare_reference_cell<float>(width);
    compare_reference_cell<double>(width);
  }
}
