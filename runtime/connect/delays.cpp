#include "runtime/connect/delays.h"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <unordered_map>

#include "runtime/random/sampler.h"

namespace eic::connect {

namespace {

constexpr double k_longest_delay = 4294967295.0;  // steps

// Every synapse's delay in whole steps, the nearest and at least 1, and what that did to them.
struct Rounded {
  state::Array steps;  // u32
  DelayStatistics statistics;
};

Result<Rounded, RunError> rounded_delays(const Request& request, const Drawn& drawn) {
  const uint64_t n = drawn.synapses();
  const plan::Projection& projection = request.projection;
  std::optional<random::Sampler> sampler;
  const bool of_file = !projection.delay_of && (!projection.delay || projection.delay->kind == plan::Draw::Kind::Csv);
  if (projection.delay && projection.delay->kind != plan::Draw::Kind::Csv) sampler.emplace(*projection.delay, request.key("delay"));
  Rounded rounded{state::Array(n * sizeof(uint32_t)), {}};
  auto* steps = rounded.steps.as<uint32_t>();
  double sum = 0, squares = 0;
  uint64_t clipped = 0;
  uint32_t shortest = UINT32_MAX, longest = 0;
  for (uint64_t i = 0; i < n; ++i) {
    const double exact = sampler ? sampler->at(i) : drawn.delays.as<double>()[i];
    const double nearest = std::floor(exact + 0.5);
    constexpr double k_rounding = 1e-9;  // of the file's decimals
    if (of_file && exact < 1 - k_rounding) {
      return Failure{RunError{RunError::Kind::Data,
                              fmt::format("projection `{}`: the file has a delay of {:.6g} ms, which is shorter than dt = {} ms",
                                          projection.name, exact * request.run.dt, request.run.dt_text),
                              "the shortest delay is one dt", projection.origin}};
    }
    if (!(nearest <= k_longest_delay)) {
      return Failure{RunError{RunError::Kind::Limit,
                              fmt::format("projection `{}` has a delay of {} steps, at most {} are possible", projection.name,
                                          exact, k_longest_delay),
                              {}, projection.delay_origin}};
    }
    clipped += nearest < 1 ? 1 : 0;
    steps[i] = nearest < 1 ? 1 : static_cast<uint32_t>(nearest);
    shortest = std::min(shortest, steps[i]);
    longest = std::max(longest, steps[i]);
    sum += steps[i];
    squares += static_cast<double>(steps[i]) * steps[i];
  }
  if (n > 0) {
    const double mean = sum / static_cast<double>(n);
    rounded.statistics = {mean, std::sqrt(std::max(0.0, squares / static_cast<double>(n) - mean * mean)),
                          static_cast<double>(clipped) / static_cast<double>(n), shortest, longest};
  }
  return rounded;
}

// Sorts the synapses by group, keeping their order within it; rows are met in order, so one cursor a group suffices.
template <class R>
void scatter(const Drawn& drawn, const uint32_t* group_of, Synapses& synapses, std::vector<uint64_t> cursors) {
  state::Array targets(drawn.targets.bytes()), weights(synapses.constant_weight ? 0 : synapses.weights.bytes());
  auto* places = synapses.places.as<uint64_t>();
  for (uint64_t row = 0; row < synapses.rows; ++row) {
    for (uint64_t g = 0; g < cursors.size(); ++g) synapses.groups[g].offsets[row] = cursors[g];
    for (uint64_t i = drawn.offsets[row]; i < drawn.offsets[row + 1]; ++i) {
      const uint64_t to = cursors[group_of[i]]++;
      targets.as<uint32_t>()[to] = drawn.targets.as<uint32_t>()[i];
      if (places != nullptr) places[i] = to;
      if (!synapses.constant_weight) weights.as<R>()[to] = synapses.weights.as<R>()[i];
    }
  }
  for (uint64_t g = 0; g < cursors.size(); ++g) synapses.groups[g].offsets[synapses.rows] = cursors[g];
  synapses.targets = std::move(targets);
  if (!synapses.constant_weight) synapses.weights = std::move(weights);
}

}  // namespace

std::optional<RunError> group_by_delay(const Request& request, Drawn& drawn, Synapses& synapses) {
  const std::optional<plan::Draw>& delay = request.projection.delay;
  if (delay && delay->kind == plan::Draw::Kind::Constant) {
    const bool whole = delay->a >= 1 && delay->a == std::floor(delay->a) && delay->a <= k_longest_delay;
    EIC_CHECK(whole, "a constant delay is a whole number of steps");
    synapses.groups.push_back({static_cast<uint64_t>(delay->a), std::move(drawn.offsets)});
    synapses.targets = std::move(drawn.targets);
    return std::nullopt;
  }
  auto rounded = rounded_delays(request, drawn);
  if (!rounded) return std::move(rounded.error());
  synapses.statistics.delays = rounded->statistics;
  auto* steps = rounded->steps.as<uint32_t>();
  std::unordered_map<uint32_t, uint64_t> counts;
  for (uint64_t i = 0; i < drawn.synapses(); ++i) ++counts[steps[i]];

  const double offsets = static_cast<double>(counts.size()) * static_cast<double>(synapses.rows + 1) * sizeof(uint64_t);
  const std::string what = fmt::format("the {} different delays of `{}`", counts.size(), request.projection.name);
  if (auto error = request.budget.need(offsets, what, request.projection.delay_origin)) return error;

  if (request.keep_places) {
    const double places = static_cast<double>(drawn.synapses()) * sizeof(uint64_t);
    if (auto error = request.budget.need(places, fmt::format("the order of the synapses of `{}`", request.projection.name))) return error;
    synapses.places = state::Array(drawn.synapses() * sizeof(uint64_t));
  }
  const std::map<uint32_t, uint64_t, std::greater<>> longest_first(counts.begin(), counts.end());
  std::vector<uint64_t> cursors;
  uint64_t placed = 0;
  for (const auto& [steps_of_group, count] : longest_first) {
    counts[steps_of_group] = cursors.size();  // from here on the group's number
    synapses.groups.push_back({steps_of_group, std::vector<uint64_t>(synapses.rows + 1)});
    cursors.push_back(placed);
    placed += count;
  }
  for (uint64_t i = 0; i < drawn.synapses(); ++i) steps[i] = static_cast<uint32_t>(counts[steps[i]]);
  if (request.run.single) {
    scatter<float>(drawn, steps, synapses, std::move(cursors));
  } else {
    scatter<double>(drawn, steps, synapses, std::move(cursors));
  }
  return std::nullopt;
}

}  // namespace eic::connect
