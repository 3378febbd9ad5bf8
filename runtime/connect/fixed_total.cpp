// fixed_total(n): n pairs of all that are possible, every choice of n equally likely.
#include <fmt/format.h>

#include <numeric>

#include "runtime/connect/chooser.h"
#include "runtime/connect/rule.h"

namespace eic::connect {

using Kind = plan::Rule::Kind;

namespace {

// How many of n uniformly chosen pairs fall into each row of `room` pairs. A pair is drawn as a row and a place in it; a
// place beyond the row's room, or without replacement one of those taken already, rejects it.
std::vector<uint64_t> rows_of_total(random::Stream& stream, const std::vector<uint64_t>& room, uint64_t widest, uint64_t n,
                                    bool replace) {
  std::vector<uint64_t> counts(room.size(), 0);
  for (uint64_t left = n; left > 0;) {
    const uint64_t row = stream.below(room.size());
    const uint64_t taken = replace ? 0 : counts[row];
    if (stream.below(widest) >= room[row] - taken) continue;
    ++counts[row];
    --left;
  }
  return counts;
}

}  // namespace

template <>
double expected_synapses<Kind::FixedTotal>(const Request& request) {
  return static_cast<double>(request.projection.rule.k);
}

template <>
Result<Drawn, RunError> draw_rows<Kind::FixedTotal>(const Request& request) {
  const plan::Rule& rule = request.projection.rule;
  std::vector<uint64_t> room(request.sources());
  for (uint64_t source = 0; source < room.size(); ++source) room[source] = request.targets() - (request.excluded(source) ? 1 : 0);
  const uint64_t pairs = std::accumulate(room.begin(), room.end(), uint64_t{0});
  if (rule.k > 0 && (pairs == 0 || (!rule.multi && rule.k > pairs))) {
    return Failure{request.fault(fmt::format("projection `{}` chooses {} pairs of {}", request.projection.name, rule.k, pairs),
                                 pairs > 0 ? "`multi = true` lets a pair be chosen more than once" : "")};
  }
  // Past half of the pairs it is quicker to draw which ones are missing.
  const bool missing = !rule.multi && rule.k > pairs / 2;
  random::Stream rows(request.key("connect rows"), 0);
  std::vector<uint64_t> counts = rows_of_total(rows, room, request.targets(), missing ? pairs - rule.k : rule.k, rule.multi);
  for (uint64_t source = 0; missing && source < counts.size(); ++source) counts[source] = room[source] - counts[source];

  Drawn drawn;
  drawn.offsets = offsets_of(counts.size(), [&](uint64_t source) { return counts[source]; });
  drawn.targets = state::Array(drawn.synapses() * sizeof(uint32_t));
  auto* next = drawn.targets.as<uint32_t>();
  Chooser chooser(request.targets());
  const random::Key key = request.key("connect");
  for (uint64_t source = 0; source < counts.size(); ++source) {
    random::Stream stream(key, source);
    chooser.choose(stream, counts[source], rule.multi, request.excluded(source),
                   [&](uint64_t target) { *next++ = static_cast<uint32_t>(target); });
  }
  return drawn;
}

}  // namespace eic::connect
