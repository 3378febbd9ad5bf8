#include "runtime/events/gaps.h"

#include "runtime/connect/connect.h"
#include "tests/runtime/scratch.h"
#include "tests/runtime/toy.h"

using namespace eic;
using Kind = plan::Rule::Kind;

namespace {

struct Made {
  std::vector<events::Junction> junctions;
  connect::Statistics statistics;
};

Made junctions(const plan::Run& run, const plan::Projection& projection) {
  state::Budget budget(1e12);
  auto synapses = connect::connect({run, projection, budget});
  BOOST_REQUIRE_MESSAGE(synapses.ok(), "not connected");
  Made made{events::junctions_of(run, projection, *synapses), {}};
  made.statistics = synapses->statistics;
  return made;
}

plan::Projection gap(const plan::Run& run, uint32_t from, uint32_t to, plan::Rule rule) {
  plan::Projection made = toy::projection(run, from, to, std::move(rule), 0.5, 1);
  made.gap = true;
  made.rule.self = false;
  return made;
}

}  // namespace

BOOST_AUTO_TEST_CASE(within_a_population_every_pair_is_one_junction) {
  const plan::Run run = toy::run({toy::population("A", 200), toy::population("B", 30)}, 1);
  const Made all = junctions(run, gap(run, 0, 0, toy::rule(Kind::AllToAll)));
  BOOST_TEST(all.junctions.size() == 200u * 199 / 2);
  BOOST_TEST((all.statistics.out_min == 199 && all.statistics.in_max == 199 && all.statistics.autapses == 0));
  const Made some = junctions(run, gap(run, 0, 0, toy::rule(Kind::Bernoulli, 0, 0.25)));
  for (const auto& junction : some.junctions) BOOST_TEST(junction.from < junction.to);
  const double expected = 0.25 * 200 * 199 / 2;
  BOOST_TEST(std::fabs(static_cast<double>(some.junctions.size()) - expected) < 4 * std::sqrt(expected * 0.75));
  BOOST_TEST(junctions(run, gap(run, 0, 1, toy::rule(Kind::AllToAll))).junctions.size() == 6000u);
  const Made few = junctions(run, gap(run, 0, 0, toy::rule(Kind::FixedOutdegree, 3)));
  BOOST_TEST((few.junctions.size() <= 600 && few.junctions.size() > 550));  // where two cells chose each other, one
  BOOST_TEST(few.statistics.out_min >= 3u);
  BOOST_TEST(junctions(run, gap(run, 0, 0, toy::rule(Kind::OneToOne))).junctions.empty());
}

BOOST_AUTO_TEST_CASE(of_two_views_that_overlap_a_pair_counts_once) {
  const plan::Run run = toy::run({toy::population("A", 4)}, 1);
  plan::Projection projection = gap(run, 0, 0, toy::rule(Kind::AllToAll));
  projection.from.end = 3, projection.to.begin = 1;  // 0..3 with 1..4
  std::vector<std::pair<uint32_t, uint32_t>> pairs;
  for (const auto& junction : junctions(run, projection).junctions) pairs.emplace_back(junction.from, junction.to);
  BOOST_TEST((pairs == std::vector<std::pair<uint32_t, uint32_t>>{{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}}));
}

// Σ g and Σ g·v of every cell, within a population and between two, in both precisions.
BOOST_AUTO_TEST_CASE(currents_are_summed_over_the_neighbours) {
  for (const bool single : {false, true}) {
    plan::Run run = toy::run({toy::population("A", 3), toy::population("B", 2)}, 1);
    run.single = single;
    run.populations[0].gap_columns = run.populations[1].gap_columns = toy::h;  // and the one behind it
    state::Columns a(3, toy::k_columns, single), b(2, toy::k_columns, single);
    for (uint64_t cell = 0; cell < 3; ++cell) a.set(toy::v, cell, 10.0 * static_cast<double>(cell + 1));
    for (uint64_t cell = 0; cell < 2; ++cell) b.set(toy::v, cell, -1.0 - static_cast<double>(cell));
    events::Gaps gaps(run);
    gaps.add(gap(run, 0, 0, {}), {{0, 1, 0.5}, {1, 2, 0.25}}, run);
    gaps.add(gap(run, 0, 1, {}), {{0, 0, 2}, {0, 1, 1}}, run);
    gaps.start(run, {&a, &b});
    for (const uint32_t population : {0, 1, 0, 1})  // by owners, and again
      for (const uint64_t cell : {0, 1, 2}) gaps.update(population, cell, cell + 1);
    const auto column = [](const state::Columns& of, uint64_t which) {
      std::vector<double> values;
      for (uint64_t cell = 0; cell < of.cells(); ++cell) values.push_back(of.value(which, cell));
      return values;
    };
    BOOST_TEST((column(a, toy::h) == std::vector<double>{3.5, 0.75, 0.25}));
    BOOST_TEST((column(b, toy::h) == std::vector<double>{2, 1}));
    BOOST_TEST((column(a, toy::h + 1) == std::vector<double>{0.5 * 20 - 2 - 2, 0.5 * 10 + 0.25 * 30, 0.25 * 20}));
    BOOST_TEST((column(b, toy::h + 1) == std::vector<double>{20, 10}));
  }
}
