#include "runtime/connect/delays.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <map>

#include "runtime/connect/layout.h"
#include "runtime/connect/parallel.h"
#include "runtime/connect/values.h"

namespace eic::connect {

namespace {

constexpr double k_longest_delay = 4294967295.0;  // steps
constexpr uint64_t k_chunk = 1 << 15;             // synapses

// Every synapse's delay in whole steps, the nearest and at least 1, in the order of drawing; and how often each comes.
struct Rounded {
  bool narrow = true;  // u16, where none is longer
  state::Array steps;
  std::map<uint64_t, uint64_t, std::greater<>> counts;
  uint64_t clipped = 0;

  uint64_t at(uint64_t synapse) const { return narrow ? steps.as<uint16_t>()[synapse] : steps.as<uint32_t>()[synapse]; }
};

// What one thread has counted.
struct Counts {
  std::vector<uint64_t> common = std::vector<uint64_t>(1 << 12);
  std::map<uint64_t, uint64_t> others;  // longer
  uint64_t clipped = 0;

  void add(uint64_t steps) {
    if (steps < common.size()) ++common[steps];
    else ++others[steps];
  }
};

class Rounding {
 public:
  Rounding(const Request& request, Drawn& drawn) : request_(request), drawn_(drawn), threads_(request.threads_for(static_cast<double>(drawn.synapses))) {}

  Result<Rounded, RunError> round() {
    auto fits = keep<uint16_t>();
    if (!fits) return Failure{std::move(fits.error())};
    if (!*fits) {
      rounded_.narrow = false;
      fits = keep<uint32_t>();
      if (!fits) return Failure{std::move(fits.error())};
    }
    return std::move(rounded_);
  }

 private:
  // False where T is too narrow; delays then are drawn once more.
  template <class T>
  Result<bool, RunError> keep() {
    rounded_.steps = state::Array(drawn_.synapses * sizeof(T));
    std::vector<Counts> counts(threads_);
    std::atomic<bool> fits = true;
    auto error = for_delays(request_, drawn_, threads_, [&](uint32_t worker, uint64_t first, std::span<const double> delays) -> std::optional<RunError> {
      T* steps = rounded_.steps.as<T>() + first;
      for (const double exact : delays) {
        const double nearest = std::floor(exact + 0.5);
        if (!(nearest <= k_longest_delay) || exact < 1) {
          if (auto fault = not_a_delay(exact, nearest)) return fault;
        }
        const uint64_t whole = nearest < 1 ? 1 : static_cast<uint64_t>(nearest);
        if (whole > std::numeric_limits<T>::max()) fits = false;
        counts[worker].clipped += nearest < 1 ? 1 : 0;
        counts[worker].add(whole);
        *steps++ = static_cast<T>(whole);
      }
      return std::nullopt;
    });
    if (error) return Failure{std::move(*error)};
    if (!fits) return false;
    for (const Counts& of_worker : counts) {
      rounded_.clipped += of_worker.clipped;
      for (uint64_t steps = 0; steps < of_worker.common.size(); ++steps)
        if (of_worker.common[steps] > 0) rounded_.counts[steps] += of_worker.common[steps];
      for (const auto& [steps, count] : of_worker.others) rounded_.counts[steps] += count;
    }
    return true;
  }

  std::optional<RunError> not_a_delay(double exact, double nearest) const {
    const plan::Projection& projection = request_.projection;
    constexpr double k_rounding = 1e-9;  // of the file's decimals
    const bool of_file = !projection.delay_of && (!projection.delay || projection.delay->kind == plan::Draw::Kind::Csv);
    if (of_file && exact < 1 - k_rounding) {
      return RunError{RunError::Kind::Data,
                      fmt::format("projection `{}`: the file has a delay of {:.6g} ms, which is shorter than dt = {} ms",
                                  projection.name, exact * request_.run.dt, request_.run.dt_text),
                      "the shortest delay is one dt", projection.origin};
    }
    if (nearest <= k_longest_delay) return std::nullopt;
    return RunError{RunError::Kind::Limit,
                    fmt::format("projection `{}` has a delay of {} steps, at most {} are possible", projection.name, exact,
                                k_longest_delay),
                    {}, projection.delay_origin};
  }

