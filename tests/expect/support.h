// In: a model as text, with files beside it. Out: what came of its tests, run in this process as `eic test` runs them.
#pragma once
#include <fmt/format.h>
#include <stdlib.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "cli/testing/run_test.h"

namespace eic::test {

class Bench {
 public:
  Bench() {
    setenv("EIC_CACHE_DIR", "", 1);
    std::string name = (std::filesystem::temp_directory_path() / "eic_expect_XXXXXX").string();
    BOOST_REQUIRE(mkdtemp(name.data()));
    path_ = name;
  }
  ~Bench() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Bench(const Bench&) = delete;

  void write(const std::string& name, const std::string& text) const { std::ofstream(path_ / name, std::ios::binary) << text; }

  // All tests of the model, in its order.
  std::vector<cli::TestOutcome> run(const std::string& model) {
    write("m.eic", model);
    std::string file = (path_ / "m.eic").string();
    Front front;
    cli::Common common;
    bool good = cli::read(front, file, common);
    for (const auto& diagnostic : front.emitter.all()) BOOST_TEST_MESSAGE(diagnostic.message);
    BOOST_REQUIRE(good);
    std::vector<cli::TestOutcome> outcomes;
    for (const sema::Test& test : front.model->tests) outcomes.push_back(cli::run_test(front, file, test));
    return outcomes;
  }

  // The only test of the model.
  cli::TestOutcome run_one(const std::string& model) {
    auto outcomes = run(model);
    BOOST_REQUIRE_EQUAL(outcomes.size(), 1u);
    return outcomes[0];
  }

 private:
  std::filesystem::path path_;
};

inline void check_passes(const cli::TestOutcome& outcome) {
  std::string why;
  for (const cli::ExpectOutcome& expect : outcome.expects)
    if (!expect.verdict.holds)
      why += fmt::format("\n{}: expected {}, got {} ({})", expect.text, expect.verdict.expected, expect.verdict.got,
                         expect.verdict.divergence);
  BOOST_TEST(outcome.passed, outcome.name << why << "\n" << outcome.diagnostics_plain);
  BOOST_TEST(outcome.status == 0);
}

// The one expectation fails, and says so.
inline void check_fails(const cli::TestOutcome& outcome, const std::string& expected, const std::string& got,
                        const std::string& divergence = "") {
  BOOST_TEST(!outcome.passed, outcome.name);
  BOOST_TEST(outcome.status == 1);
  BOOST_REQUIRE_MESSAGE(outcome.expects.size() == 1u, outcome.diagnostics_plain);
  const cli::Verdict& verdict = outcome.expects[0].verdict;
  BOOST_TEST(!verdict.holds);
  BOOST_TEST(verdict.expected == expected);
  BOOST_TEST(verdict.got == got);
  BOOST_TEST(verdict.divergence == divergence);
}

inline double number(const std::string& text) { return std::stod(text); }

}  // namespace eic::test
