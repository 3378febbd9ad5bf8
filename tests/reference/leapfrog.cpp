// exp_leapfrog: mean intervals of the reference cell against the exact solution. Its order is measured in methods.cpp and convergence.cpp.
#include <fmt/format.h>

#include <cmath>

#include "runtime/tables/csv.h"
#include "tests/reference/model_run.h"

using namespace eic;

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