  const Request& request_;
  Drawn& drawn_;
  const uint32_t threads_;
  Rounded rounded_;
};

DelayStatistics statistics_of(const Rounded& rounded) {
  double n = 0, sum = 0, squares = 0;
  for (const auto& [steps, count] : rounded.counts) {
    const auto d = static_cast<double>(steps), c = static_cast<double>(count);
    n += c;
    sum += d * c;
    squares += d * d * c;
  }
  if (n == 0) return {};
  const double mean = sum / n;
  return {mean, std::sqrt(std::max(0.0, squares / n - mean * mean)), static_cast<double>(rounded.clipped) / n,
          rounded.counts.rbegin()->first, rounded.counts.begin()->first};
}

// Puts every row into the order of delivery: a stable sort by block and group.
class Arrangement {
 public:
  Arrangement(const Request& request, const Drawn& drawn, const Rounded* rounded, Synapses& synapses, void* targets)
      : request_(request), drawn_(drawn), rounded_(rounded), synapses_(synapses), targets_(targets) {
    if (rounded != nullptr && !synapses.delays.empty() && synapses.delays.front() < k_dense) {
      group_of_.resize(synapses.delays.front() + 1);
      for (uint32_t g = 0; g < synapses.delays.size(); ++g) group_of_[synapses.delays[g]] = g;
    }
  }

  template <class T, class W>
  std::optional<RunError> arrange() {
    const uint64_t rows = drawn_.rows, chunk_rows = std::max<uint64_t>(k_chunk / (drawn_.synapses / std::max<uint64_t>(rows, 1) + 1), 1);
    const uint32_t threads = request_.threads_for(static_cast<double>(drawn_.synapses));
    std::vector<Hand<W>> hands(threads);
    return for_chunks(threads, request_.interrupt, (rows + chunk_rows - 1) / chunk_rows, [&](uint64_t chunk, uint32_t worker) -> std::optional<RunError> {
      for (uint64_t row = chunk * chunk_rows; row < std::min((chunk + 1) * chunk_rows, rows); ++row) arrange_row<T, W>(row, hands[worker]);
      return std::nullopt;
    });
  }

 private:
  static constexpr uint64_t k_dense = 1 << 16;

  // A copy of the row at hand.
  template <class W>
  struct Hand {
    std::vector<uint32_t> targets, pieces;
    std::vector<W> weights;
    std::vector<uint64_t> next;  // place of each piece
  };

  uint64_t group(uint64_t synapse) const {
    if (rounded_ == nullptr) return 0;
    const uint64_t steps = rounded_->at(synapse);
    if (!group_of_.empty()) return group_of_[steps];
    const auto& delays = synapses_.delays;
    return static_cast<uint64_t>(std::lower_bound(delays.begin(), delays.end(), steps, std::greater<>()) - delays.begin());
  }

  template <class T, class W>
  void arrange_row(uint64_t row, Hand<W>& hand) {
    const uint64_t begin = drawn_.begin_of(row), n = drawn_.begin_of(row + 1) - begin, groups = synapses_.delays.size();
    const std::vector<Block>& blocks = synapses_.blocks;
    hand.targets.resize(n);
    hand.pieces.resize(n);
    hand.next.assign(blocks.size() * groups + 1, 0);
    drawn_.copy_targets(row, begin, begin + n, hand.targets.data());
    for (uint64_t i = 0, b = 0; i < n; ++i) {
      const auto inside = [&] { return hand.targets[i] >= blocks[b].first && hand.targets[i] < blocks[b].first + blocks[b].cells; };
      if (!inside()) {
        const auto after = std::upper_bound(blocks.begin(), blocks.end(), hand.targets[i], [](uint64_t cell, const Block& block) { return cell < block.first; });
        b = static_cast<uint64_t>(after - blocks.begin()) - 1;
      }
      hand.pieces[i] = static_cast<uint32_t>(b * groups + group(begin + i));
      ++hand.next[hand.pieces[i] + 1];
    }
    if (!synapses_.constant_weight) hand.weights.assign(synapses_.weights.as<W>() + begin, synapses_.weights.as<W>() + begin + n);
    uint64_t* offsets = synapses_.offsets.as<uint64_t>() + row * blocks.size() * groups;
    hand.next[0] = begin;
    for (uint64_t piece = 0; piece < blocks.size() * groups; ++piece) {
      offsets[piece] = hand.next[piece];
      hand.next[piece + 1] += hand.next[piece];
    }
    auto* places = synapses_.places.as<uint64_t>();
    for (uint64_t i = 0; i < n; ++i) {
      const uint64_t to = hand.next[hand.pieces[i]]++;
      static_cast<T*>(targets_)[to] = static_cast<T>(hand.targets[i] - blocks[hand.pieces[i] / groups].base);
      if (places != nullptr) places[begin + i] = to;
      if (!synapses_.constant_weight) synapses_.weights.as<W>()[to] = hand.weights[i];
    }
  }

