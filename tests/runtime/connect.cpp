#include "runtime/connect/connect.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "runtime/connect/index_set.h"
#include "runtime/random/sampler.h"
#include "tests/runtime/scratch.h"
#include "tests/runtime/toy.h"

using namespace eic;
using Kind = plan::Rule::Kind;
using Pairs = std::vector<std::vector<uint32_t>>;  // targets by source

namespace {

// Two populations, A of 50 and B of 40 cells, and one projection between them or within A.
plan::Run network(bool within, plan::Rule rule, uint64_t pre = 50, uint64_t post = 40) {
  plan::Run run = toy::run({toy::population("A", pre), toy::population("B", post)}, 10);
  run.projections.push_back(toy::projection(run, 0, within ? 0 : 1, std::move(rule)));
  return run;
}

Result<connect::Synapses, RunError> try_build(const plan::Run& run) {
  state::Budget budget(1e12);
  return connect::connect({run, run.projections[0], budget});
}

connect::Synapses build(const plan::Run& run) {
  auto synapses = try_build(run);
  if (!synapses) BOOST_FAIL(synapses.error().message);
  return std::move(*synapses);
}

Pairs pairs_of(const connect::Synapses& synapses) {
  Pairs pairs(synapses.rows);
  synapses.for_each([&](uint64_t row, uint64_t, uint32_t target, uint64_t) { pairs[row].push_back(target); });
  return pairs;
}

// The statistics, counted again the slow way.
void check_statistics(const connect::Statistics& s, const Pairs& pairs, uint64_t targets, bool within) {
  std::vector<uint64_t> in(targets, 0), out;
  uint64_t autapses = 0, multapses = 0, synapses = 0;
  for (uint64_t row = 0; row < pairs.size(); ++row) {
    out.push_back(pairs[row].size());
    synapses += pairs[row].size();
    for (const uint32_t target : pairs[row]) {
      ++in[target];
      autapses += within && target == row ? 1 : 0;
    }
    multapses += pairs[row].size() - std::set<uint32_t>(pairs[row].begin(), pairs[row].end()).size();
  }
  BOOST_TEST(s.synapses == synapses);
  BOOST_TEST(s.autapses == autapses);
  BOOST_TEST(s.multapses == multapses);
  BOOST_TEST(s.in_min == *std::min_element(in.begin(), in.end()));
  BOOST_TEST(s.in_max == *std::max_element(in.begin(), in.end()));
  BOOST_TEST(s.out_min == *std::min_element(out.begin(), out.end()));
  BOOST_TEST(s.out_max == *std::max_element(out.begin(), out.end()));
}

}  // namespace

