// Where results, diagnostics and files go, and what decides their content.
#include <nlohmann/json.hpp>

#include "tests/cli/support.h"

using namespace eic::test;
using nlohmann::json;

BOOST_AUTO_TEST_SUITE(output)

BOOST_AUTO_TEST_CASE(the_summary_is_on_stdout_and_nothing_else_is) {
  Scratch scratch;
  Ran ran = scratch.eic({"run", "m.eic"});
  BOOST_TEST(ran.exit == 0);
  BOOST_TEST(ran.err == "");
  for (const char* part : {"seed 7", "100 cells", "400 synapses", "500 steps", "N.E", "m.out/spikes.csv", "m.out/v.csv", "m.out/run.json"})
    BOOST_TEST(contains(ran.out, part), part);
  BOOST_TEST((scratch.names("m.out") == std::set<std::string>{"run.json", "spikes.csv", "v.csv"}));
  BOOST_TEST(scratch.read("m.out/spikes.csv").starts_with("time_ms,population,index\n"));
  BOOST_TEST(scratch.read("m.out/v.csv").starts_with("time_ms,v[0]_mV,v[3]_mV\n0,"));
  BOOST_TEST(lines_of(scratch.read("m.out/v.csv")) == 502u);
}

BOOST_AUTO_TEST_CASE(json_has_the_promised_keys) {
  Scratch scratch;
  Ran ran = scratch.eic({"run", "m.eic", "--json"});
  json summary = json::parse(ran.out);
  for (const char* key : {"model", "simulation", "seed", "dt_ms", "duration_ms", "precision", "threads", "width", "cells", "synapses", "compile_s", "build_s",
                          "run_s", "spikes", "populations", "files"})
    BOOST_TEST(summary.contains(key), key);
  for (const char* view : {"N", "N.E", "N.I"})
    for (const char* key : {"cells", "spikes", "rate_hz", "cv_isi", "silent_fraction", "fano_1ms"}) BOOST_TEST(summary["populations"][view].contains(key), view << " " << key);
  BOOST_TEST(summary["model"] == "m");
  BOOST_TEST(summary["seed"] == 7);
  BOOST_TEST(summary["dt_ms"] == 0.1);
  BOOST_TEST(summary["duration_ms"] == 50);
  BOOST_TEST(summary["spikes"] == lines_of(scratch.read("m.out/spikes.csv")) - 1);
  for (const auto& file : summary["files"]) BOOST_TEST(fs::exists(scratch.path / file.get<std::string>()));
  json kept = json::parse(scratch.read("m.out/run.json"));
  BOOST_TEST(kept == summary);
  BOOST_TEST(kept.contains("parameters"));
  BOOST_TEST(kept.contains("model_hash"));
}

BOOST_AUTO_TEST_CASE(the_report_lists_phases_and_what_was_drawn) {
  Scratch scratch;
  scratch.write("p.eic", R"(cell C { param tau = 10 ms, v' = -v/tau, init v = 1 mV }
network Net { population N : C[3] { tau = uniform(5 ms, 9 ms) } }
simulate run of Net { dt = 0.1 ms, phase settle 2 ms { record nothing }, phase rest 3 ms { record v of N } }
)");
  json summary = json::parse(scratch.eic({"run", "p.eic", "--json"}).out);
  BOOST_TEST(summary["duration_ms"] == 5);
  BOOST_TEST(summary["phases"] == json::parse(R"([{"name": "settle", "from_ms": 0.0, "to_ms": 2.0},
                                                 {"name": "rest", "from_ms": 2.0, "to_ms": 5.0}])"));
  BOOST_TEST(summary["parameters"]["N.tau"] == "uniform(5 ms, 9 ms), for each cell");
  BOOST_TEST(lines_of(scratch.read("p.out/v_N.csv")) == 31u);
}

BOOST_AUTO_TEST_CASE(quiet_is_quiet) {
  Scratch scratch;
  Ran ran = scratch.eic({"run", "m.eic", "--quiet"});
  BOOST_TEST(ran.exit == 0);
  BOOST_TEST(ran.out + ran.err == "");
  BOOST_TEST(fs::exists(scratch.path / "m.out/spikes.csv"));
}

BOOST_AUTO_TEST_CASE(diagnostics_are_coloured_on_a_terminal_only) {
  Scratch scratch;
  scratch.write("bad.eic", "param a = 1 mV + 1 nA\n");
  Call call = scratch.call({"check", "bad.eic"});
  BOOST_TEST(!contains(run(call).err, "\x1b"));
  call.terminal = true;
  BOOST_TEST(contains(run(call).err, "\x1b["));
  call.environment.push_back("NO_COLOR=1");
  Ran plain = run(call);
  BOOST_TEST(contains(plain.err, "bad.eic:1:"));
  BOOST_TEST(!contains(plain.err, "\x1b"));
}

