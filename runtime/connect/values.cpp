#include "runtime/connect/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "runtime/connect/of_distance.h"
#include "runtime/tables/csv.h"

namespace eic::connect {

namespace {

// Calls put(synapse, value) for every line of the file, which has one a synapse.
template <class Put>
std::optional<RunError> read_values(const Request& request, const Drawn& drawn, const plan::Draw& draw, Put put) {
  const auto read = tables::read_columns(draw.csv.path, draw.csv.shown, {&draw.csv.column, 1}, draw.origin);
  if (!read) return read.error();
  const std::vector<double>& values = read->front();
  if (values.size() != drawn.synapses()) {
    return RunError{RunError::Kind::Data,
                    fmt::format("`{}` has {} values of `{}`, but `{}` has {} synapses", draw.csv.shown, values.size(), draw.csv.column,
                                request.projection.name, drawn.synapses()),
                    "one line a synapse is needed, in the order of sources, then of targets", draw.origin};
  }
  for (uint64_t i = 0; i < values.size(); ++i) put(drawn.lines.empty() ? i : drawn.lines[i], values[i] * draw.csv.to_internal);
  return std::nullopt;
}

// Calls put(synapse, value) for every synapse.
template <class Put>
std::optional<RunError> compute_values(const Request& request, const Drawn& drawn, const plan::OfDistance& plan, const char* what,
                                       Put put) {
  OfDistance function(request, plan);
  for (uint64_t row = 0; row < request.sources(); ++row) {
    for (uint64_t first = drawn.offsets[row]; first < drawn.offsets[row + 1]; first += OfDistance::k_block) {
      const uint64_t count = std::min(OfDistance::k_block, drawn.offsets[row + 1] - first);
      const double* values = function.at(row, drawn.targets.as<uint32_t>() + first, count);
      for (uint64_t i = 0; i < count; ++i) {
        if (!std::isfinite(values[i])) {
          return RunError{RunError::Kind::Rule,
                          fmt::format("projection `{}`: at a distance of {:.6g} um the {} is no finite number", request.projection.name,
                                      function.distance(i), what),
                          {}, plan.origin};
        }
        put(first + i, values[i]);
      }
    }
  }
  return std::nullopt;
}

bool of_file(const std::optional<plan::Draw>& draw) { return draw && draw->kind == plan::Draw::Kind::Csv; }

}  // namespace

std::optional<RunError> fill_weights(const Request& request, Drawn& drawn) {
  const plan::Projection& projection = request.projection;
  if (!projection.weight_of && !of_file(projection.weight)) return std::nullopt;
  drawn.weights = state::Array(drawn.synapses() * (request.run.single ? sizeof(float) : sizeof(double)));
  const auto put = [&](uint64_t synapse, double weight) {
    if (request.run.single) drawn.weights.as<float>()[synapse] = static_cast<float>(weight);
    else drawn.weights.as<double>()[synapse] = weight;
  };
  return projection.weight_of ? compute_values(request, drawn, *projection.weight_of, "weight", put)
                              : read_values(request, drawn, *projection.weight, put);
}

std::optional<RunError> fill_delays(const Request& request, Drawn& drawn) {
  const plan::Projection& projection = request.projection;
  if (!projection.delay_of && !of_file(projection.delay)) return std::nullopt;
  drawn.delays = state::Array(drawn.synapses() * sizeof(double));
  if (projection.delay_of)
    return compute_values(request, drawn, *projection.delay_of, "delay",
                          [&](uint64_t synapse, double ms) { drawn.delays.as<double>()[synapse] = ms / request.run.dt; });
  return read_values(request, drawn, *projection.delay, [&](uint64_t synapse, double steps) { drawn.delays.as<double>()[synapse] = steps; });
}

}  // namespace eic::connect
