// The forms that read one run: traces, spikes, synchrony, seeds, and expectations that cannot fail.
#include <cmath>

#include "tests/expect/support.h"

using namespace eic;
using namespace eic::test;

namespace {

// v decays from its start to −65 mV with 20 ms; N has one synapse that nobody drives.
const std::string k_passive = R"(use std.channels { Leak }
cell P {
  capacitance = 200 pF
  channel IL : Leak { g = 10 nS, E = -65 mV }
  init v = -65 mV
  spike when v > -50 mV
  reset { v = -65 mV }
}
network Four { population N : P[4] { A = 0 .. 2, B = 2 .. 4, init v = csv("v0.csv") } }
simulate four of Four { duration = 20 ms, dt = 0.1 ms }
)";

std::string decay(double off = 0, const char* header = "t_ms,other,v_mV") {
  std::string text = std::string(header) + "\n";
  for (int i = 0; i <= 200; i += 10) text += fmt::format("{},x,{:.17g}\n", i / 10.0, -65 + 10 * std::exp(-i / 10.0 / 20) + off);
  return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(traces_beside_numbers_and_files) {
  Bench bench;
  bench.write("v0.csv", "v_mV\n-55\n-60\n-65\n-70\n");
  bench.write("v.csv", decay());
  bench.write("off.csv", decay(0.5));
  bench.write("none.csv", "time_ms\n");
  auto outcomes = bench.run(k_passive + R"(test "a" of four {
  expect trace(N.v, index = 0) ~ csv("v.csv") within max 1e-12 mV
  expect trace(N.v, index = 0) ~ csv("v.csv") within rel 1e-14
  expect trace(N.v, index = 0) ~ csv("off.csv") within rmse 0.500001 mV
  expect trace(v, index = 1) ~ -62.5 mV +- 2.5 mV
  expect trace(N.B.v, index = 0) ~ -65 mV +- 1e-9 mV
  expect trace(N.v, index = 3, from = 10 ms) > -68.5 mV
  expect spike_times(N) ~ csv("none.csv") within rmse 1 ms
}
test "about" of four { expect trace(N.v, index = 0) ~ -60 mV +- 4 mV }
test "off" of four { expect trace(N.v, index = 0) ~ csv("off.csv") within abs 0.4 mV }
test "rmse" of four { expect trace(N.v, index = 0) ~ csv("off.csv") within rmse 0.4 mV }
test "one can be judged" of four {
  expect trace(N.v) < 0 mV
  expect count(N) in 1 .. 2
  expect trace(N.v, index = 0) ~ csv("v.csv", column = "absent_mV") within abs 1 mV
}
)");
  check_passes(outcomes[0]);
  const auto& curves = outcomes[0].expects.at(0).verdict.curves;
  BOOST_REQUIRE(curves.has_value());
  BOOST_TEST(curves->x_label == "time (ms)");
  BOOST_TEST(curves->y_label == "v (mV)");
  BOOST_TEST(curves->x_column == "t_ms");
  BOOST_TEST(curves->y_column == "v_mV");
  BOOST_TEST(curves->got_y.size() == 21u);
  check_fails(outcomes[1], "-60 mV +- 4 mV",
              fmt::format("{} mV .. -55 mV",
                          outcomes[1].expects.at(0).verdict.got.substr(0, outcomes[1].expects[0].verdict.got.find(' '))),
              fmt::format("first at 0 ms: -55 mV"));
  const cli::Verdict& off = outcomes[2].expects.at(0).verdict;
  BOOST_TEST(off.expected == "21 samples of `off.csv` within 0.4 mV");
  BOOST_TEST(off.divergence.starts_with("first at 0 ms: expected -54.5 mV, got -55 mV"), off.divergence);
  BOOST_TEST(outcomes[3].expects.at(0).verdict.got.starts_with("a root mean square error of 0."),
             outcomes[3].expects[0].verdict.got);
  const cli::TestOutcome& mixed = outcomes[4];
  BOOST_TEST(mixed.status == 1);
  BOOST_REQUIRE_EQUAL(mixed.expects.size(), 1u);
  BOOST_TEST(mixed.expects[0].verdict.got == "0");
  BOOST_TEST(mixed.diagnostics_plain.find("`N` has 4 cells, a trace is of one") != std::string::npos, mixed.diagnostics_plain);
  BOOST_TEST(mixed.diagnostics_plain.find("absent_mV") != std::string::npos, mixed.diagnostics_plain);
}

