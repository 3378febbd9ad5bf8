#include "runtime/connect/connect.h"

#include <algorithm>

#include "runtime/connect/delays.h"
#include "runtime/connect/index_set.h"
#include "runtime/connect/layout.h"
#include "runtime/connect/parallel.h"
#include "runtime/connect/statistics.h"
#include "runtime/connect/values.h"

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

// What drawing takes besides the synapses, while it lasts.
double bytes_of_drawing(const Request& request) {
  const double rows = static_cast<double>(request.sources()), columns = static_cast<double>(request.targets());
  const double threads = request.threads_for(synapses_expected(request));
  double bytes = threads * (IndexSet::bytes_needed(std::max(request.sources(), request.targets())) + columns * 2 * sizeof(uint32_t));
  if (request.projection.rule.kind == Kind::FixedIndegree) {
    const double units = std::max(threads + static_cast<double>(layout_of(request).blocks.size()), 1.0);
    bytes += units * rows * sizeof(uint32_t) + threads * rows * sizeof(uint64_t);
  }
  return bytes;
}

}  // namespace

uint32_t Request::threads_for(double synapses) const {
  constexpr double k_worth_a_thread = 65536;
  return static_cast<uint32_t>(std::clamp(synapses / k_worth_a_thread, 1.0, static_cast<double>(std::max(threads, 1u))));
}

double Request::bytes_a_synapse(uint64_t target_bytes) const {
  const double weight = is_constant(projection.weight) ? 0 : single_weights() ? sizeof(float) : sizeof(double);
  const bool of_file = projection.delay && projection.delay->kind == plan::Draw::Kind::Csv;
  return static_cast<double>(target_bytes) + weight + (is_constant(projection.delay) ? 0 : sizeof(uint16_t)) + (of_file ? sizeof(double) : 0);
}

double bytes_needed(const Request& request) {
  return synapses_expected(request) * request.bytes_a_synapse(layout_of(request).target_bytes()) + offsets_expected(request) +
         bytes_of_drawing(request);
}

Result<state::Array, RunError> reweigh(const Request& request, const Synapses& synapses) {
  const std::optional<plan::Draw>& weight = request.projection.weight;
  if (synapses.constant_weight && is_constant(weight)) return drawn_weights(request, 1);
  const bool as_drawn = synapses.delays.size() <= 1 && request.projection.rule.kind != Kind::Csv;
  if (as_drawn && weight && weight->kind != plan::Draw::Kind::Csv) return drawn_weights(request, synapses.statistics.synapses);
  // The rows and delays are drawn once more, as they came before: the order of the synapses follows from them.
  auto again = connect(request);
  if (!again) return Failure{std::move(again.error())};
  return std::move(again->weights);
}

Result<Synapses, RunError> connect(const Request& request) {
  auto drawn = draw(request);
  if (!drawn) return Failure{std::move(drawn.error())};
  Synapses synapses;
  synapses.rows = request.sources();
  auto statistics = statistics_of(request, *drawn);
  if (!statistics) return Failure{std::move(statistics.error())};
  synapses.statistics = std::move(*statistics);
  auto weights = weights_of(request, *drawn);
  if (!weights) return Failure{std::move(weights.error())};
  synapses.weights = std::move(*weights);
  synapses.constant_weight = is_constant(request.projection.weight);
  synapses.single_weights = request.single_weights();
  if (auto error = group_by_delay(request, *drawn, synapses)) return Failure{std::move(*error)};
  synapses.statistics.bytes = synapses.statistics.synapses * (synapses.narrow ? sizeof(uint16_t) : sizeof(uint32_t)) +
                              synapses.weights.bytes() + synapses.offsets.bytes() + synapses.places.bytes();
  if (request.interrupted()) return Failure{interruption()};
  return synapses;
}

}  // namespace eic::connect
