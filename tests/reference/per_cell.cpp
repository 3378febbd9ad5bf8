// Parameters with a value for each cell: they are those of as many populations of one cell, and what follows from them does.
#include <fmt/format.h>

#include <cmath>

#include "tests/reference/model_run.h"

namespace {

using namespace eic;
using reference::Recorded;

const std::string k_cell = R"(
use std.channels { Na_TM1991, K_TM1991, Leak }
use std.synapses { ExpCond }
cell HH {
  param E_L = -60 mV
  param I0 = 0 pA
  area        = 20000 um^2
  capacitance = 1 uF/cm^2
  ion na { E = 50 mV }
  ion k  { E = E_L - 30 mV }
  channel INa : Na_TM1991 on na { g = 100 mS/cm^2, V_sh = -63 mV }
  channel IK  : K_TM1991  on k  { g =  30 mS/cm^2, V_sh = -63 mV }
  channel IL  : Leak            { g = 10 nS, E = E_L }
  synapse exc : ExpCond { tau = 5 ms, E = 0 mV }
  init v = E_L - 5 mV
  spike when v crosses -20 mV
}
)";

Recorded run(const std::string& network, const std::vector<SetOption>& settings = {}) {
  Front front;
  front.sources.add_root(reference::path("tests/reference"));
  std::string text = k_cell + network;
  BOOST_REQUIRE_MESSAGE(read_model(front, "per_cell.eic", &text, settings), text);
  Compiled made = reference::compiled(front);
  return reference::run(made.planned.run, made.kernels);
}

std::vector<double> column(const Recorded& run, size_t trace, size_t column) {
  std::vector<double> all;
  for (size_t row = 0; row < run.traces.traces()[trace].steps.size(); row++)
    all.push_back(run.traces.traces()[trace].at(row, column));
  return all;
}

}  // namespace

// tests/reference/data/per_cell.csv holds the three values below. E_L is read by the leak, by the potassium ion and by the start.
BOOST_AUTO_TEST_CASE(a_column_of_a_file_is_as_many_populations) {
  const std::string stimulus = "  stimulus step -> {0} {{ amplitude = 0.5 nA, from = 5 ms }}\n";
  std::string apart = "network Net {\n", recorded;
  const char* values[] = {"-65 mV", "-60 mV", "-55.5 mV"};
  for (int i = 0; i < 3; i++) {
    apart += fmt::format("  population P{} : HH[1] {{ E_L = {}, exc.tau = 3 ms }}\n", i, values[i]);
    apart += fmt::format(fmt::runtime(stimulus), fmt::format("P{}", i));
    recorded += fmt::format(", record v of P{}", i);
  }
  Recorded one = run("network Net {\n  population N : HH[3] { E_L = csv(\"data/per_cell.csv\"), exc.tau = 3 ms }\n" +
                     fmt::format(fmt::runtime(stimulus), "N") +
                     "}\nsimulate run of Net { duration = 50 ms, dt = 0.1 ms, record v of N }\n");
  Recorded three = run(apart + "}\nsimulate run of Net { duration = 50 ms, dt = 0.1 ms" + recorded + " }\n");
  for (size_t i = 0; i < 3; i++) {
    std::vector<double> together = column(one, 0, i), alone = column(three, i, 0);
    BOOST_REQUIRE_EQUAL(together.size(), alone.size());
    double worst = 0, range = 0;
    for (size_t row = 0; row < alone.size(); row++) {
      worst = std::max(worst, std::fabs(together[row] - alone[row]));
      range = std::max(range, std::fabs(alone[row] - alone[0]));
    }
    BOOST_TEST(range > 50);      // it spikes
    BOOST_TEST(worst < 1e-9);    // sums of parameters are formed in the kernel here, before it there
    BOOST_TEST(one.spikes.times_ms(0, static_cast<uint32_t>(i)) == three.spikes.times_ms(static_cast<uint32_t>(i), 0));
  }
}

BOOST_AUTO_TEST_CASE(draws_have_their_distribution_and_belong_to_their_cell) {
  auto drawn = [&](const std::string& size, const std::string& before) {
    return column(run("network Net {\n" + before + "  population N : HH[" + size +
                      "] { IL.g = lognormal(10 nS, 2 nS), E_L = normal(-60 mV, 2 mV) }\n}\n"
                      "simulate run of Net { duration = 0 ms, dt = 0.1 ms, record v of N }\n"),
                  0, 7)[0];
  };
  BOOST_TEST(drawn("8", "") == drawn("20000", "  population Other : HH[3]\n"));
  Recorded many = run(
      "network Net { population N : HH[20000] { E_L = normal(-60 mV, 2 mV) } }\n"
      "simulate run of Net { duration = 0 ms, dt = 0.1 ms, record v of N }\n");
  double sum = 0, squares = 0, n = 20000;
  for (double v : many.traces.traces()[0].values) sum += v, squares += (v + 65) * (v + 65);
  BOOST_TEST(std::fabs(sum / n + 65) < 4 * 2 / std::sqrt(n));
  BOOST_TEST(std::fabs(std::sqrt(squares / n) - 2) < 4 * 2 / std::sqrt(2 * n));
}

BOOST_AUTO_TEST_CASE(the_command_line_overrules_a_draw) {
  const std::string network =
      "network Net { population N : HH[4] { E_L = normal(-60 mV, 2 mV) } }\n"
      "simulate run of Net { duration = 0 ms, dt = 0.1 ms, record v of N }\n";
  Recorded set = run(network, {{"HH.E_L", "-61 mV"}});
  for (double v : set.traces.traces()[0].values) BOOST_TEST(v == -66);
}
