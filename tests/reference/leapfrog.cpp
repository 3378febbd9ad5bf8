// exp_leapfrog: mean intervals against the exact solution, and second order wherever a cell has more than v and gates: each
// construct alone, driven so that all of it moves, below threshold. How far off a run is, is measured against one of a very small
// dt, and that one against another method, so that both lead to the same solution. docs/numerics.md: "Methods".
#include <fmt/format.h>

#include <cmath>

#include "compiler/diagnostics/render.h"
#include "runtime/tables/csv.h"
#include "tests/reference/model_run.h"

namespace {

using namespace eic;

struct Case {
  const char* name;
  std::string text;           // METHOD stands for the method
  double agreement = 1e-4;    // of both methods at the small dt, as a share of the range of each variable
  const char* other = "rk4";
};

// A cell with the squid's gates, and room for what is tested.
std::string squid(const std::string& inside, const std::string& stimuli, const std::string& recorded) {
  return R"(use std.channels { Na_HH1952, K_HH1952, Leak }
)" + inside.substr(0, inside.find("%%")) + R"(
cell C {
  area = 20000 um^2, capacitance = 1 uF/cm^2
  ion na { E =  50 mV }
  ion k  { E = -77 mV }
  channel INa : Na_HH1952 on na { g = 120 mS/cm^2 }
  channel IK  : K_HH1952  on k  { g =  36 mS/cm^2 }
  channel IL  : Leak            { g = 0.3 mS/cm^2, E = -54.4 mV }
  init v = -65 mV
)" + inside.substr(inside.find("%%") + 2) + "}\nnetwork Net { population N : C[1]" + stimuli +
         " }\nsimulate run of Net { duration = 8 ms, dt = 0.1 ms, method = METHOD, record v, " + recorded + " of N every 0.8 ms }\n";
}

const std::string k_event = R"(
  stimulus spike_times -> N.in { times = csv("tests/reference/data/exact/event.csv"), weight = W }
  stimulus step -> N { amplitude = 0.1 nA })";

std::string with_weight(const std::string& weight) {
  std::string text = k_event;
  return text.replace(text.find('W'), 1, weight);
}

