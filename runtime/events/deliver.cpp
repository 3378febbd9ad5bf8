#include "runtime/events/deliver.h"

#include <algorithm>
#include <span>

namespace eic::events {

namespace {

constexpr uint64_t k_line_bytes = 64;
constexpr uint64_t k_lines_ahead = 8;  // the hardware follows by itself from there

// What one source sends into one block, with one delay.
template <class T>
struct Row {
  const T* targets;
  uint64_t begin, count;  // begin: place in the arrays, for the weights
  uint64_t source;
};

// The rows of one block and group.
template <class T>
class Rows {
 public:
  Rows(const connect::Synapses& synapses, uint64_t block, uint64_t group, uint64_t first)
      : offsets_(synapses.offsets.as<uint64_t>() + synapses.piece(0, block, group)),
        targets_(synapses.targets.as<T>()),
        stride_(synapses.pieces_a_row()),
        first_(first) {}

  // Calls act(row) for each spiking source. The next row is already on its way from memory, and of the one after where it begins.
  template <class Act>
  uint64_t for_each(std::span<const uint32_t> sources, Act act) const {
    uint64_t events = 0;
    if (sources.size() > 1) __builtin_prefetch(offsets_ + (sources[1] - first_) * stride_);
    Row<T> next = row(sources.front());
    prefetch(next);
    for (uint64_t i = 0; i < sources.size(); ++i) {
      const Row<T> row = next;
      if (i + 1 < sources.size()) {
        if (i + 2 < sources.size()) __builtin_prefetch(offsets_ + (sources[i + 2] - first_) * stride_);
        next = this->row(sources[i + 1]);
        prefetch(next);
      }
      events += row.count;
      act(row);
    }
    return events;
  }

 private:
  Row<T> row(uint32_t cell) const {
    const uint64_t source = cell - first_;
    const uint64_t *begin = offsets_ + source * stride_, count = begin[1] - begin[0];
    return {targets_ + *begin, *begin, count, source};
  }
  static void prefetch(const Row<T>& row) {
    const uint64_t lines = std::min((row.count * sizeof(T) + k_line_bytes - 1) / k_line_bytes, k_lines_ahead);
    for (uint64_t i = 0; i < lines; ++i) __builtin_prefetch(row.targets + i * (k_line_bytes / sizeof(T)));
  }

