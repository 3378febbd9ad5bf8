// `eic test`: every `test` of every file: a line a test, what failed in full, a closing count.
#include <fmt/format.h>

#include <regex>

#include "cli/paths.h"
#include "cli/session.h"
#include "cli/signals.h"
#include "cli/testing/run_test.h"

namespace eic::cli {

namespace {

struct TestOptions {
  Common common;
  std::vector<std::string> paths;
  std::string filter;
};

// The lines of a test: its own, and under it what failed.
std::string lines(const TestOutcome& outcome) {
  std::string out = fmt::format("{}  {}: {}  ({:.0f} ms)\n", outcome.passed ? "pass" : "FAIL", outcome.file, outcome.name,
                                outcome.seconds * 1000);
  for (const ExpectOutcome& expect : outcome.expects) {
    if (expect.verdict.holds) continue;
    out += fmt::format("      {}: expect {}\n        expected {}\n        got      {}\n", expect.place, expect.text,
                       expect.verdict.expected, expect.verdict.got);
    if (!expect.verdict.divergence.empty()) out += fmt::format("        {}\n", expect.verdict.divergence);
  }
  return out;
}

}  // namespace

static int test(const TestOptions& options) {
  std::optional<std::regex> filter;
  if (!options.filter.empty()) {
    try {
      filter.emplace(options.filter);
    } catch (const std::regex_error&) {
      return usage_error(fmt::format("--filter `{}` is not a regular expression", options.filter));
    }
  }
  size_t passed = 0, failed = 0;
  int status = Ok;
  auto fails = [&](int with) {
    failed++;
    if (status == Ok || status == ModelError) status = with == Ok ? static_cast<int>(ModelError) : with;
  };
  for (const std::string& file : model_files(options.paths)) {
    Front front;
    if (!read(front, file, options.common)) {
      print_diagnostics(front);
      if (!print_out(fmt::format("FAIL  {}  (the model has errors)\n", file))) return File;
      fails(exit_status(front));
      continue;
    }
    for (const sema::Test& test : front.model->tests) {
      if (filter && !std::regex_search(test.name, *filter)) continue;
      TestOutcome outcome = run_test(front, file, test);
      fmt::print(stderr, "{}", outcome.diagnostics);
      if (!print_out(lines(outcome))) return File;
      outcome.passed ? void(passed++) : fails(outcome.status);
      if (int signal = interrupt_flag().load()) return 128 + signal;
    }
  }
  if (passed + failed == 0) {
    fmt::print(stderr, "eic: no test found\n");
    return ModelError;
  }
  return print_out(fmt::format("{} passed, {} failed\n", passed, failed)) ? status : static_cast<int>(File);
}

Command test_command() {
  auto options = std::make_shared<TestOptions>();
  Command command{"test", "run the tests that models contain",
                  {{"PATH", "", "files or folders", &options->paths, Completes::ModelOrFolder, {}, true},
                   {"--filter", "RE", "only tests whose name matches this regular expression", &options->filter}},
                  [options] { return test(*options); }, &options->common};
  for (Option& option : common_options(options->common)) command.options.push_back(std::move(option));
  return command;
}

}  // namespace eic::cli
