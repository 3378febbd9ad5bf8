// Engine::build: what fits, then state, then synapses, then what ties them together.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <new>

#include "runtime/connect/connect.h"
#include "runtime/engine/network.h"
#include "runtime/contract/subnormals.h"
#include "runtime/state/memory.h"
#include "runtime/threads/processors.h"

namespace eic::engine {

namespace {

constexpr uint64_t k_most_cells = (uint64_t{1} << 32) - k_padding_cells;  // targets are u32

std::optional<RunError> too_large(const plan::Run& run) {
  for (const plan::Population& population : run.populations) {
    if (population.size <= k_most_cells) continue;
    return RunError{RunError::Kind::Limit,
                    fmt::format("population `{}` has {} cells, at most {} are possible", population.name, population.size,
                                k_most_cells),
                    {}, population.origin};
  }
  return std::nullopt;
}

uint32_t threads_for_building(const Options& options) {
  return options.threads > 0 ? options.threads : threads::processors();
}

// Everything that can be known before a file is read or a number drawn.
std::optional<RunError> ask_for_memory(const plan::Run& run, const Options& options, state::Budget& budget) {
  for (const plan::Population& population : run.populations) {
    const double spikes = static_cast<double>(population.size) * sizeof(uint32_t);
    const std::string what = fmt::format("the {} cells of `{}`", population.size, population.name);
    const double bytes =
        state::Columns::bytes_needed(population, run.single) + spikes + state::Positions::bytes_needed(population);
    if (auto error = budget.need(bytes, what, population.origin)) return error;
  }
  for (const plan::Projection& projection : run.projections) {
    double bytes = connect::bytes_needed({.run = run, .projection = projection, .budget = budget, .prefer_single = options.single_weights});
    if (projection.plasticity) {
      bytes += connect::synapses_expected({run, projection, budget}) * events::Plastic::bytes_a_synapse(projection, run.single);
    }
    if (auto error = budget.need(bytes, fmt::format("the synapses of `{}`", projection.name), projection.origin)) return error;
  }
  return std::nullopt;
}

// The longest delay from each population; beyond the end of the run nothing arrives.
std::optional<RunError> make_rings(const plan::Run& run, state::Budget& budget, const std::vector<connect::Synapses>& synapses,
                                   std::vector<Population>& populations, uint64_t& shortest) {
  std::vector<uint64_t> longest(populations.size(), 0);
  for (uint64_t p = 0; p < synapses.size(); ++p) {
    if (synapses[p].delays.empty() || run.projections[p].gap) continue;
    shortest = std::min(shortest, synapses[p].delays.back());
    uint64_t& so_far = longest[run.projections[p].from.population];
    so_far = std::max(so_far, std::min(synapses[p].delays.front(), run.steps));
    const auto& rule = run.projections[p].plasticity;
    if (rule && rule->on_post) longest[run.projections[p].to.population] = std::max<uint64_t>(longest[run.projections[p].to.population], 1);
  }
  for (uint64_t p = 0; p < populations.size(); ++p) {
    const double bytes = static_cast<double>(longest[p]) * 2 * sizeof(uint64_t);
    const plan::Population& population = run.populations[p];
    const std::string what = fmt::format("the spikes of `{}` on their way, {} steps of them", population.name, longest[p]);
    if (auto error = budget.need(bytes, what, population.origin)) return error;
    populations[p].ring() = events::Ring(longest[p]);
  }
  return std::nullopt;
}

// Whether a recording counts the projection's synapses.
bool counted_by_rows(const plan::Run& run, uint32_t projection) {
  const auto of = [&](const auto& recording) { return recording.projection == projection; };
  return std::any_of(run.traces.begin(), run.traces.end(), of) || std::any_of(run.weights.begin(), run.weights.end(), of);
}

std::optional<RunError> no_such_synapse(const plan::Projection& projection, const connect::Synapses& synapses,
                                        const plan::TraceRecording& trace) {
  for (const uint64_t synapse : trace.cells) {
    if (synapse < synapses.statistics.synapses) continue;
    return RunError{RunError::Kind::Data,
                    fmt::format("`{}` has {} synapses, there is none with index {}", projection.name,
                                synapses.statistics.synapses, synapse),
                    "they count from 0: by source, and within a row as it was drawn", trace.origin};
  }
  return std::nullopt;
}

std::optional<RunError> make_rules(const plan::Run& run, const KernelSet& kernels, state::Budget& budget,
                                   std::vector<connect::Synapses>& synapses,
                                   std::vector<std::unique_ptr<events::Plastic>>& rules) {
  for (uint64_t p = 0; p < run.projections.size(); ++p) {
    const plan::Projection& projection = run.projections[p];
    rules.emplace_back();
    if (!projection.plasticity) continue;
    EIC_CHECK(p < kernels.rules.size(), "a rule has a kernel");
    const uint64_t targets = run.populations[projection.to.population].size;
    uint64_t looked = 0;
    for (const plan::TraceRecording& trace : run.traces) {
      if (trace.projection != p) continue;
      looked = std::max<uint64_t>(looked, trace.cells.size());
      if (auto error = no_such_synapse(projection, synapses[p], trace)) return error;
    }
    for (const plan::WeightRecording& weights : run.weights)
      if (weights.projection == p) looked = std::max(looked, k_listed_together);
    auto rule = events::Plastic::build({projection, kernels.rules[p], synapses[p], targets, looked, run.single}, budget);
    if (!rule) return std::move(rule.error());
    rules.back() = std::make_unique<events::Plastic>(std::move(*rule));
  }
  return std::nullopt;
}

events::Delivery delivery_of(const plan::Projection& projection, const connect::Synapses& synapses,
                             events::Plastic* rule, std::vector<Population>& populations, uint64_t owners, bool single) {
  Population& to = populations[projection.to.population];
  const plan::Port& port = to.plan().ports[projection.port];
  events::Delivery delivery;
  delivery.synapses = &synapses;
  delivery.ring = &populations[projection.from.population].ring();
  delivery.from_begin = projection.from.begin;
  delivery.from_end = projection.from.end;
  delivery.column = port.add_column >= 0 ? to.columns().pointer(static_cast<uint64_t>(port.add_column)) : nullptr;
  delivery.handler = to.kernel().events[projection.port];
  EIC_CHECK(port.add_column >= 0 || delivery.handler != nullptr, "a port has a column to add to or an event function");
  delivery.columns = to.columns().pointers();
  delivery.uniforms.clear();
  for (uint64_t owner = 0; owner < owners; ++owner) delivery.uniforms.push_back(to.uniforms(owner));
  delivery.single = single;
  delivery.rule = rule;
  if (rule != nullptr && rule->hears_targets()) delivery.targets = &to.ring();
  delivery.to_begin = projection.to.begin;
  delivery.to_end = projection.to.end;
  return delivery;
}

std::optional<RunError> make_events(const plan::Run& run, const std::vector<state::Partition>& partitions,
                                    std::vector<Population>& populations, std::vector<std::vector<stimuli::Events>>& events) {
  using K = plan::Stimulus::Kind;
  for (const plan::Stimulus& stimulus : run.stimuli) {
    if (stimulus.kind != K::Poisson && stimulus.kind != K::SpikeTimes) continue;
    Population& to = populations[stimulus.to.population];
    const plan::Port& port = to.plan().ports[stimulus.port];
    void* column = port.add_column >= 0 ? to.columns().pointer(static_cast<uint64_t>(port.add_column)) : nullptr;
    const state::Partition& partition = partitions[stimulus.to.population];
    std::vector<stimuli::Port> ports;
    for (uint64_t owner = 0; owner < partition.owners(); ++owner)
      ports.push_back({column, to.kernel().events[stimulus.port], to.columns().pointers(), to.uniforms(owner), run.single});
    auto made = stimuli::Events::make({run, stimulus}, ports, partition);
    if (!made) return std::move(made.error());
    events.push_back(std::move(*made));
  }
  return std::nullopt;
}

void check_ranges(const plan::Run& run) {
  const auto inside = [&](const plan::Range& range) {
    const bool known = range.population < run.populations.size();
    return known && range.begin <= range.end && range.end <= run.populations[range.population].size;
  };
  for (const plan::Projection& projection : run.projections) {
    EIC_CHECK(inside(projection.from) && inside(projection.to), "a projection reaches beyond its populations");
    EIC_CHECK(projection.gap || projection.port < run.populations[projection.to.population].ports.size(), "a projection ends in a port");
  }
  for (const plan::SpikeRecording& recording : run.spikes) {
    EIC_CHECK(inside(recording.of), "a spike recording reaches beyond its population");
  }
}

std::optional<RunError> start_populations(const plan::Run& run, std::vector<Population>& populations,
                                          std::vector<std::vector<stimuli::Currents>>& currents,
                                          std::vector<std::vector<stimuli::Clamps>>& clamps) {
  for (uint64_t p = 0; p < populations.size(); ++p) {
    Population& population = populations[p];
    if (auto error = state::fill_starting_values(population.plan(), run.seed, population.columns())) return error;
    for (stimuli::Currents& own : currents[p]) own.update(0, population.columns());
    population.set_time(0, 0);
    {
      const FlushSubnormals flush;
      population.init();
    }
    if (auto error = parameter_fault(population)) return error;
    for (stimuli::Clamps& own : clamps[p]) own.start(population.columns());
    if (auto error = starting_fault(population)) return error;
  }
  return std::nullopt;
}

// Takes the drawn pairs of the gap junctions and leaves their statistics.
std::optional<RunError> make_gaps(const plan::Run& run, state::Budget& budget, std::vector<connect::Synapses>& synapses,
                                  std::vector<Population>& populations, std::optional<events::Gaps>& gaps) {
  for (uint64_t p = 0; p < run.projections.size(); ++p) {
    const plan::Projection& projection = run.projections[p];
    if (!projection.gap) continue;
    const double bytes = static_cast<double>(synapses[p].statistics.synapses) * events::Gaps::bytes_a_pair();
    const std::string what = fmt::format("the gap junctions of `{}`", projection.name);
    if (auto error = budget.need(bytes, what, projection.origin)) return error;
    if (!gaps) gaps.emplace(run);
    gaps->add(projection, events::junctions_of(run, projection, synapses[p]), run);
    connect::Synapses& drawn = synapses[p];
    drawn.rows = 0;
    for (state::Array* array : {&drawn.targets, &drawn.weights, &drawn.offsets}) *array = {};
    drawn.delays.clear();
  }
  if (!gaps) return std::nullopt;
  std::vector<state::Columns*> columns;
  for (Population& population : populations) columns.push_back(&population.columns());
  gaps->start(run, std::move(columns));
  return std::nullopt;
}

// As many as are asked for, or as are of use; more than there are blocks of cells would have nothing to do.
uint64_t owners_for(const plan::Run& run, unsigned threads) {
  constexpr uint64_t k_cells_of_use = 1024;  // below, waiting for one another takes more than a thread saves
  uint64_t cells = 0;
  for (const plan::Population& population : run.populations) cells += population.size;
  const uint64_t wanted = threads > 0 ? threads : std::min<uint64_t>(threads::processors(), cells / k_cells_of_use);
  return std::clamp<uint64_t>(wanted, 1, state::most_owners(run));
}

std::optional<RunError> start_team(Network& network) {
  if (network.owners > 1) network.team = std::make_unique<threads::Team>(static_cast<unsigned>(network.owners));
  if (!network.options.pin) return std::nullopt;
  if (!network.team) network.team = std::make_unique<threads::Team>(1);
  if (network.team->pin()) return std::nullopt;
  const size_t allowed = threads::allowed_processors().size();
  const std::string what = fmt::format("{} thread{} cannot be pinned", network.team->size(), network.team->size() == 1 ? "" : "s");
  if (allowed < network.team->size())
    return RunError{RunError::Kind::Limit, fmt::format("{}: {} processors may be used", what, allowed), "fewer `--threads` can, or none without `--pin`", {}};
  return RunError{RunError::Kind::Limit, fmt::format("{}: the system refuses", what), "the run needs no `--pin`", {}};
}

// Each owner touches its own cells first.
void clear_cells(Network& network) {
  const auto clear = [&](uint64_t owner) {
    for (Population& population : network.populations) population.columns().clear(population.begin(owner), population.end(owner));
  };
  for_each_owner(network, network.team ? network.team->size() : 1, clear);
}

// Positions of the cells of all populations that have some.
Result<connect::Space, RunError> place_cells(const plan::Run& run, const KernelSet& kernels) {
  connect::Space space{{}, kernels.pairs};
  for (const plan::Population& population : run.populations) {
    space.positions.emplace_back();
    if (!population.positions) continue;
    auto made = state::Positions::make(population, run.seed);
    if (!made) return Failure{std::move(made.error())};
    space.positions.back() = std::move(*made);
  }
  return space;
}

void count_up(Built& built, const std::vector<Population>& populations, const std::vector<connect::Synapses>& synapses,
              const std::vector<std::unique_ptr<events::Plastic>>& rules) {
  for (const Population& population : populations) {
    built.cells += population.plan().size;
    built.bytes += population.bytes();
  }
  for (const connect::Synapses& each : synapses) {
    built.synapses += each.statistics.synapses;
    built.bytes += each.statistics.bytes;
    built.projections.push_back(each.statistics);
  }
  for (uint64_t p = 0; p < rules.size(); ++p) {
    if (!rules[p]) continue;
    built.bytes += rules[p]->bytes();
    built.projections[p].rule_bytes = rules[p]->bytes();
  }
}

}  // namespace

double bytes_needed(const plan::Run& run) {
  state::Budget budget(std::numeric_limits<double>::infinity());
  (void)ask_for_memory(run, {}, budget);
  return budget.needed();
}

Result<Engine, RunError> Engine::build_network(const plan::Run& run, const KernelSet& kernels, const Options& options) {
  EIC_CHECK(kernels.populations.size() == run.populations.size(), "one kernel a population");
  check_ranges(run);
  if (auto error = too_large(run)) return Failure{std::move(*error)};
  const double available = state::available_bytes();
  state::Budget budget(options.memory_limit > 0 ? std::min(available, static_cast<double>(options.memory_limit)) : available);
  if (auto error = ask_for_memory(run, options, budget)) return Failure{std::move(*error)};

  auto network = std::make_unique<Network>();
  network->plan = &run;
  network->options = options;
  network->owners = owners_for(run, options.threads);
  network->partitions = state::divide(run, network->owners);
  if (auto error = start_team(*network)) return Failure{std::move(*error)};
  network->populations.reserve(run.populations.size());
  for (uint32_t p = 0; p < run.populations.size(); ++p) {
    network->populations.emplace_back(run.populations[p], kernels.populations[p], run.single, network->partitions[p]);
    auto currents = stimuli::Currents::make(run, p, network->partitions[p]);
    if (!currents) return Failure{std::move(currents.error())};
    network->currents.push_back(std::move(*currents));
    auto clamps = stimuli::Clamps::make(run, p, network->partitions[p]);
    if (!clamps) return Failure{std::move(clamps.error())};
    network->clamps.push_back(std::move(*clamps));
    network->noise.emplace_back(run, p);
  }
  clear_cells(*network);
  if (auto error = start_populations(run, network->populations, network->currents, network->clamps)) {
    return Failure{std::move(*error)};
  }
  auto space = place_cells(run, kernels);
  if (!space) return Failure{std::move(space.error())};
  network->space.emplace(std::move(*space));
  for (const plan::Projection& projection : run.projections) {
    const auto index = static_cast<uint32_t>(&projection - run.projections.data());
    const bool whole = projection.gap || projection.plasticity;
    const state::Partition* partition = whole ? nullptr : &network->partitions[projection.to.population];
    auto synapses = connect::connect({run, projection, budget, counted_by_rows(run, index), &*network->space, partition,
                                      threads_for_building(options), options.interrupt, options.single_weights});
    if (!synapses) return Failure{std::move(synapses.error())};
    network->synapses.push_back(std::move(*synapses));
  }
  if (auto error = make_gaps(run, budget, network->synapses, network->populations, network->gaps)) {
    return Failure{std::move(*error)};
  }
  if (auto error = make_rules(run, kernels, budget, network->synapses, network->rules)) return Failure{std::move(*error)};
  if (auto error = make_rings(run, budget, network->synapses, network->populations, network->shortest_delay)) return Failure{std::move(*error)};
  for (uint64_t p = 0; p < run.projections.size(); ++p) {
    if (run.projections[p].gap) continue;
    network->deliveries.push_back(delivery_of(run.projections[p], network->synapses[p], network->rules[p].get(),
                                              network->populations, network->owners, run.single));
    network->deliveries.back().projection = static_cast<uint32_t>(p);
    if (!network->rules[p]) network->deliveries.back().partition = &network->partitions[run.projections[p].to.population];
  }
  if (auto error = make_events(run, network->partitions, network->populations, network->events)) return Failure{std::move(*error)};
  network->traces.emplace(run, network->populations, network->rules);
  if (network->team) network->team->free_caller();
  count_up(network->built, network->populations, network->synapses, network->rules);
  return Engine(std::move(network));
}

Result<Engine, RunError> Engine::build(const plan::Run& run, const KernelSet& kernels, const Options& options) {
  const auto start = std::chrono::steady_clock::now();
  try {
    auto engine = build_network(run, kernels, options);
    if (engine) engine->network_->built.build_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return engine;
  } catch (const std::bad_alloc&) {
    return Failure{RunError{RunError::Kind::Memory, "the system has no memory left for the network",
                            "fewer cells or synapses are needed", {}}};
  }
}

}  // namespace eic::engine
