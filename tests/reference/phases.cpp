// Phases of a run: what changes in them, when, and that nothing else does.
#include <fmt/format.h>

#include "tests/reference/model_run.h"

namespace {

using namespace eic;
using reference::Recorded;

// Silent but for the spikes that the drive raises from 20 ms on.
const std::string k_network = R"(
use std.channels { Leak }
use std.synapses { ExpCond }
param w = 3 nS in 0 nS .. 50 nS
param spread = 1 mV
param pace = 1
cell C {
  param tau_in = 4 ms
  capacitance = 200 pF
  channel IL : Leak { g = 10 nS, E = -60 mV }
  synapse in : ExpCond { tau = tau_in/pace, E = 0 mV }
  init v = -60 mV
  spike when v crosses -50 mV, refractory = 2 ms
  reset { v = -60 mV }
}
network Net {
  population A : C[20] { IL.E = normal(-60 mV, spread) }
  population B : C[30] { tau_in = uniform(3 ms, 6 ms) }
  projection p : A -> B.in { connect = bernoulli(0.4), weight = lognormal(w, 0.3*w), delay = uniform(0.5 ms, 3 ms) }
  projection q : B -> A.in { connect = fixed_indegree(5), weight = w, delay = 1.5 ms }
  stimulus step -> A { amplitude = 0.25 nA, from = 20 ms }
}
)";

Recorded run(const std::string& body, const std::vector<SetOption>& settings = {}) {
  Front front;
  std::string text = k_network + "simulate run of Net { dt = 0.1 ms, seed = 5, " + body + " }\n";
  BOOST_REQUIRE_MESSAGE(read_model(front, "phases.eic", &text, settings), text);
  Compiled made = reference::compiled(front);
  return reference::run(made.planned.run, made.kernels);
}

const std::string k_record = ", record spikes of A, record spikes of B, record v, in.s of B";

bool equal(const Recorded& a, const Recorded& b) {
  for (size_t p = 0; p < a.spikes.populations().size(); p++) {
    const auto &x = a.spikes.populations()[p], &y = b.spikes.populations()[p];
    if (x.steps != y.steps || x.cells != y.cells) return false;
  }
  for (size_t t = 0; t < a.traces.traces().size(); t++)
    if (a.traces.traces()[t].values != b.traces.traces()[t].values) return false;
  return true;
}

size_t spikes(const Recorded& run) {
  size_t count = 0;
  for (const auto& population : run.spikes.populations()) count += population.steps.size();
  return count;
}

}  // namespace

BOOST_AUTO_TEST_CASE(phases_in_which_nothing_changes_change_nothing) {
  Recorded plain = run("duration = 100 ms" + k_record);
  BOOST_TEST(spikes(plain) > 100u);
  BOOST_TEST(equal(plain, run("phase one 30 ms { }, phase two 50 ms { w = 3 nS }, phase three 20 ms { }" + k_record)));
}

BOOST_AUTO_TEST_CASE(a_change_acts_from_the_begin_of_its_phase_on) {
  Recorded plain = run("duration = 100 ms" + k_record);
  Recorded strong = run("phase one 60 ms { }, phase two 40 ms { w = 9 nS }" + k_record);
  const auto &before = plain.traces.traces()[0], &after = strong.traces.traces()[0];
  BOOST_REQUIRE_EQUAL(before.values.size(), after.values.size());
  size_t first = 0;
  while (first < before.values.size() && before.values[first] == after.values[first]) first++;
  size_t row = first / before.width;  // the state at row·dt
  BOOST_TEST(row > 600u);
  BOOST_TEST(row < 640u, "nothing differs for 4 ms after the begin");
}

// What a phase of the whole run overrules is what `--set` would give; draws for cells and synapses included.
BOOST_AUTO_TEST_CASE(a_phase_gives_the_bits_of_the_same_value_elsewhere) {
  for (auto [name, value] : {std::pair{"w", "9 nS"}, {"spread", "3 mV"}, {"pace", "2"}}) {
    Recorded set = run("duration = 60 ms" + k_record, {{name, value}});
    BOOST_TEST(equal(set, run(fmt::format("phase all 60 ms {{ {} = {} }}{}", name, value, k_record))), name);
    BOOST_TEST(!equal(set, run("duration = 60 ms" + k_record)), name << " has no effect");
  }
}

// Before the first spike weights are not seen: when they come back they are the ones of before, synapse by synapse.
BOOST_AUTO_TEST_CASE(weights_are_drawn_anew_from_the_same_draws) {
  Recorded plain = run("duration = 100 ms" + k_record);
  BOOST_TEST(equal(plain, run("phase a 5 ms { }, phase b 10 ms { w = 20 nS }, phase c 85 ms { }" + k_record)));
}

// The same for parameters of single cells, and for those that follow from them, where nothing decays meanwhile.
BOOST_AUTO_TEST_CASE(parameters_of_cells_come_back) {
  Recorded plain = run("duration = 100 ms" + k_record);
  BOOST_TEST(equal(plain, run("phase a 5 ms { }, phase b 10 ms { pace = 3 }, phase c 85 ms { }" + k_record)));
}

BOOST_AUTO_TEST_CASE(a_phase_has_stimuli_and_recordings_of_its_own) {
  Recorded both = run(
      "phase settle 10 ms { record nothing }, "
      "phase kick 10 ms { stimulus step -> B { amplitude = 1 nA, from = 2 ms, to = 4 ms } }, "
      "phase rest 10 ms { record v of B every 2 ms to \"rest.csv\" }, record v of B");
  BOOST_REQUIRE_EQUAL(both.traces.traces().size(), 2);
  const auto &of_run = both.traces.traces()[0], &of_phase = both.traces.traces()[1];
  BOOST_TEST(of_run.steps.front() == 101u);
  BOOST_TEST(of_run.steps.back() == 200u);
  BOOST_TEST(of_phase.steps == (std::vector<uint64_t>{220, 240, 260, 280, 300}));
  for (size_t row = 0; row < of_run.steps.size(); row++) {
    bool moved = of_run.at(row, 0) > -59.9;
    if (of_run.steps[row] <= 120) BOOST_TEST(!moved, of_run.steps[row]);
    if (of_run.steps[row] >= 130 && of_run.steps[row] <= 140) BOOST_TEST(moved, of_run.steps[row]);
  }
}

BOOST_AUTO_TEST_CASE(two_phases_write_one_file) {
  Recorded parts = run(
      "phase a 5 ms { record v of B }, phase b 5 ms { record nothing }, phase c 5 ms { record v of B }");
  BOOST_REQUIRE_EQUAL(parts.traces.traces().size(), 1);
  const auto& steps = parts.traces.traces()[0].steps;
  BOOST_TEST(steps.size() == 101u);  // the start with the first
  BOOST_TEST(steps[50] == 50u);
  BOOST_TEST(steps[51] == 101u);
}
