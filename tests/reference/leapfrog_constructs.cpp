// The order of exp_leapfrog with all that a cell may have, the second but for what is marked: each construct alone, driven so that
// all of it moves, below threshold. How far off a run is, is measured against one of a very small dt, and that one against another
// method, so that both lead to the same solution. docs/numerics.md: "exp_leapfrog".
#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "compiler/diagnostics/render.h"
#include "tests/reference/model_run.h"

namespace {

using namespace eic;

constexpr int64_t k_fine_ns = 800;
constexpr double k_rounding = 1e-10;  // of a variable's largest value; what is less far off tells no order

struct Case {
  const char* name;
  std::string text;  // METHOD stands for the method
  int order = 2;
  const char* other = "rk4";  // leads to the same solution, and is
  double agreement = 2e-3;    // so far from it at the small dt, as a share of the range of each variable
};

struct Parts {
  std::string declared = "", inside = "", stimuli = "", recorded = "INa.m, IK.n";
  int cells = 1;
};

// A cell with the squid's channels, and room for what is tested.
std::string squid(const Parts& parts) {
  return fmt::format(R"(
use std.channels {{ Na_HH1952, K_HH1952, Leak }}
{}
cell C {{
  area        = 20000 um^2
  capacitance = 1 uF/cm^2
  ion na {{ E =  50 mV }}
  ion k  {{ E = -77 mV }}
  channel INa : Na_HH1952 on na {{ g = 120 mS/cm^2 }}
  channel IK  : K_HH1952  on k  {{ g =  36 mS/cm^2 }}
  channel IL  : Leak            {{ g = 0.3 mS/cm^2, E = -54.4 mV }}
  {}
  init v = -65 mV
}}
network Net {{
  population N : C[{}]
  {}
}}
simulate run of Net {{ duration = 8 ms, dt = 0.1 ms, method = METHOD, record v, {} of N every 0.8 ms }}
)",
                     parts.declared, parts.inside, parts.cells, parts.stimuli, parts.recorded);
}

// One event at 5 ms, while a current lets v move.
std::string after_event(const std::string& declared, const std::string& synapse, const std::string& weight,
                        const std::string& recorded) {
  std::string event = "stimulus spike_times -> N.in { times = csv(\"event.csv\"), weight = " + weight + " }";
  return squid({declared, "synapse in : " + synapse, "stimulus step -> N { amplitude = 0.1 nA }\n  " + event,
                "INa.m, IK.n, " + recorded});
}

// Cells of their own equations.
std::string own(const std::string& cell, const std::string& recorded, const std::string& stimuli = "") {
  return "cell C {\n" + cell + "}\nnetwork Net {\n  population N : C[1]\n" + stimuli +
         "}\nsimulate run of Net { duration = 8 ms, dt = 0.1 ms, method = METHOD, record v, " + recorded + " of N every 0.8 ms }\n";
}

const std::string k_step = "stimulus step -> N { amplitude = 0.3 nA }";

const std::string k_waveform = "stimulus clamp -> N { v = csv(\"clamp.csv\"), ";

const std::string k_calcium = R"(
pool Shell(ion ca) {
  state in : uM = 0.1 uM
  in' = max(-ca.i/area/(ca.charge*F*(0.2 um)), 0 uM/ms) + (0.1 uM - in)/(4 ms)
}
channel CaT(ion ca) {
  param g : S/m^2
  gate p^2 { inf = 1/(1 + exp(-(v + 60 mV)/(6 mV))), tau = 1.5 ms }
  conductance g*p^2
}
channel CaFlux(ion ca) {
  param P : cm/s
  gate p^2 { inf = 1/(1 + exp(-(v + 60 mV)/(6 mV))), tau = 1.5 ms }
  current ghk(P*p^2, ca.charge, ca.in, ca.out)
}
channel KCa(ion k, ion ca) {
  param g : S/m^2
  gate q { alpha = 0.4 ms^-1/uM*ca.in, beta = 0.3 ms^-1 }
  conductance g*q
}
)";

const std::string k_rising = R"(
synapse Rising {
  param E = 0 mV
  state x : nS = 0 nS
  state s : nS = 0 nS
  x' = -x/(1 ms)
  s' = (x - s)/(2 ms)
  conductance s
  on event(w : nS) { x += w }
}
)";

const std::string k_saturating = R"(
synapse Saturating {
  param { E = 0 mV, g = 6 nS }
  state x : 1 = 0
  state s : 1 = 0
  x' = -x/(1 ms)
  s' = 1.5 ms^-1*x*(1 - s) - s/(5 ms)
  conductance g*s/(1 + 0.28*exp(-v/(16.1 mV)))
  on event(w : 1) { x += w*(1 - x) }
}
)";

