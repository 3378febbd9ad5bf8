#include "runtime/engine/population.h"

#include <algorithm>
#include <cmath>

#include "runtime/contract/check.h"

namespace eic::engine {

namespace {

void store(state::Array& array, uint64_t index, double value, bool single) {
  if (single) {
    array.as<float>()[index] = static_cast<float>(value);
  } else {
    array.as<double>()[index] = value;
  }
}

}  // namespace

Population::Population(const plan::Population& plan, const PopulationKernel& kernel, bool single, const state::Partition& partition)
    : plan_(&plan), kernel_(&kernel), columns_(plan.size, plan.columns.size(), single, false), shares_(partition.owners()) {
  EIC_CHECK(kernel.single == single, "kernel and run differ in precision");
  EIC_CHECK(kernel.width > 0 && k_padding_cells % kernel.width == 0, "a kernel's width divides the padding");
  EIC_CHECK(kernel.events.size() == plan.ports.size(), "a kernel has one event function a port");
  EIC_CHECK(partition.cuts.back() == columns_.padded(), "owners share all cells");
  const uint64_t number = single ? sizeof(float) : sizeof(double);
  for (uint32_t c = 0; c < plan.columns.size(); ++c) {
    const plan::ColumnRole role = plan.columns[c].role;
    if (role == plan::ColumnRole::State || role == plan::ColumnRole::Synaptic) advanced_.push_back(c);
  }
  bytes_ = static_cast<uint64_t>(state::Columns::bytes_needed(plan, single));
  for (uint64_t owner = 0; owner < shares_.size(); ++owner) {
    Share& share = shares_[owner];
    share.begin = partition.begin(owner);
    share.end = partition.end(owner);
    share.uniforms = state::Array(std::max<uint64_t>(plan.uniforms.size(), 1) * number);
    share.fault_values = state::Array(std::max<uint64_t>(advanced_.size(), 1) * kernel.width * number);
    share.spikes.resize(share.end - share.begin);
    if (plan.interpolated) share.kernel_fractions = state::Array((share.end - share.begin) * number);
    bytes_ += share.uniforms.bytes() + share.spikes.size() * sizeof(uint32_t) + share.kernel_fractions.bytes();
  }
  set_uniforms(plan.uniforms);
}

void Population::set_time(uint64_t owner, double t_ms) {
  if (plan_->time_uniform < 0) return;
  store(shares_[owner].uniforms, static_cast<uint64_t>(plan_->time_uniform), t_ms, columns_.single());
}

void Population::set_uniforms(const std::vector<double>& values) {
  for (Share& share : shares_)
    for (uint64_t i = 0; i < values.size(); ++i) store(share.uniforms, i, values[i], columns_.single());
}

// init writes starting values, too: these go where nobody reads them.
void Population::follow() {
  const auto computed = [](const plan::Column& column) { return column.role == plan::ColumnRole::Parameter && !column.start; };
  if (std::none_of(plan_->columns.begin(), plan_->columns.end(), computed)) return;
  state::Columns elsewhere(columns_.cells(), plan_->columns.size(), columns_.single());
  std::vector<void*> pointers;
  for (uint32_t c = 0; c < plan_->columns.size(); ++c) {
    const bool kept = plan_->columns[c].role == plan::ColumnRole::Parameter;
    pointers.push_back(kept ? columns_.pointer(c) : elsewhere.pointer(c));
  }
  if (columns_.cells() == 0) return;
  StepArgs args = arguments(shares_[0], pointers.data(), 0, columns_.padded());
  kernel_->init(&args);
}

StepArgs Population::arguments(Share& share, void* const* columns, uint64_t begin, uint64_t end) {
  StepArgs args;
  args.cells = columns_.cells();
  args.begin = begin;
  args.end = end;
  args.columns = columns;
  args.uniforms = share.uniforms.as<void>();
  args.fault_values = share.fault_values.as<void>();
  return args;
}

void Population::init() {
  if (columns_.cells() == 0 || kernel_->init == nullptr) return;
  StepArgs args = arguments(shares_[0], columns_.pointers(), 0, columns_.padded());
  kernel_->init(&args);
  columns_.pad_all();
}

void Population::prime() {
  if (columns_.cells() == 0 || kernel_->prime == nullptr) return;
  StepArgs args = arguments(shares_[0], columns_.pointers(), 0, columns_.padded());
  kernel_->prime(&args);
}

void Population::observe(void* const* columns, uint64_t begin, uint64_t end) {
  StepArgs args = arguments(shares_[0], columns, begin, end);
  kernel_->observe(&args);
}

std::optional<Fault> Population::fault_of_block(const Share& share, uint64_t block) const {
  const uint64_t width = kernel_->width, lanes = std::min(width, columns_.cells() - block);
  for (uint64_t s = 0; s < advanced_.size(); ++s) {
    for (uint64_t lane = 0; lane < lanes; ++lane) {
      const uint64_t at = s * width + lane;
      const double value = columns_.single() ? static_cast<double>(share.fault_values.as<float>()[at])
                                             : share.fault_values.as<double>()[at];
      if (!std::isfinite(value)) return Fault{block + lane, advanced_[s], value};
    }
  }
  return std::nullopt;
}

// Padding lanes run along as copies of the last cell that receive no events, so they may blow up where it does not. They
// stop nobody: beyond the last cell the step is done; in a block shared with real cells they become copies again, which do
// as the last cell does, and the kernel goes on from that block, of which nothing was stored.
std::optional<Fault> Population::run_step(Share& share) {
  share.spike_count = 0;
  if (share.begin == share.end) return std::nullopt;
  for (uint64_t begin = share.begin, repaired = k_no_fault;;) {
    StepArgs args = arguments(share, columns_.pointers(), begin, share.end);
    args.spikes = share.spikes.data() + share.spike_count;
    if (plan_->interpolated)
      args.spike_fractions = share.kernel_fractions.as<char>() + share.spike_count * (columns_.single() ? sizeof(float) : sizeof(double));
    kernel_->step(&args);
    share.spike_count += args.spike_count;
    if (args.fault == k_no_fault) return std::nullopt;
    if (args.fault < columns_.cells()) {
      if (const auto fault = fault_of_block(share, args.fault)) return fault;
      EIC_CHECK(args.fault != repaired, "a kernel refused a block of finite values");
    }
    columns_.pad_all();  // of the last owner alone: others have no padding
    if (args.fault >= columns_.cells()) return std::nullopt;
    begin = repaired = args.fault;
  }
}

std::optional<Fault> Population::step(uint64_t owner) {
  Share& share = shares_[owner];
  auto fault = run_step(share);
  if (fault || !plan_->interpolated) return fault;
  share.fractions.resize(share.spike_count);
  for (uint64_t i = 0; i < share.spike_count; ++i) {
    share.fractions[i] = columns_.single() ? static_cast<double>(share.kernel_fractions.as<float>()[i]) : share.kernel_fractions.as<double>()[i];
  }
  return fault;
}

}  // namespace eic::engine
