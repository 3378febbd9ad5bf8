// bernoulli(p): every possible pair with probability p, by drawing the gaps between those that are there. Where p depends on
// the distance, each pair has a draw of its own instead: the j-th of its source's stream belongs to target j, so that no other
// pair's probability can matter.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "runtime/connect/of_distance.h"
#include "runtime/connect/rule.h"
#include "runtime/random/elementary.h"

namespace eic::connect {

using Kind = plan::Rule::Kind;

namespace {

// Calls take(i) for each i < n that is there; the gaps are geometric: floor(log u / log(1 − p)).
template <class Take>
void skip_along(random::Stream& stream, uint64_t n, double p, Take take) {
  if (p <= 0.0) return;
  const double scale = p < 1.0 ? 1.0 / random::log1p(-p) : 0.0;
  for (uint64_t i = 0; i < n; ++i) {
    const double gap = random::log(stream.open_uniform()) * scale;
    if (gap >= static_cast<double>(n - i)) return;
    i += static_cast<uint64_t>(gap);
    take(i);
  }
}

// Targets as they come, row after row, asking for memory as they grow.
class Rows {
 public:
  explicit Rows(const Request& request) : request_(request) {}

  std::optional<RunError> make_room() {
    const uint64_t more = std::max<uint64_t>(room_ / 2, k_first);
    const std::string what = fmt::format("the synapses of `{}`", request_.projection.name);
    if (auto error = request_.budget.need(static_cast<double>(more) * request_.bytes_a_synapse(), what, request_.projection.origin))
      return error;
    room_ += more;
    targets.grow(room_ * sizeof(uint32_t));
    return std::nullopt;
  }
  bool full() const { return count == room_; }

  state::Array targets;
  uint64_t count = 0;

 private:
  static constexpr uint64_t k_first = 1 << 16;
  const Request& request_;
  uint64_t room_ = 0;
};

RunError no_probability(const Request& request, double p, double distance) {
  return {RunError::Kind::Rule,
          fmt::format("projection `{}`: at a distance of {:.6g} um the probability is {}, which does not lie in 0 .. 1",
                      request.projection.name, distance, std::isfinite(p) ? fmt::format("{:.6g}", p) : "no number"),
          p > 1 ? "`min(1, …)` keeps it there" : "", request.projection.rule.p_of->origin};
}

Result<Drawn, RunError> draw_by_distance(const Request& request) {
  Drawn drawn;
  drawn.offsets.assign(1, 0);
  drawn.offsets.reserve(request.sources() + 1);
  std::vector<uint32_t> targets(request.targets());
  std::iota(targets.begin(), targets.end(), 0u);
  Rows rows(request);
  OfDistance probability(request, *request.projection.rule.p_of);
  const random::Key key = request.key("connect");
  for (uint64_t source = 0; source < request.sources(); ++source) {
    random::Stream stream(key, source);
    const std::optional<uint64_t> left_out = request.excluded(source);
    for (uint64_t first = 0; first < targets.size(); first += OfDistance::k_block) {
      const uint64_t count = std::min(OfDistance::k_block, targets.size() - first);
      const double* p = probability.at(source, targets.data() + first, count);
      for (uint64_t i = 0; i < count; ++i) {
        if (!(p[i] >= 0 && p[i] <= 1)) return Failure{no_probability(request, p[i], probability.distance(i))};
        if (!(stream.uniform() < p[i]) || left_out == first + i) continue;
        if (rows.full()) {
          if (auto error = rows.make_room()) return Failure{std::move(*error)};
        }
        rows.targets.as<uint32_t>()[rows.count++] = targets[first + i];
      }
    }
    drawn.offsets.push_back(rows.count);
  }
  drawn.targets = std::move(rows.targets);
  return drawn;
}

}  // namespace

// Eight standard deviations above the mean: that the room does not suffice is as good as impossible, and then it grows.
template <>
double expected_synapses<Kind::Bernoulli>(const Request& request) {
  if (request.projection.rule.p_of) return 0;  // asks for memory as it draws
  const double pairs = static_cast<double>(request.sources()) * static_cast<double>(request.targets());
  const double p = request.projection.rule.p;
  return std::min(pairs, std::ceil(pairs * p + 8.0 * std::sqrt(pairs * p * (1.0 - p))));
}

// Rows stand one behind the other, so they can be written as they are drawn: counting first would draw everything twice.
template <>
Result<Drawn, RunError> draw_rows<Kind::Bernoulli>(const Request& request) {
  if (request.projection.rule.p_of) return draw_by_distance(request);
  Drawn drawn;
  drawn.offsets.assign(1, 0);
  drawn.offsets.reserve(request.sources() + 1);
  uint64_t room = static_cast<uint64_t>(expected_synapses<Kind::Bernoulli>(request));
  drawn.targets = state::Array(room * sizeof(uint32_t));
  auto* targets = drawn.targets.as<uint32_t>();
  uint64_t count = 0;
  const random::Key key = request.key("connect");
  for (uint64_t source = 0; source < request.sources(); ++source) {
    random::Stream stream(key, source);
    const std::optional<uint64_t> left_out = request.excluded(source);
    const uint64_t gap = left_out.value_or(request.targets());
    skip_along(stream, request.targets() - (left_out ? 1 : 0), request.projection.rule.p, [&](uint64_t target) {
      if (count == room) {
        room += room / 8 + request.targets();
        drawn.targets.grow(room * sizeof(uint32_t));
        targets = drawn.targets.as<uint32_t>();
      }
      targets[count++] = static_cast<uint32_t>(target + (target >= gap ? 1 : 0));
    });
    drawn.offsets.push_back(count);
  }
  return drawn;
}

}  // namespace eic::connect
