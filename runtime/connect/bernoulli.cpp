// bernoulli(p): every possible pair with probability p, by drawing the gaps between those that are there.
#include <algorithm>
#include <cmath>

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

}  // namespace

// Eight standard deviations above the mean: that the room does not suffice is as good as impossible, and then it grows.
template <>
double expected_synapses<Kind::Bernoulli>(const Request& request) {
  const double pairs = static_cast<double>(request.sources()) * static_cast<double>(request.targets());
  const double p = request.projection.rule.p;
  return std::min(pairs, std::ceil(pairs * p + 8.0 * std::sqrt(pairs * p * (1.0 - p))));
}

// Rows stand one behind the other, so they can be written as they are drawn: counting first would draw everything twice.
template <>
Result<Drawn, RunError> draw_rows<Kind::Bernoulli>(const Request& request) {
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