BOOST_AUTO_TEST_CASE(spikes_beside_a_file) {
  Bench bench;
  bench.write("v0.csv", "v_mV\n-40\n-60\n-65\n-45\n");
  bench.write("same.csv", "time_ms,index\n0.1,0\n0.1,3\n");
  bench.write("other.csv", "t_ms,index\n0.1,0\n0.1,3\n7,1\n");
  bench.write("late.csv", "t_s\n0.0001\n0.0003\n");
  auto outcomes = bench.run(
      k_passive +
      R"(test "same" of four { expect spikes(N) ~ csv("same.csv"), expect spikes(N, to = 5 ms) ~ csv("other.csv") within abs 0.05 ms }
test "missing" of four { expect spikes(N) ~ csv("other.csv") }
test "times" of four { expect spike_times(N) ~ csv("late.csv", column = "t_s") within abs 0.1 ms }
test "rmse" of four { expect spike_times(N) ~ csv("late.csv", column = "t_s") within rmse 0.1 ms }
test "rmse, wide" of four { expect spike_times(N) ~ csv("late.csv", column = "t_s") within rmse 0.15 ms }
)");
  check_passes(outcomes[0]);
  check_fails(outcomes[1], "3 spikes", "2 spikes", "first at 7 ms, cell 1: the file has a spike here, the run has none");
  BOOST_TEST(outcomes[1].expects[0].verdict.curves->points);
  BOOST_TEST(outcomes[1].expects[0].verdict.curves->x_column == "t_ms");
  BOOST_TEST((outcomes[1].expects[0].verdict.curves->got_y == std::vector<double>{0, 3}));
  check_fails(outcomes[2], "2 spikes", "2 spikes", "spike 2: expected 0.3 ms, got 0.1 ms");
  BOOST_TEST(outcomes[2].expects[0].verdict.curves->x_label == "time (s)");
  BOOST_TEST(!outcomes[3].passed);
  BOOST_TEST(outcomes[3].expects.at(0).verdict.got.starts_with("2 spikes, a root mean square error of 0.1414"),
             outcomes[3].expects[0].verdict.got);
  check_passes(outcomes[4]);
}

// Deviations d_i·e^(−t/tau): variances relate as the mean of d squared to the mean of the squares of d.
BOOST_AUTO_TEST_CASE(synchrony_of_a_variable) {
  Bench bench;
  bench.write("v0.csv", "v_mV\n-55\n-65\n-60\n-70\n");
  check_passes(bench.run_one(k_passive + R"(test "s" of four {
  expect synchrony(v) ~ 0.166666666666667 +- 1e-12
  expect synchrony(N.A.v) ~ 0.5 +- 1e-12
  expect synchrony(N.v, from = 5 ms, to = 15 ms) ~ 0.166666666666667 +- 1e-12
  expect synchrony(N.B.v) < 1e-20
})"));
  auto outcome = bench.run_one(k_passive + "test \"no spike\" of four { expect synchrony(N.A) < 0.9 }");
  check_fails(outcome, "< 0.9", "nothing that could be measured");
}

BOOST_AUTO_TEST_CASE(k_of_n_seeds) {
  Bench bench;
  bench.write("v0.csv", "v_mV\n-65\n-65\n-65\n-65\n");
  // each cell spikes at once where its start lies above −50 mV: one of two
  const std::string drawn = k_passive + R"(
network One { population N : P[1] { init v = uniform(-60 mV, -40 mV) } }
)";
  std::vector<uint64_t> fail;
  for (uint64_t seed = 5; seed < 15; seed++)
    if (!bench
             .run_one(drawn + fmt::format("simulate one of One {{ duration = 1 ms, dt = 0.1 ms, seed = {} }}\n"
                                          "test \"s\" of one {{ expect count() > 0 }}\n",
                                          seed))
             .passed)
      fail.push_back(seed);
  BOOST_TEST(fail.size() > 1u);
  BOOST_TEST(fail.size() < 9u);
  size_t pass = 10 - fail.size();
  auto with = [&](size_t passes) {
    return bench.run_one(drawn + fmt::format("simulate one of One {{ duration = 1 ms, dt = 0.1 ms, seed = 5 }}\n"
                                             "test \"s\" of one {{ expect count() > 0, pass in {} of 10 seeds }}\n",
                                             passes));
  };
  auto enough = with(pass);
  check_passes(enough);
  BOOST_TEST(enough.seeds == 10u);
  BOOST_TEST(enough.seeds_passed == pass);
  BOOST_TEST(enough.expects.at(0).verdict.holds);
  auto few = with(pass + 1);
  std::string list;
  for (uint64_t seed : fail) list += (list.empty() ? "" : ", ") + std::to_string(seed);
  check_fails(few, "> 0", "0",
              fmt::format("this is seed {}; of the seeds 5 .. 14 it fails with {}; {} of 10 seeds passed, {} must", fail[0], list,
                          pass, pass + 1));
  BOOST_TEST(few.seeds_passed == pass);
}

BOOST_AUTO_TEST_CASE(what_cannot_fail_is_said) {
  Bench bench;
  bench.write("v0.csv", "v_mV\n-55\n-65\n-60\n-70\n");
  auto outcome = bench.run_one(k_passive + R"(test "always" of four {
  expect count(N) >= 0
  expect count(N.A) <= 400
  expect count(N.A) <= 399
  expect rate(N) > -1 Hz
  expect rate(N) < 10001 Hz
  expect rate(N) < 9999 Hz
  expect silent(N) in 0 .. 1
  expect silent(N) in 0 .. 0.99
})");
  std::vector<std::string> places;
  for (size_t at = 0; (at = outcome.diagnostics_plain.find("warning[W0415]", at)) != std::string::npos; at++) {
    size_t line = outcome.diagnostics_plain.rfind("m.eic:", at) + 6;
    places.push_back(outcome.diagnostics_plain.substr(line, outcome.diagnostics_plain.find(':', line) - line));
  }
  BOOST_TEST((places == std::vector<std::string>{"12", "13", "15", "16", "18"}), outcome.diagnostics_plain);
}
