// `eic test`: every `test` of every file: a line a test, what failed in full, a closing count.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "cli/paths.h"
#include "cli/signals.h"
#include "cli/testing/bless.h"
#include "cli/testing/mutate.h"
#include "cli/testing/reports.h"
#include "cli/testing/runner.h"
#include "runtime/record/atomic_file.h"
#include "runtime/threads/processors.h"

namespace eic::cli {

namespace {

struct TestOptions {
  Common common;
  std::vector<std::string> paths;
  std::string filter, junit, pictures = "eic-test.out";
  unsigned threads = threads::processors();
  bool json = false, bless = false, mutate = false;
};

// A failed test asks for 1; only a model that cannot be read asks for more.
int status_of(const TestOutcome& outcome) {
  if (outcome.passed) return Ok;
  bool unread = outcome.name.empty() && (outcome.status == File || outcome.status == Limit);
  return unread ? outcome.status : static_cast<int>(ModelError);
}

int test(const TestOptions& options) {
  std::optional<std::regex> filter;
  if (!options.filter.empty()) {
    try {
      filter.emplace(options.filter);
    } catch (const std::regex_error&) {
      return usage_error(fmt::format("--filter `{}` is not a regular expression", options.filter));
    }
  }
  if (options.bless && (options.mutate || options.json || !options.junit.empty()))
    return usage_error("--bless goes alone: it prints what it rewrites");
  if (options.mutate && !options.junit.empty()) return usage_error("--mutate has no JUnit report; --json prints its table");
  if (std::find(options.paths.begin(), options.paths.end(), "-") != options.paths.end())
    return usage_error("`eic test` reads files, not standard input: its tests are read several times");
  auto began = std::chrono::steady_clock::now();
  auto now = std::chrono::system_clock::now();
  std::vector<TestJob> jobs = find_tests(model_files(options.paths), options.common, filter);
  if (jobs.empty()) {
    say("eic: no test found\n");
    return ModelError;
  }
  if (options.mutate) return mutate(jobs, options.common, options.threads, options.json);
  if (options.bless) return bless(jobs, options.common, options.threads);
  bool colour = colour_wanted(STDOUT_FILENO), writable = true;
  int status = Ok;
  std::vector<TestOutcome> outcomes;
  std::set<std::string> told;
  run_tests(jobs, options.common, options.threads, [&](TestOutcome& outcome) {
    draw_failures(outcome, options.pictures);
    if (told.insert(outcome.diagnostics).second) say("{}", outcome.diagnostics);  // a warning of what many tests use: once
    writable = options.json || print_out(text_of(outcome, colour));
    if (status == Ok) status = status_of(outcome);
    outcomes.push_back(std::move(outcome));
    return writable;
  });
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  if (!options.junit.empty() && interrupt_flag().load() == 0)
    if (auto fault = record::write_file(options.junit, junit_of(outcomes, now))) {
      say("eic: {}\n", fault->message);
      status = File;
    }
  if (int signal = interrupt_flag().load()) return 128 + signal;
  if (!writable) return File;
  std::string last = options.json ? json_of(outcomes, seconds).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n" : closing_line(outcomes, seconds, colour);
  return print_out(last) ? status : static_cast<int>(File);
}

}  // namespace

Command test_command() {
  auto options = std::make_shared<TestOptions>();
  Command command{
      "test", "run the tests that models contain",
      {{"PATH", "", "files or folders", &options->paths, Completes::ModelOrFolder, {}, true},
       {"--filter", "RE", "only tests whose name matches this regular expression", &options->filter},
       {"--junit", "FILE", "also write the outcome as JUnit XML", &options->junit, Completes::File},
       {"--json", "", "print the outcome as one JSON object", &options->json},
       {"--pictures", "DIR", "folder for pictures of what failed", &options->pictures, Completes::Folder},
       {"--threads", "N", "tests that run at once (default: one a processor)", &options->threads},
       {"--bless", "", "rewrite the reference files of failing comparisons, and show what changed", &options->bless},
       {"--mutate", "", "perturb each parameter and list what no expectation notices", &options->mutate}},
      [options] { return test(*options); }, &options->common};
  for (Option& option : common_options(options->common)) command.options.push_back(std::move(option));
  command.interruptible = true;
  return command;
}

}  // namespace eic::cli
