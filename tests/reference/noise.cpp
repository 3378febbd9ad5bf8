// White noise in equations: the Ornstein-Uhlenbeck process against what the discrete update has exactly as its mean, variance and
// correlation in time, at steps so long that the continuous process has others; and that each number belongs to its place.
#include <fmt/format.h>

#include <cmath>

#include "tests/reference/model_run.h"

namespace {

using namespace eic;

constexpr double k_sigma = 3, k_tau = 10, k_cells = 20000;  // mV, ms

// The largest deviations that chance gives, four standard errors.
constexpr double k_chance = 4;

struct Sample {
  std::vector<double> x, y, x_before;
};

Sample run(const std::string& method, double dt, const std::string& more = "", uint64_t seed = 1, uint32_t width = 0) {
  std::string text = fmt::format(R"(
cell OU {{
  param {{ sigma = {} mV, tau = {} ms, mu = 2 mV }}
  let drive = sigma*sqrt(2/tau)*noise
  state x : mV = 2 mV
  state y : mV = 0 mV
  x' = (mu - x)/tau + drive
  y' = -y/tau + drive
  v' = -v/tau
  init v = 0 mV
}}
network Net {{ {} population N : OU[{}] }}
simulate run of Net {{ duration = {} ms, dt = {} ms, method = {}, seed = {}, record x, y of N every {} ms }}
)",
                                 k_sigma, k_tau, more, k_cells, 40 * dt, dt, method, seed, dt);
  Front front;
  BOOST_REQUIRE_MESSAGE(read_model(front, "noise.eic", &text, {}), text);
  CompileOptions options;
  options.width = width;
  Compiled made = reference::compiled(front, options);
  reference::Recorded recorded = reference::run(made.planned.run, made.kernels);
  auto row = [&](size_t trace, size_t row) {
    const auto& of = recorded.traces.traces()[trace];
    return std::vector<double>(of.values.begin() + static_cast<std::ptrdiff_t>(row * of.width),
                               of.values.begin() + static_cast<std::ptrdiff_t>((row + 1) * of.width));
  };
  return {row(0, 40), row(1, 40), row(0, 39)};
}

double mean(const std::vector<double>& a) {
  double sum = 0;
  for (double one : a) sum += one;
  return sum / static_cast<double>(a.size());
}

double covariance(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0, of_a = mean(a), of_b = mean(b);
  for (size_t i = 0; i < a.size(); i++) sum += (a[i] - of_a) * (b[i] - of_b);
  return sum / static_cast<double>(a.size());
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_process_of_ornstein_and_uhlenbeck_has_the_moments_of_its_update) {
  for (std::string method : {"euler", "exp_euler"})
    for (double dt : {1.0, 4.0}) {
      double kept = method == "euler" ? 1 - dt / k_tau : std::exp(-dt / k_tau);  // of x − mu, in one step
      double added = k_sigma * k_sigma * 2 / k_tau * dt;                         // to its variance
      double variance = added * (1 - std::pow(kept, 80)) / (1 - kept * kept);    // after 40 steps
      Sample now = run(method, dt);
      double found = covariance(now.x, now.x), error = k_chance / std::sqrt(k_cells);
      fmt::print("{:10} dt {} ms: mean {:.3f} mV, variance {:.3f}, {:.3f} expected, {:.3f} in continuous time\n", method, dt,
                 mean(now.x), found, variance, k_sigma * k_sigma);
      BOOST_TEST(std::fabs(mean(now.x) - 2) < error * std::sqrt(variance));
      BOOST_TEST(std::fabs(found - variance) < error * std::sqrt(2.0) * variance);
      BOOST_TEST(std::fabs(covariance(now.x, now.x_before) - kept * variance) < error * std::sqrt(2.0) * variance);
      BOOST_TEST(std::fabs(covariance(now.x, now.y)) < error * variance, "two states of a cell share their noise");
      std::vector<double> next(now.x.begin() + 1, now.x.end());
      next.push_back(now.x[0]);
      BOOST_TEST(std::fabs(covariance(now.x, next)) < error * variance, "neighbours share their noise");
    }
}

BOOST_AUTO_TEST_CASE(noise_belongs_to_its_place) {
  std::vector<double> x = run("exp_euler", 1).x;
  BOOST_TEST((run("exp_euler", 1, "population Other : OU[7],").x == x));
  BOOST_TEST((run("exp_euler", 1, "", 1, 1).x == x));
  BOOST_TEST((run("exp_euler", 1, "", 2).x != x));
}
