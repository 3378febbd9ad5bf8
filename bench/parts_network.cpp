// The runtime around the kernels: drawing numbers, building rows, delivering events, writing spikes.
#include <benchmark/benchmark.h>

#include <numeric>

#include "bench/per_element.h"
#include "bench/recurrent.h"
#include "bench/scratch.h"
#include "runtime/events/deliver.h"
#include "runtime/random/stream.h"
#include "runtime/record/csv.h"
#include "runtime/state/columns.h"

namespace eic::bench {

using Kind = plan::Rule::Kind;

namespace {

constexpr uint64_t k_degree = 80;

}  // namespace

static void build_rows(benchmark::State& state, plan::Rule rule, uint64_t cells) {
  const plan::Run run = recurrent(cells, std::move(rule));
  uint64_t synapses = 0;
  for (auto _ : state) synapses += connected(run).statistics.synapses;
  state.SetItemsProcessed(static_cast<int64_t>(synapses));
}
BENCHMARK_CAPTURE(build_rows, bernoulli, {.kind = Kind::Bernoulli, .p = 0.02}, 4000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(build_rows, fixed_indegree, {.kind = Kind::FixedIndegree, .k = k_degree}, 4000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(build_rows, fixed_outdegree, {.kind = Kind::FixedOutdegree, .k = k_degree}, 4000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(build_rows, fixed_outdegree_multi, {.kind = Kind::FixedOutdegree, .k = k_degree, .multi = true}, 4000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(build_rows, fixed_total, {.kind = Kind::FixedTotal, .k = k_degree * 4000}, 4000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(build_rows, one_to_one, {.kind = Kind::OneToOne}, 320000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(build_rows, all_to_all, {.kind = Kind::AllToAll}, 566)->Unit(benchmark::kMillisecond);

// A step in which every 800th cell has spiked, so that rows and targets are where a run would find them.
template <class R>
static void deliver_events(benchmark::State& state) {
  constexpr uint64_t k_apart = 800, k_steps = 64;
  const auto cells = static_cast<uint64_t>(state.range(0));
  plan::Run run = recurrent(cells, {.kind = Kind::FixedOutdegree, .k = k_degree});
  run.single = sizeof(R) == 4;
  const connect::Synapses synapses = connected(run);
  state::Columns columns(cells, 1, run.single);
  for (uint64_t i = 0; i < cells; i++) columns.set(0, i, 0);
  events::Ring ring(k_steps);
  uint64_t spikes = 0;
  for (uint64_t step = 0; step < k_steps; step++) {
    std::vector<uint32_t> raised;
    for (uint64_t cell = step * 37 % k_apart; cell < cells; cell += k_apart) raised.push_back(static_cast<uint32_t>(cell));
    spikes += raised.size();
    ring.push(step, raised);
  }
  const events::Delivery delivery{
      .synapses = &synapses, .ring = &ring, .from_end = cells, .column = columns.pointer(0), .single = run.single};
  for (auto _ : state) {
    for (uint64_t step = 1; step <= k_steps; step++) events::deliver(delivery, step, 0);
    benchmark::ClobberMemory();
  }
  per_element(state, spikes * k_degree);
}
BENCHMARK(deliver_events<float>)->Arg(4000)->Arg(65536);
BENCHMARK(deliver_events<double>)->Arg(4000)->Arg(65536);

static void philox(benchmark::State& state) {
  random::Stream stream(random::key_of(1, "N", "bench"), 0);
  for (auto _ : state) benchmark::DoNotOptimize(stream.word());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(philox);

static void philox_of_each_place(benchmark::State& state) {
  const random::Key key = random::key_of(1, "N", "bench");
  uint64_t index = 0;
  for (auto _ : state) benchmark::DoNotOptimize(random::Stream(key, index++).uniform());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(philox_of_each_place);

static void normal_draws(benchmark::State& state) {
  random::Stream stream(random::key_of(1, "N", "bench"), 0);
  for (auto _ : state) benchmark::DoNotOptimize(stream.normal());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(normal_draws);

// From the engine's call to the renamed file.
static void write_spikes(benchmark::State& state) {
  constexpr uint64_t k_steps = 1000, k_spikes_a_step = 100;
  plan::Run run = recurrent(4000, {});
  run.spikes.push_back({{0, 0, 4000}});
  std::vector<uint32_t> cells(k_spikes_a_step);
  std::iota(cells.begin(), cells.end(), 1000);
  const Scratch scratch;
  for (auto _ : state) {
    auto recorder = record::make_spike_csv(scratch.folder.string());
    auto fault = recorder->begin(run);
    for (uint64_t step = 0; step < k_steps && !fault; step++) recorder->spikes(0, step, cells);
    if (fault || recorder->end(record::Outcome::Complete, k_steps)) state.SkipWithError("the spikes cannot be written");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(k_steps * k_spikes_a_step));
}
BENCHMARK(write_spikes)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

}  // namespace eic::bench