const std::string k_kick = R"(
synapse Kick {
  on event(w : mV) { v += w }
}
)";

const std::string k_scheme = R"(
channel Scheme(ion k) {
  param g : S/m^2
  kinetic {
    C <-> D (0.8 ms^-1*exp((v + 60 mV)/(20 mV)), 0.5 ms^-1*exp(-(v + 60 mV)/(20 mV)))
    D <-> O (1.2 ms^-1*exp((v + 60 mV)/(25 mV)), 0.9 ms^-1)
  }
  conductance g*O
}
)";

const std::vector<Case> k_cases = {
    {"a ramp", squid({.stimuli = "stimulus ramp -> N { from_amplitude = 0 nA, to_amplitude = 0.4 nA }"})},
    {"a sine", squid({.stimuli = "stimulus sine -> N { amplitude = 0.3 nA, frequency = 200 Hz, phase = 0.4 }"})},
    {"a step that begins on the way",
     squid({.stimuli = "stimulus step -> N { amplitude = 0.3 nA, from = 2 ms }", .recorded = "INa.m, IK.n, INa.i"})},
    {"a clamp that is let go", squid({.stimuli = "stimulus clamp -> N { v = -62 mV, from = 1 ms, to = 4 ms }"})},
    {"a clamp on a waveform", squid({.stimuli = k_waveform + "from = 1 ms }"})},
    // v begins at the command of the step before
    {"a clamp on a waveform, let go", squid({.stimuli = k_waveform + "from = 1 ms, to = 4 ms }"}), 1},
    {"a synapse that decays", after_event("use std.synapses { ExpCond }", "ExpCond { tau = 3 ms, E = 0 mV }", "4 nS", "in.s, in.i")},
    {"a synapse that rises", after_event(k_rising, "Rising", "8 nS", "in.s, in.x")},
    {"a synapse that saturates", after_event(k_saturating, "Saturating", "0.7", "in.s, in.x")},
    {"NMDA, blocked by v", after_event("use std.synapses { NMDA }", "NMDA", "8 nS", "in.rise, in.decay, in.i")},
    {"a pulse of transmitter", after_event("use std.synapses { AMPA }", "AMPA", "8 nS", "in.s, in.i")},
    {"a pulse that opens in two steps", after_event("use std.synapses { BioNMDA }", "BioNMDA", "8 nS", "in.x, in.s, in.i")},
    {"an event that moves v", after_event(k_kick, "Kick", "3 mV", "INa.h")},
    {"a pool and a channel that it opens",
     squid({k_calcium, R"(temperature = 20 degC
  ion ca : Shell { out = 2 mM }
  channel ICa : CaT on ca    { g = 0.05 mS/cm^2 }
  channel IKC : KCa on k, ca { g = 1 mS/cm^2 })",
            k_step, "INa.m, ICa.p, ca.in, IKC.q"})},
    {"a GHK current into a pool", squid({k_calcium, R"(temperature = 20 degC
  ion ca : Shell { out = 2 mM }
  channel ICa : CaFlux on ca { P = 1e-6 cm/s })",
                                         k_step, "INa.m, ICa.p, ca.in"})},
    {"a kinetic scheme", squid({k_scheme, "channel IS : Scheme on k { g = 0.5 mS/cm^2 }", k_step, "INa.m, IS.O, IS.C"}), 2,
     "backward_euler"},
    {"a kinetic scheme and an event that moves v",
     after_event(k_scheme + k_kick, "Kick\n  channel IS : Scheme on k { g = 0.5 mS/cm^2 }", "3 mV", "IS.O, IS.C"), 2,
     "backward_euler"},
    {"states that read one another", own(R"(
  state a : mV = 0 mV
  state b : mV = 2 mV
  a' = (b - a + 0.3*v + 20 mV)/(1 ms)
  b' = (a - 2*b)/(1.5 ms)
  v' = (-65 mV - v + 2*a - b)/(2 ms)
  init v = -60 mV
)",
                                         "a, b")},
    {"an exponential rise and a reset", own(R"(
  state w : pA = 0 pA
  w' = (4 nS*(v + 70 mV) - w)/(5 ms)
  v' = (12 nS*(-70 mV - v) + 12 nS*2 mV*exp((v + 50 mV)/(2 mV)) - w + input)/(200 pF)
  init v = -70 mV
  spike when v > 0 mV
  reset { v = -58 mV, w += 60 pA }
)",
                                            "w", "  stimulus step -> N { amplitude = 0.25 nA, from = 1 ms }\n")},
    {"time in an equation", own(R"(
  state w : mV = 0 mV
  w' = (v + 60 mV)*sin(t/(1 ms))/(2 ms) - w/(1 ms)
  v' = (-70 mV - v + w + 10 mV*cos(t/(1.5 ms)))/(2 ms)
  init v = -70 mV
)",
                                "w")},
    // each takes the other's v of t_k
    {"a gap junction", squid({.stimuli = "gap g : N -> N { connect = all_to_all, conductance = 20 nS }\n"
                                         "  stimulus step -> N[0] { amplitude = 0.3 nA }",
                              .cells = 2}),
     1},
};

