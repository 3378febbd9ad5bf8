// The exit statuses of docs/promises.md, and what is said where.
#include "tests/cli/support.h"

using namespace eic::test;

BOOST_AUTO_TEST_SUITE(status)

BOOST_AUTO_TEST_CASE(help_fits_a_screen_and_shows_examples) {
  Scratch scratch;
  Ran help = scratch.eic({"--help"});
  BOOST_TEST(help.exit == 0);
  BOOST_TEST(help.err == "");
  BOOST_TEST(lines_of(help.out) <= 40u);
  BOOST_TEST(contains(help.out, "eic run cobahh.eic"));
  BOOST_TEST(contains(help.out, "Exit status"));
  for (const char* command : {"run", "check", "test", "dump", "list", "doctor", "completion", "man"}) {
    Ran of = scratch.eic({command, "--help"});
    BOOST_TEST(of.exit == 0, command);
    BOOST_TEST(lines_of(of.out) <= 40u, command);
  }
}

BOOST_AUTO_TEST_CASE(the_version_is_one_line) {
  Ran version = Scratch().eic({"--version"});
  BOOST_TEST(version.exit == 0);
  BOOST_TEST(version.out.starts_with("eic 0."));
  BOOST_TEST(contains(version.out, "LLVM"));
  BOOST_TEST(lines_of(version.out) == 1u);
}

BOOST_AUTO_TEST_CASE(a_wrong_command_line_is_2) {
  Scratch scratch;
  for (std::vector<std::string> wrong : std::vector<std::vector<std::string>>{
           {}, {"fly"}, {"run"}, {"run", "m.eic", "--sped", "1"}, {"run", "m.eic", "--dt", "fast"}, {"run", "m.eic", "--dt", "1 mV"}, {"run", "m.eic", "--dt", "-0.1 ms"},
           {"run", "m.eic", "--seed", "-1"}, {"run", "m.eic", "--seed", "one"}, {"run", "m.eic", "--width", "3"},
           {"run", "m.eic", "--precision", "half"}, {"run", "m.eic", "--memory-limit", "much"}, {"run", "m.eic", "--threads", "0"},
           {"run", "m.eic", "--set", "w"}, {"run", "m.eic", "--set", "w="}, {"dump", "m.eic", "--after", "modle"}, {"test", "m.eic", "--filter", "("},
           {"check", "m.eic", "--diagnostics", "xml"}}) {
    Ran ran = scratch.eic(wrong);
    BOOST_TEST(ran.exit == 2, fmt::format("{}: {} {}", fmt::join(wrong, " "), ran.exit, ran.err));
    BOOST_TEST(ran.err != "", fmt::format("{} says nothing", fmt::join(wrong, " ")));
    BOOST_TEST(ran.out == "");
  }
  BOOST_TEST(!fs::exists(scratch.path / "m.out"));
}

BOOST_AUTO_TEST_CASE(an_error_of_the_model_is_1) {
  Scratch scratch;
  scratch.write("bad.eic", "param a = 1 mV + 1 nA\n");
  for (const char* command : {"run", "check", "test"}) {
    Ran ran = scratch.eic({command, "bad.eic"});
    BOOST_TEST(ran.exit == 1, command);
    BOOST_TEST(contains(ran.err, "bad.eic:1:"), command);
  }
  BOOST_TEST(!fs::exists(scratch.path / "bad.out"));
  Ran misspelt = scratch.eic({"run", "m.eic", "--set", "HH.INa.gg=1 S/m^2"});
  BOOST_TEST(misspelt.exit == 1);
  BOOST_TEST(contains(misspelt.err, "did you mean"));
  BOOST_TEST(scratch.eic({"run", "m.eic", "--set", "w=1 mV"}).exit == 1);
  BOOST_TEST(scratch.eic({"run", "m.eic", "--dt", "0 ms"}).exit == 1);
  BOOST_TEST(scratch.eic({"run", "m.eic", "--sim", "rum"}).exit == 1);
}

BOOST_AUTO_TEST_CASE(a_test_that_fails_is_1) {
  Scratch scratch;
  std::string test = "\ntest \"{}\" of run {{ expect rate(N) {} 1 Hz }}\n";
  scratch.write("good.eic", k_model + fmt::format(fmt::runtime(test), "spikes", ">"));
  scratch.write("poor.eic", k_model + fmt::format(fmt::runtime(test), "silence", "<"));
  Ran good = scratch.eic({"test", "good.eic"});
  BOOST_TEST(good.exit == 0, good.out + good.err);
  BOOST_TEST(contains(good.out, "1 passed, 0 failed"));
  Ran poor = scratch.eic({"test", "good.eic", "poor.eic"});
  BOOST_TEST(poor.exit == 1);
  BOOST_TEST(contains(poor.out, "1 passed, 1 failed"));
  BOOST_TEST(contains(poor.out, "expected < 1 Hz"));
}

BOOST_AUTO_TEST_CASE(a_numerical_failure_is_3_and_keeps_what_was_recorded) {
  Scratch scratch;
  scratch.write("m.eic", R"(cell Bomb {
  v' = v * v / (1 mV * 1 ms)
  init v = 5 mV
}
network Net { population N : Bomb[3] }
simulate run of Net { duration = 100 ms, dt = 0.1 ms, record v of N to "v.csv" }
)");
  Ran ran = scratch.eic({"run", "m.eic"});
  BOOST_TEST(ran.exit == 3, ran.err);
  BOOST_TEST(contains(ran.err, "`v` of N[0] became infinite"));
  auto names = scratch.names("m.out");
  BOOST_TEST(names.contains("v.failed.csv"));
  BOOST_TEST(!names.contains("v.csv"));
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_4) {
  Scratch scratch;
  Ran ran = scratch.eic({"run", "m.eic", "--memory-limit", "10 kB"});
  BOOST_TEST(ran.exit == 4);
  BOOST_TEST(contains(ran.err, "needs "));
  BOOST_TEST(contains(ran.err, "has 10.0 kB"));
  BOOST_TEST(!fs::exists(scratch.path / "m.out"));
  BOOST_TEST(scratch.eic({"run", "m.eic", "--memory-limit", "1 GB"}).exit == 0);
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_is_5) {
  Scratch scratch;
  for (const char* command : {"run", "check", "test"}) {
    Ran ran = scratch.eic({command, "gone.eic"});
    BOOST_TEST(ran.exit == 5, command);
    BOOST_TEST(contains(ran.err, "gone.eic"), command);
  }
  BOOST_TEST(scratch.eic({"run", "."}).exit == 5);
}

BOOST_AUTO_TEST_SUITE_END()