BOOST_AUTO_TEST_CASE(the_seed_decides_the_files) {
  Scratch scratch;
  auto spikes = [&](const std::string& out, std::vector<std::string> more) {
    std::vector<std::string> arguments = {"run", "m.eic", "--quiet", "--out", out};
    arguments.insert(arguments.end(), more.begin(), more.end());
    BOOST_TEST(scratch.eic(arguments).exit == 0, out);
    return scratch.read(out + "/spikes.csv") + scratch.read(out + "/v.csv");
  };
  std::string first = spikes("a", {"--seed", "3"});
  BOOST_TEST(lines_of(first) > 520u);
  BOOST_TEST((spikes("b", {"--seed", "3"}) == first));
  BOOST_TEST((spikes("c", {"--seed", "3", "--width", "1"}) == first));
  BOOST_TEST((spikes("d", {"--seed", "4"}) != first));
  BOOST_TEST((spikes("e", {"--seed", "3", "--set", "w=0 nS"}) != first));
  BOOST_TEST((spikes("f", {"--seed", "3", "--precision", "single"}) != first));
}

BOOST_AUTO_TEST_CASE(options_replace_what_the_model_says) {
  Scratch scratch;
  json summary = json::parse(scratch.eic({"run", "m.eic", "--json", "--duration", "0.02 s", "--dt", "50 us", "--set", "w = 6 nS"}).out);
  BOOST_TEST(summary["duration_ms"] == 20);
  BOOST_TEST(summary["dt_ms"] == 0.05);
  BOOST_TEST(summary["steps"] == 400);
  BOOST_TEST(summary["parameters"]["w"] == "6 nS");
}

BOOST_AUTO_TEST_CASE(a_step_that_does_not_divide_is_an_error) {
  Scratch scratch;
  Ran ran = scratch.eic({"run", "m.eic", "--dt", "0.3 ms"});
  BOOST_TEST(ran.exit == 1);
  BOOST_TEST(contains(ran.err, "not a whole number of dt"));
  BOOST_TEST(!fs::exists(scratch.path / "m.out"));
}

BOOST_AUTO_TEST_CASE(a_model_comes_from_standard_input) {
  Scratch scratch;
  Call call = scratch.call({"run", "-", "--out", "here", "--json"});
  call.input = k_model;
  Ran ran = run(call);
  BOOST_TEST(ran.exit == 0, ran.err);
  BOOST_TEST(json::parse(ran.out)["cells"] == 100);
  BOOST_TEST(fs::exists(scratch.path / "here/spikes.csv"));
  call.input = "param a = 1 mV + 1 nA\n";
  ran = run(call);
  BOOST_TEST(ran.exit == 1);
  BOOST_TEST(contains(ran.err, "(standard input):1:"));
}

BOOST_AUTO_TEST_CASE(paths_may_hold_blanks_and_any_letter) {
  Scratch scratch;
  scratch.write("ein Ordner/netz α.eic", k_model);
  Ran ran = scratch.eic({"run", "ein Ordner/netz α.eic"});
  BOOST_TEST(ran.exit == 0, ran.err);
  BOOST_TEST((scratch.names("netz α.out") == std::set<std::string>{"run.json", "spikes.csv", "v.csv"}));
  BOOST_TEST(scratch.eic({"run", "ein Ordner/netz α.eic", "--out", "neu/tief/ä b", "--raster", "r ü.svg"}).exit == 0);
  BOOST_TEST(fs::exists(scratch.path / "neu/tief/ä b/spikes.csv"));
  BOOST_TEST(contains(scratch.read("r ü.svg"), "<svg"));
}

BOOST_AUTO_TEST_CASE(a_second_run_replaces_the_first) {
  Scratch scratch;
  BOOST_TEST(scratch.eic({"run", "m.eic", "--seed", "1"}).exit == 0);
  std::string first = scratch.read("m.out/spikes.csv");
  BOOST_TEST(scratch.eic({"run", "m.eic", "--seed", "2"}).exit == 0);
  BOOST_TEST(scratch.read("m.out/spikes.csv") != first);
  BOOST_TEST((scratch.names("m.out") == std::set<std::string>{"run.json", "spikes.csv", "v.csv"}));
}

BOOST_AUTO_TEST_SUITE_END()
