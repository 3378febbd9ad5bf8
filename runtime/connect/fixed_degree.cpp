// fixed_outdegree(k): every source chooses k targets. fixed_indegree(k): every target chooses k sources.
#include <fmt/format.h>

#include "runtime/connect/chooser.h"
#include "runtime/connect/rule.h"

namespace eic::connect {

using Kind = plan::Rule::Kind;

namespace {

// k of `there` cells must be possible for each of `choosers`, one fewer where the cell itself is left out.
std::optional<RunError> impossible(const Request& request, uint64_t choosers, uint64_t there, bool some_left_out,
                                   const char* what) {
  const uint64_t k = request.projection.rule.k;
  if (choosers == 0 || k == 0) return std::nullopt;
  const uint64_t least = there - (some_left_out ? 1 : 0);
  if (least == 0 || (!request.projection.rule.multi && k > least)) {
    return request.fault(fmt::format("projection `{}` chooses {} {} of {}", request.projection.name, k, what, least),
                         least > 0 ? "`multi = true` lets a cell be chosen more than once" : "");
  }
  return std::nullopt;
}

bool leaves_some_out(const Request& request) {
  const plan::Range &from = request.projection.from, &to = request.projection.to;
  return !request.projection.rule.self && from.population == to.population && from.begin < to.end && to.begin < from.end;
}

}  // namespace

template <>
double expected_synapses<Kind::FixedOutdegree>(const Request& request) {
  return static_cast<double>(request.sources()) * static_cast<double>(request.projection.rule.k);
}

template <>
Result<Drawn, RunError> draw_rows<Kind::FixedOutdegree>(const Request& request) {
  const plan::Rule& rule = request.projection.rule;
  if (auto error = impossible(request, request.sources(), request.targets(), leaves_some_out(request), "targets")) {
    return Failure{std::move(*error)};
  }
  Drawn drawn;
  drawn.offsets = offsets_of(request.sources(), [&](uint64_t) { return rule.k; });
  drawn.targets = state::Array(drawn.synapses() * sizeof(uint32_t));
  auto* next = drawn.targets.as<uint32_t>();
  Chooser chooser(request.targets());
  const random::Key key = request.key("connect");
  for (uint64_t source = 0; source < request.sources(); ++source) {
    random::Stream stream(key, source);
    chooser.choose(stream, rule.k, rule.multi, request.excluded(source),
                   [&](uint64_t target) { *next++ = static_cast<uint32_t>(target); });
  }
  return drawn;
}

template <>
double expected_synapses<Kind::FixedIndegree>(const Request& request) {
  return static_cast<double>(request.targets()) * static_cast<double>(request.projection.rule.k);
}

// Every target draws its sources twice, once to count the rows and once to fill them: no list of edges in between.
template <>
Result<Drawn, RunError> draw_rows<Kind::FixedIndegree>(const Request& request) {
  const plan::Rule& rule = request.projection.rule;
  if (auto error = impossible(request, request.targets(), request.sources(), leaves_some_out(request), "sources")) {
    return Failure{std::move(*error)};
  }
  Chooser chooser(request.sources());
  const random::Key key = request.key("connect");
  const uint64_t shift = request.projection.to.begin - request.projection.from.begin;  // of the same cell; may wrap around
  const bool some_left_out = leaves_some_out(request);
  const auto for_each_synapse = [&](auto take) {
    for (uint64_t target = 0; target < request.targets(); ++target) {
      random::Stream stream(key, target);
      const uint64_t same = target + shift;
      const bool left_out = some_left_out && same < request.sources();
      chooser.choose_unordered(stream, rule.k, rule.multi, left_out ? std::optional(same) : std::nullopt,
                               [&](uint64_t source) { take(source, static_cast<uint32_t>(target)); });
    }
  };
  std::vector<uint64_t> next(request.sources(), 0);
  for_each_synapse([&](uint64_t source, uint32_t) { ++next[source]; });
  Drawn drawn;
  drawn.offsets = offsets_of(request.sources(), [&](uint64_t source) { return next[source]; });
  drawn.targets = state::Array(drawn.synapses() * sizeof(uint32_t));
  std::copy(drawn.offsets.begin(), drawn.offsets.end() - 1, next.begin());
  auto* targets = drawn.targets.as<uint32_t>();
  for_each_synapse([&](uint64_t source, uint32_t target) { targets[next[source]++] = target; });
  return drawn;
}

}  // namespace eic::connect