const std::vector<Case> k_cases = {
    {"a ramp", squid("%%", ", stimulus ramp -> N { from_amplitude = 0 nA, to_amplitude = 0.4 nA }", "INa.m, IK.n"), 1e-3},
    {"a sine", squid("%%", ", stimulus sine -> N { amplitude = 0.3 nA, frequency = 200 Hz, phase = 0.4 }", "INa.m, IK.n"), 1e-3},
    {"a step that begins on the way", squid("%%", ", stimulus step -> N { amplitude = 0.3 nA, from = 2 ms }", "INa.m, IK.n, INa.i")},
    {"a synapse that decays", squid("use std.synapses { ExpCond }%%  synapse in : ExpCond { tau = 3 ms, E = 0 mV }\n", with_weight("4 nS"),
                                    "INa.m, in.s, in.i"), 2e-3},
    {"a synapse that rises", squid(R"(synapse Rising {
  param E = 0 mV
  state x : nS = 0 nS
  state s : nS = 0 nS
  x' = -x/(1 ms)
  s' = (x - s)/(2 ms)
  conductance s
  on event(w : nS) { x += w }
}
%%  synapse in : Rising
)", with_weight("8 nS"), "INa.m, in.s, in.x"), 2e-3},
    {"a synapse that saturates and a block by v", squid(R"(synapse Blocked {
  param { E = 0 mV, g = 6 nS }
  state x : 1 = 0
  state s : 1 = 0
  x' = -x/(1 ms)
  s' = 1.5 ms^-1*x*(1 - s) - s/(5 ms)
  conductance g*s/(1 + 0.28*exp(-v/(16.1 mV)))
  on event(w : 1) { x += w*(1 - x) }
}
%%  synapse in : Blocked
)", with_weight("0.7"), "INa.m, in.s, in.x"), 2e-3},
    {"an event that moves v", squid(R"(synapse Kick {
  on event(w : mV) { v += w }
}
%%  synapse in : Kick
)", with_weight("3 mV"), "INa.m, IK.n"), 2e-3},
    {"a pool and a channel that it opens", squid(R"(pool Shell(ion ca) {
  state in : uM = 0.1 uM
  in' = max(-ca.i/area/(ca.charge*F*(0.2 um)), 0 uM/ms) + (0.1 uM - in)/(4 ms)
}
channel CaT(ion ca) {
  param g : S/m^2
  gate p^2 { inf = 1/(1 + exp(-(v + 60 mV)/6 mV)), tau = 1.5 ms }
  conductance g*p^2
}
channel KCa(ion k, ion ca) {
  param g : S/m^2
  gate q { alpha = 0.4 ms^-1/uM*ca.in, beta = 0.3 ms^-1 }
  conductance g*q
}
%%  ion ca : Shell { out = 2 mM }
  channel ICa : CaT on ca     { g = 0.05 mS/cm^2 }
  channel IKC : KCa on k, ca  { g = 1 mS/cm^2 }
)", ", stimulus step -> N { amplitude = 0.3 nA }", "INa.m, ICa.p, ca.in, IKC.q")},
    {"a kinetic scheme", squid(R"(channel Scheme(ion k) {
  param g : S/m^2
  kinetic {
    C <-> D (0.8 ms^-1*exp((v + 60 mV)/20 mV), 0.5 ms^-1*exp(-(v + 60 mV)/20 mV))
    D <-> O (1.2 ms^-1*exp((v + 60 mV)/25 mV), 0.9 ms^-1)
  }
  conductance g*O
}
%%  channel IS : Scheme on k { g = 0.5 mS/cm^2 }
)", ", stimulus step -> N { amplitude = 0.5 nA }", "INa.m, IS.O, IS.C"), 2e-3, "backward_euler"},
    {"states that read one another", R"(
cell C {
  state a : mV = 0 mV
  state b : mV = 2 mV
  a' = (b - a + 0.3*v + 20 mV)/(1 ms)
  b' = (a - 2*b)/(1.5 ms)
  v' = (-65 mV - v + 2*a - b)/(2 ms)
  init v = -60 mV
}
network Net { population N : C[1] }
simulate run of Net { duration = 8 ms, dt = 0.1 ms, method = METHOD, record v, a, b of N every 0.8 ms }
)"},
    {"what rises exponentially, and a second state", R"(
cell C {
  state w : pA = 0 pA
  w' = (4 nS*(v + 70 mV) - w)/(5 ms)
  v' = (12 nS*(-70 mV - v) + 12 nS*2 mV*exp((v + 50 mV)/2 mV) - w + input)/(200 pF)
  init v = -70 mV
  spike when v > 0 mV
  reset { v = -58 mV, w += 60 pA }
}
network Net { population N : C[1], stimulus step -> N { amplitude = 0.25 nA, from = 1 ms } }
simulate run of Net { duration = 8 ms, dt = 0.1 ms, method = METHOD, record v, w of N every 0.8 ms }
)"},
    {"time in an equation", R"(
cell C {
  state w : mV = 0 mV
  w' = (v + 60 mV)*sin(t/(1 ms))/(2 ms) - w/(1 ms)
  v' = (-70 mV - v + w + 10 mV*cos(t/(1.5 ms)))/(2 ms)
  init v = -70 mV
}
network Net { population N : C[1] }
simulate run of Net { duration = 8 ms, dt = 0.1 ms, method = METHOD, record v, w of N every 0.8 ms }
)"},
};

struct Rows {
  size_t width = 0;
  std::vector<double> values;
};

Rows values(std::string text, const std::string& method, int64_t dt_ns) {
  text.replace(text.find("METHOD"), 6, method);
  Front front;
  if (!read_model(front, reference::path("leapfrog.eic"), &text, {})) BOOST_FAIL(diagnostics::render_text(front.emitter, front.sources, false));
  CompileOptions options;
  options.choices.dt = units::Decimal{dt_ns, -9};
  Compiled made = reference::compiled(front, options);
  reference::Recorded recorded = reference::run(made.planned.run, made.kernels);
  const auto& trace = recorded.traces.traces()[0];
  return {trace.width, trace.values};
}

