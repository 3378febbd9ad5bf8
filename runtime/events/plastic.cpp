#include "runtime/events/plastic.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "runtime/contract/check.h"

namespace eic::events {

using plan::Home;

namespace {

uint64_t padded(uint64_t cells) { return (cells + k_padding_cells - 1) / k_padding_cells * k_padding_cells; }

uint64_t number_bytes(const plan::RuleColumn& column, bool single) {
  return column.steps || single ? sizeof(uint32_t) : sizeof(double);
}

template <class R>
void fill(void* column, uint64_t begin, uint64_t end, R value) {
  std::fill(static_cast<R*>(column) + begin, static_cast<R*>(column) + end, value);
}

void fill_start(const plan::RuleColumn& column, void* memory, uint64_t count, bool single) {
  if (column.steps) fill<uint32_t>(memory, 0, count, 0);
  else if (single) fill<float>(memory, 0, count, static_cast<float>(column.start));
  else fill<double>(memory, 0, count, column.start);
}

uint64_t longest_row(const connect::Synapses& synapses) {
  uint64_t longest = 0;
  for (uint64_t piece = 0; piece < synapses.rows * synapses.pieces_a_row(); ++piece)
    longest = std::max(longest, synapses.begin_of(piece + 1) - synapses.begin_of(piece));
  return longest;
}

template <class R>
void one_weight_each(connect::Synapses& synapses) {
  const R weight = *synapses.weights.as<R>();
  synapses.weights = state::Array(synapses.statistics.synapses * sizeof(R));
  fill<R>(synapses.weights.as<void>(), 0, synapses.statistics.synapses, weight);
  synapses.constant_weight = false;
}

}  // namespace

double Plastic::bytes_a_synapse(const plan::Projection& projection, bool single) {
  const plan::Plasticity& rule = *projection.plasticity;
  double bytes = rule.on_post ? Incoming::k_bytes_a_synapse : 0;
  for (uint32_t c = 0; c < rule.columns.size(); ++c) {
    if (rule.columns[c].home != Home::Synapse) continue;
    const bool weight = static_cast<int32_t>(c) == rule.weight_column;
    const bool counted = weight && !(projection.weight && projection.weight->kind == plan::Draw::Kind::Constant);
    if (!counted) bytes += static_cast<double>(number_bytes(rule.columns[c], single));
  }
  return bytes;
}

Result<Plastic, RunError> Plastic::build(const Setup& setup, state::Budget& budget) {
  const plan::Plasticity& rule = *setup.projection.plasticity;
  connect::Synapses& synapses = setup.synapses;
  EIC_CHECK(synapses.blocks.size() == 1 && !synapses.narrow && synapses.single_weights == setup.single, "a rule has its synapses in one block");
  const uint64_t n = synapses.statistics.synapses;
  const std::string whose = fmt::format("`{}` of `{}`", rule.rule, setup.projection.name);
  if ((rule.on_post || setup.looked > 0) && n > UINT32_MAX)
    return Failure{RunError{RunError::Kind::Limit,
                            fmt::format("{} has {} synapses, at most {} can hear their targets or be recorded", whose, n, UINT32_MAX),
                            "several projections may share a rule", rule.origin}};
  Plastic made;
  made.plan_ = &rule;
  made.kernel_ = &setup.kernel;
  made.synapses_ = &synapses;
  made.single_ = setup.single;
  made.stride_ = padded(synapses.rows);
  made.source_cells_ = made.stride_ * synapses.delays.size();
  made.target_cells_ = padded(setup.target_cells);
  if (made.source_cells_ > UINT32_MAX)
    return Failure{RunError{RunError::Kind::Limit,
                            fmt::format("{} keeps numbers of {} sources for each of {} delays, more than the {} that can be counted",
                                        whose, synapses.rows, synapses.delays.size(), UINT32_MAX),
                            "fewer different delays are needed", rule.origin}};

  const uint64_t places = std::max(longest_row(synapses), setup.looked), number = setup.single ? sizeof(float) : sizeof(double);
  const auto size_of = [&](uint32_t c) {
    switch (rule.columns[c].home) {
      case Home::Synapse: return n;
      case Home::Source: return made.source_cells_;
      case Home::Target: return made.target_cells_;
      case Home::Place: return places;
    }
    internal_error(__FILE__, __LINE__, "a column of no home");
  };
  // what each synapse takes was asked for before they were drawn
  double more = rule.on_post ? static_cast<double>(setup.target_cells + 1) * sizeof(uint64_t) * 2 : 0;
  for (uint32_t c = 0; c < rule.columns.size(); ++c) {
    if (rule.columns[c].home == Home::Synapse) continue;
    more += static_cast<double>(size_of(c) * number_bytes(rule.columns[c], setup.single));
  }
  if (setup.projection.rule.kind == plan::Rule::Kind::Csv)  // but of a file that was not known
    more += static_cast<double>(n) * bytes_a_synapse(setup.projection, setup.single);
  if (auto error = budget.need(more, fmt::format("what {} keeps of the cells, {} different delays of the sources", whose,
                                                 synapses.delays.size()),
                               rule.origin))
    return Failure{std::move(*error)};

  if (rule.changes_weight && synapses.constant_weight) {
    if (setup.single) one_weight_each<float>(synapses);
    else one_weight_each<double>(synapses);
  }
  made.pointers_.resize(rule.columns.size());
  made.arrays_.resize(rule.columns.size());
  for (uint32_t c = 0; c < rule.columns.size(); ++c) {
    if (static_cast<int32_t>(c) == rule.weight_column) {
      EIC_CHECK(!synapses.constant_weight, "a weight that a rule reads from a column is one a synapse");
      made.pointers_[c] = synapses.weights.as<void>();
      continue;
    }
    made.arrays_[c] = state::Array(size_of(c) * number_bytes(rule.columns[c], setup.single));
    made.pointers_[c] = made.arrays_[c].as<void>();
    made.bytes_ += made.arrays_[c].bytes();
    fill_start(rule.columns[c], made.pointers_[c], size_of(c), setup.single);
  }
  made.uniforms_ = state::Array(std::max<uint64_t>(rule.uniforms.size(), 1) * number);
  for (uint64_t i = 0; i < rule.uniforms.size(); ++i) {
    if (setup.single) made.uniforms_.as<float>()[i] = static_cast<float>(rule.uniforms[i]);
    else made.uniforms_.as<double>()[i] = rule.uniforms[i];
  }
  made.fault_values_ = state::Array(std::max<uint64_t>(rule.columns.size(), 1) * k_padding_cells * number);
  if (rule.on_post) {
    made.incoming_ = Incoming(synapses, setup.target_cells, made.stride_);
    made.bytes_ += static_cast<uint64_t>(Incoming::bytes_needed(setup.target_cells, n));
  }
  return made;
}

double Plastic::value(uint32_t column, uint64_t index) const {
  return single_ ? static_cast<double>(static_cast<const float*>(pointers_[column])[index])
                 : static_cast<const double*>(pointers_[column])[index];
}

SynapseArgs Plastic::arguments() const {
  SynapseArgs args;
  args.now = now_;
  args.columns = pointers_.data();
  args.uniforms = uniforms_.as<void>();
  return args;
}

std::optional<Plastic::Fault> Plastic::advance(StepFn step, Home home, uint64_t cells) {
  if (step == nullptr || cells == 0) return std::nullopt;
  StepArgs args;
  args.cells = args.end = cells;
  args.columns = pointers_.data();
  args.uniforms = uniforms_.as<void>();
  args.fault_values = fault_values_.as<void>();
  step(&args);
  if (args.fault == k_no_fault) return std::nullopt;
  uint64_t row = 0;
  for (uint32_t c = 0; c < plan_->columns.size(); ++c) {
    if (plan_->columns[c].home != home || !plan_->columns[c].stepped) continue;
    for (uint64_t lane = 0; lane < kernel_->width; ++lane) {
      const uint64_t at = row * kernel_->width + lane, cell = args.fault + lane;
      const double refused = single_ ? static_cast<double>(fault_values_.as<float>()[at]) : fault_values_.as<double>()[at];
      if (!std::isfinite(refused)) return Fault{c, home == Home::Source ? cell % stride_ : cell, refused, value(c, cell)};
    }
    ++row;
  }
  internal_error(__FILE__, __LINE__, "a kernel refused finite values");
}

std::optional<Plastic::Fault> Plastic::begin(uint64_t step) {
  now_ = static_cast<uint32_t>(step);
  if (step == 0) return std::nullopt;
  if (auto fault = advance(kernel_->source_step, Home::Source, source_cells_)) return fault;
  return advance(kernel_->target_step, Home::Target, target_cells_);
}

void Plastic::arrive(uint64_t group, std::span<const uint32_t> cells, uint64_t first) {
  if (kernel_->pre_cells == nullptr) return;
  listed_.clear();
  for (const uint32_t cell : cells) listed_.push_back(static_cast<uint32_t>(source_index(group, cell - first)));
  SynapseArgs args = arguments();
  args.count = listed_.size();
  args.cells = listed_.data();
  kernel_->pre_cells(&args);
}

Plastic::Sent Plastic::row(uint64_t group, uint64_t source, uint64_t begin, uint64_t count) {
  const uint64_t number = single_ ? sizeof(float) : sizeof(double);
  const uint64_t index = source_index(group, source);
  if (kernel_->pre_synapses != nullptr && count > 0) {
    SynapseArgs args = arguments();
    args.row = index;
    args.count = count;
    args.first = begin;
    args.cells = synapses_->targets.as<uint32_t>() + begin;
    kernel_->pre_synapses(&args);
  }
  using Kind = plan::Plasticity::Sent;
  const auto* column = plan_->sent == Kind::Weight ? nullptr : static_cast<const char*>(pointers_[plan_->sent_column]);
  if (plan_->sent == Kind::Row) return {column + index * number, true};
  if (plan_->sent == Kind::Each) return {column, false};
  const auto* weights = synapses_->weights.as<char>();
  return synapses_->constant_weight ? Sent{weights, true} : Sent{weights + begin * number, false};
}

void Plastic::spiked(std::span<const uint32_t> cells) {
  SynapseArgs args = arguments();
  if (kernel_->post_cells != nullptr && !cells.empty()) {
    args.count = cells.size();
    args.cells = cells.data();
    kernel_->post_cells(&args);
  }
  if (kernel_->post_synapses == nullptr) return;
  for (const uint32_t cell : cells) {
    args.row = cell;
    args.cells = incoming_.sources(cell).data();
    args.synapses = incoming_.synapses(cell).data();
    args.count = incoming_.synapses(cell).size();
    if (args.count > 0) kernel_->post_synapses(&args);
  }
}

Plastic::Looked Plastic::looked_at(std::span<const uint64_t> synapses) const {
  Looked looked;
  for (const uint64_t synapse : synapses) {
    const uint64_t place = synapses_->place_of(synapse);
    const auto* offsets = synapses_->offsets.as<uint64_t>();
    const uint64_t groups = synapses_->delays.size(), pieces = synapses_->rows * groups;
    const auto piece = static_cast<uint64_t>(std::upper_bound(offsets, offsets + pieces + 1, place) - offsets) - 1;
    const uint64_t g = piece % groups, row = piece / groups;
    looked.synapses.push_back(static_cast<uint32_t>(place));
    looked.sources.push_back(static_cast<uint32_t>(source_index(g, row)));
    looked.targets.push_back(synapses_->target(place, synapses_->blocks.front()));
  }
  return looked;
}

void Plastic::look(const Looked& looked) {
  if (kernel_->look == nullptr) return;
  SynapseArgs args = arguments();
  args.count = looked.synapses.size();
  args.cells = looked.sources.data();
  args.synapses = looked.synapses.data();
  kernel_->look(&args);
}

void Plastic::sample(const Looked& looked, uint32_t column, std::span<double> values) const {
  const bool weight = column == plan::k_weight_column;
  if (weight && plan_->weight_column >= 0) column = static_cast<uint32_t>(plan_->weight_column);
  const bool kept = !weight || plan_->weight_column >= 0;
  for (uint64_t i = 0; i < values.size(); ++i) {
    if (!kept) {
      values[i] = synapses_->weight(looked.synapses[i]);
    } else if (plan_->columns[column].look >= 0) {
      values[i] = value(static_cast<uint32_t>(plan_->columns[column].look), i);
    } else {
      const Home home = plan_->columns[column].home;
      values[i] = value(column, home == Home::Synapse  ? looked.synapses[i]
                                : home == Home::Source ? looked.sources[i]
                                                       : looked.targets[i]);
    }
  }
}

}  // namespace eic::events
