// The 4000-cell network drawn by eic itself against 24 draws of the reference simulator: mean rates, irregularity and the
// first 100 ms over seeds fixed beforehand, within three standard errors of the difference of two such means.
#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "runtime/report/statistics.h"
#include "tests/reference/model_run.h"

namespace {

using namespace eic;
using nlohmann::json;

constexpr const char* k_names[] = {"rate_E", "rate_I", "cv_isi_mean", "first100"};
using Measured = std::array<double, 4>;

Measured measure(const reference::Recorded& recorded, const plan::Run& run) {
  const record::SpikeStore& spikes = recorded.spikes;
  const auto& views = run.populations[0].views;  // E, I
  auto of = [&](const plan::View& view) { return *report::measure(spikes, 0, {view.begin, view.end}).rate_hz; };
  report::CellRange all{0, run.populations[0].size};
  auto first100 = static_cast<double>(report::measure(spikes, 0, all, {0, 1000}).spikes);
  return {of(views[0]), of(views[1]), *report::measure(spikes, 0, all).cv_isi, first100};
}

const json& ensembles() {
  static const json read = json::parse(std::ifstream(reference::path("tests/reference/data/ensembles.json")));
  return read;
}

void agrees(const std::string& entry, unsigned seeds) {
  const json& wanted = ensembles()[entry];
  const char* leak = wanted["il"] == "cobahh" ? "5e-5 S/cm^2" : "5e-9 S/cm^2";
  auto front = reference::load("models/cobahh_tutorial.eic", {{"g_leak", leak}});
  CompileOptions options;
  options.choices.single = wanted["precision"] == "32";
  options.choices.duration = units::Decimal{500, -3};
  Compiled compiled = reference::compiled(*front, options);
  plan::Run& run = compiled.planned.run;
  Measured mean{};
  for (run.seed = 1; run.seed <= seeds; run.seed++) {
    Measured one = measure(reference::run(run, compiled.kernels), run);
    for (size_t i = 0; i < one.size(); i++) mean[i] += one[i] / seeds;
  }
  for (size_t i = 0; i < mean.size(); i++) {
    const json& reference = i == 3 ? wanted["first100"] : wanted["full"][k_names[i]];
    double centre = reference["mean"], sd = reference["sd"], difference = mean[i] - centre;
    double allowed = 3 * sd * std::sqrt(1.0 / seeds + 1.0 / wanted["seeds"].get<double>());
    fmt::print("{:16} {:12} {:2} seeds: {:10.4f}, reference {:10.4f}: {:+.2f} of what is allowed\n", entry, k_names[i], seeds,
               mean[i], centre, difference / allowed);
    BOOST_TEST(std::fabs(difference) <= allowed, entry << " " << k_names[i] << ": " << mean[i] << ", wanted " << centre);
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(tutorial_double_of_three_seeds) { agrees("tutorial_double", 3); }

BOOST_AUTO_TEST_CASE(tutorial_double, *boost::unit_test::label("full")) { agrees("tutorial_double", 10); }
BOOST_AUTO_TEST_CASE(tutorial_single, *boost::unit_test::label("full")) { agrees("tutorial_single", 10); }
BOOST_AUTO_TEST_CASE(cobahh_double, *boost::unit_test::label("full")) { agrees("cobahh_double", 10); }
BOOST_AUTO_TEST_CASE(cobahh_single, *boost::unit_test::label("full")) { agrees("cobahh_single", 10); }
