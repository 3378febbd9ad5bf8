// Every method of compiler/sema/methods.def: its order, measured, and what it does to a stiff cell. What the methods give step
// by step is compared with other simulators in methods.eic.
//
// The cell of the order is the squid's axon below threshold, driven by a constant current and by a synapse that has received
// one event: all equations are smooth from the start on, so the error falls with the order of the method. The synapse starts at
// g·e^(dt/τ), since its first decay comes before the first step: it is then g·e^(−t/τ) at every t, for every dt. exp_leapfrog takes
// it as it is at t = 0.
#include <fmt/format.h>

#include <cmath>

#include "tests/reference/model_run.h"

namespace {

using namespace eic;

struct Method {
  const char* name;
  int order;
  bool explicit_one;
};
constexpr Method k_methods[] = {
#define EIC_METHOD(name, order, family) {#name, order, std::string_view(#family) == "Explicit"},
#include "compiler/sema/methods.def"
#undef EIC_METHOD
};

const std::string k_smooth = R"(
use std.channels { Na_HH1952, K_HH1952, Leak }
use std.synapses { ExpCond }
cell Axon {
  area        = 20000 um^2
  capacitance = 1 uF/cm^2
  ion na { E =  50 mV }
  ion k  { E = -77 mV }
  channel INa : Na_HH1952 on na { g = 120 mS/cm^2 }
  channel IK  : K_HH1952  on k  { g =  36 mS/cm^2 }
  channel IL  : Leak            { g = 0.3 mS/cm^2, E = -54.4 mV }
  synapse exc : ExpCond { tau = 5 ms, E = 0 mV }
  init { v = -65 mV, exc.s = 2 nS * exp(AHEAD/(5 ms)) }
}
network Net { population N : Axon[1], stimulus step -> N { amplitude = 0.2 nA } }
simulate run of Net { duration = 8 ms, dt = 0.1 ms, method = METHOD, record v, INa.m, IK.n of N every 0.8 ms }
)";

// Two concentrations that exchange within 10 us, as those of neighbouring shells do, and a leak.
const std::string k_stiff = R"(
cell Stiff {
  state a : uM = 0 uM
  state b : uM = 0 uM
  a' = 100 ms^-1*(b - a) + 0.02 uM/ms
  b' = 100 ms^-1*(a - b) - b/(20 ms)
  v' = (-70 mV - v + 10 mV/uM * b) / (10 ms)
  init v = -70 mV
}
network Net { population N : Stiff[1] }
simulate run of Net { duration = 50 ms, dt = 0.1 ms, method = METHOD, record a, b, v of N every 5 ms }
)";

// All that is recorded, row by row; nothing where the run ends in a fault.
std::vector<double> values(std::string text, const std::string& method, int64_t dt_ns) {
  text.replace(text.find("METHOD"), 6, method);
  if (size_t ahead = text.find("AHEAD"); ahead != std::string::npos) text.replace(ahead, 5, method == "exp_leapfrog" ? "0 ms" : "dt");
  Front front;
  BOOST_REQUIRE(read_model(front, "method.eic", &text, {}));
  CompileOptions options;
  options.choices.dt = units::Decimal{dt_ns, -9};
  Compiled made = reference::compiled(front, options);
  auto engine = engine::Engine::build(made.planned.run, made.kernels, {});
  BOOST_REQUIRE(engine.ok());
  record::TraceStore traces;
  record::Recorder* recorders[] = {&traces};
  if (engine->run(recorders).outcome != record::Outcome::Complete) return {};
  std::vector<double> all;
  for (const auto& trace : traces.traces()) all.insert(all.end(), trace.values.begin(), trace.values.end());
  return all;
}

// The largest difference of each third: of v, of m and of n.
std::array<double, 3> errors(const std::vector<double>& found, const std::vector<double>& exact) {
  BOOST_REQUIRE_EQUAL(found.size(), exact.size());
  std::array<double, 3> worst{};
  for (size_t i = 0; i < found.size(); i++) {
    double& one = worst[i * 3 / found.size()];
    one = std::max(one, std::fabs(found[i] - exact[i]));
  }
  return worst;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_method_is_of_the_order_it_claims) {
  constexpr double k_margin = 0.15;
  const char* names[] = {"v", "m", "n"};
  std::vector<double> exact = values(k_smooth, "rk4", 500);  // an error below 1e-11 mV, as its own order says
  for (const Method& method : k_methods) {
    std::array<double, 3> before{};
    for (int64_t dt_ns : {50000, 25000, 12500}) {  // beyond that, rounding shows in rk4
      std::array<double, 3> now = errors(values(k_smooth, method.name, dt_ns), exact);
      for (size_t i = 0; i < now.size() && before[0] > 0; i++) {
        double order = std::log2(before[i] / now[i]);
        double dt_ms = static_cast<double>(dt_ns) / 1e6;
        fmt::print("{:14} dt {:.4f} ms: {} off by {:.2e}, order {:.3f}\n", method.name, dt_ms, names[i], now[i], order);
        BOOST_TEST(std::fabs(order - method.order) <= k_margin, method.name << " has the order " << order << " in " << names[i]);
      }
      before = now;
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_stiff_needs_a_method_that_is_not_explicit) {
  std::vector<double> exact = values(k_stiff, "rk4", 1000);
  BOOST_REQUIRE(!exact.empty());
  double scale = std::fabs(exact.back() + 70);
  for (const Method& method : k_methods) {
    std::vector<double> found = values(k_stiff, method.name, 100000);  // twenty times the fastest time constant
    double off = found.empty() ? HUGE_VAL : std::fabs(found.back() - exact.back());
    fmt::print("{:14} v at the end off by {:.2e} of {:.3f} mV\n", method.name, off, scale);
    if (method.explicit_one) BOOST_TEST(!(off < 1e6), method.name << " should have blown up");
    if (method.name == std::string("backward_euler")) BOOST_TEST(off < 0.02 * scale);
  }
}
