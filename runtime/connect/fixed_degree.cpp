// fixed_outdegree(k): every source chooses k targets. fixed_indegree(k): every target chooses k sources.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/connect/chooser.h"
#include "runtime/connect/layout.h"
#include "runtime/connect/parallel.h"
#include "runtime/connect/rows.h"

namespace eic::connect {

using Kind = plan::Rule::Kind;

namespace {

// k of `there` cells must be possible for each of `choosers`, one fewer where the cell itself is left out.
std::optional<RunError> impossible(const Request& request, uint64_t choosers, uint64_t there, bool some_left_out,
                                   const char* what) {
  const uint64_t k = request.projection.rule.k;
  if (choosers == 0 || k == 0) return std::nullopt;
  const uint64_t least = there - (some_left_out ? 1 : 0);
  if (least == 0 || (!request.projection.rule.multi && k > least)) {
    return request.fault(fmt::format("projection `{}` chooses {} {} of {}", request.projection.name, k, what, least),
                         least > 0 ? "`multi = true` lets a cell be chosen more than once" : "");
  }
  return std::nullopt;
}

bool leaves_some_out(const Request& request) {
  const plan::Range &from = request.projection.from, &to = request.projection.to;
  return !request.projection.rule.self && from.population == to.population && from.begin < to.end && to.begin < from.end;
}

class Targets : public RowDrawer {
 public:
  explicit Targets(const Request& request)
      : request_(request), key_(request.key("connect")), chooser_(request.targets()), targets_(Chooser::room_for(request.projection.rule.k)) {}

  std::span<const uint32_t> row(uint64_t source) override {
    const plan::Rule& rule = request_.projection.rule;
    random::Stream stream(key_, source);
    chooser_.choose(stream, rule.k, rule.multi, request_.excluded(source), targets_.data());
    return {targets_.data(), rule.k};
  }

 private:
  const Request& request_;
  const random::Key key_;
  Chooser chooser_;
  std::vector<uint32_t> targets_;
};

// Targets choose, but rows belong to sources: every target draws its sources twice, once to count the rows and once to fill them,
// so that there is no list of pairs in between. Several threads take units of consecutive targets, each of one block.
class Sources {
 public:
  explicit Sources(const Request& request) : request_(request), key_(request.key("connect")) {
    Layout layout = layout_of(request);
    threads_ = request.threads_for(expected_synapses<Kind::FixedIndegree>(request));
    drawn_.rows = request.sources();
    drawn_.blocks = std::move(layout.blocks);
    drawn_.narrow = layout.narrow;
    const uint64_t parts = (threads_ + drawn_.blocks.size() - 1) / drawn_.blocks.size();
    for (uint64_t b = 0; b < drawn_.blocks.size(); ++b) {
      const uint64_t first = drawn_.blocks[b].first - request.projection.to.begin;
      for (uint64_t part = 0; part < parts; ++part)
        units_.push_back({b, first + drawn_.blocks[b].cells * part / parts, first + drawn_.blocks[b].cells * (part + 1) / parts});
    }
  }

  Result<Drawn, RunError> draw() {
    counts_ = state::Array(units_.size() * drawn_.rows * sizeof(uint32_t));
    if (auto error = for_units([this](uint64_t unit, Hand& hand) { count(unit, hand); })) return Failure{std::move(*error)};
    place();
    drawn_.targets = state::Array(drawn_.synapses * (drawn_.narrow ? sizeof(uint16_t) : sizeof(uint32_t)));
    auto error = for_units([this](uint64_t unit, Hand& hand) {
      if (drawn_.narrow) fill<uint16_t>(unit, hand);
      else fill<uint32_t>(unit, hand);
    });
    if (error) return Failure{std::move(*error)};
    return std::move(drawn_);
  }

 private:
  struct Unit {
    uint64_t block, begin, end;  // targets within the projection
  };
  // What one thread works with.
  struct Hand {
    Hand(uint64_t sources, uint64_t k) : chooser(sources), chosen(k), places(k), before(k) {}
    Chooser chooser;
    std::vector<uint32_t> chosen;
    std::vector<uint64_t> next;            // place of each row
    std::vector<uint64_t> places, before;  // where the target at hand goes, and the one before it
  };

  template <class Act>
  std::optional<RunError> for_units(Act act) {
    std::vector<std::unique_ptr<Hand>> hands(threads_);
    return for_chunks(threads_, request_.interrupt, units_.size(), [&](uint64_t unit, uint32_t worker) -> std::optional<RunError> {
      if (!hands[worker]) hands[worker] = std::make_unique<Hand>(request_.sources(), request_.projection.rule.k);
      act(unit, *hands[worker]);
      return request_.interrupted() ? std::optional(interruption()) : std::nullopt;
    });
  }