  const uint64_t* offsets_;
  const T* targets_;
  uint64_t stride_, first_;
};

// Through the port's function, which takes targets of the whole population and weights of the run's precision.
template <class R, class T, class W>
void handle(const Delivery& delivery, uint64_t owner, const Row<T>& row, uint64_t base, const W* weights, bool constant) {
  constexpr uint64_t k_together = 512;
  uint32_t targets[k_together];
  R widened[k_together];
  EventArgs args;
  args.constant_weight = constant ? 1 : 0;
  args.columns = delivery.columns;
  args.uniforms = delivery.uniforms[owner];
  for (uint64_t first = 0; first < row.count; first += k_together) {
    args.count = std::min(k_together, row.count - first);
    for (uint64_t i = 0; i < args.count; ++i) targets[i] = static_cast<uint32_t>(base + row.targets[first + i]);
    const W* some = constant ? weights : weights + first;
    for (uint64_t i = 0; sizeof(R) != sizeof(W) && i < (constant ? 1 : args.count); ++i) widened[i] = static_cast<R>(some[i]);
    args.targets = targets;
    args.weights = sizeof(R) == sizeof(W) ? static_cast<const void*>(some) : widened;
    delivery.handler(&args);
  }
}

template <class R, class T, class W>
void add(R* column, const Row<T>& row, const W* weights) {
  for (uint64_t i = 0; i < row.count; ++i) column[row.targets[i]] += static_cast<R>(weights[i]);
}
template <class R, class T>
void add_constant(R* column, const Row<T>& row, R weight) {
  for (uint64_t i = 0; i < row.count; ++i) column[row.targets[i]] += weight;
}

// Through the rule: what depends on the sources alone, then row by row what the synapses do and send.
template <class R>
uint64_t deliver_plastic(const Delivery& delivery, uint64_t group, std::span<const uint32_t> sources) {
  delivery.rule->arrive(group, sources, delivery.from_begin);
  auto* column = static_cast<R*>(delivery.column);
  return Rows<uint32_t>(*delivery.synapses, 0, group, delivery.from_begin).for_each(sources, [&](const Row<uint32_t>& row) {
    if (row.count == 0) return;
    const Plastic::Sent sent = delivery.rule->row(group, row.source, row.begin, row.count);
    const auto* weights = static_cast<const R*>(sent.weights);
    if (column == nullptr) handle<R>(delivery, 0, row, 0, weights, sent.constant);
    else if (sent.constant) add_constant(column, row, *weights);
    else add(column, row, weights);
  });
}

template <class R, class T, class W>
uint64_t deliver_rows(const Delivery& delivery, uint64_t owner, uint64_t block, uint64_t group, std::span<const uint32_t> sources) {
  const connect::Synapses& synapses = *delivery.synapses;
  const Rows<T> rows(synapses, block, group, delivery.from_begin);
  const uint64_t base = synapses.blocks[block].base;
  const W* weights = synapses.weights.as<W>();
  if (delivery.column == nullptr) {
    const bool constant = synapses.constant_weight;
    return rows.for_each(sources, [&, constant](const Row<T>& row) {
      handle<R>(delivery, owner, row, base, constant ? weights : weights + row.begin, constant);
    });
  }
  R* column = static_cast<R*>(delivery.column) + base;
  if (synapses.constant_weight)
    return rows.for_each(sources, [column, weight = static_cast<R>(*weights)](const Row<T>& row) { add_constant(column, row, weight); });
  return rows.for_each(sources, [column, weights](const Row<T>& row) { add(column, row, weights + row.begin); });
}

template <class R, class W>
uint64_t deliver_wide_or_narrow(const Delivery& delivery, uint64_t owner, uint64_t block, uint64_t group, std::span<const uint32_t> sources) {
  return delivery.synapses->narrow ? deliver_rows<R, uint16_t, W>(delivery, owner, block, group, sources)
                                   : deliver_rows<R, uint32_t, W>(delivery, owner, block, group, sources);
}

uint64_t deliver_piece(const Delivery& delivery, uint64_t owner, uint64_t block, uint64_t group, std::span<const uint32_t> sources) {
  if (delivery.single) return deliver_wide_or_narrow<float, float>(delivery, owner, block, group, sources);
  return delivery.synapses->single_weights ? deliver_wide_or_narrow<double, float>(delivery, owner, block, group, sources)
                                           : deliver_wide_or_narrow<double, double>(delivery, owner, block, group, sources);
}

// The part of the ascending `cells` that lies in [begin, end).
std::span<const uint32_t> within(std::span<const uint32_t> cells, uint64_t begin, uint64_t end) {
  const auto first = std::lower_bound(cells.begin(), cells.end(), begin);
  return {first, std::lower_bound(first, cells.end(), end)};
}

// Sources whose spikes arrive in this step.
std::span<const uint32_t> arriving(const Delivery& delivery, uint64_t group, uint64_t step) {
  const uint64_t delay = delivery.synapses->delays[group];
  if (delay > step) return {};
  const auto raised = delivery.ring->raised_in(step - delay);
  return raised.empty() ? raised : within(raised, delivery.from_begin, delivery.from_end);
}

}  // namespace

// Block after block, so that the cells of one stay in the cache while all sources send to them.
uint64_t deliver(const Delivery& delivery, uint64_t step, uint64_t owner) {
  const connect::Synapses& synapses = *delivery.synapses;
  const bool plastic = delivery.rule != nullptr && !delivery.rule->plain();
  uint64_t events = 0;
  for (uint64_t block = 0; block < synapses.blocks.size(); ++block) {
    if (synapses.blocks[block].owner != owner) continue;
    for (uint64_t group = 0; group < synapses.delays.size(); ++group) {
      const auto sources = arriving(delivery, group, step);
      if (sources.empty()) continue;
      if (!plastic) events += deliver_piece(delivery, owner, block, group, sources);
      else events += delivery.single ? deliver_plastic<float>(delivery, group, sources) : deliver_plastic<double>(delivery, group, sources);
    }
  }
  if (delivery.targets == nullptr || step == 0) return events;
  delivery.rule->spiked(within(delivery.targets->raised_in(step - 1), delivery.to_begin, delivery.to_end));
  return events;
}

}  // namespace eic::events
