#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "runtime/report/format.h"
#include "runtime/report/progress.h"
#include "runtime/report/run_report.h"

using namespace eic;
using namespace eic::report;

namespace {

RunReport flagship() {
  RunReport report;
  report.model = "cobahh";
  report.simulation = "run";
  report.method = "exp_euler";
  report.model_hash = "9f2c";
  report.dt_ms = 0.1;
  report.duration_ms = 500;
  report.threads = 2;
  report.width = 4;
  report.cells = 4000;
  report.synapses = 320'000;
  report.bytes = 5'400'000;
  report.compile_s = 0.12;
  report.build_s = 0.031;
  report.run_s = 1.0234;
  report.steps = report.steps_planned = 5000;
  report.spikes = 82'081;
  report.populations = {{"N", 0, {0, 4000}, {4000, 82'081, 41.0405, 1.8067, 0.14325, 13.677, 0.00381}},
                        {"N.E", 0, {0, 3200}, {3200, 0, 0.0, std::nullopt, 1.0, std::nullopt, std::nullopt}}};
  report.projections = {{"e", "N.E", "N.exc", 256'000, {38, 97}, {80, 80}, 61, 0, 0.1, 0, 0}};
  report.parameters = {{"w_exc", "6 nS"}};
  report.files = {{"cobahh.out/spikes.csv", 1'013'615}, {"cobahh.out/run.json", 0}};
  return report;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_json_has_the_promised_keys_in_order) {
  auto json = to_json(flagship());
  std::vector<std::string> promised{"model", "simulation", "seed", "dt_ms", "duration_ms", "precision", "threads", "width", "cells",
                                    "synapses", "compile_s", "build_s", "run_s", "spikes", "populations", "files"};
  std::vector<std::string> found;
  for (const auto& entry : json.items()) found.push_back(entry.key());
  BOOST_REQUIRE(found.size() >= promised.size());
  found.resize(promised.size());
  BOOST_TEST(found == promised, boost::test_tools::per_element());
  auto view = json["populations"]["N.E"];
  for (const char* key : {"cells", "spikes", "rate_hz", "cv_isi", "silent_fraction", "fano_1ms"}) BOOST_TEST(view.contains(key), key);
  BOOST_TEST(view["cv_isi"].is_null());
  BOOST_TEST(view["end"] == 3200);
  BOOST_TEST(json["populations"]["N"]["rate_hz"] == 41.0405);
  BOOST_TEST(json["precision"] == "double");
  BOOST_TEST(json["files"][0] == "cobahh.out/spikes.csv");
  BOOST_TEST(json["parameters"]["w_exc"] == "6 nS");
  BOOST_TEST(json["projections"]["e"]["in_degree"][1] == 97);
}

BOOST_AUTO_TEST_CASE(the_json_is_an_object_even_of_an_empty_or_odd_report) {
  RunReport report;
  report.run_s = std::nan("");
  report.files = {{"caf\xe9.out/spikes.csv", 1}};
  std::string text = json_text(report);
  auto json = nlohmann::json::parse(text);
  BOOST_TEST(json["run_s"].is_null());
  BOOST_TEST(json["populations"].is_object());
  BOOST_TEST(json["projections"].is_object());
  BOOST_TEST(text.ends_with("}\n"));
}

BOOST_AUTO_TEST_CASE(the_summary_is_aligned_within_80_columns) {
  std::string expected =
      "cobahh · run · seed 1\n"
      "\n"
      "  built   4,000 cells, 320,000 synapses, 5.4 MB in 31 ms (compiled in 120 ms)\n"
      "  ran     5,000 steps of 0.1 ms (500 ms) in 1.02 s\n"
      "          4,886 steps/s, 0.49 × real time\n"
      "          exp_euler, double precision, 2 threads, 4 cells a vector\n"
      "\n"
      "     projection   synapses  in-degree  out-degree  autapses  multapses   delay\n"
      "  e  N.E → N.exc   256,000      38–97          80        61          0  0.1 ms\n"
      "\n"
      "  view  cells  spikes     rate  CV of ISI  silent  Fano 1 ms  synchrony\n"
      "  N     4,000  82,081  41.0 Hz       1.81  14.3 %       13.7     0.0038\n"
      "  N.E   3,200       0  0.00 Hz          –   100 %          –          –\n"
      "\n"
      "  files   cobahh.out/spikes.csv  1.0 MB\n"
      "          cobahh.out/run.json\n";
  BOOST_TEST(to_text(flagship()) == expected);
  std::istringstream lines(to_text(flagship()));
  for (std::string line; std::getline(lines, line);) BOOST_TEST(display_width(line) <= 80u, line);
}

BOOST_AUTO_TEST_CASE(a_run_that_stopped_says_so) {
  RunReport report = flagship();
  report.outcome = record::Outcome::Interrupted;
  report.steps = 2300;
  BOOST_TEST(to_text(report).starts_with("cobahh · run · seed 1 · interrupted after 2,300 of 5,000 steps\n"));
  BOOST_TEST(to_json(report)["outcome"] == "interrupted");
}

BOOST_AUTO_TEST_CASE(numbers_for_people) {
  BOOST_TEST(thousands(0) == "0");
  BOOST_TEST(thousands(999) == "999");
  BOOST_TEST(thousands(1000) == "1,000");
  BOOST_TEST(thousands(1234567) == "1,234,567");
  BOOST_TEST(significant(99.96, 3) == "100");
  BOOST_TEST(significant(9.996, 3) == "10.0");
  BOOST_TEST(significant(0.02134, 3) == "0.0213");
  BOOST_TEST(significant(0, 3) == "0.00");
  BOOST_TEST(significant(-1234.5, 2) == "-1,200");
  BOOST_TEST(significant(1e-7, 2) == "1.0e-07");
  BOOST_TEST(bytes_text(999) == "999 B");
  BOOST_TEST(bytes_text(1000) == "1.0 kB");
  BOOST_TEST(bytes_text(999'999) == "1.0 MB");
  BOOST_TEST(bytes_text(12'400'000'000) == "12.4 GB");
  BOOST_TEST(seconds_text(0.00002) == "20 us");
  BOOST_TEST(seconds_text(0.0314) == "31 ms");
  BOOST_TEST(seconds_text(0.99996) == "1.00 s");
  BOOST_TEST(seconds_text(125) == "2 min 5 s");
  BOOST_TEST(seconds_text(3599.7) == "1 h 0 min");
  BOOST_TEST(biological_text(1500) == "1.5 s");
  BOOST_TEST(or_dash(std::nullopt, 3, "Hz") == "–");
}

BOOST_AUTO_TEST_CASE(the_progress_line) {
  BOOST_TEST(progress_line({2100, 5000, 0.1, 0.43, 0}) == " 42 %  210 ms of 500 ms  4,884 steps/s  594 ms left");
  BOOST_TEST(progress_line({0, 5000, 0.1, 0, 0}) == "  0 %  0 ms of 500 ms");
  BOOST_TEST(progress_line({5000, 5000, 0.1, 1, 4000}) == "100 %  500 ms of 500 ms  1,000 steps/s  0 s left");
  BOOST_TEST(progress_line({0, 0, 0.1, 0, 0}) == "100 %  0 ms of 0 ms");
}
