#include "runtime/connect/of_distance.h"

#include <algorithm>

#include "runtime/contract/check.h"
#include "runtime/contract/subnormals.h"

namespace eic::connect {

namespace {

const state::Positions& positions_of(const Request& request, const plan::Range& range) {
  EIC_CHECK(request.space != nullptr, "a distance where no cell has a position");
  const auto& positions = request.space->positions[range.population];
  EIC_CHECK(positions.has_value(), "a distance from a cell without a position");
  return *positions;
}

}  // namespace

OfDistance::OfDistance(const Request& request, const plan::OfDistance& plan)
    : request_(request),
      function_(nullptr),
      from_(positions_of(request, request.projection.from)),
      to_(positions_of(request, request.projection.to)),
      distances_(k_block),
      values_(k_block) {
  EIC_CHECK(plan.function < request.space->functions.size(), "a function of the distance that was not compiled");
  function_ = request.space->functions[plan.function];
  const uint64_t number = request.run.single ? sizeof(float) : sizeof(double);
  for (state::Array& column : columns_) column = state::Array(k_block * number);
  uniforms_ = state::Array(std::max<uint64_t>(plan.uniforms.size(), 1) * number);
  for (uint64_t i = 0; i < plan.uniforms.size(); ++i) {
    if (request.run.single) uniforms_.as<float>()[i] = static_cast<float>(plan.uniforms[i]);
    else uniforms_.as<double>()[i] = plan.uniforms[i];
  }
}

const double* OfDistance::at(uint64_t source, const uint32_t* targets, uint64_t count) {
  EIC_CHECK(count <= k_block, "more pairs than a block holds");
  const uint64_t cell = request_.projection.from.begin + source;
  for (uint64_t i = 0; i < count; ++i) distances_[i] = from_.distance(cell, to_, targets[i]);
  if (request_.run.single) compute<float>(count);
  else compute<double>(count);
  return values_.data();
}

template <class R>
void OfDistance::compute(uint64_t count) {
  if (count == 0) return;
  const uint64_t padded = (count + k_padding_cells - 1) / k_padding_cells * k_padding_cells;
  R* in = columns_[0].as<R>();
  for (uint64_t i = 0; i < padded; ++i) in[i] = static_cast<R>(distances_[std::min(i, count - 1)]);
  void* const columns[] = {columns_[0].as<void>(), columns_[1].as<void>()};
  StepArgs args;
  args.cells = count;
  args.end = padded;
  args.columns = columns;
  args.uniforms = uniforms_.as<void>();
  const FlushSubnormals flush;
  function_(&args);
  for (uint64_t i = 0; i < count; ++i) values_[i] = static_cast<double>(columns_[1].as<R>()[i]);
}

}  // namespace eic::connect
