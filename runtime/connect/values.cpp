#include "runtime/connect/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "runtime/connect/of_distance.h"
#include "runtime/connect/parallel.h"
#include "runtime/random/sampler.h"
#include "runtime/tables/csv.h"

namespace eic::connect {

namespace {

constexpr uint64_t k_chunk = 1 << 14;  // synapses

// Calls put(synapse, value) for every line of the file, which has one a synapse.
template <class Put>
std::optional<RunError> read_values(const Request& request, const Drawn& drawn, const plan::Draw& draw, Put put) {
  const auto read = tables::read_columns(draw.csv.path, draw.csv.shown, {&draw.csv.column, 1}, draw.origin);
  if (!read) return read.error();
  const std::vector<double>& values = read->front();
  if (values.size() != drawn.synapses) {
    return RunError{RunError::Kind::Data,
                    fmt::format("`{}` has {} values of `{}`, but `{}` has {} synapses", draw.csv.shown, values.size(), draw.csv.column,
                                request.projection.name, drawn.synapses),
                    "one line a synapse is needed, in the order of sources, then of targets", draw.origin};
  }
  for (uint64_t i = 0; i < values.size(); ++i) put(drawn.lines.empty() ? i : drawn.lines[i], values[i] * draw.csv.to_internal);
  return std::nullopt;
}

// Calls take(worker, first, values) for pieces of the rows.
template <class Take>
std::optional<RunError> compute_values(const Request& request, const Drawn& drawn, uint32_t threads, const plan::OfDistance& plan,
                                       const char* what, Take take) {
  const uint64_t rows = drawn.rows, a_row = drawn.synapses / std::max<uint64_t>(rows, 1) + 1;
  const uint64_t chunk_rows = std::max<uint64_t>(k_chunk / a_row, 1);
  std::vector<std::unique_ptr<OfDistance>> functions(threads);
  return for_chunks(threads, request.interrupt, (rows + chunk_rows - 1) / chunk_rows, [&](uint64_t chunk, uint32_t worker) -> std::optional<RunError> {
    if (!functions[worker]) functions[worker] = std::make_unique<OfDistance>(request, plan);
    std::vector<uint32_t> cells(OfDistance::k_block);
    for (uint64_t row = chunk * chunk_rows; row < std::min((chunk + 1) * chunk_rows, rows); ++row) {
      const uint64_t end = drawn.begin_of(row + 1);
      for (uint64_t first = drawn.begin_of(row); first < end; first += OfDistance::k_block) {
        const uint64_t count = std::min(OfDistance::k_block, end - first);
        drawn.copy_targets(row, first, first + count, cells.data());
        const double* values = functions[worker]->at(row, cells.data(), count);
        const double* bad = std::find_if(values, values + count, [](double value) { return !std::isfinite(value); });
        if (bad != values + count) {
          return RunError{RunError::Kind::Rule,
                          fmt::format("projection `{}`: at a distance of {:.6g} um the {} is no finite number", request.projection.name,
                                      functions[worker]->distance(static_cast<uint64_t>(bad - values)), what),
                          {}, plan.origin};
        }
        if (auto error = take(worker, first, std::span(values, count))) return error;
      }
    }
    return std::nullopt;
  });
}

bool of_file(const std::optional<plan::Draw>& draw) { return draw && draw->kind == plan::Draw::Kind::Csv; }

template <class W>
void fill_drawn(const Request& request, W* weights, uint64_t count) {
  const random::Sampler sampler(*request.projection.weight, request.key("weight"));
  (void)for_chunks(request.threads_for(static_cast<double>(count)), request.interrupt, (count + k_chunk - 1) / k_chunk,
                   [&](uint64_t chunk, uint32_t) -> std::optional<RunError> {
                     for (uint64_t i = chunk * k_chunk; i < std::min((chunk + 1) * k_chunk, count); ++i) weights[i] = static_cast<W>(sampler.at(i));
                     return std::nullopt;
                   });
}

template <class W>
std::optional<RunError> fill_others(const Request& request, const Drawn& drawn, W* weights) {
  const plan::Projection& projection = request.projection;
  if (!projection.weight_of)
    return read_values(request, drawn, *projection.weight, [&](uint64_t synapse, double weight) { weights[synapse] = static_cast<W>(weight); });
  const uint32_t threads = request.threads_for(static_cast<double>(drawn.synapses));
  return compute_values(request, drawn, threads, *projection.weight_of, "weight",
                        [&](uint32_t, uint64_t first, std::span<const double> values) -> std::optional<RunError> {
                          for (uint64_t i = 0; i < values.size(); ++i) weights[first + i] = static_cast<W>(values[i]);
                          return std::nullopt;
                        });
}

}  // namespace

state::Array drawn_weights(const Request& request, uint64_t count) {
  state::Array weights(count * (request.single_weights() ? sizeof(float) : sizeof(double)));
  if (request.single_weights()) fill_drawn(request, weights.as<float>(), count);
  else fill_drawn(request, weights.as<double>(), count);
  return weights;
}

Result<state::Array, RunError> weights_of(const Request& request, Drawn& drawn) {
  const plan::Projection& projection = request.projection;
  const bool other = projection.weight_of || of_file(projection.weight);
  if (!other && !projection.weight) return std::move(drawn.weights);
  if (!other) return drawn_weights(request, projection.weight->kind == plan::Draw::Kind::Constant ? 1 : drawn.synapses);
  state::Array weights(drawn.synapses * (request.single_weights() ? sizeof(float) : sizeof(double)));
  auto error = request.single_weights() ? fill_others(request, drawn, weights.as<float>()) : fill_others(request, drawn, weights.as<double>());
  if (error) return Failure{std::move(*error)};
  return weights;
}

std::optional<RunError> for_delays(const Request& request, Drawn& drawn, uint32_t threads, const TakeDelays& take) {
  const plan::Projection& projection = request.projection;
  if (projection.delay_of) {
    std::vector<std::vector<double>> steps(threads, std::vector<double>(OfDistance::k_block));
    return compute_values(request, drawn, threads, *projection.delay_of, "delay", [&](uint32_t worker, uint64_t first, std::span<const double> ms) {
      for (uint64_t i = 0; i < ms.size(); ++i) steps[worker][i] = ms[i] / request.run.dt;
      return take(worker, first, std::span(steps[worker].data(), ms.size()));
    });
  }
  std::optional<random::Sampler> sampler;
  if (of_file(projection.delay)) {
    drawn.delays = state::Array(drawn.synapses * sizeof(double));
    if (auto error = read_values(request, drawn, *projection.delay, [&](uint64_t synapse, double steps) { drawn.delays.as<double>()[synapse] = steps; }))
      return error;
  } else if (projection.delay) {
    sampler.emplace(*projection.delay, request.key("delay"));
  }
  const uint64_t n = drawn.synapses;
  return for_chunks(threads, request.interrupt, (n + k_chunk - 1) / k_chunk, [&](uint64_t chunk, uint32_t worker) {
    const uint64_t first = chunk * k_chunk, count = std::min(k_chunk, n - first);
    if (!sampler) return take(worker, first, std::span(drawn.delays.as<double>() + first, count));
    std::vector<double> steps(count);
    for (uint64_t i = 0; i < count; ++i) steps[i] = sampler->at(first + i);
    return take(worker, first, steps);
  });
}

}  // namespace eic::connect
