// bernoulli(p): every possible pair with probability p, by drawing the gaps between those that are there. Where p depends on
// the distance, each pair has a draw of its own instead: the j-th of its source's stream belongs to target j, so that no other
// pair's probability can matter.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "runtime/connect/of_distance.h"
#include "runtime/connect/rows.h"
#include "runtime/random/elementary.h"
#include "runtime/random/words.h"

namespace eic::connect {

using Kind = plan::Rule::Kind;

namespace {

// The gaps are geometric: floor(log u / log(1 − p)). Many are computed at once.
class Skips : public RowDrawer {
 public:
  explicit Skips(const Request& request)
      : request_(request), key_(request.key("connect")), p_(request.projection.rule.p), scale_(p_ > 0 && p_ < 1 ? 1 / random::log1p(-p_) : 0) {
    // About as many gaps as there will be in all rows but one in ten.
    const double mean = p_ * static_cast<double>(request.targets());
    const double gaps = std::min(mean + 1.3 * std::sqrt(mean * (1 - p_)) + 1, static_cast<double>(k_most_gaps));
    first_gaps_ = (static_cast<uint32_t>(gaps) + k_least_gaps - 1) / k_least_gaps * k_least_gaps;
  }

  std::span<const uint32_t> row(uint64_t source) override {
    const std::optional<uint64_t> left_out = request_.excluded(source);
    const uint64_t n = request_.targets() - (left_out ? 1 : 0), hole = left_out.value_or(request_.targets());
    uint64_t found = 0, i = 0, block = 0;
    for (uint32_t gaps = first_gaps_; p_ > 0; gaps = k_least_gaps) {
      const uint32_t blocks = gaps / 2;  // each gap takes two words of the four
      random::fill_words(key_.value, source, block, blocks, words_);
      random::fill_scaled_logs(words_, gaps, scale_, gaps_);
      block += blocks;
      if (found + gaps > targets_.size()) targets_.resize(2 * (found + gaps));
      for (uint32_t g = 0; g < gaps; ++g) {
        if (gaps_[g] >= static_cast<double>(static_cast<int64_t>(n - i))) return {targets_.data(), found};
        i += static_cast<uint64_t>(static_cast<int64_t>(gaps_[g]));
        targets_[found++] = static_cast<uint32_t>(i + (i >= hole ? 1 : 0));
        ++i;
      }
    }
    return {};
  }

 private:
  static constexpr uint32_t k_least_gaps = 2 * random::k_blocks_together, k_most_gaps = 256;

  const Request& request_;
  const random::Key key_;
  const double p_, scale_;
  uint32_t first_gaps_ = k_least_gaps;
  uint32_t words_[2 * k_most_gaps];
  double gaps_[k_most_gaps];
  std::vector<uint32_t> targets_;
};

class ByDistance : public RowDrawer {
 public:
  explicit ByDistance(const Request& request)
      : request_(request), key_(request.key("connect")), probability_(request, *request.projection.rule.p_of), cells_(request.targets()) {
    std::iota(cells_.begin(), cells_.end(), static_cast<uint32_t>(request.projection.to.begin));
  }

  std::span<const uint32_t> row(uint64_t source) override {
    random::Stream stream(key_, source);
    stream.expect(2 * cells_.size());
    const std::optional<uint64_t> left_out = request_.excluded(source);
    targets_.clear();
    for (uint64_t first = 0; first < cells_.size(); first += OfDistance::k_block) {
      const uint64_t count = std::min(OfDistance::k_block, cells_.size() - first);
      const double* p = probability_.at(source, cells_.data() + first, count);
      for (uint64_t i = 0; i < count; ++i) {
        if (!(p[i] >= 0 && p[i] <= 1)) {
          error = no_probability(p[i], probability_.distance(i));
          return {};
        }
        if (stream.uniform() < p[i] && left_out != first + i) targets_.push_back(static_cast<uint32_t>(first + i));
      }
    }
    return targets_;
  }

 private:
  RunError no_probability(double p, double distance) const {
    return {RunError::Kind::Rule,
            fmt::format("projection `{}`: at a distance of {:.6g} um the probability is {}, which does not lie in 0 .. 1",
                        request_.projection.name, distance, std::isfinite(p) ? fmt::format("{:.6g}", p) : "no number"),
            p > 1 ? "`min(1, …)` keeps it there" : "", request_.projection.rule.p_of->origin};
  }

  const Request& request_;
  const random::Key key_;
  OfDistance probability_;
  std::vector<uint32_t> cells_, targets_;
};

}  // namespace

// Eight standard deviations above the mean: that the room does not suffice is as good as impossible, and then it grows.
template <>
double expected_synapses<Kind::Bernoulli>(const Request& request) {
  if (request.projection.rule.p_of) return 0;  // asks for memory as it draws
  const double pairs = static_cast<double>(request.sources()) * static_cast<double>(request.targets());
  const double p = request.projection.rule.p;
  return std::min(pairs, std::ceil(pairs * p + 8.0 * std::sqrt(pairs * p * (1.0 - p))));
}

template <>
Result<Drawn, RunError> draw_rows<Kind::Bernoulli>(const Request& request) {
  if (request.projection.rule.p_of) return draw_by_rows(request, 0, [&] { return std::make_unique<ByDistance>(request); });
  return draw_by_rows(request, expected_synapses<Kind::Bernoulli>(request), [&] { return std::make_unique<Skips>(request); });
}

}  // namespace eic::connect
