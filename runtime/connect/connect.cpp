#include "runtime/connect/connect.h"

#include <algorithm>

#include "runtime/connect/delays.h"
#include "runtime/connect/index_set.h"
#include "runtime/connect/statistics.h"
#include "runtime/connect/values.h"
#include "runtime/random/sampler.h"

namespace eic::connect {

using Kind = plan::Rule::Kind;

RunError Request::fault(std::string what, std::string help) const {
  return {RunError::Kind::Data, std::move(what), std::move(help), projection.origin};
}

double synapses_expected(const Request& request) {
  switch (request.projection.rule.kind) {
#define EIC_RULE(kind, name, argument, random) \
  case Kind::kind: return expected_synapses<Kind::kind>(request);
#include "runtime/contract/rules.def"
#undef EIC_RULE
  }
  internal_error(__FILE__, __LINE__, "a connection rule of no known kind");
}

namespace {

Result<Drawn, RunError> draw(const Request& request) {
  switch (request.projection.rule.kind) {
#define EIC_RULE(kind, name, argument, random) \
  case Kind::kind: return draw_rows<Kind::kind>(request);
#include "runtime/contract/rules.def"
#undef EIC_RULE
  }
  internal_error(__FILE__, __LINE__, "a connection rule of no known kind");
}

bool is_constant(const std::optional<plan::Draw>& draw) { return draw && draw->kind == plan::Draw::Kind::Constant; }

// Weights in the order of the drawn rows: the plan's constant once, a value a synapse otherwise.
template <class R>
void weigh(const Request& request, Drawn& drawn, Synapses& synapses) {
  const std::optional<plan::Draw>& weight = request.projection.weight;
  synapses.constant_weight = is_constant(weight);
  if (!weight || weight->kind == plan::Draw::Kind::Csv) {
    synapses.weights = std::move(drawn.weights);
    return;
  }
  const random::Sampler sampler(*weight, request.key("weight"));
  const uint64_t n = synapses.constant_weight ? 1 : drawn.synapses();
  synapses.weights = state::Array(n * sizeof(R));
  for (uint64_t i = 0; i < n; ++i) synapses.weights.as<R>()[i] = static_cast<R>(sampler.at(i));
}

}  // namespace

double Request::bytes_a_synapse() const {
  const double weight = is_constant(projection.weight) ? 0 : run.single ? sizeof(float) : sizeof(double);
  const double once = sizeof(uint32_t) + weight;
  if (is_constant(projection.delay)) return once;
  return 2 * once + sizeof(uint32_t) + (projection.delay ? 0 : sizeof(double));
}

double bytes_needed(const Request& request) {
  const double rows = static_cast<double>(request.sources()), columns = static_cast<double>(request.targets());
  return synapses_expected(request) * request.bytes_a_synapse() + (rows + 1) * 2 * sizeof(uint64_t) + columns * sizeof(uint32_t) +
         IndexSet::bytes_needed(std::max(request.sources(), request.targets()));
}

// The rows and delays are drawn once more, as they came before: the order of the synapses follows from them.
Result<state::Array, RunError> reweigh(const Request& request) {
  if (!is_constant(request.projection.weight)) {
    auto synapses = connect(request);
    if (!synapses) return Failure{std::move(synapses.error())};
    return std::move(synapses->weights);
  }
  Drawn none;
  Synapses synapses;
  if (request.run.single) {
    weigh<float>(request, none, synapses);
  } else {
    weigh<double>(request, none, synapses);
  }
  return std::move(synapses.weights);
}

Result<Synapses, RunError> connect(const Request& request) {
  auto drawn = draw(request);
  if (!drawn) return Failure{std::move(drawn.error())};
  Synapses synapses;
  synapses.rows = request.sources();
  synapses.statistics = statistics_of(request, *drawn);
  if (auto error = fill_weights(request, *drawn)) return Failure{std::move(*error)};
  if (auto error = fill_delays(request, *drawn)) return Failure{std::move(*error)};
  if (request.run.single) {
    weigh<float>(request, *drawn, synapses);
  } else {
    weigh<double>(request, *drawn, synapses);
  }
  auto* targets = drawn->targets.as<uint32_t>();
  const auto first = static_cast<uint32_t>(request.projection.to.begin);
  for (uint64_t i = 0; first != 0 && i < drawn->synapses(); ++i) targets[i] += first;
  if (auto error = group_by_delay(request, *drawn, synapses)) return Failure{std::move(*error)};
  synapses.statistics.bytes = synapses.targets.bytes() + synapses.weights.bytes();
  for (const DelayGroup& group : synapses.groups) synapses.statistics.bytes += group.offsets.size() * sizeof(uint64_t);
  return synapses;
}

}  // namespace eic::connect