  // Calls take(target, its sources in no order).
  template <class Take>
  void for_targets(const Unit& unit, Hand& hand, Take take) {
    const plan::Rule& rule = request_.projection.rule;
    const uint64_t shift = request_.projection.to.begin - request_.projection.from.begin;  // of the same cell; may wrap around
    const bool some_left_out = leaves_some_out(request_);
    for (uint64_t target = unit.begin; target < unit.end && !request_.interrupted(); ++target) {
      random::Stream stream(key_, target);
      const uint64_t same = target + shift;
      const bool left_out = some_left_out && same < request_.sources();
      hand.chooser.choose_unordered(stream, rule.k, rule.multi, left_out ? std::optional(same) : std::nullopt, hand.chosen.data());
      take(target);
    }
  }

  uint32_t* counts_of(uint64_t unit) { return counts_.as<uint32_t>() + unit * drawn_.rows; }

  void count(uint64_t unit, Hand& hand) {
    uint32_t* counts = counts_of(unit);
    std::fill(counts, counts + drawn_.rows, 0u);
    for_targets(units_[unit], hand, [&](uint64_t) {
      for (const uint32_t source : hand.chosen) ++counts[source];
    });
  }

  // From the numbers of synapses to where they begin; counts become the places of a unit within its piece.
  void place() {
    const uint64_t blocks = drawn_.blocks.size(), parts = units_.size() / blocks;
    drawn_.offsets = state::Array((drawn_.rows * blocks + 1) * sizeof(uint64_t));
    auto* offsets = drawn_.offsets.as<uint64_t>();
    uint64_t placed = 0;
    for (uint64_t row = 0; row < drawn_.rows; ++row) {
      for (uint64_t b = 0; b < blocks; ++b) {
        *offsets++ = placed;
        uint32_t within = 0;
        for (uint64_t unit = b * parts; unit < (b + 1) * parts; ++unit) {
          const uint32_t count = counts_of(unit)[row];
          counts_of(unit)[row] = within;
          within += count;
        }
        placed += within;
      }
    }
    *offsets = placed;
    drawn_.synapses = placed;
  }

  template <class T>
  void fill(uint64_t unit, Hand& hand) {
    const Block& block = drawn_.blocks[units_[unit].block];
    hand.next.resize(drawn_.rows);
    for (uint64_t row = 0; row < drawn_.rows; ++row) hand.next[row] = drawn_.begin_of(row, units_[unit].block) + counts_of(unit)[row];
    T* targets = drawn_.targets.as<T>();
    const uint64_t shift = request_.projection.to.begin - block.base;
    const auto write = [&](uint64_t target, const std::vector<uint64_t>& places) {
      for (const uint64_t place : places) targets[place] = static_cast<T>(target + shift);
    };
    // Places lie all over the rows: each target is written when the lines for it, asked for while the next was drawn, are there.
    uint64_t last = units_[unit].begin;
    for_targets(units_[unit], hand, [&](uint64_t target) {
      for (uint64_t i = 0; i < hand.chosen.size(); ++i) {
        hand.places[i] = hand.next[hand.chosen[i]]++;
        __builtin_prefetch(targets + hand.places[i], 1);
      }
      if (target > units_[unit].begin) write(target - 1, hand.before);
      std::swap(hand.places, hand.before);
      last = target;
    });
    if (units_[unit].begin < units_[unit].end) write(last, hand.before);
  }

  const Request& request_;
  const random::Key key_;
  uint32_t threads_ = 1;
  std::vector<Unit> units_;
  state::Array counts_;  // u32[units][rows]
  Drawn drawn_;
};

}  // namespace

template <>
double expected_synapses<Kind::FixedOutdegree>(const Request& request) {
  return static_cast<double>(request.sources()) * static_cast<double>(request.projection.rule.k);
}

template <>
Result<Drawn, RunError> draw_rows<Kind::FixedOutdegree>(const Request& request) {
  if (auto error = impossible(request, request.sources(), request.targets(), leaves_some_out(request), "targets")) {
    return Failure{std::move(*error)};
  }
  return draw_by_rows(request, expected_synapses<Kind::FixedOutdegree>(request), [&] { return std::make_unique<Targets>(request); });
}

template <>
double expected_synapses<Kind::FixedIndegree>(const Request& request) {
  return static_cast<double>(request.targets()) * static_cast<double>(request.projection.rule.k);
}

template <>
Result<Drawn, RunError> draw_rows<Kind::FixedIndegree>(const Request& request) {
  if (auto error = impossible(request, request.targets(), request.sources(), leaves_some_out(request), "sources")) {
    return Failure{std::move(*error)};
  }
  return Sources(request).draw();
}

}  // namespace eic::connect
