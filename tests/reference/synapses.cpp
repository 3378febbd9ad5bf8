// One event into ExpCond and into ExpCurr: nothing before it arrives, exactly its weight in the step of arrival, then the
// exact exponential; the current is outward positive, so that a positive weight depolarises.
#include <cmath>

#include "tests/reference/model_run.h"

namespace {

using namespace eic;

// Internal units: uS, nA, ms. `arrives` is the row at which the recorded state first holds the event.
void jumps_and_decays(const record::TraceStore::Trace& trace, uint64_t arrives, double weight, double tau) {
  for (size_t row = 0; row < trace.steps.size(); row++) {
    double got = trace.at(row, 0);
    if (row < arrives) BOOST_TEST(got == 0.0);
    else if (row == arrives) BOOST_TEST(got == weight);
    else BOOST_TEST(std::fabs(got / (weight * std::exp(-0.1 * static_cast<double>(row - arrives) / tau)) - 1) < 1e-13);
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_event_jumps_and_decays_exactly) {
  auto front = reference::load("tests/reference/synapses.eic");
  Compiled made = reference::compiled(*front);
  reference::Recorded recorded = reference::run(made.planned.run, made.kernels);
  const auto& spikes = recorded.spikes.populations()[0].steps;
  BOOST_REQUIRE_EQUAL(spikes.size(), 1);
  // a spike of step k with a delay of d steps acts in step k + d, whose row is the next
  const auto& traces = recorded.traces.traces();
  BOOST_REQUIRE_EQUAL(traces.size(), 5);
  jumps_and_decays(traces[0], spikes[0] + 5 + 1, 0.006, 5);
  jumps_and_decays(traces[1], spikes[0] + 12 + 1, 0.04, 3);
  for (size_t row = 0; row < traces[1].steps.size(); row++) BOOST_TEST(traces[3].at(row, 0) == -traces[1].at(row, 0));
}
