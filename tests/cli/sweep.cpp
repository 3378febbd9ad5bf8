// `eic sweep` as a process: what a point computes, what is kept, what is done again, and how it ends.
#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/cli/support.h"

using namespace eic::test;
using nlohmann::json;

namespace {

// Two populations, one of which overrules a parameter; every kind of thing that an axis can be is a parameter of it.
const std::string k_swept = R"(use std.channels { Leak }
use std.synapses { ExpCond }

param n = 60 in 1 .. 1000000000000
param w = 3 nS in 0 nS .. 100 nS
param lag = 0.5 ms

cell C {
  capacitance = 200 pF
  channel IL : Leak { g = 10 nS, E = -60 mV }
  synapse exc : ExpCond { tau = 5 ms, E = 0 mV }
  init v = uniform(-60 mV, -50 mV)
  spike when v crosses -50 mV, refractory = 2 ms
  reset { v = -60 mV }
}

network Net {
  population N : C[n] { E = 0 .. n - 10, I = n - 10 .. n }
  population M : C[20] { IL.g = 12 nS }
  projection e : N.E -> N.exc { connect = fixed_outdegree(10), weight = w, delay = lag }
  projection f : N -> M.exc { connect = bernoulli(0.3), weight = lognormal(w, 1 nS), delay = 1 ms }
  stimulus step -> N { amplitude = 0.15 nA }
}

simulate run of Net { duration = 40 ms, dt = 0.1 ms, seed = 5, w = 4 nS, record spikes of N, record spikes of M, record v of N[0, 3] every 1 ms to "v.csv" }
)";

