// Signals in the middle of a run, and the line that shows how far it is.
#include <unistd.h>

#include <csignal>
#include <thread>

#include "tests/cli/support.h"

using namespace eic::test;

namespace {

// The line is printed once the run is under way, so it also tells when to interrupt.
Call long_run(const Scratch& scratch, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments = {"run", "m.eic", "--duration", "10000 s"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  Call call = scratch.call(arguments);
  call.terminal = true;
  return call;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(interruption)

BOOST_AUTO_TEST_CASE(an_interrupted_run_keeps_what_it_recorded) {
  for (auto [signal, status, threads] : {std::tuple{SIGINT, 130, "1"}, std::tuple{SIGTERM, 143, "2"}, std::tuple{SIGINT, 130, "2"}}) {
    Scratch scratch;
    Process process(long_run(scratch, {"--threads", threads}));
    BOOST_REQUIRE(process.says("steps/s"));
    process.send(signal);
    Ran ran = process.wait();
    BOOST_TEST(ran.exit == status);
    BOOST_TEST(ran.seconds < 1.0);
    BOOST_TEST(contains(ran.err, "interrupted after"));
    auto names = scratch.names("m.out");
    BOOST_TEST(names.contains("spikes.interrupted.csv"));
    BOOST_TEST(names.contains("v.interrupted.csv"));
    BOOST_TEST(!names.contains("spikes.csv"));
    BOOST_TEST(!names.contains("v.csv"));
    for (const std::string& name : names) BOOST_TEST(!name.ends_with(".tmp"), name);
    std::string kept = scratch.read("m.out/v.interrupted.csv");
    BOOST_TEST(lines_of(kept) > 100u);
    BOOST_TEST(kept.ends_with("\n"));
    BOOST_TEST(contains(scratch.read("m.out/run.json"), "\"interrupted\""));
  }
}

BOOST_AUTO_TEST_CASE(a_second_signal_ends_it_at_once) {
  Scratch scratch;
  Process process(long_run(scratch));
  BOOST_REQUIRE(process.says("steps/s"));
  process.send(SIGSTOP);  // so that both are there before it can answer the first
  process.send(SIGINT);
  process.send(SIGTERM);
  process.send(SIGCONT);
  Ran ran = process.wait();
  BOOST_TEST(ran.seconds < 1.0);
  BOOST_TEST((ran.exit == 130 || ran.exit == 143));
  auto names = scratch.names("m.out");
  BOOST_TEST(!names.contains("spikes.csv"));
  BOOST_TEST(!names.contains("v.csv"));
}

BOOST_AUTO_TEST_CASE(progress_is_for_terminals) {
  Scratch scratch;
  Process shown(long_run(scratch));
  BOOST_TEST(shown.says(" left"));
  for (Call silent : {long_run(scratch, {"--no-progress"}), long_run(scratch, {"--quiet"}), long_run(scratch)}) {
    silent.terminal = silent.arguments.size() > 4;  // the last: a pipe
    Process process(silent);
    BOOST_TEST(!process.says("steps", 0.8));
  }
}

BOOST_AUTO_TEST_CASE(a_time_limit_stops_a_run) {
  Scratch scratch;
  Ran ran = scratch.eic({"run", "m.eic", "--duration", "10000 s", "--time-limit", "0.3 s"});
  BOOST_TEST(ran.exit == 4, ran.err);
  BOOST_TEST(ran.seconds < 3.0);
  BOOST_TEST(!scratch.names("m.out").contains("v.csv"));
}

// What keeps nothing that is half done ends as any process does.
BOOST_AUTO_TEST_CASE(commands_that_keep_nothing_end_with_the_signal) {
  Scratch scratch;
  for (std::vector<std::string> arguments : std::vector<std::vector<std::string>>{{"lsp"}, {"check", "-"}, {"fmt", "-"}}) {
    Call call = scratch.call(arguments);
    int ends[2];
    BOOST_REQUIRE(pipe(ends) == 0);
    call.prepare = [&] { dup2(ends[0], STDIN_FILENO); };  // nothing comes, and it stays open
    Process process(call);
    usleep(300'000);
    process.send(SIGTERM);
    Ran ran = process.wait(5);
    BOOST_TEST(ran.signal == SIGTERM, arguments[0]);
    BOOST_TEST(ran.out == "", arguments[0]);
    close(ends[0]);
    close(ends[1]);
  }
}

BOOST_AUTO_TEST_SUITE_END()