// Of each variable the largest difference.
std::vector<double> differences(const Rows& a, const Rows& b) {
  BOOST_REQUIRE_EQUAL(a.values.size(), b.values.size());
  std::vector<double> worst(a.width);
  for (size_t i = 0; i < a.values.size(); i++) worst[i % a.width] = std::max(worst[i % a.width], std::fabs(a.values[i] - b.values[i]));
  return worst;
}

std::vector<double> ranges(const Rows& a) {
  std::vector<double> low(a.width, HUGE_VAL), high(a.width, -HUGE_VAL);
  for (size_t i = 0; i < a.values.size(); i++) {
    low[i % a.width] = std::min(low[i % a.width], a.values[i]);
    high[i % a.width] = std::max(high[i % a.width], a.values[i]);
  }
  for (size_t k = 0; k < a.width; k++) high[k] -= low[k];
  return high;
}

}  // namespace

BOOST_AUTO_TEST_CASE(leapfrog_is_of_second_order_with_all_that_a_cell_may_have) {
  constexpr int64_t k_fine_ns = 800;
  for (const Case& one : k_cases) {
    Rows fine = values(one.text, "exp_leapfrog", k_fine_ns);
    std::vector<double> range = ranges(fine), off = differences(fine, values(one.text, one.other, k_fine_ns)), before;
    for (size_t k = 0; k < range.size(); k++)
      BOOST_TEST(off[k] <= one.agreement * range[k], one.name << ": variable " << k << " is " << off[k] << " from " << one.other << ", of " << range[k]);
    for (int64_t dt_ns : {50000, 25000, 12500}) {
      std::vector<double> now = differences(values(one.text, "exp_leapfrog", dt_ns), fine);
      for (size_t k = 0; k < now.size() && !before.empty(); k++) {
        double order = std::log2(before[k] / now[k]);
        fmt::print("{:45} dt {:.4f} ms: variable {} off by {:.2e} of {:.2g}, order {:.3f}\n", one.name, static_cast<double>(dt_ns) / 1e6, k,
                   now[k], range[k], order);
        BOOST_TEST(std::fabs(order - 2) <= 0.25, one.name << ": variable " << k << " has the order " << order);
      }
      before = now;
    }
  }
}

// docs/numerics.md says how far off they may be.
BOOST_AUTO_TEST_CASE(mean_intervals_of_leapfrog_are_close_to_the_exact_ones) {
  const std::vector<std::string> columns = {"current_pA", "time_ms"};
  auto exact = tables::read_columns(reference::path("tests/reference/data/exact/spikes.csv"), "spikes.csv", columns, {});
  BOOST_REQUIRE(exact.ok());
  auto mean = [](const std::vector<double>& times) { return (times.back() - times.front()) / static_cast<double>(times.size() - 1); };
  for (auto [current_pA, share] : std::initializer_list<std::pair<int, double>>{{100, 0.012}, {200, 0.012}, {500, 0.012}, {1000, 0.012}, {2000, 0.02}}) {
    std::vector<double> wanted;
    for (size_t i = 0; i < (*exact)[0].size(); i++)
      if ((*exact)[0][i] == current_pA) wanted.push_back((*exact)[1][i]);
    auto front = reference::load("tests/reference/exact.eic", {{"current", fmt::format("{} pA", current_pA)}});
    front->model->simulations[0].method = "exp_leapfrog";
    CompileOptions options;
    options.choices.duration = units::Decimal{200, -3};
    Compiled made = reference::compiled(*front, options);
    reference::Recorded recorded = reference::run(made.planned.run, made.kernels);
    double off = mean(recorded.spikes.times_ms(0, 0)) / mean(wanted) - 1;
    fmt::print("{:4} pA: {} spikes, the exact solution has {}; mean interval {:+.3f} %\n", current_pA, recorded.spikes.times_ms(0, 0).size(),
               wanted.size(), 100 * off);
    BOOST_TEST(std::fabs(off) <= share);
  }
}
