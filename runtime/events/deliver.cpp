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

struct Own {
  uint64_t begin = 0, end = UINT64_MAX;
  bool all = true;
};

// The parts of the row whose targets are one's own.
template <class Act>
void own_part(const Row& row, const Own& own, Act act) {
  if (own.all) return act(row);
  const auto mine = [&](uint64_t i) { return row.targets[i] - own.begin < own.end - own.begin; };
  for (uint64_t i = 0, n = 0; i < row.count; i += n + 1) {
    for (n = 0; i + n < row.count && mine(i + n);) ++n;
    if (n > 0) act(Row{row.targets + i, row.begin + i, n, row.source});
  }
}

// Calls act(row) for each spiking source, the next row already on its way from memory.
template <class Act>
void for_each_row(const connect::DelayGroup& group, const uint32_t* targets, std::span<const uint32_t> sources, uint64_t first,
                  const Own& own, Act act) {
  Row next = row_of(group, targets, sources.front() - first);
  for (uint64_t i = 0; i < sources.size(); ++i) {
    const Row row = next;
    if (i + 1 < sources.size()) {
      next = row_of(group, targets, sources[i + 1] - first);
      prefetch(next);
    }
    own_part(row, own, act);
  }
}

// What a row sends, into the port.
template <class R>
void deliver_row(const Delivery& delivery, uint64_t owner, const Row& row, const R* weights, bool constant) {
  auto* column = static_cast<R*>(delivery.column);
  if (column == nullptr) {
    EventArgs args;
    args.constant_weight = constant ? 1 : 0;
    args.columns = delivery.columns;
    args.uniforms = delivery.uniforms[owner];
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
uint64_t deliver_plastic(const Delivery& delivery, uint64_t g, std::span<const uint32_t> raised) {
  uint64_t events = 0;
  const connect::DelayGroup& group = delivery.synapses->groups[g];
  delivery.rule->arrive(g, raised, delivery.from_begin);
  for_each_row(group, delivery.synapses->targets.as<uint32_t>(), raised, delivery.from_begin, {}, [&](const Row& row) {
    events += row.count;
    if (row.count == 0) return;
    const Plastic::Sent sent = delivery.rule->row(g, row.source, row.begin, row.count);
    deliver_row(delivery, 0, row, static_cast<const R*>(sent.weights), sent.constant);
  });
  return events;
}

template <class R>
uint64_t deliver_group(const Delivery& delivery, uint64_t owner, const connect::DelayGroup& group,
                       std::span<const uint32_t> sources) {
  const connect::Synapses& synapses = *delivery.synapses;
  const auto* targets = synapses.targets.as<uint32_t>();
  const auto* weights = synapses.weights.as<R>();
  auto* column = static_cast<R*>(delivery.column);
  const bool constant = synapses.constant_weight;
  Own own;
  if (delivery.partition != nullptr && delivery.partition->owners() > 1)
    own = {delivery.partition->begin(owner), delivery.partition->end(owner), false};
  uint64_t events = 0;
  const auto each = [&](auto act) {
    for_each_row(group, targets, sources, delivery.from_begin, own, [&events, act](const Row& row) {
      events += row.count;
      act(row);
    });
  };
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
      if (row.count > 0) deliver_row(delivery, owner, row, constant ? weights : weights + row.begin, constant);
    });
  }
  return events;
}

// The part of the ascending `cells` that lies in [begin, end).
std::span<const uint32_t> within(std::span<const uint32_t> cells, uint64_t begin, uint64_t end) {
  const auto first = std::lower_bound(cells.begin(), cells.end(), begin);
  return {first, std::lower_bound(first, cells.end(), end)};
}

}  // namespace

uint64_t deliver(const Delivery& delivery, uint64_t step, uint64_t owner) {
  const bool plastic = delivery.rule != nullptr && !delivery.rule->plain();
  uint64_t events = 0;
  for (uint64_t g = 0; g < delivery.synapses->groups.size(); ++g) {
    const connect::DelayGroup& group = delivery.synapses->groups[g];
    if (group.delay > step) continue;
    const auto sources = within(delivery.ring->raised_in(step - group.delay), delivery.from_begin, delivery.from_end);
    if (sources.empty()) continue;
    if (plastic) {
      events += delivery.single ? deliver_plastic<float>(delivery, g, sources) : deliver_plastic<double>(delivery, g, sources);
    } else {
      events += delivery.single ? deliver_group<float>(delivery, owner, group, sources)
                                : deliver_group<double>(delivery, owner, group, sources);
    }
  }
  if (delivery.targets == nullptr || step == 0) return events;
  delivery.rule->spiked(within(delivery.targets->raised_in(step - 1), delivery.to_begin, delivery.to_end));
  return events;
}

}  // namespace eic::events
