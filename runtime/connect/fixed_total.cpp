// fixed_total(n): n pairs of all that are possible, every choice of n equally likely.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "runtime/connect/chooser.h"
#include "runtime/connect/rows.h"

namespace eic::connect {

using Kind = plan::Rule::Kind;

namespace {

// How many of n uniformly chosen pairs fall into each row of `room` pairs. A pair is drawn as a row and a place in it; a
// place beyond the row's room, or without replacement one of those taken already, rejects it.
std::vector<uint64_t> rows_of_total(random::Stream& stream, const std::vector<uint64_t>& room, uint64_t widest, uint64_t n,
                                    bool replace) {
  std::vector<uint64_t> counts(room.size(), 0);
  stream.expect(2 * n);
  for (uint64_t left = n; left > 0;) {
    const uint64_t row = stream.below(room.size());
    const uint64_t taken = replace ? 0 : counts[row];
    if (stream.below(widest) >= room[row] - taken) continue;
    ++counts[row];
    --left;
  }
  return counts;
}

class Counted : public RowDrawer {
 public:
  Counted(const Request& request, const std::vector<uint64_t>& counts)
      : request_(request), key_(request.key("connect")), counts_(counts), chooser_(request.targets()) {}

  std::span<const uint32_t> row(uint64_t source) override {
    random::Stream stream(key_, source);
    targets_.resize(std::max<uint64_t>(targets_.size(), Chooser::room_for(counts_[source])));
    chooser_.choose(stream, counts_[source], request_.projection.rule.multi, request_.excluded(source), targets_.data());
    return {targets_.data(), counts_[source]};
  }

 private:
  const Request& request_;
  const random::Key key_;
  const std::vector<uint64_t>& counts_;
  Chooser chooser_;
  std::vector<uint32_t> targets_;
};

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

  return draw_by_rows(request, expected_synapses<Kind::FixedTotal>(request), [&] { return std::make_unique<Counted>(request, counts); });
}

}  // namespace eic::connect
