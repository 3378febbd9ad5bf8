#include "runtime/events/deliver.h"

#include <algorithm>
#include <span>

namespace eic::events {

namespace {

constexpr uint64_t k_line_targets = 64 / sizeof(uint32_t);
constexpr uint64_t k_lines_ahead = 8;  // the hardware follows by itself from there

struct Row {
  const uint32_t* targets;
  uint64_t begin, count;  // begin: place in the arrays, for the weights
};

Row row_of(const connect::DelayGroup& group, const uint32_t* targets, uint64_t source) {
  const uint64_t begin = group.offsets[source];
  return {targets + begin, begin, group.offsets[source + 1] - begin};
}

void prefetch(const Row& row) {
  const uint64_t lines = std::min((row.count + k_line_targets - 1) / k_line_targets, k_lines_ahead);
  for (uint64_t i = 0; i < lines; ++i) __builtin_prefetch(row.targets + i * k_line_targets);
}

// Calls act(row) for each spiking source, the next row already on its way from memory.
template <class Act>
void for_each_row(const connect::DelayGroup& group, const uint32_t* targets, std::span<const uint32_t> sources, uint64_t first,
                  Act act) {
  Row next = row_of(group, targets, sources.front() - first);
  for (uint64_t i = 0; i < sources.size(); ++i) {
    const Row row = next;
    if (i + 1 < sources.size()) {
      next = row_of(group, targets, sources[i + 1] - first);
      prefetch(next);
    }
    act(row);
  }
}

template <class R>
void deliver_group(const Delivery& delivery, const connect::DelayGroup& group, std::span<const uint32_t> sources) {
  const connect::Synapses& synapses = *delivery.synapses;
  const auto* targets = synapses.targets.as<uint32_t>();
  const auto* weights = synapses.weights.as<R>();
  auto* column = static_cast<R*>(delivery.column);
  const bool constant = synapses.constant_weight;
  const auto each = [&](auto act) { for_each_row(group, targets, sources, delivery.from_begin, act); };
  if (column != nullptr && constant) {
    each([column, weight = *weights](const Row& row) {
      for (uint64_t i = 0; i < row.count; ++i) column[row.targets[i]] += weight;
    });
  } else if (column != nullptr) {
    each([column, weights](const Row& row) {
      for (uint64_t i = 0; i < row.count; ++i) column[row.targets[i]] += weights[row.begin + i];
    });
  } else {
    each([&](const Row& row) {
      if (row.count == 0) return;
      EventArgs args;
      args.constant_weight = constant ? 1 : 0;
      args.columns = delivery.columns;
      args.uniforms = delivery.uniforms;
      args.targets = row.targets;
      args.count = row.count;
      args.weights = constant ? weights : weights + row.begin;
      delivery.handler(&args);
    });
  }
}

}  // namespace

void deliver(const Delivery& delivery, uint64_t step) {
  for (const connect::DelayGroup& group : delivery.synapses->groups) {
    if (group.delay > step) continue;
    const std::span<const uint32_t> raised = delivery.ring->raised_in(step - group.delay);
    const auto begin = std::lower_bound(raised.begin(), raised.end(), delivery.from_begin);
    const auto end = std::lower_bound(begin, raised.end(), delivery.from_end);
    if (begin == end) continue;
    if (delivery.single) {
      deliver_group<float>(delivery, group, {begin, end});
    } else {
      deliver_group<double>(delivery, group, {begin, end});
    }
  }
}

}  // namespace eic::events
