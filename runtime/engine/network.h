// What Engine::build leaves for the loop. Private to this folder.
#pragma once
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "runtime/connect/rule.h"
#include "runtime/connect/synapses.h"
#include "runtime/engine/engine.h"
#include "runtime/engine/noise.h"
#include "runtime/engine/population.h"
#include "runtime/engine/traces.h"
#include "runtime/events/deliver.h"
#include "runtime/events/gaps.h"
#include "runtime/state/partition.h"
#include "runtime/stimuli/clamps.h"
#include "runtime/stimuli/currents.h"
#include "runtime/stimuli/events.h"
#include "runtime/threads/team.h"

namespace eic::engine {

constexpr uint64_t k_listed_together = 1024;  // synapses whose weights are looked up at once for a list of all

struct Network {
  const plan::Run* plan = nullptr;
  Options options;
  Built built;
  std::vector<state::Partition> partitions;   // one a population
  std::vector<Population> populations;
  std::vector<connect::Synapses> synapses;    // one a projection, as declared
  std::vector<events::Delivery> deliveries;   // likewise
  std::vector<std::unique_ptr<events::Plastic>> rules;  // likewise; null where there is none
  std::vector<std::vector<stimuli::Currents>> currents;  // of a population, one an owner
  std::vector<std::vector<stimuli::Clamps>> clamps;      // likewise
  std::vector<Noise> noise;                   // one a population
  std::optional<events::Gaps> gaps;           // where there are junctions
  std::vector<std::vector<stimuli::Events>> events;      // of a stimulus that sends events, as declared, one an owner
  uint64_t shortest_delay = UINT64_MAX;       // of all synapses, steps
  std::optional<Traces> traces;
  std::optional<connect::Space> space;
  uint64_t next_phase = 0;
  bool started = false;
  uint64_t owners = 1;                        // of the cells of each population
  std::unique_ptr<threads::Team> team;        // none: one thread

  double time(uint64_t step) const { return static_cast<double>(step) * plan->dt; }
};

// Which owners, [first, second), are the business of one of so many threads: the same each time.
inline std::pair<uint64_t, uint64_t> owners_of(const Network& network, unsigned thread, unsigned threads) {
  return {thread * network.owners / threads, (thread + 1) * network.owners / threads};
}

// Calls act(owner) for each, on so many threads.
template <class Act>
void for_each_owner(Network& network, unsigned threads, const Act& act) {
  const auto some = [&](unsigned thread) {
    const auto [begin, end] = owners_of(network, thread, threads);
    for (uint64_t owner = begin; owner < end; ++owner) act(owner);
  };
  if (threads == 1) return some(0);
  network.team->run(threads, some);
}

// What is otherwise from this step on, if phases begin.
std::optional<RunError> enter_phases(Network& network, uint64_t step);

// "`INa.m` of N[17] became NaN at t = 12.3 ms (value before: 0.05)".
RunError numerical_fault(const plan::Run& run, const Population& population, const Fault& fault, uint64_t step);
// A cell's own value of a parameter that is not what its range allows.
std::optional<RunError> parameter_fault(const Population& population);
RunError plastic_fault(const plan::Run& run, uint32_t projection, const events::Plastic::Fault& fault, uint64_t step);
// A starting value that is not finite, if there is one.
std::optional<RunError> starting_fault(const Population& population);

}  // namespace eic::engine
