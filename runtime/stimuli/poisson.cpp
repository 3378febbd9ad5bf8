// A Poisson process of its own in each cell, exact in two ways: where events are rare, by the exponential gaps between them,
// which cost nothing in the steps between; where there are many a step, by their number in each step. Draws are keyed by
// (seed, path, purpose, cell, number of the event or step).
#include <algorithm>
#include <cmath>
#include <map>

#include "runtime/random/elementary.h"
#include "runtime/stimuli/events.h"

namespace eic::stimuli {

namespace {

constexpr double k_rare = 0.5;         // events a step and cell: where a gap costs as much as a number
constexpr double k_most_at_once = 16;  // the mean of one number; more is drawn as a sum of several

// The times of events do not depend on dt.
class Gaps final : public Arrivals {
 public:
  Gaps(const Request& request, const std::vector<uint32_t>& cells, std::vector<double> rates)
      : cells_(cells),
        rates_(std::move(rates)),
        key_(request.key("gaps")),
        dt_(request.run.dt),
        from_(request.stimulus.from_step) {
    times_.resize(cells_.size());
    drawn_.resize(cells_.size());
    steps_.resize(cells_.size());
    first_.resize((cells_.size() + k_block - 1) / k_block);
    for (uint64_t i = 0; i < cells_.size(); ++i) draw(i);
    for (uint64_t b = 0; b < first_.size(); ++b) look(b);
  }
  void arrive(uint64_t step, std::vector<uint32_t>& places) override {
    for (uint64_t b = 0; b < first_.size(); ++b) {
      if (first_[b] > step) continue;
      for (uint64_t i = b * k_block; i < end(b); ++i) {
        for (; steps_[i] <= step; draw(i)) places.push_back(static_cast<uint32_t>(i));
      }
      look(b);
    }
  }

 private:
  static constexpr uint64_t k_block = 64;  // cells that are looked at together
  uint64_t end(uint64_t block) const { return std::min(cells_.size(), (block + 1) * k_block); }

  void draw(uint64_t i) {
    const philox4x32_ctr_t words = random::words_at(key_, cells_[i], drawn_[i]++);
    times_[i] -= random::log(random::open_uniform(words.v[0], words.v[1])) / rates_[i];
    const double steps = std::floor(times_[i] / dt_);
    steps_[i] = steps < 0x1p62 ? from_ + static_cast<uint64_t>(steps) : UINT64_MAX;  // at a rate of zero: never
  }
  void look(uint64_t block) {
    const auto at = [this](uint64_t cell) { return steps_.begin() + static_cast<int64_t>(cell); };
    first_[block] = *std::min_element(at(block * k_block), at(end(block)));
  }

  std::vector<uint32_t> cells_;
  std::vector<double> rates_;            // 1/ms
  std::vector<double> times_;            // of the next event, ms since `from`
  std::vector<uint64_t> drawn_, steps_;  // how many events so far; the step of the next
  std::vector<uint64_t> first_;          // the first of these in each block
  random::Key key_;
  double dt_;
  uint64_t from_;
};

// The distribution function of a Poisson number, with an index by the leading bits of the probability.
class Numbers {
 public:
  explicit Numbers(double mean) {
    double term = random::exp(-mean), sum = term;
    for (uint64_t n = 1; sum < 1 && term > 0; ++n) {
      below_.push_back(sum);
      term *= mean / static_cast<double>(n);
      if (sum + term == sum && static_cast<double>(n) > mean) break;
      sum += term;
    }
    below_.push_back(2);  // above every probability
    uint32_t n = 0;
    for (uint64_t i = 0; i < k_index; ++i) {
      while (below_[n] <= static_cast<double>(i) / k_index) ++n;
      index_[i] = n;
    }
  }
  uint32_t at(double p) const {
    uint32_t n = index_[static_cast<uint64_t>(p * k_index)];
    while (below_[n] <= p) ++n;
    return n;
  }

 private:
  static constexpr uint64_t k_index = 256;
  std::vector<double> below_;  // the probability of n or fewer
  uint32_t index_[k_index];
};

class Counts final : public Arrivals {
 public:
  Counts(const Request& request, const std::vector<uint32_t>& cells, const std::vector<double>& rates, double most)
      : cells_(cells), key_(request.key("counts")), parts_(static_cast<uint64_t>(std::ceil(most / k_most_at_once))) {
    std::map<double, std::shared_ptr<const Numbers>> known;
    for (const double rate : rates) {
      const double mean = rate * request.run.dt / static_cast<double>(parts_);
      std::shared_ptr<const Numbers>& numbers = known[mean];
      if (!numbers) numbers = std::make_shared<const Numbers>(mean);
      numbers_.push_back(numbers);
    }
  }
  void arrive(uint64_t step, std::vector<uint32_t>& places) override {
    for (uint64_t i = 0; i < cells_.size(); ++i) {
      uint64_t count = 0;
      for (uint64_t part = 0; part < parts_; ++part) {
        const philox4x32_ctr_t words = random::words_at(key_, cells_[i], step * parts_ + part);
        count += numbers_[i]->at(random::open_uniform(words.v[0], words.v[1]));
      }
      places.insert(places.end(), count, static_cast<uint32_t>(i));
    }
  }

 private:
  std::vector<uint32_t> cells_;
  std::vector<std::shared_ptr<const Numbers>> numbers_;  // one a cell; equal rates share one
  random::Key key_;
  uint64_t parts_;
};

}  // namespace

Result<ArrivalsOfOwners, RunError> make_poisson(const Request& request, const std::vector<uint32_t>& cells,
                                                const state::Partition& partition) {
  auto rates = values_of(request, cells, request.stimulus.rate, "rate");
  if (!rates) return Failure{std::move(rates.error())};
  for (const double rate : *rates) {
    if (!(rate >= 0)) return Failure{request.fault("a rate must not be negative, and one of those drawn or read is")};
  }
  const double most = rates->empty() ? 0 : *std::max_element(rates->begin(), rates->end()) * request.run.dt;
  constexpr double k_limit = 1e6;
  if (most > k_limit) {
    return Failure{RunError{RunError::Kind::Limit, "more than a million events a step and cell", "is the rate meant in Hz?",
                            request.stimulus.origin}};
  }
  ArrivalsOfOwners made;
  for (uint64_t owner = 0; owner < partition.owners(); ++owner) {
    const Places places = places_of(cells, partition, owner);
    if (most > k_rare) made.push_back(std::make_unique<Counts>(request, places.of(cells), places.of(*rates), most));
    else made.push_back(std::make_unique<Gaps>(request, places.of(cells), places.of(*rates)));
  }
  return made;
}

}  // namespace eic::stimuli
