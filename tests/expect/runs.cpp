// f–I curves, orders of convergence and resting states against closed forms.
#include <cmath>

#include "tests/expect/support.h"

using namespace eic;
using namespace eic::test;

namespace {

// tau = 20 ms, R = 100 MOhm, 15 mV from rest to threshold; a crossing counts at the end of its step.
const std::string k_lif = R"(use std.channels { Leak }
cell LIF {
  capacitance = 200 pF
  channel IL : Leak { g = 10 nS, E = -65 mV }
  init v = -65 mV
  spike when v crosses -50 mV
  reset { v = -65 mV }
}
)";

double closed_rate(double amplitude, double dt) {
  double drive = 100 * amplitude;  // mV
  if (drive <= 15) return 0;
  double steps = std::ceil(20 * std::log(drive / (drive - 15)) / dt);
  return 1000 / (steps * dt);
}

std::string fi_table(double factor = 1) {
  std::string text = "amplitude_nA,rate_Hz\n";
  for (double amplitude : {0.0, 0.1, 0.149, 0.16, 0.2, 0.3, 0.5, 1.0})
    text += fmt::format("{},{:.12g}\n", amplitude, factor * closed_rate(amplitude, 0.1));
  return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_f_I_curve_of_a_lif_is_the_closed_form) {
  Bench bench;
  bench.write("fi.csv", fi_table());
  auto outcome = bench.run_one(k_lif + R"(test "fI" of LIF {
  duration = 5 s, dt = 0.1 ms
  expect curve(rate) ~ csv("fi.csv") within abs 0.2 Hz
  expect curve(rate, at = 0.3 nA) in 71.7 Hz .. 72 Hz
  expect curve(rate, at = 0.1 nA) < 0.1 Hz
  expect curve(rate, at = 0.3 nA, from = 1 s, to = 3 s) ~ 72 Hz +- 0.6 Hz
})");
  BOOST_TEST(std::fabs(closed_rate(0.3, 0.1) - 71.942) < 0.01);
  check_passes(outcome);
  const auto& curves = outcome.expects[0].verdict.curves;
  BOOST_REQUIRE(curves.has_value());
  BOOST_TEST(curves->x_label == "amplitude (nA)");
  BOOST_TEST(curves->y_label == "rate (Hz)");
  BOOST_TEST(curves->got_x.size() == 8u);
}

BOOST_AUTO_TEST_CASE(the_f_I_curve_adds_to_the_stimuli_of_the_test) {
  Bench bench;
  check_passes(bench.run_one(k_lif + R"(test "on top" of LIF {
  duration = 5 s, dt = 0.1 ms
  stimulus step -> LIF { amplitude = 0.1 nA }
  expect curve(rate, at = 0.2 nA) in 71.7 Hz .. 72 Hz
  expect count() < 1
})"));
}

BOOST_AUTO_TEST_CASE(an_f_I_curve_that_is_off_says_where) {
  Bench bench;
  bench.write("fi.csv", fi_table(1.1));
  auto outcome = bench.run_one(
      k_lif + "test \"fI\" of LIF { duration = 1 s, dt = 0.1 ms, expect curve(rate) ~ csv(\"fi.csv\") within rel 0.05 }");
  BOOST_TEST(!outcome.passed);
  BOOST_REQUIRE_EQUAL(outcome.expects.size(), 1u);
  const cli::Verdict& verdict = outcome.expects[0].verdict;
  BOOST_TEST(verdict.expected == "8 currents of `fi.csv` within 0.05 of the value");
  BOOST_TEST(verdict.divergence.starts_with("first at amplitude = 0.16 nA: expected "), verdict.divergence);
}

namespace {
// Below threshold; gates and v drive one another.
const std::string k_hh = R"(use std.channels { Na_TM1991, K_TM1991, Leak }
cell HH {
  area = 20000 um^2, capacitance = 1 uF/cm^2
  ion na { E = 50 mV }
  ion k { E = -90 mV }
  channel INa : Na_TM1991 on na { g = 100 mS/cm^2, V_sh = -63 mV }
  channel IK  : K_TM1991  on k  { g = 30 mS/cm^2, V_sh = -63 mV }
  channel IL  : Leak { g = 5e-5 S/cm^2, E = -65 mV }
  init v = -75 mV
  spike when v crosses -20 mV
}
)";
}  // namespace

