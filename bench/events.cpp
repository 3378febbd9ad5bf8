// bench_events [--windows N] [--cells N]… [--json]: delivery of events of a constant weight against a loop written by hand over
// rows of 32-bit targets, in one process, in turns of a millisecond or so: whatever else the machine does hits both alike.
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "bench/recurrent.h"
#include "runtime/contract/subnormals.h"
#include "runtime/events/deliver.h"
#include "runtime/state/array.h"
#include "runtime/state/columns.h"

namespace eic::bench {

namespace {

constexpr uint64_t k_degree = 80, k_steps = 64, k_apart = 800;  // every 800th cell spikes in a step: 12.5 Hz

struct Settings {
  std::vector<uint64_t> cells;
  uint64_t windows = 200;
  double window_ms = 1;
  bool json = false;
};

struct Result {
  const char* precision;
  uint64_t cells = 0;
  std::vector<double> by_hand, delivered;  // ns an event, one a window
};

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

double minimum(const std::vector<double>& values) { return *std::min_element(values.begin(), values.end()); }

// The cells that spike in a step, so that rows and targets are where a run would find them.
std::vector<uint32_t> raised(uint64_t step, uint64_t cells) {
  std::vector<uint32_t> spikes;
  for (uint64_t cell = step * 37 % k_apart; cell < cells; cell += k_apart) spikes.push_back(static_cast<uint32_t>(cell));
  return spikes;
}

// What a person would write: rows in one array, their starts in another, the next row fetched ahead; on huge pages, as the
// runtime has them.
template <class R>
class ByHand {
 public:
  explicit ByHand(uint64_t cells)
      : cells_(cells),
        starts_(cells + 1),
        rows_(cells * k_degree * sizeof(uint32_t)),
        numbers_(cells * sizeof(R)),
        targets_(rows_.as<uint32_t>()),
        state_(numbers_.as<R>()) {
    uint32_t draw = 1;
    uint32_t* end = targets_;
    for (uint64_t cell = 0; cell < cells; cell++) {
      starts_[cell] = cell * k_degree;
      uint32_t* const row = end;
      while (end < row + k_degree) {  // distinct, ascending
        for (; end < row + k_degree; end++) {
          draw = draw * 1664525u + 1013904223u;
          *end = static_cast<uint32_t>((uint64_t{draw} * cells) >> 32);
        }
        std::sort(row, end);
        end = std::unique(row, end);
      }
    }
    starts_[cells] = cells * k_degree;
    std::fill(state_, state_ + cells, R{0});
    for (uint64_t step = 0; step < k_steps; step++) spikes_.push_back(raised(step, cells));
  }

  uint64_t deliver(uint64_t step) {
    const std::vector<uint32_t>& spikes = spikes_[step];
    const auto weight = static_cast<R>(k_recurrent_weight);
    uint64_t events = 0;
    for (size_t i = 0; i < spikes.size(); i++) {
      if (i + 1 < spikes.size()) {
        const uint32_t* next = targets_ + starts_[spikes[i + 1]];
        for (uint64_t line = 0; line < k_degree; line += 16) __builtin_prefetch(next + line);
      }
      const uint32_t* row = targets_ + starts_[spikes[i]];
      const uint64_t count = starts_[spikes[i] + 1] - starts_[spikes[i]];
      R* const state = state_;
#pragma GCC unroll 8
      for (uint64_t k = 0; k < count; k++) state[row[k]] += weight;
      events += count;
    }
    return events;
  }

  double sum() const {
    double sum = 0;
    for (uint64_t i = 0; i < cells_; i++) sum += static_cast<double>(state_[i]);
    return sum;
  }

 private:
  uint64_t cells_;
  std::vector<uint64_t> starts_;
  state::Array rows_, numbers_;
  uint32_t* targets_;
  R* state_;
  std::vector<std::vector<uint32_t>> spikes_;
};

// The runtime's own synapses, ring and delivery.
class Delivered {
 public:
  Delivered(uint64_t cells, bool single)
      : run_(made(cells, single)), synapses_(connected(run_)), columns_(cells, 1, single), ring_(k_steps) {
    for (uint64_t step = 0; step < k_steps; step++) ring_.push(step, raised(step, cells));
    delivery_.synapses = &synapses_;
    delivery_.ring = &ring_;
    delivery_.from_end = delivery_.to_end = cells;
    delivery_.column = columns_.pointer(0);
    delivery_.single = single;
  }

  uint64_t deliver(uint64_t step) { return events::deliver(delivery_, step + 1, 0); }
  double sum() const {
    double sum = 0;
    for (uint64_t i = 0; i < columns_.cells(); i++) sum += columns_.value(0, i);
    return sum;
  }

 private:
  static plan::Run made(uint64_t cells, bool single) {
    plan::Run run = recurrent(cells, {.kind = plan::Rule::Kind::FixedOutdegree, .k = k_degree});
    run.single = single;
    return run;
  }

