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
  uint64_t source;
};

Row row_of(const connect::DelayGroup& group, const uint32_t* targets, uint64_t source) {
  const uint64_t begin = group.offsets[source];
  return {targets + begin, begin, group.offsets[source + 1] - begin, source};
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

// What a row sends, into the port.
template <class R>
void deliver_row(const Delivery& delivery, const Row& row, const R* weights, bool constant) {
  auto* column = static_cast<R*>(delivery.column);
  if (column == nullptr) {
    EventArgs args;
    args.constant_weight = constant ? 1 : 0;
    args.columns = delivery.columns;
    args.uniforms = delivery.uniforms;
    args.targets = row.targets;
    args.count = row.count;
    args.weights = weights;
    delivery.handler(&args);
  } else if (constant) {
    const R weight = *weights;
    for (uint64_t i = 0; i < row.count; ++i) column[row.targets[i]] += weight;
  } else {
    for (uint64_t i = 0; i < row.count; ++i) column[row.targets[i]] += weights[i];
  }
}

// Through the rule: what depends on the sources alone, then row by row what the synapses do and send.
template <class R>
void deliver_plastic(const Delivery& delivery, uint64_t g, std::span<const uint32_t> raised) {
  const connect::DelayGroup& group = delivery.synapses->groups[g];
  delivery.rule->arrive(g, raised, delivery.from_begin);
  for_each_row(group, delivery.synapses->targets.as<uint32_t>(), raised, delivery.from_begin, [&](const Row& row) {
    if (row.count == 0) return;
    const Plastic::Sent sent = delivery.rule->row(g, row.source, row.begin, row.count);
    deliver_row(delivery, row, static_cast<const R*>(sent.weights), sent.constant);
  });
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
      if (row.count > 0) deliver_row(delivery, row, constant ? weights : weights + row.begin, constant);
    });
  }
}

// The part of the ascending `cells` that lies in [begin, end).
std::span<const uint32_t> within(std::span<const uint32_t> cells, uint64_t begin, uint64_t end) {
  const auto first = std::lower_bound(cells.begin(), cells.end(), begin);
  return {first, std::lower_bound(first, cells.end(), end)};
}

}  // namespace

void deliver(const Delivery& delivery, uint64_t step) {
  const bool plastic = delivery.rule != nullptr && !delivery.rule->plain();
  for (uint64_t g = 0; g < delivery.synapses->groups.size(); ++g) {
    const connect::DelayGroup& group = delivery.synapses->groups[g];
    if (group.delay > step) continue;
    const auto sources = within(delivery.ring->raised_in(step - group.delay), delivery.from_begin, delivery.from_end);
    if (sources.empty()) continue;
    if (plastic) {
      delivery.single ? deliver_plastic<float>(delivery, g, sources) : deliver_plastic<double>(delivery, g, sources);
    } else {
      delivery.single ? deliver_group<float>(delivery, group, sources) : deliver_group<double>(delivery, group, sources);
    }
  }
  if (delivery.targets == nullptr || step == 0) return;
  delivery.rule->spiked(within(delivery.targets->raised_in(step - 1), delivery.to_begin, delivery.to_end));
}

}  // namespace eic::events
