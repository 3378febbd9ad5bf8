// What the compiled code does in a step: the functions of the exponential family alone, and the flagship's kernels.
#include <benchmark/benchmark.h>

#include "bench/flagship.h"
#include "bench/per_element.h"
#include "compiler/ir/builder.h"
#include "compiler/passes/passes.h"
#include "runtime/contract/subnormals.h"

namespace eic::bench {

namespace {

constexpr uint64_t k_elements = 4096;

ir::Function function_of(ir::Op op) {
  ir::Function function;
  function.name = "function";
  function.columns = {{"x", {}}, {"y", {}}};
  ir::Builder build(function);
  const ir::ValueId y = build.make(op, build.column(0));
  function.stores.push_back({.slot = 1, .value = y});
  return function;
}

void evaluate(benchmark::State& state, ir::Op op, ir::Precision precision) {
  const FlushSubnormals flush;
  jit::Options options;
  options.precision = precision;
  auto jit = jit::Jit::create(options);
  auto kernels = (*jit)->compile({{0, jit::Role::Init, 0, passes::run_pipeline(function_of(op), precision).kernel}}, 1, {});
  state::Columns columns(k_elements, 2, precision == ir::Precision::Single);
  for (uint64_t i = 0; i < k_elements; i++) columns.set(0, i, -20 + 40.0 * static_cast<double>(i) / k_elements);
  StepArgs args;
  args.cells = args.end = k_elements;
  args.columns = columns.pointers();
  for (auto _ : state) {
    kernels->populations[0].init(&args);
    benchmark::ClobberMemory();
  }
  per_element(state, k_elements);
}

}  // namespace

BENCHMARK_CAPTURE(evaluate, exp_single, ir::Op::Exp, ir::Precision::Single);
BENCHMARK_CAPTURE(evaluate, expm1_single, ir::Op::Expm1, ir::Precision::Single);
BENCHMARK_CAPTURE(evaluate, exprelr_single, ir::Op::Exprelr, ir::Precision::Single);
BENCHMARK_CAPTURE(evaluate, exp_double, ir::Op::Exp, ir::Precision::Double);
BENCHMARK_CAPTURE(evaluate, expm1_double, ir::Op::Expm1, ir::Precision::Double);
BENCHMARK_CAPTURE(evaluate, exprelr_double, ir::Op::Exprelr, ir::Precision::Double);

template <bool single>
static void flagship_step(benchmark::State& state) {
  const FlushSubnormals flush;
  Flagship flagship(single);
  FlagshipCells cells(flagship, static_cast<uint64_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(cells.step());
  per_element(state, static_cast<uint64_t>(state.range(0)));
}
BENCHMARK(flagship_step<true>)->Arg(4000)->Arg(1000000);
BENCHMARK(flagship_step<false>)->Arg(4000)->Arg(1000000);

template <bool single>
static void flagship_init(benchmark::State& state) {
  const FlushSubnormals flush;
  Flagship flagship(single);
  FlagshipCells cells(flagship, 4000);
  for (auto _ : state) cells.init();
  per_element(state, 4000);
}
BENCHMARK(flagship_init<true>);
BENCHMARK(flagship_init<false>);

}  // namespace eic::bench
