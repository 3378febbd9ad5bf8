// Engine::run: the steps of docs/numerics.md, "One step".
#include "runtime/engine/engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <numeric>

#include "runtime/engine/network.h"
#include "runtime/contract/subnormals.h"

namespace eic::engine {

namespace {

using Clock = std::chrono::steady_clock;
using Recorders = std::span<record::Recorder* const>;

constexpr double k_progress_s = 0.1;
constexpr uint64_t k_cells_between_looks = 1 << 16;  // reading the clock must not show in the step of a single cell

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Looks at the clock now and then: for the progress line, and for the time limit.
class Watch {
 public:
  Watch(const Hooks& hooks, const Options& options, uint64_t cells, uint64_t steps)
      : hooks_(hooks),
        limit_s_(options.time_limit_s),
        steps_(steps),
        stride_(std::max<uint64_t>(k_cells_between_looks / (cells + k_padding_cells), 1)) {}

  bool interrupted() const { return hooks_.interrupt != nullptr && hooks_.interrupt->load(std::memory_order_relaxed) != 0; }

  // True when the time limit is reached.
  bool look(uint64_t step) {
    if (step % stride_ != 0) return false;
    const double now_s = seconds_since(start_);
    if (hooks_.progress && now_s >= next_progress_s_) {
      hooks_.progress(step, steps_);
      next_progress_s_ = now_s + k_progress_s;
    }
    return limit_s_ > 0 && now_s >= limit_s_;
  }
  double elapsed_s() const { return seconds_since(start_); }

 private:
  const Hooks& hooks_;
  double limit_s_;
  uint64_t steps_, stride_;
  double next_progress_s_ = k_progress_s;
  Clock::time_point start_ = Clock::now();
};

RunError time_limit_error(const Options& options, double t_ms) {
  return {RunError::Kind::Limit,
          fmt::format("the time limit of {:.6g} s was reached at t = {:.10g} ms", options.time_limit_s, t_ms), {}, {}};
}

// Tells all of them, whatever one says; the first complaint counts.
std::optional<RunError> end_all(Recorders recorders, record::Outcome outcome, uint64_t steps) {
  std::optional<RunError> first;
  for (record::Recorder* recorder : recorders) {
    auto error = recorder->end(outcome, steps);
    if (error && !first) first = std::move(error);
  }
  return first;
}

// Step k of one population; its spikes stand in population.spikes() afterwards.
std::optional<Fault> advance(Population& population, stimuli::Currents& currents, stimuli::Clamps& clamps, const Noise& noise,
                             uint64_t step) {
  currents.update(step, population.columns());
  clamps.update(step, population.columns());
  noise.update(step, population.columns());
  return population.step();
}

void hand_on_spikes(uint32_t p, uint64_t step, Population& population, Recorders recorders) {
  const auto cells = population.spikes();
  population.ring().push(step, cells);
  if (cells.empty()) return;
  for (record::Recorder* recorder : recorders) recorder->spikes(p, step, cells);
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
    for (const connect::DelayGroup& group : all.groups) {
      for (uint64_t row = 0; row < all.rows; ++row) {
        for (uint64_t at = group.offsets[row]; at < group.offsets[row + 1]; ++at) {
          const auto target = static_cast<uint32_t>(all.targets.as<uint32_t>()[at] - run.projections[p].to.begin);
          const double weight = weights.empty() ? all.weight(at, run.single) : weights[drawn[at]];
          listed[drawn[at]] = {static_cast<uint32_t>(row), target, group.delay, weight};
        }
      }
    }
    for (record::Recorder* recorder : recorders) recorder->synapses(r, listed);
  }
}

// A full disk should end a long run soon, not when it is over.
bool any_faulted(Recorders recorders, uint64_t step) {
  constexpr uint64_t k_every = 256;
  return step % k_every == 0 && std::any_of(recorders.begin(), recorders.end(), [](const record::Recorder* recorder) { return recorder->faulted(); });
}

}  // namespace

Engine::Engine(std::unique_ptr<Network> network) : network_(std::move(network)) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

const Built& Engine::built() const { return network_->built; }

// One step; a fault leaves it incomplete, and nothing of it is recorded.
std::optional<RunError> Engine::step(uint64_t step, Recorders recorders) {
  Network& network = *network_;
  for (Population& population : network.populations) population.set_time(network.time(step));
  for (const events::Delivery& delivery : network.deliveries) {
    if (delivery.rule != nullptr) {
      if (const auto fault = delivery.rule->begin(step)) return plastic_fault(*network.plan, delivery.projection, *fault, step);
    }
    events::deliver(delivery, step, 0);
  }
  for (stimuli::Events& events : network.events) events.deliver(step);
  if (network.gaps) network.gaps->update();  // from the v that all cells have now
  network.traces->capture(step + 1);
  for (uint32_t p = 0; p < network.populations.size(); ++p) {
    Population& population = network.populations[p];
    if (const auto fault = advance(population, network.currents[p], network.clamps[p], network.noise[p], step)) {
      return numerical_fault(*network.plan, population, *fault, step);
    }
  }
  for (uint32_t p = 0; p < network.populations.size(); ++p) {
    hand_on_spikes(p, step, network.populations[p], recorders);
  }
  network.traces->emit(step + 1, network.time(step + 1), recorders);
  return std::nullopt;
}

// All steps, from the row at t = 0 on.
Finished Engine::loop(Recorders recorders, const Hooks& hooks) {
  Network& network = *network_;
  const FlushSubnormals flush;
  Finished finished;
  Watch watch(hooks, network.options, network.built.cells, network.plan->steps);
  network.traces->capture(0);
  network.traces->emit(0, 0, recorders);
  for (Population& population : network.populations) population.prime();
  for (; finished.steps < network.plan->steps; ++finished.steps) {
    if (watch.interrupted()) {
      finished.outcome = record::Outcome::Interrupted;
      break;
    }
    if (watch.look(finished.steps)) {
      finished.outcome = record::Outcome::Interrupted;
      finished.error = time_limit_error(network.options, network.time(finished.steps));
      break;
    }
    // a recorder's own error comes from its end()
    if (any_faulted(recorders, finished.steps) || (finished.error = enter_phases(finished.steps)) ||
        (finished.error = step(finished.steps, recorders))) {
      finished.outcome = record::Outcome::Failed;
      break;
    }
  }
  finished.run_s = watch.elapsed_s();
  return finished;
}

Finished Engine::run(Recorders recorders, const Hooks& hooks) {
  EIC_CHECK(!network_->started, "an engine runs once");
  network_->started = true;
  for (uint64_t i = 0; i < recorders.size(); ++i) {
    if (auto error = recorders[i]->begin(*network_->plan)) {
      (void)end_all(recorders.first(i), record::Outcome::Failed, 0);  // the first complaint is the one to report
      return {record::Outcome::Failed, 0, 0, std::move(error)};
    }
  }
  Finished finished = loop(recorders, hooks);
  hand_over_synapses(*network_->plan, network_->synapses, network_->rules, recorders);
  auto error = end_all(recorders, finished.outcome, finished.steps);
  if (!finished.error) finished.error = std::move(error);
  return finished;
}

}  // namespace eic::engine