  const Request& request_;
  const Drawn& drawn_;
  const Rounded* rounded_;
  Synapses& synapses_;
  void* targets_;
  std::vector<uint32_t> group_of_;  // of each delay, where none is too long for that
};

// As drawn, or where a list becomes narrow, in an array of their own; then the order.
std::optional<RunError> arrange(const Request& request, Drawn& drawn, const Rounded* rounded, Synapses& synapses) {
  const Layout layout = drawn.listed ? layout_of(request) : Layout{drawn.blocks, drawn.narrow};
  synapses.blocks = layout.blocks;
  synapses.narrow = layout.narrow;
  const double pieces = static_cast<double>(synapses.rows) * static_cast<double>(synapses.pieces_a_row()) + 1;
  const double more = std::max(0.0, pieces * sizeof(uint64_t) - offsets_expected(request));
  const std::string what = fmt::format("the {} different delays of `{}`", synapses.delays.size(), request.projection.name);
  if (auto error = request.budget.need(more, what, request.projection.delay_origin)) return error;
  if (request.keep_places) {
    const double places = static_cast<double>(drawn.synapses) * sizeof(uint64_t);
    if (auto error = request.budget.need(places, fmt::format("the order of the synapses of `{}`", request.projection.name))) return error;
    synapses.places = state::Array(drawn.synapses * sizeof(uint64_t));
  }
  synapses.offsets = state::Array(static_cast<uint64_t>(pieces) * sizeof(uint64_t));
  synapses.offsets.as<uint64_t>()[static_cast<uint64_t>(pieces) - 1] = drawn.synapses;
  state::Array apart(drawn.listed ? drawn.synapses * layout.target_bytes() : 0);
  state::Array& targets = drawn.listed ? apart : drawn.targets;
  Arrangement arrangement(request, drawn, rounded, synapses, targets.as<void>());
  auto error = synapses.narrow ? (synapses.single_weights ? arrangement.arrange<uint16_t, float>() : arrangement.arrange<uint16_t, double>())
                               : (synapses.single_weights ? arrangement.arrange<uint32_t, float>() : arrangement.arrange<uint32_t, double>());
  synapses.targets = std::move(targets);
  return error;
}

}  // namespace

std::optional<RunError> group_by_delay(const Request& request, Drawn& drawn, Synapses& synapses) {
  const std::optional<plan::Draw>& delay = request.projection.delay;
  if (delay && delay->kind == plan::Draw::Kind::Constant) {
    const bool whole = delay->a >= 1 && delay->a == std::floor(delay->a) && delay->a <= k_longest_delay;
    EIC_CHECK(whole, "a constant delay is a whole number of steps");
    synapses.delays = {static_cast<uint64_t>(delay->a)};
    if (drawn.listed) return arrange(request, drawn, nullptr, synapses);
    synapses.blocks = std::move(drawn.blocks);
    synapses.narrow = drawn.narrow;
    synapses.offsets = std::move(drawn.offsets);
    synapses.targets = std::move(drawn.targets);
    return std::nullopt;
  }
  auto rounded = Rounding(request, drawn).round();
  if (!rounded) return std::move(rounded.error());
  synapses.statistics.delays = statistics_of(*rounded);
  for (const auto& [steps, count] : rounded->counts) synapses.delays.push_back(steps);
  return arrange(request, drawn, &*rounded, synapses);
}

}  // namespace eic::connect