// A run's rows of one value a variable and cell.
struct Rows {
  size_t variables = 0;
  std::vector<double> values;

  // Of each variable the largest of what `of` says of its values.
  template <class Of>
  std::vector<double> largest(Of of) const {
    std::vector<double> out(variables, 0);
    for (size_t i = 0; i < values.size(); i++) out[i % variables] = std::max(out[i % variables], std::fabs(of(i)));
    return out;
  }
};

// A case with a method: read once and compiled once, for all dt.
class Simulated {
 public:
  Simulated(std::string text, const std::string& method) {
    text.replace(text.find("METHOD"), 6, method);
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "case.eic") << text;
    std::ofstream(folder_ / "event.csv") << "time_ms\n5\n";
    std::ofstream(folder_ / "clamp.csv") << "time_ms,v_mV\n0,-70\n2,-60\n4,-62\n";
    need(read_model(front_, (folder_ / "case.eic").string(), nullptr, {}));
    store_ = KernelStore::create(front_, simulation(), {});
    need(store_.has_value());
  }
  ~Simulated() { std::filesystem::remove_all(folder_); }
  Simulated(const Simulated&) = delete;

  Rows rows(int64_t dt_ns) {
    CompileOptions options;
    options.choices.dt = units::Decimal{dt_ns, -9};
    auto planned = plan_run(front_, simulation(), options);
    need(planned.has_value());
    auto kernels = store_->kernels(front_, *planned, simulation().span);
    need(kernels.has_value());
    const reference::Recorded recorded = reference::run(planned->run, *kernels);
    const auto& traces = recorded.traces.traces();  // one a variable
    Rows rows{traces.size(), {}};
    for (size_t row = 0; row < traces[0].values.size(); row++)
      for (const auto& trace : traces) rows.values.push_back(trace.values[row]);
    return rows;
  }

 private:
  const sema::Simulation& simulation() const { return front_.model->simulations[0]; }
  void need(bool good) {
    if (!good) BOOST_FAIL(diagnostics::render_text(front_.emitter, front_.sources, false));
  }

  std::filesystem::path folder_ = std::filesystem::temp_directory_path() / fmt::format("eic-leapfrog-{}", ::getpid());
  Front front_;
  std::optional<KernelStore> store_;
};

std::vector<double> differences(const Rows& a, const Rows& b) {
  BOOST_REQUIRE_EQUAL(a.values.size(), b.values.size());
  return a.largest([&](size_t i) { return a.values[i] - b.values[i]; });
}

void has_its_order(const Case& one) {
  const Rows other = Simulated(one.text, one.other).rows(k_fine_ns);
  Simulated leapfrog(one.text, "exp_leapfrog");
  const Rows fine = leapfrog.rows(k_fine_ns);
  std::vector<double> range = fine.largest([&](size_t i) { return fine.values[i] - fine.values[i % fine.variables]; });
  std::vector<double> size = fine.largest([&](size_t i) { return fine.values[i]; });
  std::vector<double> off = differences(fine, other), before;
  for (size_t k = 0; k < range.size(); k++)
    BOOST_TEST(off[k] <= one.agreement * range[k],
               one.name << ": variable " << k << " is " << off[k] << " from " << one.other << ", of " << range[k]);
  for (int64_t dt_ns : {50000, 25000, 12500}) {
    std::vector<double> now = differences(leapfrog.rows(dt_ns), fine);
    for (size_t k = 0; k < now.size() && !before.empty(); k++) {
      double order = std::log2(before[k] / now[k]);
      bool exact = now[k] <= k_rounding * size[k];
      fmt::print("{:42} dt {:.4f} ms: variable {} off by {:.2e} of {:.2g}, {}\n", one.name, static_cast<double>(dt_ns) / 1e6, k,
                 now[k], range[k], exact ? "rounding" : fmt::format("order {:.3f}", order));
      if (!exact) BOOST_TEST(std::fabs(order - one.order) <= 0.25, one.name << ": variable " << k << " has the order " << order);
    }
    before = now;
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(leapfrog_has_its_order_with_all_that_a_cell_may_have) {
  for (const Case& one : k_cases) has_its_order(one);
}
