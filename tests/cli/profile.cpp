// `eic run --profile`: what is counted is exact; times are only held against one another.
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/cli/support.h"

using namespace eic::test;
using nlohmann::json;

namespace {

double sum(const json& parts, std::initializer_list<const char*> names) {
  double all = 0;
  for (const char* name : names) {
    BOOST_TEST(parts.at(name).get<double>() >= 0, name);
    all += parts.at(name).get<double>();
  }
  return all;
}

// Of excitatory cells, but for those of the last step, which reach nobody.
uint64_t sent(const std::string& spikes) {
  std::istringstream lines(spikes);
  uint64_t count = 0;
  std::string line;
  for (std::getline(lines, line); std::getline(lines, line);) {
    const double time = std::stod(line);
    const int cell = std::stoi(line.substr(line.rfind(',') + 1));
    if (cell < 80 && time < 49.95) ++count;
  }
  return count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(profile)

BOOST_AUTO_TEST_CASE(its_parts_add_up_and_its_counts_are_exact) {
  Scratch scratch;
  for (const char* threads : {"1", "2"}) {
    const Ran ran = scratch.eic({"run", "m.eic", "--profile", "--json", "--threads", threads});
    BOOST_TEST(ran.exit == 0);
    const json summary = json::parse(ran.out), profile = summary.at("profile");
    BOOST_TEST((json::parse(scratch.read("m.out/run.json")) == summary));
    const double total = profile.at("total_s");
    BOOST_TEST(sum(profile, {"read_s", "plan_s", "compile_s", "build_s", "run_s", "files_s", "other_s"}) == total,
               boost::test_tools::tolerance(1e-9));
    BOOST_TEST(profile.at("run_s") == summary.at("run_s"));
    BOOST_REQUIRE(profile.at("threads").size() == std::stoul(threads));
    for (const json& thread : profile.at("threads"))
      BOOST_TEST(sum(thread, {"deliver_s", "stimuli_s", "update_s", "gaps_s", "record_s", "wait_s", "other_s"}) == profile.at("run_s").get<double>(),
                 boost::test_tools::tolerance(1e-9));
    const uint64_t spikes = sent(scratch.read("m.out/spikes.csv"));
    BOOST_TEST(spikes > 100u);
    BOOST_TEST(profile.at("projections").at("e").at("events") == 5 * spikes);
    const json& cells = profile.at("populations").at("N");
    BOOST_TEST(cells.at("cell_steps") == 100 * 500);
    BOOST_TEST(cells.at("operations") > 100);
    BOOST_TEST(cells.at("update_s").get<double>() > 0);
    BOOST_TEST(cells.at("ns_per_cell_step").get<double>() == cells.at("update_s").get<double>() * 1e9 / (100 * 500),
               boost::test_tools::tolerance(1e-9));
    BOOST_TEST(cells.at("floor_ns").get<double>() > 0);
  }
}

BOOST_AUTO_TEST_CASE(stimuli_that_send_events_are_counted) {
  Scratch scratch;
  scratch.write("times.csv", "time_ms,index\n1,0\n1,1\n2.5,1\n9,0\n");
  scratch.write("s.eic", R"(use std.synapses { Delta }
cell C { synapse in : Delta { }, v' = -v/(10 ms), init v = 0 mV, spike when v > 5 mV, reset { v = 0 mV } }
network Net { population N : C[300], stimulus drive : spike_times -> N[7, 200].in { times = csv("times.csv"), weight = 1 mV } }
simulate run of Net { dt = 0.1 ms, duration = 5 ms, record spikes of N }
)");
  for (const char* threads : {"1", "3"}) {
    const Ran ran = scratch.eic({"run", "s.eic", "--profile", "--json", "--threads", threads});
    BOOST_TEST(ran.err == "");
    BOOST_TEST(json::parse(ran.out).at("profile").at("stimuli").at("drive").at("events") == 3);
  }
}

BOOST_AUTO_TEST_CASE(it_is_printed_below_the_summary_where_it_is_asked_for) {
  Scratch scratch;
  const Ran with = scratch.eic({"run", "m.eic", "--profile"}), without = scratch.eic({"run", "m.eic"});
  for (const char* part : {"read and check", "compile", "end of files", "thread 0", "deliver", "cell-steps", "floor", "events"})
    BOOST_TEST(contains(with.out, part), part);
  BOOST_TEST(!contains(without.out, "cell-steps"));
  BOOST_TEST(!json::parse(scratch.read("m.out/run.json")).contains("profile"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(threads)

// What a user can see of a run is the same: files, messages and status.
BOOST_AUTO_TEST_CASE(a_failure_is_the_same_for_every_number_of_threads) {
  Scratch scratch;
  scratch.write("f.eic", R"(cell C {
  param { limit = 1 mV }
  v' = 1 mV/ms * sqrt((limit - v)/(1 mV)), init v = uniform(-0.2 mV, 0 mV)
  spike when v crosses 0.5 mV
}
network Net { population N : C[300] { limit = uniform(0.91 mV, 1.2 mV) } }
simulate run of Net { dt = 0.1 ms, duration = 20 ms, method = euler, record spikes of N, record v of N[0, 299] every 1 ms }
)");
  std::optional<Ran> first;
  std::string spikes, traces;
  for (const char* threads : {"1", "2", "5"}) {
    const Ran ran = scratch.eic({"run", "f.eic", "--quiet", "--threads", threads});
    BOOST_TEST(ran.exit == 3);
    BOOST_TEST(contains(ran.err, "of N["), ran.err);
    std::string kept;
    for (const std::string& name : scratch.names("f.out"))
      if (name != "run.json") kept += name + "\n" + scratch.read("f.out/" + name);
    if (!first) spikes = kept;
    else BOOST_TEST(ran.err == first->err);
    BOOST_TEST(kept == spikes);
    BOOST_TEST(lines_of(kept) > 100u);
    if (!first) first = ran;
  }
}

BOOST_AUTO_TEST_CASE(more_than_can_be_pinned_are_refused) {
  Scratch scratch;
  const Ran ran = scratch.eic({"run", "m.eic", "--pin", "--threads", "2", "--set", "w=1 nS"});
  BOOST_TEST((ran.exit == 0 || (ran.exit == 4 && contains(ran.err, "2 threads cannot be pinned"))), ran.err);
  BOOST_TEST(scratch.eic({"run", "m.eic", "--threads", "0"}).exit == 2);
}

BOOST_AUTO_TEST_SUITE_END()
