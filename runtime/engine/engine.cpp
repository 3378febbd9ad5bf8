// Engine::run: recorders are told of the begin, the steps are taken, what is left at the end is handed over.
#include "runtime/engine/engine.h"

#include <algorithm>
#include <new>
#include <numeric>

#include "runtime/engine/loop.h"
#include "runtime/engine/network.h"
#include "runtime/contract/subnormals.h"

namespace eic::engine {

namespace {

using Recorders = std::span<record::Recorder* const>;

// Tells all of them, whatever one says; the first complaint counts.
std::optional<RunError> end_all(Recorders recorders, record::Outcome outcome, uint64_t steps) {
  std::optional<RunError> first;
  for (record::Recorder* recorder : recorders) {
    auto error = recorder->end(outcome, steps);
    if (error && !first) first = std::move(error);
  }
  return first;
}

// The weights of all synapses of a rule, row by row, at the time of the last step.
std::vector<double> weights_now(events::Plastic& rule, uint64_t synapses) {
  const FlushSubnormals flush;
  std::vector<double> weights(synapses);
  std::vector<uint64_t> some;
  for (uint64_t begin = 0; begin < synapses; begin += some.size()) {
    some.resize(std::min(k_listed_together, synapses - begin));
    std::iota(some.begin(), some.end(), begin);
    const events::Plastic::Looked looked = rule.looked_at(some);
    rule.look(looked);
    rule.sample(looked, plan::k_weight_column, std::span(weights).subspan(begin, some.size()));
  }
  return weights;
}

// What recordings of weights ask for, at the time of the last step.
void hand_over_synapses(const plan::Run& run, const std::vector<connect::Synapses>& synapses,
                        const std::vector<std::unique_ptr<events::Plastic>>& rules, Recorders recorders) {
  for (uint32_t r = 0; r < run.weights.size(); ++r) {
    const uint32_t p = run.weights[r].projection;
    const connect::Synapses& all = synapses[p];
    const std::vector<double> weights = rules[p] ? weights_now(*rules[p], all.statistics.synapses) : std::vector<double>();
    std::vector<record::Synapse> listed;
    std::vector<uint64_t> drawn(all.statistics.synapses);  // of each place: its number, row by row
    for (uint64_t i = 0; i < drawn.size(); ++i) drawn[all.place_of(i)] = i;
    listed.resize(drawn.size());
    all.for_each([&](uint64_t row, uint64_t group, uint32_t target, uint64_t at) {
      const double weight = weights.empty() ? all.weight(at) : weights[drawn[at]];
      listed[drawn[at]] = {static_cast<uint32_t>(row), static_cast<uint32_t>(target - run.projections[p].to.begin), all.delays[group], weight};
    });
    for (record::Recorder* recorder : recorders) recorder->synapses(r, listed);
  }
}

Finished take_steps(Network& network, Recorders recorders, const Hooks& hooks) {
  Loop loop(network, recorders, hooks);
  struct Bound {
    threads::Team* team;
    explicit Bound(threads::Team* of) : team(of) { if (team) team->bind_caller(); }
    ~Bound() { if (team) team->free_caller(); }
  } const bound(network.team.get());  // where it was pinned; threads that recorders started are free
  try {
    return loop.run();
  } catch (const std::bad_alloc&) {  // of any thread
    Finished finished{record::Outcome::Failed, loop.taken(), 0, {}};
    finished.error = RunError{RunError::Kind::Memory, "the system has no memory left for the spikes of the run",
                              "fewer cells, or fewer spikes, are needed", {}};
    return finished;
  }
}

}  // namespace

Engine::Engine(std::unique_ptr<Network> network) : network_(std::move(network)) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

const Built& Engine::built() const { return network_->built; }

Finished Engine::run(Recorders recorders, const Hooks& hooks) {
  EIC_CHECK(!network_->started, "an engine runs once");
  network_->started = true;
  for (uint64_t i = 0; i < recorders.size(); ++i) {
    if (auto error = recorders[i]->begin(*network_->plan)) {
      (void)end_all(recorders.first(i), record::Outcome::Failed, 0);  // the first complaint is the one to report
      return {record::Outcome::Failed, 0, 0, std::move(error)};
    }
  }
  Finished finished = take_steps(*network_, recorders, hooks);
  hand_over_synapses(*network_->plan, network_->synapses, network_->rules, recorders);
  auto error = end_all(recorders, finished.outcome, finished.steps);
  if (!finished.error) finished.error = std::move(error);
  return finished;
}

}  // namespace eic::engine
