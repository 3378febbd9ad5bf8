// Curves of channels against closed forms, the singular points among them.
#include <cmath>

#include "tests/expect/support.h"

using namespace eic;
using namespace eic::test;

namespace {

double fraction(double x) { return x == 0 ? 1 : x / std::expm1(x); }  // x/(e^x − 1)

// K_TM1991 with V_sh = −63 mV: singular at −48 mV.
double alpha(double v) { return 0.032 * 5 * fraction((-48 - v) / 5); }
double beta(double v) { return 0.5 * std::exp((-53 - v) / 40); }

std::string table(double off = 0) {
  std::string text = "# by hand\nv_mV,n.inf,n.tau_ms,n.alpha_ms^-1,other\n";
  for (int v = -100; v <= 50; v++) {
    double sum = alpha(v) + beta(v);
    text += fmt::format("{},{:.17g},{:.17g},{:.17g},x\n", v, alpha(v) / sum + off, 1 / sum, alpha(v));
  }
  return text;
}

std::string of_channel(const std::string& items) {
  return "use std.channels { K_TM1991 }\ntest \"curves\" of K_TM1991 { V_sh = -63 mV\n" + items + "\n}\n";
}

}  // namespace

BOOST_AUTO_TEST_CASE(curves_of_a_channel_are_the_closed_forms) {
  Bench bench;
  bench.write("k.csv", table());
  auto outcome =
      bench.run_one(of_channel("expect curve(n.inf) ~ csv(\"k.csv\") within abs 1e-14\n"
                               "expect curve(n.tau) ~ csv(\"k.csv\") within rel 1e-14\n"
                               "expect curve(n.alpha) ~ csv(\"k.csv\") within max 1e-14 ms^-1\n"
                               "expect curve(n.tau) ~ csv(\"k.csv\") within rmse 1e-14 ms\n"
                               "expect curve(n.alpha, at = -48 mV) ~ 0.16 ms^-1 +- 1e-15 ms^-1\n"
                               "expect curve(n.inf) ~ csv(\"k.csv\", column = \"n.inf\") within abs 1e-14"));
  check_passes(outcome);
  BOOST_REQUIRE_EQUAL(outcome.expects.size(), 6u);
  const auto& curves = outcome.expects[1].verdict.curves;
  BOOST_REQUIRE(curves.has_value());
  BOOST_TEST(curves->x_label == "v (mV)");
  BOOST_TEST(curves->y_label == "n.tau (ms)");
  BOOST_TEST(curves->expected_x.size() == 151u);
  BOOST_TEST(curves->got_y.size() == 151u);
  BOOST_TEST(!curves->points);
  BOOST_TEST(curves->y_column == "n.tau_ms");
  BOOST_TEST(!outcome.expects[4].verdict.curves.has_value());
}

BOOST_AUTO_TEST_CASE(a_curve_that_is_off_says_where) {
  Bench bench;
  bench.write("k.csv", table(0.01));
  check_fails(bench.run_one(of_channel("expect curve(n.inf) ~ csv(\"k.csv\") within abs 1e-3")),
              "151 points of `k.csv` within 0.001", "a largest error of 0.01 at -53 mV",
              "first at v = -100 mV: expected 0.0100312769447, got 3.12769447425e-05");
}

BOOST_AUTO_TEST_CASE(a_curve_at_one_point) {
  Bench bench;
  auto outcomes = bench.run(R"(channel C(ion x) {
  param g : S/m^2 | S
  param V_half : mV
  param k = 10 mV
  let u = (v - V_half)/k
  gate m { inf = 1/(1 + exp(-u)), tau = 2 ms + u*u*(1 ms) }
  gate p { inf = 0.5 }
  conductance g*m*p
}
test "half" of C { V_half = -40 mV, expect curve(m.inf, at = -40 mV) ~ 0.5 +- 1e-15 }
test "settings overrule defaults" of C { V_half = -40 mV, k = 5 mV, expect curve(u, at = -30 mV) in 2 .. 2 }
test "tau" of C { V_half = -40 mV, expect curve(m.tau, at = -30 mV) in 1 ms .. 2 ms }
test "rates" of C { V_half = -40 mV, x.E = 50 mV, expect curve(m.alpha, at = -40 mV) ~ 0.25 ms^-1 +- 1e-15 ms^-1, expect curve(m.beta, at = -40 mV) ~ 0.25 ms^-1 +- 1e-15 ms^-1, expect curve(p, at = 0 mV) ~ 0.5 +- 1e-9 }
)");
  check_passes(outcomes[0]);
  check_passes(outcomes[1]);
  check_fails(outcomes[2], "in 1 ms .. 2 ms", "3 ms");
  check_passes(outcomes[3]);
}

BOOST_AUTO_TEST_CASE(curves_of_a_cell_and_temperature) {
  Bench bench;
  auto outcomes = bench.run(R"(use std.channels { K_TM1991 }
cell C {
  area = 100 um^2, capacitance = 1 uF/cm^2
  ion k { E = -90 mV }
  channel IK : K_TM1991 on k { g = 1 mS/cm^2, V_sh = -63 mV }
  init v = -65 mV
}
test "of a cell" of C { expect curve(IK.n.alpha, at = -48 mV) ~ 160 Hz +- 1e-9 Hz, expect curve(C.IK.n.inf, at = -53 mV) > 0.1 }
test "of a cell, overruled" of C { C.IK.V_sh = -73 mV, expect curve(IK.n.alpha, at = -58 mV) ~ 160 Hz +- 1e-9 Hz }
)");
  check_passes(outcomes[0]);
  check_passes(outcomes[1]);
}

BOOST_AUTO_TEST_CASE(a_channel_reads_temperature_and_the_files_parameters) {
  Bench bench;
  auto outcomes = bench.run(R"(param low = 0.4
channel T(ion x) {
  param g : S/m^2 in 2 S/m^2 .. 1 S/cm^2
  let q = 3^((temperature - 296.15 K)/(10 K))
  gate m { inf = 1/(1 + exp(-(v + 40 mV)/(5 mV))), tau = 1 ms/q }
  conductance g*m
}
cell C { area = 100 um^2, capacitance = 1 uF/cm^2, temperature = 43 degC, ion k { E = -90 mV }, channel IT : T on k { g = 2 S/m^2 }, init v = -65 mV }
test "channel" of T { temperature = 33 degC, expect curve(m.tau, at = 0 mV) ~ 0.333333333333 ms +- 1e-12 ms }
test "twice" of T { temperature = 23 degC, low = 0.499, expect curve(q, at = 0 mV) ~ 1 +- 1e-12, expect curve(m.inf, at = -40 mV) in low .. 0.501 }
test "cell" of C { expect curve(IT.q, at = 0 mV) ~ 9 +- 1e-12 }
)");
  for (const auto& outcome : outcomes) check_passes(outcome);
}
