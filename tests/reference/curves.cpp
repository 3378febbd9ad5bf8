// Rates and steady states of the library's channels, as kernels compute them, against closed forms in long double
// (at, and on both sides of, every singular point) and against the reference simulator's own curves.
#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <map>

#include "runtime/tables/csv.h"
#include "tests/reference/model_run.h"

namespace {

using namespace eic;
using Rate = std::function<long double(long double v)>;

long double fraction(long double x) { return x == 0 ? 1 : x / std::expm1(x); }  // x/(e^x − 1)

struct Gate {
  std::string path, reference;  // in curves.eic, in curves.csv
  Rate alpha, beta;             // ms^-1
};

const std::vector<Gate>& gates() {
  using std::exp;
  using Real = long double;
  static const std::vector<Gate> all = {
      {"Na_HH.m", "Na_HH1952.m",
       [](Real v) { return fraction(-(v + 40) / 10); },
       [](Real v) { return 4 * exp(-(v + 65) / 18); }},
      {"Na_HH.h", "Na_HH1952.h",
       [](Real v) { return 0.07L * exp(-(v + 65) / 20); },
       [](Real v) { return 1 / (1 + exp(-(v + 35) / 10)); }},
      {"K_HH.n", "K_HH1952.n",
       [](Real v) { return 0.1L * fraction(-(v + 55) / 10); },
       [](Real v) { return 0.125L * exp(-(v + 65) / 80); }},
      {"Na_TM.m", "Na_TM1991.m",
       [](Real v) { return 1.28L * fraction((-50 - v) / 4); },
       [](Real v) { return 1.4L * fraction((v + 23) / 5); }},
      {"Na_TM.h", "Na_TM1991.h",
       [](Real v) { return 0.128L * exp((-46 - v) / 18); },
       [](Real v) { return 4 / (1 + exp((-23 - v) / 5)); }},
      {"K_TM.n", "K_TM1991.n",
       [](Real v) { return 0.16L * fraction((-45 - v) / 5); },
       [](Real v) { return 0.5L * exp((-50 - v) / 40); }},
  };
  return all;
}

// Of one population at t = 0, where v is what its file gave: a column a variable.
using Columns = std::map<std::string, std::vector<double>>;

Columns at_start(const std::string& population) {
  auto front = reference::load("tests/reference/curves.eic");
  sema::Simulation& simulation = front->model->simulations[0];
  sema::Recording recording;
  const auto& populations = front->model->networks[simulation.network].populations;
  while (populations[recording.of.population].name != population) recording.of.population++;
  recording.variables = {"v"};
  for (const Gate& gate : gates())
    for (const char* what : {"", ".alpha", ".beta"}) recording.variables.push_back(gate.path + what);
  recording.file = "curves";
  simulation.recordings = {recording};
  Compiled made = reference::compiled(*front);
  reference::Recorded recorded = reference::run(made.planned.run, made.kernels);
  const auto& trace = recorded.traces.traces()[0];
  BOOST_REQUIRE_EQUAL(trace.steps[0], 0);
  Columns columns;
  for (size_t i = 0; i < recording.variables.size(); i++)
    for (size_t cell = 0; cell < trace.cells; cell++)
      columns[recording.variables[i]].push_back(trace.at(0, i * trace.cells + cell));
  return columns;
}

struct Worst {
  double error = 0, v = 0;
  void see(double got, long double wanted, double at) {
    double off = static_cast<double>(std::fabs((got - wanted) / wanted));
    if (!(off <= error)) error = off, v = at;
  }
};

void print(const std::string& what, const Worst& worst) {
  fmt::print("{:16} off by at most {:.1e} of its value, at {} mV\n", what, worst.error, worst.v);
}

}  // namespace

BOOST_AUTO_TEST_CASE(rates_are_the_closed_forms) {
  Columns got = at_start("Closed");
  const std::vector<double>& v = got["v"];
  for (double singular : {-40.0, -55.0, -50.0, -23.0, -45.0}) BOOST_TEST(std::count(v.begin(), v.end(), singular) == 1);
  for (const Gate& gate : gates()) {
    Worst alpha, beta, start;
    for (size_t i = 0; i < v.size(); i++) {
      long double a = gate.alpha(v[i]), b = gate.beta(v[i]);
      alpha.see(got[gate.path + ".alpha"][i], a, v[i]);
      beta.see(got[gate.path + ".beta"][i], b, v[i]);
      start.see(got[gate.path][i], a / (a + b), v[i]);
    }
    for (const auto& [what, worst] : {std::pair{".alpha", alpha}, {".beta", beta}, {".inf", start}}) {
      print(gate.path + what, worst);
      BOOST_TEST(worst.error < 2e-14, gate.path << what << " at " << worst.v << " mV");
    }
  }
}

BOOST_AUTO_TEST_CASE(curves_are_the_reference_simulators) {
  Columns got = at_start("Given");
  for (const Gate& gate : gates()) {
    const std::string file = "curves.csv.gz";
    std::vector<std::string> names = {gate.reference + ".inf", gate.reference + ".tau_ms"};
    auto wanted = tables::read_columns(reference::path("tests/reference/data/library/" + file), file, names, {});
    BOOST_REQUIRE(wanted.ok());
    BOOST_REQUIRE_EQUAL((*wanted)[0].size(), got["v"].size());
    Worst inf, tau;
    for (size_t i = 0; i < got["v"].size(); i++) {
      inf.see(got[gate.path][i], (*wanted)[0][i], got["v"][i]);
      tau.see(1 / (got[gate.path + ".alpha"][i] + got[gate.path + ".beta"][i]), (*wanted)[1][i], got["v"][i]);
    }
    print(names[0], inf);
    print(names[1], tau);
    BOOST_TEST(inf.error < 1e-11, names[0] << " at " << inf.v << " mV");
    BOOST_TEST(tau.error < 1e-11, names[1] << " at " << tau.v << " mV");
  }
}