struct Swept : Scratch {
  explicit Swept(const std::string& sweeps = "") { write("s.eic", k_swept + sweeps); }
  Ran sweep(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"sweep", "s.eic"});
    return eic(more);
  }
  json summary(std::vector<std::string> more = {}) const {
    more.push_back("--json");
    Ran ran = sweep(more);
    BOOST_TEST(ran.exit == 0, ran.err);
    return json::parse(ran.out);
  }
  std::string recorded(const std::string& folder) const { return read(folder + "/spikes.csv") + read(folder + "/v.csv"); }
  size_t compiled() const {
    size_t objects = 0;
    for (const auto& entry : fs::recursive_directory_iterator(path / "cache")) objects += entry.is_regular_file() ? 1 : 0;
    return objects;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(sweep)

// The promise: a point has the bits of `eic run` with its values on the command line.
BOOST_AUTO_TEST_CASE(a_point_of_every_kind_of_axis_has_the_bits_of_a_run) {
  struct Case {
    std::string axes;
    std::vector<std::vector<std::string>> runs;
  };
  const std::vector<Case> cases = {
      {"w = [2 nS, 0.005 uS]", {{"--set", "w=2 nS"}, {"--set", "w=0.005 uS"}}},
      {"w = [0.5*w, 2*w]", {{"--set", "w=2 nS"}, {"--set", "w=8 nS"}}},
      {"w = linspace(2 nS, 5 nS, 3)", {{"--set", "w=2 nS"}, {"--set", "w=3.5 nS"}, {"--set", "w=5 nS"}}},
      {"w = logspace(1 nS, 4 nS, 3)", {{"--set", "w=1 nS"}, {"--set", "w=2 nS"}, {"--set", "w=4 nS"}}},
      {"C.IL.g = [8 nS, 11 nS]", {{"--set", "C.IL.g=8 nS"}, {"--set", "C.IL.g=11 nS"}}},
      {"lag = [0.1 ms, 2 ms]", {{"--set", "lag=0.1 ms"}, {"--set", "lag=2 ms"}}},
      {"n = 50 .. 51", {{"--set", "n=50"}, {"--set", "n=51"}}},
      {"seed = 1 .. 2", {{"--seed", "1"}, {"--seed", "2"}}},
      {"duration = [20 ms, 30 ms]", {{"--duration", "20 ms"}, {"--duration", "30 ms"}}},
      {"dt = [0.05 ms, 0.1 ms]", {{"--dt", "0.05 ms"}, {"--dt", "0.1 ms"}}},
      {"zip { w = [2 nS, 5 nS], seed = [8, 9] }", {{"--set", "w=2 nS", "--seed", "8"}, {"--set", "w=5 nS", "--seed", "9"}}},
      {"seed = 1 .. 2, w = [2 nS, 5 nS]",
       {{"--seed", "1", "--set", "w=2 nS"}, {"--seed", "1", "--set", "w=5 nS"}, {"--seed", "2", "--set", "w=2 nS"}, {"--seed", "2", "--set", "w=5 nS"}}}};
  std::string text;
  for (size_t i = 0; i < cases.size(); i++) text += fmt::format("sweep s{} of run {{ {} }}\n", i, cases[i].axes);
  Swept scratch(text);
  for (size_t i = 0; i < cases.size(); i++) {
    const Case& one = cases[i];
    json summary = scratch.summary({"--sweep", fmt::format("s{}", i), "--jobs", "3"});
    BOOST_TEST(summary["points"] == one.runs.size(), one.axes);
    BOOST_TEST(summary["compiles"] == 1, one.axes);
    std::set<std::string> different;
    for (size_t point = 0; point < one.runs.size(); point++) {
      std::vector<std::string> arguments = {"run", "s.eic", "--quiet", "--out", "alone"};
      arguments.insert(arguments.end(), one.runs[point].begin(), one.runs[point].end());
      BOOST_TEST(scratch.eic(arguments).exit == 0, one.axes);
      std::string expected = scratch.recorded("alone");
      BOOST_TEST(lines_of(expected) > 60u, one.axes);
      BOOST_TEST((scratch.recorded(fmt::format("s.s{}.out/{}", i, point + 1)) == expected), one.axes << ", point " << point + 1);
      different.insert(std::move(expected));
    }
    BOOST_TEST(different.size() == one.runs.size(), one.axes << " changes nothing");
  }
  BOOST_TEST(scratch.compiled() == 1u, "parameters, sizes and seeds are arguments of one code");
}

BOOST_AUTO_TEST_CASE(the_table_holds_axes_measures_and_outcome) {
  Swept scratch("sweep grid of run { w = [2 nS, 5 nS], seed = 1 .. 2 }\n");
  Ran ran = scratch.sweep();
  BOOST_TEST(ran.exit == 0, ran.err);
  BOOST_TEST(ran.err == "");
  for (const char* part : {"grid of run", "4 points", "compiled once", "N.E", "5 nS", "s.grid.out/sweep.csv"}) BOOST_TEST(contains(ran.out, part), part);
  std::istringstream table(scratch.read("s.grid.out/sweep.csv"));
  std::string line;
  std::getline(table, line);
  BOOST_TEST(line.starts_with("point,w_nS,seed,N.spikes,N.rate_hz,N.cv_isi,N.silent_fraction,N.fano_1ms,N.synchrony,N.E.spikes,"));
  BOOST_TEST(line.ends_with(",M.synchrony,run_s,outcome"));
  const char* begins[] = {"1,2,1,", "2,2,2,", "3,5,1,", "4,5,2,"};
  for (int point = 0; point < 4; point++) {
    BOOST_REQUIRE(std::getline(table, line));
    json report = json::parse(scratch.read(fmt::format("s.grid.out/{}/run.json", point + 1)));
    const json& n = report["populations"]["N"];
    std::string start = begins[point] + fmt::format("{},{},", n["spikes"].get<int>(), n["rate_hz"].get<double>());
    BOOST_TEST(line.starts_with(start), line << " does not begin with " << start);
    BOOST_TEST(line.ends_with(",complete"));
  }
  BOOST_TEST(!std::getline(table, line));
  BOOST_TEST((scratch.names("s.grid.out") == std::set<std::string>{"1", "2", "3", "4", "sweep.csv"}));
  BOOST_TEST((scratch.names("s.grid.out/1") == std::set<std::string>{"run.json", "spikes.csv", "v.csv"}));
}

BOOST_AUTO_TEST_CASE(what_is_done_is_not_done_again) {
  Swept scratch("sweep s of run { w = [2 nS, 5 nS, 6 nS] }\n");
  BOOST_TEST(scratch.summary()["done"] == 3);
  std::string table = scratch.read("s.s.out/sweep.csv");
  auto written = [&](const char* point) { return fs::last_write_time(scratch.path / "s.s.out" / point / "run.json"); };
  auto first = written("1"), second = written("2");
  json again = scratch.summary();
  BOOST_TEST(again["done_before"] == 3);
  BOOST_TEST(again["done"] == 0);
  BOOST_TEST((written("1") == first));
  BOOST_TEST(scratch.read("s.s.out/sweep.csv") == table);
  fs::remove(scratch.path / "s.s.out/2/spikes.csv");  // not whole any more
  again = scratch.summary();
  BOOST_TEST(again["done_before"] == 2);
  BOOST_TEST(again["done"] == 1);
  BOOST_TEST((written("1") == first));
  BOOST_TEST((written("2") != second));
  BOOST_TEST(fs::exists(scratch.path / "s.s.out/2/spikes.csv"));
  again = scratch.summary({"--set", "n=50"});  // other parameters, other results
  BOOST_TEST(again["done_before"] == 0);
  scratch.write("s.eic", k_swept + "# a word\nsweep s of run { w = [2 nS, 5 nS, 6 nS] }\n");
  BOOST_TEST(scratch.summary({"--set", "n=50"})["done_before"] == 0);
}

BOOST_AUTO_TEST_CASE(an_interrupted_sweep_goes_on_where_it_was) {
  Swept scratch("sweep s of run { duration = [20 ms, 30 ms, 10000 s, 40 ms] }\n");
  for (auto [jobs, before] : {std::pair{"1", "2"}, std::pair{"2", "3"}}) {
    Call call = scratch.call({"sweep", "s.eic", "--jobs", jobs});
    call.terminal = true;
    Process process(call);
    BOOST_REQUIRE(process.says(fmt::format("{} of 4 points, 1 running", before)));
    process.send(SIGINT);
    Ran ran = process.wait();
    BOOST_TEST(ran.exit == 130);
    BOOST_TEST(ran.seconds < 1.5);
    BOOST_TEST(contains(ran.err, fmt::format("interrupted after {} of 4 points", before)));
    std::string table = scratch.read("s.s.out/sweep.csv");
    BOOST_TEST(lines_of(table) == 1u + static_cast<size_t>(before[0] - '0'), table);
    for (const auto& entry : fs::recursive_directory_iterator(scratch.path / "s.s.out"))
      BOOST_TEST(entry.path().extension() != ".tmp", entry.path());
    BOOST_TEST(!scratch.names("s.s.out/3").contains("spikes.csv"));
    BOOST_TEST(json::parse(scratch.read("s.s.out/3/run.json"))["outcome"] == "interrupted");
  }
}

BOOST_AUTO_TEST_CASE(a_point_that_fails_stops_no_other) {
  Scratch scratch;
  scratch.write("f.eic", R"(param a = 1 ms^-1
cell C {
  v' = a*v
  init v = 1 mV
  spike when v crosses 1000000 mV
}
network Net { population N : C[3] }
simulate run of Net { duration = 20 ms, dt = 0.1 ms, record v of N every 1 ms, record spikes of N }
sweep s of run { a = [0.1 ms^-1, 100000 ms^-1, 0.2 ms^-1] }
)");
  Ran ran = scratch.eic({"sweep", "f.eic", "--jobs", "2"});
  BOOST_TEST(ran.exit == 3, ran.err);
  BOOST_TEST(contains(ran.err, "point 2 (a = 100000 ms^-1) failed"));
  BOOST_TEST(contains(ran.err, "E0701"));
  std::string table = scratch.read("f.s.out/sweep.csv");
  BOOST_TEST(lines_of(table) == 4u, table);
  BOOST_TEST(contains(table, ",complete\n2,100000,"), table);
  BOOST_TEST(contains(table, ",failed\n3,0.2,"), table);
  BOOST_TEST(scratch.names("f.s.out/2").contains("v_N.failed.csv"));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said_before_anything_runs) {
  Swept scratch("sweep far of run { w = [2 nS, 500 nS] }\nsweep short of run { lag = [0.5 ms, 0.01 ms] }\n");
  for (auto [name, what] : {std::pair{"far", "E0310"}, std::pair{"short", "E0407"}}) {
    Ran ran = scratch.sweep({"--sweep", name});
    BOOST_TEST(ran.exit == 1);
    BOOST_TEST(contains(ran.err, what), ran.err);
    BOOST_TEST(!fs::exists(scratch.path / (std::string("s.") + name + ".out")));
  }
  BOOST_TEST(contains(scratch.sweep({"--sweep", "short"}).err, "`lag`"));
  BOOST_TEST(scratch.eic({"check", "s.eic"}).exit == 1);
}

BOOST_AUTO_TEST_CASE(memory_is_shared_and_what_does_not_fit_is_refused) {
  Swept scratch("sweep s of run { n = [50, 100000000000, 60] }\nsweep t of run { seed = 1 .. 6 }\n");
  Ran ran = scratch.sweep({"--sweep", "s", "--memory-limit", "100 MB"});
  BOOST_TEST(ran.exit == 4, ran.err);
  ran = scratch.sweep({"--sweep", "t", "--memory-limit", "20 MB", "--jobs", "6"});  // room for one at a time
  BOOST_TEST(ran.exit == 0, ran.err);
  BOOST_TEST(lines_of(scratch.read("s.t.out/sweep.csv")) == 7u);
  ran = scratch.sweep({"--sweep", "t", "--out", "none", "--memory-limit", "1 kB"});
  BOOST_TEST(ran.exit == 4);
  BOOST_TEST(contains(ran.err, "E0508"), ran.err);
}

BOOST_AUTO_TEST_CASE(the_memory_limit_decides_how_many_run_at_once) {
  Swept scratch("sweep t of run { zip { seed = 1 .. 3, duration = [10000 s, 10001 s, 10002 s] } }\n");
  for (auto [limit, running] : {std::pair{"20 MB", "0 of 3 points, 1 running"}, std::pair{"1 GB", "0 of 3 points, 3 running"}}) {
    Call call = scratch.call({"sweep", "s.eic", "--jobs", "3", "--memory-limit", limit});
    call.terminal = true;
    Process process(call);
    BOOST_TEST(process.says(running), limit);
    process.send(SIGTERM);
    BOOST_TEST(process.wait().exit == 143);
  }
}

BOOST_AUTO_TEST_CASE(outputs_are_those_that_were_asked_for) {
  Swept scratch("sweep s of run { seed = 1 .. 2 }\n");
  Ran ran = scratch.sweep({"--quiet", "--out", "deep/er"});
  BOOST_TEST(ran.exit == 0);
  BOOST_TEST(ran.out + ran.err == "");
  BOOST_TEST(fs::exists(scratch.path / "deep/er/2/run.json"));
  json summary = scratch.summary({"--out", "deep/er"});
  BOOST_TEST(summary["done_before"] == 2);
  BOOST_TEST(summary["rows"][1]["axes"]["seed"] == "2");
  BOOST_TEST(summary["rows"][1]["populations"]["N.E"]["rate_hz"].is_number());
  BOOST_TEST(scratch.sweep({"--set", "w=2 nS"}).exit == 0);
  scratch.write("dir.eic", k_swept + "sweep s of run { seed = 1 .. 2 }\n");
  scratch.write("file", "");
  BOOST_TEST(scratch.eic({"sweep", "dir.eic", "--out", "file/x"}).exit == 5);
}

BOOST_AUTO_TEST_SUITE_END()