  plan::Run run_;
  connect::Synapses synapses_;
  state::Columns columns_;
  events::Ring ring_;
  events::Delivery delivery_;
};

// Of this thread: what others take of the processor does not count.
double processor_seconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

template <class Side>
double ns_an_event(Side& side, uint64_t passes, uint64_t& events) {
  const double began = processor_seconds();
  uint64_t delivered = 0;
  for (uint64_t pass = 0; pass < passes; pass++)
    for (uint64_t step = 0; step < k_steps; step++) delivered += side.deliver(step);
  const double seconds = processor_seconds() - began;
  events += delivered;
  return 1e9 * seconds / static_cast<double>(delivered);
}

// The weight is a power of two, so the states of all cells are exact.
void check_work(const char* side, double sum, uint64_t events) {
  const double expected = k_recurrent_weight * static_cast<double>(events);
  if (sum == expected) return;
  fmt::print(stderr, "bench_events: {} events came to {:.6g}, not {:.6g} ({})\n", events, sum, expected, side);
  std::exit(1);
}

template <class R>
Result measure(uint64_t cells, const Settings& settings) {
  ByHand<R> by_hand(cells);
  Delivered delivered(cells, sizeof(R) == 4);
  Result result{sizeof(R) == 4 ? "single" : "double", cells, {}, {}};
  uint64_t hand_events = 0, events = 0;
  const double each_ns = ns_an_event(by_hand, 1, hand_events);
  ns_an_event(delivered, 1, events);
  const double pass_ns = each_ns * static_cast<double>(hand_events);
  const auto passes = std::max<uint64_t>(1, static_cast<uint64_t>(1e6 * settings.window_ms / pass_ns));
  for (uint64_t window = 0; window < settings.windows; window++) {
    result.by_hand.push_back(ns_an_event(by_hand, passes, hand_events));
    result.delivered.push_back(ns_an_event(delivered, passes, events));
  }
  check_work("by hand", by_hand.sum(), hand_events);
  check_work("delivered", delivered.sum(), events);
  return result;
}

std::string json_text(const Result& r) {
  return fmt::format(
      R"({{"precision":"{}","cells":{},"floor_ns":{{"median":{:.4f},"min":{:.4f}}},)"
      R"("deliver_ns":{{"median":{:.4f},"min":{:.4f}}},"ratio":{{"median":{:.4f},"min":{:.4f}}}}})",
      r.precision, r.cells, median(r.by_hand), minimum(r.by_hand), median(r.delivered), minimum(r.delivered),
      median(r.delivered) / median(r.by_hand), minimum(r.delivered) / minimum(r.by_hand));
}

bool read_settings(int argc, char** argv, Settings& settings) {
  for (int i = 1; i < argc; i++) {
    const bool more = i + 1 < argc;
    if (std::strcmp(argv[i], "--json") == 0) settings.json = true;
    else if (std::strcmp(argv[i], "--windows") == 0 && more) settings.windows = std::strtoull(argv[++i], nullptr, 10);
    else if (std::strcmp(argv[i], "--cells") == 0 && more) settings.cells.push_back(std::strtoull(argv[++i], nullptr, 10));
    else return false;
  }
  if (settings.cells.empty()) settings.cells = {4000, 65536, 400000};
  return settings.windows > 0 && *std::min_element(settings.cells.begin(), settings.cells.end()) >= k_apart;
}

int run(int argc, char** argv) {
  Settings settings;
  if (!read_settings(argc, argv, settings)) {
    fmt::print(stderr, "usage: bench_events [--windows N] [--cells N (at least {})]... [--json]\n", k_apart);
    return 2;
  }
  const FlushSubnormals flush;
  std::string rows;
  if (!settings.json)
    fmt::print("{:<22} {:>9} {:>9} {:>9} {:>9} {:>8} {:>8}\n", "ns an event", "hand med", "min", "ours med", "min", "med/med",
               "min/min");
  for (const uint64_t cells : settings.cells) {
    for (const Result& r : {measure<float>(cells, settings), measure<double>(cells, settings)}) {
      rows += (rows.empty() ? "" : ",") + json_text(r);
      if (settings.json) continue;
      fmt::print("{:<6} {:>9} cells {:>9.3f} {:>9.3f} {:>9.3f} {:>9.3f} {:>8.3f} {:>8.3f}\n", r.precision, r.cells,
                 median(r.by_hand), minimum(r.by_hand), median(r.delivered), minimum(r.delivered),
                 median(r.delivered) / median(r.by_hand), minimum(r.delivered) / minimum(r.by_hand));
    }
  }
  if (settings.json) fmt::print("{{\"windows\":{},\"events\":[{}]}}\n", settings.windows, rows);
  return 0;
}

}  // namespace

}  // namespace eic::bench

int main(int argc, char** argv) { return eic::bench::run(argc, argv); }
