// Steady states, fixed points, firing, curves and events, against formulas, known values and the program itself.
#include <fmt/format.h>
#include <chrono>

#include <cmath>

#include "tests/figures/support.h"

namespace eic::test {

namespace {

double milliseconds(const std::function<void()>& what) {
  auto began = std::chrono::steady_clock::now();
  what();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
}

const std::string k_passive = R"(
use std.channels { Leak }
use std.synapses { ExpCond, ExpCurr }
cell P {
  capacitance = 200 pF
  channel IL : Leak { g = 10 nS, E = -65 mV }
  synapse cond : ExpCond { tau = 5 ms, E = 0 mV }
  synapse curr : ExpCurr { tau = 5 ms }
  init v = -65 mV
}
)";

// Hodgkin and Huxley (1952), rest at -65 mV in absolute terms.
const std::string k_squid = R"(
use std.channels { Na_HH1952, K_HH1952, Leak }
cell Squid {
  area = 20000 um^2
  capacitance = 1 uF/cm^2
  ion na { E = 50 mV }
  ion k  { E = -77 mV }
  channel INa : Na_HH1952 on na { g = 120 mS/cm^2 }
  channel IK  : K_HH1952  on k  { g = 36 mS/cm^2 }
  channel IL  : Leak { g = 0.3 mS/cm^2, E = -54.387 mV }
  init v = -65 mV
  spike when v crosses 0 mV
}
)";

// A cubic with zeros at -70, -50 and -20 mV: two stable states and a threshold between them.
const std::string k_bistable = R"(
cell B {
  v' = -(v + 70 mV)*(v + 50 mV)*(v + 20 mV)/(1000 mV^2)/(1 ms) + input*(1 MOhm)/(1 ms)
  init v = -70 mV
}
)";

}  // namespace

BOOST_AUTO_TEST_SUITE(dynamics)

BOOST_AUTO_TEST_CASE(passive_cell_has_one_rest) {
  Cell cell(k_passive);
  figures::Dynamics dynamics(cell.subject());
  BOOST_REQUIRE_EQUAL(dynamics.fixed_points().size(), 1u);
  const figures::FixedPoint& point = dynamics.fixed_points()[0];
  BOOST_CHECK(point.stable && point.reached);
  BOOST_CHECK_SMALL(point.v() + 65, 1e-10);
  BOOST_CHECK_CLOSE(point.eigenvalues[0].real(), -1.0 / 20, 1e-9);  // the membrane's, then the synapses'
  BOOST_CHECK_CLOSE(point.eigenvalues[1].real(), -1.0 / 5, 1e-9);
  BOOST_CHECK_CLOSE(*dynamics.resistance_at(point.states), 100, 1e-9);
  BOOST_CHECK_CLOSE(*dynamics.time_constant_at(point.states), 20, 1e-9);
  BOOST_CHECK_CLOSE(*dynamics.steady_current(-55), 0.1, 1e-9);  // 10 nS over 10 mV
  BOOST_CHECK_CLOSE(dynamics.fixed_points(0.1)[0].v(), -55, 1e-9);
  BOOST_CHECK(dynamics.can_rest() == true);
}

BOOST_AUTO_TEST_CASE(squid_rests_where_it_should) {
  Cell cell(k_squid);
  figures::Dynamics dynamics(cell.subject(), 0.01);
  BOOST_REQUIRE_EQUAL(dynamics.fixed_points().size(), 1u);
  const figures::FixedPoint* rest = dynamics.rest();
  BOOST_REQUIRE(rest);
  BOOST_CHECK_SMALL(rest->v() + 65, 0.01);
  BOOST_CHECK_CLOSE(rest->states[cell.state("INa.m")], 0.0529, 0.5);
  BOOST_CHECK_CLOSE(rest->states[cell.state("INa.h")], 0.5961, 0.5);
  BOOST_CHECK_CLOSE(rest->states[cell.state("IK.n")], 0.3177, 0.5);
  // between two Hopf points, at about 10 and 150 uA/cm^2, it does not rest
  double area = 20000e-8;  // cm^2
  auto stable = [&](double density) {
    auto points = dynamics.fixed_points(density * area * 1e3);
    BOOST_REQUIRE_EQUAL(points.size(), 1u);
    return points[0].stable;
  };
  BOOST_CHECK(stable(8) && !stable(12) && !stable(140) && stable(165));
  // its fixed points are zeros of the rates
  for (double rate : dynamics.rates(rest->states)) BOOST_CHECK_SMALL(rate, 1e-12);
}

BOOST_AUTO_TEST_CASE(all_points_of_a_bistable_cell) {
  Cell cell(k_bistable);
  figures::Dynamics dynamics(cell.subject());
  const auto& points = dynamics.fixed_points();
  BOOST_REQUIRE_EQUAL(points.size(), 3u);
  const double expected[] = {-70, -50, -20}, slopes[] = {-1.0, 0.6, -1.5};
  for (size_t i = 0; i < 3; i++) {
    BOOST_CHECK_SMALL(points[i].v() - expected[i], 1e-9);
    BOOST_CHECK_CLOSE(points[i].eigenvalues[0].real(), slopes[i], 1e-6);
    BOOST_CHECK_EQUAL(points[i].stable, i != 1);
  }
  BOOST_CHECK_EQUAL(dynamics.rest(), &points[0]);
}

