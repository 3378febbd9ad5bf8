// The error against the exact solution (scipy, tests/reference/data/exact) falls with the first power of dt for `exp_euler`,
// with the second for `exp_leapfrog`.
//
// Measured where it is a clean quantity: up to 1 ms before the exact first spike, as the largest error of v at the samples,
// and as the time of the first spike, interpolated within its step by a cubic. Later spikes are no measure: at 0.1 ms each interval of
// `exp_euler` is several per cent too long, so that the shifts of phase add up beyond the range in which an order shows; the
// time on the grid is none either, since rounding up to a step adds up to one dt of its own. And after one event from rest: v,
// m and n at all samples.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "runtime/tables/csv.h"
#include "tests/reference/model_run.h"

namespace {

using namespace eic;

constexpr double k_threshold = -20;                                  // mV, of the exact spike times
constexpr std::array<int64_t, 4> k_steps_ns = {100000, 50000, 25000, 12500};

struct Exact {
  std::vector<double> ms, v;
  double first_spike = 0;
};

std::vector<std::vector<double>> read(const std::string& file, const std::vector<std::string>& columns) {
  auto read = tables::read_columns(reference::path("tests/reference/data/exact/" + file), file, columns, {});
  BOOST_REQUIRE(read.ok());
  return *read;
}

Exact exact(int current_pA) {
  auto trace = read(fmt::format("trace_I{}.csv.gz", current_pA), {"time_ms", "v_mV"});
  auto spikes = read("spikes.csv", {"current_pA", "time_ms"});
  auto first = std::find(spikes[0].begin(), spikes[0].end(), current_pA);
  BOOST_REQUIRE(first != spikes[0].end());
  return {trace[0], trace[1], spikes[1][static_cast<size_t>(first - spikes[0].begin())]};
}

struct Errors {
  double v = 0, spike = 0;  // mV, ms
};

struct Ran {
  reference::Recorded recorded;
  double dt = 0;
};

Ran ran(Front& front, const char* method, int64_t dt_ns) {
  front.model->simulations[0].method = method;
  CompileOptions options;
  options.choices.dt = units::Decimal{dt_ns, -9};
  Compiled made = reference::compiled(front, options);
  return {reference::run(made.planned.run, made.kernels), made.planned.run.dt};
}

// Where between the middle two of four samples a cubic through all of them meets the threshold: what is left is of dt^4.
double crossing_of_cubic(std::span<const double> v) {
  double low = 0, high = 1;
  for (int i = 0; i < 60; i++) {
    double x = (low + high) / 2;
    double at = -v[0] * x * (x - 1) * (x - 2) / 6 + v[1] * (x + 1) * (x - 1) * (x - 2) / 2 - v[2] * (x + 1) * x * (x - 2) / 2 +
                v[3] * (x + 1) * x * (x - 1) / 6;
    (at < k_threshold ? low : high) = x;
  }
  return high;
}

Errors errors(Front& front, const char* method, const Exact& exact, int64_t dt_ns) {
  auto [recorded, dt] = ran(front, method, dt_ns);
  const std::vector<double>& v = recorded.traces.traces()[0].values;
  Errors errors;
  for (size_t i = 0; exact.ms[i] <= exact.first_spike - 1; i++) {
    auto row = static_cast<size_t>(std::llround(exact.ms[i] / dt));
    errors.v = std::max(errors.v, std::fabs(v[row] - exact.v[i]));
  }
  size_t after = 0;
  while (v[after] < k_threshold) BOOST_REQUIRE_LT(++after, v.size());
  double crossing = dt * (static_cast<double>(after) - 1 + crossing_of_cubic(std::span(v).subspan(after - 2, 4)));
  errors.spike = std::fabs(crossing - exact.first_spike);
  return errors;
}

void has_order(const char* method, int order) {
  for (int current_pA : {200, 500, 1000}) {
    Exact wanted = exact(current_pA);
    auto front = reference::load("tests/reference/exact.eic", {{"current", fmt::format("{} pA", current_pA)}});
    std::optional<Errors> coarser;
    for (int64_t dt_ns : k_steps_ns) {
      Errors now = errors(*front, method, wanted, dt_ns);
      double dt_ms = static_cast<double>(dt_ns) / 1e6;
      fmt::print("{:12} {:4} pA, dt {:6} ms: v off by {:.3e} mV, first spike by {:.3e} ms", method, current_pA, dt_ms, now.v, now.spike);
      if (coarser) {
        double of_v = std::log2(coarser->v / now.v), of_spike = std::log2(coarser->spike / now.spike);
        fmt::print(", orders {:.3f} and {:.3f}", of_v, of_spike);
        BOOST_TEST(std::fabs(of_v - order) <= 0.2);
        // an order is of the limit: steps of 0.1 ms are too coarse for the upstroke of a spike to show it
        if (dt_ns == k_steps_ns.back()) BOOST_TEST(std::fabs(of_spike - order) <= 0.1);
      }
      fmt::print("\n");
      coarser = now;
    }
  }
}

// One event that arrives on a step's boundary, at 5 ms: at rest before it, as the exact solution is at 0.
void has_order_after_event(const char* method, int order, const std::string& file, const std::vector<SetOption>& event) {
  constexpr double k_begin_ms = 5;
  auto exact = read(file, {"time_ms", "v_mV", "m", "n"});
  auto front = reference::load("tests/reference/exact_event.eic", event);
  std::optional<std::array<double, 3>> coarser;
  for (int64_t dt_ns : k_steps_ns) {
    auto [recorded, dt] = ran(*front, method, dt_ns);
    const auto& traces = recorded.traces.traces();  // of v, m, n
    std::array<double, 3> now{};
    for (size_t i = 0; i < exact[0].size(); i++) {
      auto row = static_cast<size_t>(std::llround((exact[0][i] + k_begin_ms) / dt));
      if (row >= traces[0].steps.size()) break;
      for (size_t k = 0; k < now.size(); k++) now[k] = std::max(now[k], std::fabs(traces[k].at(row, 0) - exact[k + 1][i]));
    }
    for (size_t k = 0; k < now.size(); k++) {
      double of = coarser ? std::log2((*coarser)[k] / now[k]) : order;
      fmt::print("{:12} {}, dt {:6} ms: {} off by {:.3e}, order {:.3f}\n", method, file, static_cast<double>(dt_ns) / 1e6,
                 "vmn"[k], now[k], of);
      BOOST_TEST(std::fabs(of - order) <= 0.2);
    }
    coarser = now;
  }
}

void has_order_after_events(const char* method, int order) {
  has_order_after_event(method, order, "epsp_6nS_hold-70.csv.gz", {{"w_exc", "6 nS"}, {"w_inh", "0 nS"}});
  has_order_after_event(method, order, "ipsp_67nS_hold-70.csv.gz", {{"w_exc", "0 nS"}, {"w_inh", "67 nS"}});
}

}  // namespace

BOOST_AUTO_TEST_CASE(exp_euler_is_of_first_order) { has_order("exp_euler", 1); }
BOOST_AUTO_TEST_CASE(exp_leapfrog_is_of_second_order) { has_order("exp_leapfrog", 2); }
BOOST_AUTO_TEST_CASE(exp_euler_is_of_first_order_after_an_event) { has_order_after_events("exp_euler", 1); }
BOOST_AUTO_TEST_CASE(exp_leapfrog_is_of_second_order_after_an_event) { has_order_after_events("exp_leapfrog", 2); }