BOOST_AUTO_TEST_CASE(exp_euler_is_of_first_order_on_a_nonlinear_cell) {
  Bench bench;
  auto outcomes = bench.run(k_hh + R"(test "v" of HH { duration = 20 ms, dt = 0.02 ms, expect convergence(dt) ~ 1 +- 0.1 }
test "gate" of HH { duration = 20 ms, dt = 0.02 ms, expect convergence(dt, of = INa.m) ~ 1 +- 0.1, expect convergence(dt, of = HH.IK.n, from = 5 ms, to = 10 ms) ~ 1 +- 0.2 }
test "second" of HH { duration = 20 ms, dt = 0.02 ms, expect convergence(dt) > 1.8 }
test "spikes" of HH { duration = 50 ms, dt = 0.04 ms, stimulus step -> HH { amplitude = 1 nA }, expect convergence(dt) > 5 }
)");
  check_passes(outcomes[0]);
  check_passes(outcomes[1]);
  const cli::Verdict& second = outcomes[2].expects.at(0).verdict;
  BOOST_TEST(!second.holds);
  BOOST_TEST(second.expected == "> 1.8");
  BOOST_TEST(std::fabs(number(second.got) - 1) < 0.1, second.got);
  BOOST_TEST(second.divergence.starts_with("orders at 0.02 ms, 0.01 ms, 0.005 ms: "), second.divergence);
  BOOST_TEST(second.divergence.find("; 0.01 ms, 0.005 ms, 0.0025 ms: ") != std::string::npos, second.divergence);
  const cli::Verdict& spikes = outcomes[3].expects.at(0).verdict;
  BOOST_TEST(!spikes.holds);
  BOOST_TEST(spikes.divergence.find("; there are spikes, from ") != std::string::npos, spikes.divergence);
}

// A linear cell is advanced exactly: there is nothing left to converge.
BOOST_AUTO_TEST_CASE(an_exact_method_has_no_order) {
  Bench bench;
  auto outcome = bench.run_one(k_lif +
                               "test \"exact\" of LIF { duration = 20 ms, dt = 0.1 ms, stimulus step -> LIF { amplitude = 0.1 nA "
                               "}, expect convergence(dt) ~ 1 +- 0.2 }");
  check_fails(outcome, "1 +- 0.2", "nothing that could be measured",
              "orders at 0.1 ms, 0.05 ms, 0.025 ms: the runs agree to rounding; 0.05 ms, 0.025 ms, 0.0125 ms: the runs agree to "
              "rounding");
}

BOOST_AUTO_TEST_CASE(two_leaks_rest_between_their_reversals) {
  Bench bench;
  auto outcomes = bench.run(R"(use std.channels { Leak }
cell Two {
  capacitance = 200 pF
  channel A : Leak { g = 10 nS, E = -80 mV }
  channel B : Leak { g = 30 nS, E = -60 mV }
  let twice = 2*v
  init v = 0 mV
}
test "rest" of Two { expect rest() ~ -65 mV +- 1e-9 mV, expect rest(v) in -66 mV .. -64 mV, expect rest(A.i) ~ 0.15 nA +- 1e-9 nA, expect rest(twice) ~ -130 mV +- 1e-6 mV }
test "elsewhere" of Two { Two.B.E = -40 mV, expect rest(v) < -60 mV }
)");
  check_passes(outcomes[0]);
  BOOST_TEST(!outcomes[1].passed);
  BOOST_TEST(outcomes[1].expects.at(0).verdict.expected == "< -60 mV");
  BOOST_TEST(std::fabs(number(outcomes[1].expects[0].verdict.got) + 50) < 1e-9);
}

BOOST_AUTO_TEST_CASE(a_cell_without_rest_fires) {
  Bench bench;
  std::string model = k_hh;
  model.replace(model.find("E = -65 mV"), 10, "E = -50 mV");
  auto outcome = bench.run_one(model + "test \"rest\" of HH { expect rest(v) in -80 mV .. -50 mV }");
  check_fails(outcome, "in -80 mV .. -50 mV", outcome.expects.at(0).verdict.got);
  const std::string& got = outcome.expects[0].verdict.got;
  const std::string before = "no stable resting state: the cell fires at ";
  BOOST_REQUIRE_MESSAGE(got.starts_with(before) && got.ends_with(" Hz without a stimulus"), got);
  auto run = bench.run_one(model + "test \"tonic\" of HH { duration = 3 s, dt = 0.025 ms, expect rate(from = 1 s) < 0 Hz }");
  BOOST_TEST(std::fabs(number(got.substr(before.size())) - number(run.expects.at(0).verdict.got)) < 0.6,
             got << " and " << run.expects[0].verdict.got);
}

BOOST_AUTO_TEST_CASE(rest_of_gates) {
  Bench bench;
  check_passes(
      bench.run_one(k_hh + "test \"gates\" of HH { expect rest() in -66 mV .. -62 mV, expect rest(INa.h) in 0.9 .. 1.1 }"));
}