// Just before two points meet, they are 0.02 mV apart: closer than the grid that is searched.
BOOST_AUTO_TEST_CASE(points_close_to_each_other) {
  Cell cell("cell S { v' = ((v + 60.1 mV)^2 - 0.0001 mV^2)/(1 mV*1 ms)\n init v = -65 mV }");
  figures::Dynamics dynamics(cell.subject());
  BOOST_REQUIRE_EQUAL(dynamics.fixed_points().size(), 2u);
  BOOST_CHECK_SMALL(dynamics.fixed_points()[0].v() + 60.11, 1e-8);
  BOOST_CHECK(dynamics.fixed_points()[0].stable && !dynamics.fixed_points()[1].stable);
}

BOOST_AUTO_TEST_CASE(states_that_depend_on_each_other) {
  Cell cell(R"(
cell A {
  state a : mV = 0 mV
  state b : mV = 0 mV
  a' = (v + 65 mV - a - 0.5*b)/(10 ms)
  b' = (0.5*a - b)/(3 ms)
  v' = (-65 mV - v - 2*a)/(5 ms)
  init v = -60 mV
}
)");
  figures::Dynamics dynamics(cell.subject());
  auto states = dynamics.steady(-55);
  BOOST_REQUIRE(states);
  BOOST_CHECK_CLOSE((*states)[1], 8, 1e-9);  // a = u - b/2, b = a/2
  BOOST_CHECK_CLOSE((*states)[2], 4, 1e-9);
  BOOST_REQUIRE(dynamics.rest());
  BOOST_CHECK_SMALL(dynamics.rest()->v() + 65, 1e-9);
}

BOOST_AUTO_TEST_CASE(beyond_threshold_is_no_rest) {
  auto lif = [](const char* rest) {
    return fmt::format(
        "cell L {{ v' = ({} - v)/(20 ms)\n init v = -65 mV\n spike when v crosses -50 mV\n reset {{ v = -65 mV }} }}", rest);
  };
  Cell silent(lif("-55 mV")), tonic(lif("-40 mV"));
  figures::Dynamics rests(silent.subject(), 0.01), fires(tonic.subject(), 0.01);
  BOOST_CHECK(rests.rest() && rests.can_rest() == true);
  BOOST_CHECK_EQUAL(rests.firing().rate, 0);
  BOOST_CHECK(!fires.rest() && fires.can_rest() == false);
  figures::Firing firing = fires.firing();
  BOOST_CHECK(firing.settled);
  BOOST_CHECK_CLOSE(firing.rate, 1000 / (20 * std::log(25.0 / 10)), 0.2);
}

BOOST_AUTO_TEST_CASE(integrator_rests_anywhere) {
  Cell cell("cell I { v' = input*(1 MOhm)/(1 ms)\n init v = -65 mV }");
  figures::Dynamics dynamics(cell.subject());
  BOOST_CHECK(dynamics.fixed_points().empty());
  BOOST_CHECK(dynamics.can_rest() == true);
}

// Rates as `eic run` gives them for one such cell from -65 mV over 2 s, by the step.
BOOST_AUTO_TEST_CASE(flagship_fires_without_input) {
  Cell cell = file("models/cobahh.eic");
  for (auto [dt, rate] : {std::pair{0.1, 13.378}, {0.025, 13.7176}, {0.01, 13.7984}}) {
    figures::Dynamics dynamics(cell.subject(), dt);
    BOOST_CHECK(!dynamics.rest());
    BOOST_CHECK(dynamics.can_rest() == false);
    figures::Firing firing = dynamics.firing();
    BOOST_CHECK(firing.settled);
    BOOST_CHECK_CLOSE(firing.rate, rate, 0.05);
  }
}

BOOST_AUTO_TEST_CASE(curves_are_the_formulas) {
  Cell cell = file("models/cobahh.eic");
  figures::Dynamics dynamics(cell.subject());
  std::vector<double> voltages = {-90, -50, -48, 0, 30};  // -50 and -48 are singular in alpha of m and n
  auto curves = dynamics.gate_curves(voltages);
  BOOST_REQUIRE_EQUAL(curves.size(), 3u);
  auto vtrap = [](double x, double k) { return std::fabs(x) < 1e-9 ? k : x / std::expm1(x / k); };
  for (size_t i = 0; i < voltages.size(); i++) {
    double w = voltages[i] + 63;
    auto compare = [&](const char* path, double alpha, double beta) {
      uint32_t state = cell.state(path);
      for (const figures::GateCurve& curve : curves)
        if (curve.state == state) {
          BOOST_CHECK_CLOSE(curve.inf[i], alpha / (alpha + beta), 1e-9);
          BOOST_CHECK_CLOSE(curve.tau[i], 1 / (alpha + beta), 1e-9);
        }
    };
    compare("INa.m", 0.32 * vtrap(13 - w, 4), 0.28 * vtrap(w - 40, 5));
    compare("INa.h", 0.128 * std::exp((17 - w) / 18), 4 / (1 + std::exp((40 - w) / 5)));
    compare("IK.n", 0.032 * vtrap(15 - w, 5), 0.5 * std::exp((10 - w) / 40));
  }
}