BOOST_AUTO_TEST_CASE(random_rules_obey_self_and_multi) {
  for (const Kind kind : {Kind::Bernoulli, Kind::FixedIndegree, Kind::FixedOutdegree, Kind::FixedTotal}) {
    for (const bool within : {true, false}) {
      for (const bool self : {true, false}) {
        for (const bool multi : {true, false}) {
          BOOST_TEST_CONTEXT("rule " << int(kind) << " within " << within << " self " << self << " multi " << multi) {
            plan::Rule rule = toy::rule(kind, kind == Kind::FixedTotal ? 900 : 30, 0.5);
            rule.self = self;
            rule.multi = multi;
            const plan::Run run = network(within, rule);
            const connect::Synapses synapses = build(run);
            const Pairs pairs = pairs_of(synapses);
            check_statistics(synapses.statistics, pairs, within ? 50 : 40, within);
            for (const auto& row : pairs) BOOST_TEST(std::is_sorted(row.begin(), row.end()));
            if (!self) BOOST_TEST(synapses.statistics.autapses == 0u);
            if (self && within) BOOST_TEST(synapses.statistics.autapses > 0u);
            if (!multi || kind == Kind::Bernoulli) BOOST_TEST(synapses.statistics.multapses == 0u);
            if (multi && kind != Kind::Bernoulli) BOOST_TEST(synapses.statistics.multapses > 0u);
          }
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(fixed_rules_give_exactly_their_number) {
  auto s = build(network(true, toy::rule(Kind::FixedOutdegree, 7))).statistics;
  BOOST_TEST((s.out_min == 7 && s.out_max == 7 && s.synapses == 350));
  s = build(network(false, toy::rule(Kind::FixedIndegree, 9))).statistics;
  BOOST_TEST((s.in_min == 9 && s.in_max == 9 && s.synapses == 360));
  for (const uint64_t n : {0, 1, 999, 1001, 1999, 2000}) {
    BOOST_TEST(build(network(false, toy::rule(Kind::FixedTotal, n))).statistics.synapses == n);
  }
  s = build(network(false, toy::rule(Kind::FixedOutdegree, 40))).statistics;  // all of them
  BOOST_TEST((s.synapses == 2000 && s.multapses == 0 && s.in_min == 50 && s.in_max == 50));
}

BOOST_AUTO_TEST_CASE(every_pair_is_equally_likely) {
  const auto counts_over_seeds = [](plan::Rule rule, int seeds) {
    std::vector<int> counts(8 * 6, 0);
    plan::Run run = network(false, std::move(rule), 8, 6);
    for (run.seed = 1; run.seed <= static_cast<uint64_t>(seeds); ++run.seed) {
      const Pairs pairs = pairs_of(build(run));
      for (uint64_t row = 0; row < 8; ++row) {
        for (const uint32_t target : pairs[row]) ++counts[row * 6 + target];
      }
    }
    return counts;
  };
  for (const auto& [kind, k, p] : {std::tuple{Kind::FixedOutdegree, 2, 1.0 / 3}, {Kind::FixedIndegree, 2, 0.25},
                                  {Kind::FixedTotal, 12, 0.25}, {Kind::FixedTotal, 36, 0.75}, {Kind::Bernoulli, 0, 0.3}}) {
    for (const int count : counts_over_seeds(toy::rule(kind, static_cast<uint64_t>(k), p), 4000)) {
      BOOST_TEST(std::abs(count - 4000 * p) < 5 * std::sqrt(4000 * p * (1 - p)));
    }
  }
}

BOOST_AUTO_TEST_CASE(bernoulli_has_its_mean_and_limits) {
  const auto count = [](double p) {
    return build(network(false, toy::rule(Kind::Bernoulli, 0, p), 1000, 1000)).statistics.synapses;
  };
  BOOST_TEST(std::abs(static_cast<double>(count(0.02)) - 20000) < 5 * std::sqrt(1e6 * 0.02 * 0.98));
  BOOST_TEST(std::abs(static_cast<double>(count(0.9)) - 900000) < 5 * std::sqrt(1e6 * 0.9 * 0.1));
  BOOST_TEST(count(0) == 0u);
  BOOST_TEST(count(1) == 1000000u);
  BOOST_TEST(count(1e-30) == 0u);
}

BOOST_AUTO_TEST_CASE(structured_rules) {
  BOOST_TEST((pairs_of(build(network(false, toy::rule(Kind::OneToOne), 3, 3))) == Pairs{{0}, {1}, {2}}));
  BOOST_TEST((pairs_of(build(network(false, toy::rule(Kind::AllToAll), 2, 3))) == Pairs{{0, 1, 2}, {0, 1, 2}}));
  const auto refused = try_build(network(false, toy::rule(Kind::OneToOne), 3, 4));
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().message == "projection `p` joins 3 sources one to one with 4 targets");
}

BOOST_AUTO_TEST_CASE(views_shift_targets_and_find_the_same_cell) {
  for (const Kind kind : {Kind::FixedOutdegree, Kind::FixedIndegree, Kind::AllToAll}) {
    plan::Run run = network(true, toy::rule(kind, 10));
    run.projections[0].from = {0, 20, 45};
    run.projections[0].to = {0, 30, 50};
    run.projections[0].rule.self = kind == Kind::AllToAll;
    const connect::Synapses synapses = build(run);
    const Pairs pairs = pairs_of(synapses);
    BOOST_TEST(pairs.size() == 25u);
    for (uint64_t row = 0; row < pairs.size(); ++row) {
      for (const uint32_t target : pairs[row]) {
        BOOST_TEST((target >= 30 && target < 50));
        if (kind != Kind::AllToAll) BOOST_TEST(target != row + 20);
      }
    }
    BOOST_TEST(synapses.statistics.autapses == (kind == Kind::AllToAll ? 15u : 0u));
  }
}

BOOST_AUTO_TEST_CASE(seeds_and_paths_decide_and_nothing_else) {
  for (const Kind kind : {Kind::Bernoulli, Kind::FixedIndegree, Kind::FixedOutdegree, Kind::FixedTotal}) {
    plan::Run run = network(false, toy::rule(kind, 20, 0.3));
    const Pairs first = pairs_of(build(run));
    BOOST_TEST((pairs_of(build(run)) == first));
    run.populations.push_back(toy::population("C", 5));
    BOOST_TEST((pairs_of(build(run)) == first));
    run.seed = 2;
    BOOST_TEST((pairs_of(build(run)) != first));
    run.seed = 1;
    run.projections[0].path = "NET.other";
    BOOST_TEST((pairs_of(build(run)) != first));
  }
}

BOOST_AUTO_TEST_CASE(impossible_degrees_are_refused) {
  const auto message = [](plan::Rule rule, bool within, bool self) {
    rule.self = self;
    const auto built = try_build(network(within, rule));
    return built.ok() ? std::string("built") : built.error().message;
  };
  BOOST_TEST(message(toy::rule(Kind::FixedOutdegree, 41), false, true) == "projection `p` chooses 41 targets of 40");
  BOOST_TEST(message(toy::rule(Kind::FixedIndegree, 51), false, true) == "projection `p` chooses 51 sources of 50");
  BOOST_TEST(message(toy::rule(Kind::FixedOutdegree, 50), true, false) == "projection `p` chooses 50 targets of 49");
  BOOST_TEST(message(toy::rule(Kind::FixedOutdegree, 50), true, true) == "built");
  BOOST_TEST(message(toy::rule(Kind::FixedTotal, 2001), false, true) == "projection `p` chooses 2001 pairs of 2000");
  BOOST_TEST(message(toy::rule(Kind::FixedTotal, 2451), true, false) == "projection `p` chooses 2451 pairs of 2450");
}

BOOST_AUTO_TEST_CASE(empty_sides_give_empty_projections) {
  for (const Kind kind : {Kind::Bernoulli, Kind::FixedIndegree, Kind::FixedOutdegree, Kind::FixedTotal, Kind::AllToAll}) {
    const uint64_t k = kind == Kind::FixedTotal ? 0 : 3;
    BOOST_TEST(build(network(false, toy::rule(kind, kind == Kind::FixedIndegree ? 0 : k, 0.5), 0, 5)).statistics.synapses == 0u);
    BOOST_TEST(build(network(false, toy::rule(kind, kind == Kind::FixedOutdegree ? 0 : k, 0.5), 5, 0)).statistics.synapses == 0u);
    BOOST_TEST(build(network(true, toy::rule(kind, k, 0.5), 0, 0)).statistics.synapses == 0u);
  }
}

BOOST_AUTO_TEST_CASE(drawn_weights_belong_to_their_synapse) {
  for (const bool single : {true, false}) {
    plan::Run run = network(false, toy::rule(Kind::FixedOutdegree, 5));
    run.single = single;
    run.projections[0].weight = plan::Draw{plan::Draw::Kind::Normal, 6e-3, 1e-3, {}, {}};
    const connect::Synapses synapses = build(run);
    BOOST_TEST(!synapses.constant_weight);
    for (uint64_t i = 0; i < 250; ++i) {
      const double drawn = random::draw(*run.projections[0].weight, 1, "NET.p", "weight", i);
      if (single) {
        BOOST_TEST(synapses.weights.as<float>()[i] == static_cast<float>(drawn));
      } else {
        BOOST_TEST(synapses.weights.as<double>()[i] == drawn);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(drawn_delays_make_groups_longest_first) {
  plan::Run run = network(false, toy::rule(Kind::FixedOutdegree, 20));
  run.projections[0].weight = plan::Draw{plan::Draw::Kind::Uniform, 1, 2, {}, {}};
  const connect::Synapses together = build(run);
  run.projections[0].delay = plan::Draw{plan::Draw::Kind::Normal, 4, 3, {}, {}};
  const connect::Synapses synapses = build(run);
  std::vector<std::vector<std::tuple<uint64_t, uint32_t, double>>> expected(50), got(50);
  uint64_t clipped = 0;
  double sum = 0;
  for (uint64_t i = 0; i < 1000; ++i) {
    const double steps = std::floor(random::draw(*run.projections[0].delay, 1, "NET.p", "delay", i) + 0.5);
    clipped += steps < 1 ? 1 : 0;
    sum += std::max(steps, 1.0);
    expected[i / 20].emplace_back(static_cast<uint64_t>(std::max(steps, 1.0)), together.target(i, together.blocks[0]), together.weight(i));
  }
  for (uint64_t g = 1; g < synapses.delays.size(); ++g) BOOST_TEST(synapses.delays[g] < synapses.delays[g - 1]);
  synapses.for_each([&](uint64_t row, uint64_t group, uint32_t target, uint64_t at) {
    got[row].emplace_back(synapses.delays[group], target, synapses.weight(at));
  });
  for (auto& row : expected) {
    std::stable_sort(row.begin(), row.end(), [](auto& a, auto& b) { return std::get<0>(a) > std::get<0>(b); });
  }
  BOOST_TEST((got == expected));
  BOOST_REQUIRE(synapses.statistics.delays.has_value());
  BOOST_TEST(synapses.statistics.delays->clipped == static_cast<double>(clipped) / 1000);
  BOOST_TEST(synapses.statistics.delays->mean == sum / 1000, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(synapses.statistics.delays->longest == synapses.delays.front());
  BOOST_TEST(synapses.statistics.delays->shortest == 1u);
}

namespace {

plan::Run listed(const Scratch& scratch, std::string_view text, bool own_weight, bool own_delay) {
  plan::Rule rule = toy::rule(Kind::Csv);
  rule.csv.path = scratch.write("edges.csv", text);
  rule.csv.shown = "edges.csv";
  plan::Run run = network(false, rule, 3, 4);
  if (own_weight) run.projections[0].weight.reset();
  if (own_delay) run.projections[0].delay.reset();
  return run;
}

std::string list_fault(std::string_view text, bool own_weight = false) {
  const Scratch scratch;
  const auto built = try_build(listed(scratch, text, own_weight, false));
  return built.ok() ? std::string("built") : built.error().message;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_list_keeps_the_order_of_the_file) {
  const Scratch scratch;
  const auto synapses = build(listed(scratch, "post,pre\n3,0\n1,2\n0,0\n3,0\n2,2\n", false, false));
  BOOST_TEST((pairs_of(synapses) == Pairs{{3, 0, 3}, {}, {1, 2}}));
  check_statistics(synapses.statistics, pairs_of(synapses), 4, false);
}

BOOST_AUTO_TEST_CASE(a_list_brings_weights_and_delays) {
  const Scratch scratch;
  plan::Run run = listed(scratch, "pre,post,weight_nS,delay_ms\n0,3,6,0.1\n0,1,7,0.3\n2,2,8,0.32\n0,0,9,0.1\n", true, true);
  auto synapses = build(run);
  BOOST_TEST((synapses.delays == std::vector<uint64_t>{3, 1}));
  BOOST_TEST((pairs_of(synapses) == Pairs{{1, 3, 0}, {}, {2}}));
  const auto* w = synapses.weights.as<double>();
  BOOST_TEST((std::vector<double>(w, w + 4) == std::vector<double>{0.007, 0.006, 0.009, 0.008}));
  run.single = true;
  synapses = build(run);
  BOOST_TEST(synapses.weights.as<float>()[0] == 0.007f);
  // in another unit of the port's dimension
  run = listed(scratch, "pre,post,weight_pS,delay_ms\n0,3,6000,0.1\n0,1,7,0.3\n", true, true);
  run.projections[0].rule.weights = {{"", "", "weight_nS", 1e-3}, {"", "", "weight_uS", 1}, {"", "", "weight_pS", 1e-6}};
  synapses = build(run);
  w = synapses.weights.as<double>();
  BOOST_TEST((std::vector<double>(w, w + 2) == std::vector<double>{7e-6, 6000 * 1e-6}));
}

BOOST_AUTO_TEST_CASE(list_faults_name_the_line) {
  BOOST_TEST(list_fault("pre,post\n0,1\n3,1\n") == "`edges.csv` line 3: pre = 3 is not an index of 0 .. 3");
  BOOST_TEST(list_fault("pre,post\n0,-1\n") == "`edges.csv` line 2: post = -1 is not an index of 0 .. 4");
  BOOST_TEST(list_fault("pre,post\n0.5,1\n") == "`edges.csv` line 2: pre = 0.5 is not an index of 0 .. 3");
  BOOST_TEST(list_fault("pre,target\n0,1\n") == "`edges.csv` has no column `post`");
  BOOST_TEST(list_fault("pre,post\n0,1\n", true) == "`edges.csv` has no column `weight_nS`");
  BOOST_TEST(list_fault("pre,post\n0\n") == "`edges.csv` line 2: 1 column where the header has 2");
}

BOOST_AUTO_TEST_CASE(a_list_asks_for_its_memory_before_it_takes_it) {
  const Scratch scratch;
  const plan::Run run = listed(scratch, "pre,post\n0,1\n1,1\n2,3\n", false, false);
  state::Budget budget(17);  // each pair as u32, then u16
  const auto built = connect::connect({run, run.projections[0], budget});
  BOOST_REQUIRE(!built);
  BOOST_TEST((built.error().kind == RunError::Kind::Memory));
  BOOST_TEST(built.error().message == "the run needs 18 B, has 17 B");
}

BOOST_AUTO_TEST_CASE(index_sets_drain_in_order) {
  connect::IndexSet set(300'000'000), small(2000);
  std::set<uint32_t> expected, expected_small;
  random::Stream stream(random::key_of(1, "set", ""), 0);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 3000; ++i) {
      const auto index = static_cast<uint32_t>(stream.below(round == 0 ? 2000 : 300'000'000)), low = index % (round == 1 ? 2000 : 90);
      BOOST_TEST(set.insert<false>(index) == expected.insert(index).second);
      BOOST_TEST(small.insert<true>(low) == expected_small.insert(low).second);
    }
    std::vector<uint32_t> drained(expected.size() + connect::IndexSet::k_slack), of_small(expected_small.size() + connect::IndexSet::k_slack);
    drained.resize(static_cast<size_t>(set.drain<false>(drained.data()) - drained.data()));
    of_small.resize(static_cast<size_t>(small.drain<true>(of_small.data()) - of_small.data()));
    BOOST_TEST((drained == std::vector<uint32_t>(expected.begin(), expected.end())));
    BOOST_TEST((of_small == std::vector<uint32_t>(expected_small.begin(), expected_small.end())));
    expected.clear();
    expected_small.clear();
  }
}
