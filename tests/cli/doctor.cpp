// `eic doctor`: what it says of a machine, of a cache that is not there, and of code that computes something else.
#include "cli/doctor.h"

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "tests/cli/support.h"

using namespace eic::test;
using nlohmann::json;

namespace {

Ran doctor(const Scratch& scratch, std::vector<std::string> environment, std::vector<std::string> options = {}) {
  options.insert(options.begin(), "doctor");
  Call call = scratch.call(options);
  call.environment = std::move(environment);
  return run(call);
}

eic::cli::Checkup healthy() {
  eic::cli::Checkup checkup;
  checkup.host = eic::jit::About{"skylake", "x86_64", {"avx2"}, {"avx2"}, 256, "`avx2` was found", 16, 8, "19.1.7", true};
  checkup.cache.why_none = "EIC_CACHE_DIR is empty";
  checkup.tests = {{false, 1, 67, 300, 12, ""}, {true, 16, 67, 300, 12, ""}};
  return checkup;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(doctors)

BOOST_AUTO_TEST_CASE(a_machine_is_described_and_tested_at_every_width) {
  Scratch scratch;
  Ran ran = doctor(scratch, {"EIC_CACHE_DIR=" + (scratch.path / "cache").string()});
  BOOST_TEST(ran.exit == 0, ran.out + ran.err);
  BOOST_TEST(ran.err == "");
  for (const char* part : {"processor", "vectors", "LLVM", "library", "threads", "memory", "cache", "to be made by the first run",
                           "ok      double precision,  1 cell a vector", "ok      single precision,  4 cells a vector"})
    BOOST_TEST(contains(ran.out, part), part << " is not in\n" << ran.out);
  BOOST_TEST(!contains(ran.out, "FAILED"));
  BOOST_TEST(!fs::exists(scratch.path / "cache"));
}

BOOST_AUTO_TEST_CASE(json_says_the_same) {
  Scratch scratch;
  BOOST_REQUIRE(scratch.eic({"run", "m.eic", "--quiet"}).exit == 0);
  Ran ran = doctor(scratch, {"EIC_CACHE_DIR=" + (scratch.path / "cache").string()}, {"--json"});
  BOOST_TEST(ran.exit == 0);
  json said = json::parse(ran.out);
  BOOST_TEST(said["well"] == true);
  BOOST_TEST(said["cache"]["exists"] == true);
  BOOST_TEST(said["cache"]["writable"] == true);
  BOOST_TEST(said["cache"]["objects"] == 1);
  BOOST_TEST(said["cache"]["bytes"].get<uint64_t>() > 1000u);
  BOOST_TEST(said["library_files"].get<int>() >= 7);
  BOOST_TEST(said["memory"]["machine_bytes"].get<uint64_t>() > 0u);
  unsigned single = said["host"]["width_single"], twice = said["host"]["width_double"], bits = said["host"]["vector_bits"];
  BOOST_TEST(single * 32 >= bits);
  BOOST_TEST(twice * 64 >= bits);
  std::set<std::pair<std::string, unsigned>> tested, wanted;
  for (const json& test : said["self_test"]) {
    BOOST_TEST(test["ok"] == true);
    tested.emplace(test["precision"].get<std::string>(), test["width"].get<unsigned>());
  }
  for (unsigned width = 1; width <= single; width *= 2) wanted.insert({"single", width});
  for (unsigned width = 1; width <= twice; width *= 2) wanted.insert({"double", width});
  BOOST_TEST((tested == wanted));
  BOOST_TEST(contains(scratch.eic({"--version"}).out, fmt::format("{} cells a vector in single, {} in double", single, twice)));
}

BOOST_AUTO_TEST_CASE(a_cache_that_cannot_be_used_is_named_and_no_fault) {
  Scratch scratch;
  std::string below_a_file = "EIC_CACHE_DIR=" + (scratch.path / "m.eic" / "cache").string();
  for (const auto& [environment, said] :
       std::vector<std::pair<std::vector<std::string>, std::string>>{{{below_a_file}, "m.eic/cache: not writable ("},
                                                                     {{"EIC_CACHE_DIR="}, "none: EIC_CACHE_DIR is empty"},
                                                                     {{}, "none: neither EIC_CACHE_DIR nor"}}) {
    Ran ran = doctor(scratch, environment);
    BOOST_TEST(ran.exit == 0);
    BOOST_TEST(contains(ran.out, said), said << " is not in\n" << ran.out);
  }
  fs::create_directory(scratch.path / "locked");
  fs::permissions(scratch.path / "locked", fs::perms(0555));
  fs::permissions(scratch.path, fs::perms(0755));
  Call call = scratch.call({"doctor"});
  call.environment = {"EIC_CACHE_DIR=" + (scratch.path / "locked").string()};
  call.prepare = [] {
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(125);
  };
  Ran ran = run(call);
  BOOST_TEST(ran.exit == 0);
  BOOST_TEST(contains(ran.out, "locked: 0 objects, 0 B, not writable ("), ran.out);
}

BOOST_AUTO_TEST_CASE(code_that_computes_something_else_is_70) {
  eic::cli::Checkup checkup = healthy();
  BOOST_TEST(eic::cli::announce(checkup, false) == 0);
  checkup.tests[1].fault = "step 3, cell 5, `v`: the interpreter gives 0x1p+0, compiled code 0x1.8p+0";
  BOOST_TEST(eic::cli::announce(checkup, false) == 70);
  BOOST_TEST(contains(eic::cli::report(checkup), "FAILED  single precision, 16 cells a vector: step 3, cell 5, `v`"));
  json said = json::parse(eic::cli::report_json(checkup));
  BOOST_TEST(said["well"] == false);
  BOOST_TEST(said["self_test"][0]["ok"] == true);
  BOOST_TEST(said["self_test"][1]["ok"] == false);
}

BOOST_AUTO_TEST_CASE(a_machine_without_what_is_needed_is_named) {
  eic::cli::Checkup checkup = healthy();
  checkup.host = eic::Failure{std::string("the processor `nehalem` lacks `avx2`")};
  checkup.tests.clear();
  BOOST_TEST(eic::cli::announce(checkup, true) == 2);
  BOOST_TEST(contains(eic::cli::report(checkup), "the processor `nehalem` lacks `avx2`"));
  BOOST_TEST(json::parse(eic::cli::report_json(checkup))["refused"] == "the processor `nehalem` lacks `avx2`");
}

BOOST_AUTO_TEST_SUITE_END()