BOOST_AUTO_TEST_CASE(fastest_time_constant) {
  Cell passive(k_passive);
  figures::Dynamics quiet(passive.subject());
  auto fastest = quiet.fastest();
  BOOST_REQUIRE(fastest);
  BOOST_CHECK_CLOSE(fastest->tau, 5, 1e-9);
  BOOST_CHECK(!quiet.fastest_frozen());
  Cell cell = file("models/cobahh.eic");
  figures::Dynamics dynamics(cell.subject());
  auto m = dynamics.fastest(cell.state("INa.m"));
  double most = 0;
  for (int v = -100; v <= 50; v++) {
    double w = v + 63;
    auto vtrap = [](double x, double k) { return x == 0 ? k : x / std::expm1(x / k); };
    most = std::max(most, 0.32 * vtrap(13 - w, 4) + 0.28 * vtrap(w - 40, 5));
  }
  BOOST_CHECK_CLOSE(m->tau, 1 / most, 1e-9);
  BOOST_CHECK_LE(dynamics.fastest()->tau, m->tau);
  Cell bistable(k_bistable);
  auto frozen = figures::Dynamics(bistable.subject()).fastest_frozen();
  BOOST_REQUIRE(frozen);
  BOOST_CHECK_EQUAL(frozen->state, 0u);
  BOOST_CHECK_CLOSE(frozen->tau, 1000.0 / (120 * 100 + 120 * 70 + 100 * 70), 1e-6);  // at 50 mV
}

// v(t) = w·R·τ/(τ_m − τ)·(exp(−t/τ_m) − exp(−t/τ)) for a current that decays.
BOOST_AUTO_TEST_CASE(peak_of_one_event) {
  Cell cell(k_passive);
  figures::Dynamics dynamics(cell.subject());
  constexpr double k_tau = 5, k_membrane = 20, k_resistance = 100, k_weight = 0.05;
  double time = std::log(k_membrane / k_tau) / (1 / k_tau - 1 / k_membrane);
  double peak = k_weight * k_resistance * k_tau / (k_membrane - k_tau) * (std::exp(-time / k_membrane) - std::exp(-time / k_tau));
  figures::Psp psp = dynamics.psp(1, k_weight);
  BOOST_CHECK_SMALL(psp.from + 65, 1e-9);
  BOOST_CHECK_CLOSE(psp.passive, peak, 0.01);
  BOOST_CHECK_CLOSE(psp.full, peak, 1);  // of the program's step, dt = 0.025 ms
  BOOST_CHECK_SMALL(psp.time - time, 0.1);
  BOOST_REQUIRE(psp.bound);
  BOOST_CHECK_GE(*psp.bound, psp.passive);
  for (double weight : {1e-4, 1e-2, 1.0, 100.0}) {  // uS: up to where the synapse alone decides
    figures::Psp one = dynamics.psp(0, weight);
    BOOST_REQUIRE(one.bound);
    BOOST_CHECK_GT(one.passive, 0);
    BOOST_CHECK_LE(one.passive, *one.bound * (1 + 1e-6));
    BOOST_CHECK_LE(*one.bound, 65);
  }
}

BOOST_AUTO_TEST_CASE(an_event_that_fires) {
  Cell cell(
      "use std.synapses { ExpCurr }\n"
      "cell L { synapse s : ExpCurr { tau = 2 ms }\n v' = (-65 mV - v + 100 MOhm*input)/(20 ms)\n init v = -65 mV\n"
      " spike when v crosses -50 mV\n reset { v = -65 mV } }");
  figures::Dynamics dynamics(cell.subject());
  BOOST_CHECK(!dynamics.psp(0, 0.1).fires);
  figures::Psp strong = dynamics.psp(0, 3);
  BOOST_CHECK(strong.fires);
  BOOST_CHECK_GT(strong.passive, 15);
}

BOOST_AUTO_TEST_CASE(quick_enough) {
  Cell cell = file("models/cobahh.eic");
  double quick = 1e9, full = 1e9;
  for (int round = 0; round < 5; round++) {
    quick = std::min(quick, milliseconds([&] { figures::membrane(cell.subject()); }));
    full = std::min(full, milliseconds([&] {
                      figures::Dynamics dynamics(cell.subject());
                      BOOST_CHECK(dynamics.can_rest() == false);
                      BOOST_CHECK_GT(dynamics.firing().rate, 0);
                    }));
  }
  BOOST_TEST_MESSAGE("membrane " << quick << " ms, dynamics " << full << " ms");
  BOOST_CHECK_LT(quick, 10);  // built without optimisation and with sanitizers, too
  BOOST_CHECK_LT(full, 2000);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace eic::test
