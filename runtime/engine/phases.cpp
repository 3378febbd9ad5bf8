// The begin of a phase: other uniforms, other parameters of single cells, other weights, each from the same draws.
#include "runtime/connect/connect.h"
#include "runtime/contract/subnormals.h"
#include "runtime/engine/network.h"
#include "runtime/state/memory.h"

namespace eic::engine {

namespace {

std::optional<RunError> change_population(const plan::Run& run, const plan::Phase& phase, uint64_t p, Population& population) {
  population.set_uniforms(phase.uniforms[p]);
  const auto& parameters = phase.parameters[p];
  for (uint64_t c = 0; c < parameters.size(); ++c) {
    if (!parameters[c]) continue;
    if (auto error = state::fill_column(population.plan(), *parameters[c], run.seed, c, population.columns())) return error;
  }
  population.follow();
  return parameter_fault(population);
}

// Weights that stay as they are need no second drawing of the synapses.
std::optional<RunError> change_weights(const plan::Run& run, uint64_t phase, uint64_t p, const connect::Space& space,
                                       const state::Partition* partition, connect::Synapses& synapses) {
  const std::optional<plan::Draw>& before = phase == 1 ? run.projections[p].weight : run.phases[phase - 1].weights[p];
  const std::optional<plan::Draw>& now = run.phases[phase].weights[p];
  if (!now || (now->a == before->a && now->b == before->b)) return std::nullopt;
  plan::Projection projection = run.projections[p];
  projection.weight = now;
  state::Budget budget(state::available_bytes());
  auto weights = connect::reweigh({.run = run, .projection = projection, .budget = budget, .space = &space, .partition = partition,
                                   .prefer_single = synapses.single_weights},
                                  synapses);
  if (!weights) return std::move(weights.error());
  synapses.weights = std::move(*weights);
  return std::nullopt;
}

}  // namespace

std::optional<RunError> enter_phases(Network& network, uint64_t step) {
  const plan::Run& run = *network.plan;
  for (; network.next_phase < run.phases.size() && run.phases[network.next_phase].steps.begin <= step; ++network.next_phase) {
    if (network.next_phase == 0) continue;  // as the network was built
    const plan::Phase& phase = run.phases[network.next_phase];
    for (uint64_t p = 0; p < network.populations.size(); ++p) {
      if (auto error = change_population(run, phase, p, network.populations[p])) return error;
    }
    for (uint64_t p = 0; p < network.synapses.size(); ++p) {
      const bool whole = run.projections[p].gap || run.projections[p].plasticity;
      const state::Partition* partition = whole ? nullptr : &network.partitions[run.projections[p].to.population];
      if (auto error = change_weights(run, network.next_phase, p, *network.space, partition, network.synapses[p])) return error;
    }
  }
  return std::nullopt;
}

}  // namespace eic::engine
