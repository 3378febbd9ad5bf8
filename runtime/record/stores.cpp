#include "runtime/record/stores.h"

#include "runtime/contract/check.h"

namespace eic::record {

std::optional<RunError> SpikeStore::begin(const plan::Run& run) {
  clock_ = StepClock(run.dt_text);
  steps_ = run.steps;
  populations_.clear();
  for (const auto& population : run.populations)
    populations_.push_back({population.name, population.size, population.views, {}, {}, {}});
  return std::nullopt;
}

void SpikeStore::spikes(uint32_t population, uint64_t step, const Spikes& spikes) {
  Population& store = populations_[population];
  store.steps.insert(store.steps.end(), spikes.cells.size(), step);
  store.cells.insert(store.cells.end(), spikes.cells.begin(), spikes.cells.end());
  store.fractions.insert(store.fractions.end(), spikes.fractions.begin(), spikes.fractions.end());
}

std::optional<RunError> SpikeStore::end(Outcome, uint64_t steps) {
  steps_ = steps;
  return std::nullopt;
}

double SpikeStore::time_ms(const Population& population, size_t spike) const {
  return clock_.ms(population.steps[spike], population.fraction(spike));
}

std::vector<double> SpikeStore::times_ms(uint32_t population, uint32_t cell) const {
  const Population& store = populations_[population];
  std::vector<double> times;
  for (size_t i = 0; i < store.cells.size(); ++i)
    if (store.cells[i] == cell) times.push_back(time_ms(store, i));
  return times;
}

std::optional<RunError> TraceStore::begin(const plan::Run& run) {
  clock_ = StepClock(run.dt_text);
  traces_.clear();
  for (const auto& trace : run.traces) traces_.push_back({trace.columns.size() * trace.cells.size(), trace.cells.size(), {}, {}});
  return std::nullopt;
}

void TraceStore::sample(uint32_t trace, uint64_t row_step, std::span<const double> values) {
  Trace& store = traces_[trace];
  EIC_CHECK(values.size() == store.width, "a sample has not its recording's columns");
  store.steps.push_back(row_step);
  store.values.insert(store.values.end(), values.begin(), values.end());
}

}  // namespace eic::record
