// The compiler's share of a run: reading, planning, code generation, the object cache.
#include <benchmark/benchmark.h>

#include <filesystem>

#include "bench/flagship.h"
#include "bench/scratch.h"

namespace eic::bench {

static void read_and_check(benchmark::State& state) {
  for (auto _ : state) {
    Front front;
    if (!read_flagship(front)) give_up(front);
    benchmark::DoNotOptimize(front.model);
  }
}
BENCHMARK(read_and_check)->Unit(benchmark::kMillisecond);

static void plan_and_passes(benchmark::State& state) {
  Flagship flagship(state.range(0) == 0);
  for (auto _ : state) benchmark::DoNotOptimize(plan_run(flagship.front, *flagship.simulation, flagship.options));
}
BENCHMARK(plan_and_passes)->ArgName("double")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

// The JIT alone: a new one for each compilation, as in a run.
static void jit_compile(benchmark::State& state, bool cached) {
  Flagship flagship(state.range(0) == 0);
  const Scratch scratch;
  jit::Options options;
  options.precision = state.range(0) == 0 ? ir::Precision::Single : ir::Precision::Double;
  if (cached) options.cache = scratch.folder;
  const std::vector<jit::Unit> units = jit_units(flagship.compiled.planned);
  auto compile_once = [&] {
    auto jit = jit::Jit::create(options);
    auto kernels = (*jit)->compile(units, flagship.compiled.planned.kernels.size(), flagship.front.sources);
    if (!kernels) state.SkipWithError(kernels.error().c_str());
    return std::move(*jit);
  };
  if (cached) compile_once();
  for (auto _ : state) {
    auto jit = compile_once();
    state.PauseTiming();  // the machine's end is no part of a run
    if (jit->cache_hit() != cached) state.SkipWithError("the cache does not do what was asked");
    jit.reset();
    state.ResumeTiming();
  }
}
BENCHMARK_CAPTURE(jit_compile, cold, false)->ArgName("double")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(jit_compile, cache_hit, true)->ArgName("double")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace eic::bench
