// Figures of parameters alone, against their formulas.
#include <cmath>

#include "tests/figures/support.h"

namespace eic::test {

BOOST_AUTO_TEST_SUITE(membrane)

BOOST_AUTO_TEST_CASE(flagship) {
  Cell cell = file("models/cobahh.eic");
  figures::Membrane m = figures::membrane(cell.subject());
  constexpr double k_close = 1e-12;  // %
  BOOST_CHECK_CLOSE(*m.area, 20000, k_close);
  BOOST_CHECK_CLOSE(*m.capacitance, 0.2, k_close);            // 200 pF
  BOOST_CHECK_CLOSE(*m.specific_capacitance, 1e-5, k_close);  // 1 uF/cm^2
  BOOST_CHECK_CLOSE(m.leak, 0.01, k_close);                   // 10 nS
  BOOST_CHECK_CLOSE(*m.resistance, 100, k_close);
  BOOST_CHECK_CLOSE(*m.time_constant, 20, k_close);
  BOOST_CHECK_CLOSE(*m.reversal, -60, k_close);
  BOOST_REQUIRE_EQUAL(m.currents.size(), 5u);
  for (const figures::Conductance& conductance : m.currents) {
    const sema::Current& current = cell.cell().currents[conductance.current];
    BOOST_CHECK_EQUAL(conductance.leak, current.path == "IL");
    BOOST_CHECK_EQUAL(conductance.total.has_value(), !current.synaptic);
    if (current.path == "INa") BOOST_CHECK_CLOSE(*conductance.density, 1e-3, k_close);  // 100 mS/cm^2
    if (current.path == "IK") BOOST_CHECK_CLOSE(*conductance.total, 6, k_close);        // uS
    if (current.path == "IK") BOOST_CHECK_CLOSE(*conductance.reversal, -90, k_close);
  }
}

BOOST_AUTO_TEST_CASE(overrules_count) {
  Cell cell = file("models/cobahh_tutorial.eic");
  figures::Membrane m = figures::membrane(cell.subject());
  BOOST_CHECK_CLOSE(*m.time_constant, 200000, 1e-10);
  BOOST_CHECK_CLOSE(*m.resistance, 1e6, 1e-10);
  Cell mended = file("models/cobahh_tutorial.eic", {{"g_leak", "5e-5 S/cm^2"}});
  BOOST_CHECK_CLOSE(*figures::membrane(mended.subject()).time_constant, 20, 1e-10);
}

BOOST_AUTO_TEST_CASE(two_leaks) {
  Cell cell(R"(
use std.channels { Leak }
cell C {
  capacitance = 100 pF
  channel a : Leak { g = 3 nS, E = -90 mV }
  channel b : Leak { g = 1 nS, E = 10 mV }
  init v = -65 mV
}
)");
  figures::Membrane m = figures::membrane(cell.subject());
  BOOST_CHECK(!m.area && !m.specific_capacitance && !m.currents[0].density);
  BOOST_CHECK_CLOSE(m.leak, 0.004, 1e-10);
  BOOST_CHECK_CLOSE(*m.time_constant, 25, 1e-10);
  BOOST_CHECK_CLOSE(*m.reversal, -65, 1e-10);
}

// The largest conductance with gates open, where it reads v itself.
BOOST_AUTO_TEST_CASE(conductance_that_reads_v) {
  Cell cell(R"(
channel K(ion x) {
  param g : S
  gate n^2 { inf = 1/(1 + exp(-v/(5 mV))), tau = 1 ms }
  conductance g*n^2*(1 + heaviside(v - 20 mV))
}
cell C {
  capacitance = 100 pF
  ion k { E = -90 mV }
  channel IK : K on k { g = 5 nS }
  init v = -65 mV
}
)");
  figures::Membrane m = figures::membrane(cell.subject());
  BOOST_CHECK(!m.currents[0].leak && !m.resistance);
  BOOST_CHECK_CLOSE(*m.currents[0].total, 0.01, 1e-10);
}

BOOST_AUTO_TEST_CASE(own_voltage) {
  Cell cell(R"(
cell LIF {
  param { tau = 20 ms, R_m = 100 MOhm, E_L = -65 mV }
  v' = (E_L - v + R_m*input)/tau
  init v = E_L
  spike when v > -50 mV, refractory = 2 ms
  reset { v = -70 mV }
}
)");
  figures::Membrane m = figures::membrane(cell.subject());
  BOOST_CHECK_CLOSE(*m.time_constant, 20, 1e-10);
  BOOST_CHECK_CLOSE(*m.resistance, 100, 1e-10);
  BOOST_CHECK_CLOSE(*m.capacitance, 0.2, 1e-10);
  BOOST_CHECK_CLOSE(*m.reversal, -65, 1e-10);
}

// Against the two limits of which it is the smaller.
BOOST_AUTO_TEST_CASE(bound_of_an_event) {
  Cell cell = file("models/cobahh.eic");
  figures::Membrane m = figures::membrane(cell.subject());
  for (const figures::Port& port : m.ports) BOOST_CHECK(port.simple);
  double share = 1 - std::exp(-0.006 * 5 / 0.2);
  BOOST_CHECK_CLOSE(*figures::psp_bound(m, 0, 0.006, -65), 65 * share, 1e-10);
  BOOST_CHECK_CLOSE(*figures::psp_bound(m, 1, 0.067, -65), -15 * 0.067 / 0.077, 1e-10);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace eic::test
