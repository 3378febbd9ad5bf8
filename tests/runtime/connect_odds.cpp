// What `self` and `multi` leave equally likely, counted over many seeds.
#include <cmath>

#include "runtime/connect/connect.h"
#include "tests/runtime/toy.h"

using namespace eic;
using Kind = plan::Rule::Kind;

namespace {

constexpr uint64_t k_cells = 7;
constexpr int k_seeds = 4000;

// How often each pair of a small population with itself was drawn.
std::vector<int> counts(plan::Rule rule) {
  plan::Run run = toy::run({toy::population("A", k_cells)}, 10);
  run.projections.push_back(toy::projection(run, 0, 0, std::move(rule)));
  std::vector<int> found(k_cells * k_cells, 0);
  for (run.seed = 1; run.seed <= k_seeds; ++run.seed) {
    state::Budget budget(1e12);
    auto made = connect::connect({run, run.projections[0], budget});
    if (!made) BOOST_FAIL(made.error().message);
    made->for_each([&](uint64_t row, uint64_t, uint32_t target, uint64_t) { ++found[row * k_cells + target]; });
  }
  return found;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_pair_that_may_be_is_equally_likely) {
  for (const Kind kind : {Kind::Bernoulli, Kind::FixedIndegree, Kind::FixedOutdegree, Kind::FixedTotal}) {
    for (const bool self : {true, false}) {
      for (const bool multi : {true, false}) {
        const uint64_t k = kind == Kind::FixedTotal ? 21 : 3;
        plan::Rule rule = toy::rule(kind, k, 0.4);
        rule.self = self;
        rule.multi = multi;
        const double choices = (self ? k_cells : k_cells - 1) * (kind == Kind::FixedTotal ? k_cells : 1);
        const double mean = k_seeds * (kind == Kind::Bernoulli ? 0.4 : static_cast<double>(k) / choices);
        const std::vector<int> found = counts(rule);
        for (uint64_t pair = 0; pair < found.size(); ++pair) {
          const bool same = pair / k_cells == pair % k_cells;
          if (same && !self) BOOST_TEST(found[pair] == 0);
          // the count of a pair has at most the variance of independent draws, k·(1/choices)
          else BOOST_TEST(std::abs(found[pair] - mean) < 5 * std::sqrt(mean), "rule " << int(kind) << " self " << self << " multi " << multi << " pair " << pair);
        }
      }
    }
  }
}
