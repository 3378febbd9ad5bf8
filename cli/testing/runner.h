// In: models' files. Out: the outcome of each of their tests, in the order of files and tests, whatever runs first. Several
// run at once, each in a thread of its own with everything it needs. Called by `eic test`.
#pragma once
#include <functional>
#include <optional>
#include <regex>

#include "cli/testing/run_test.h"

namespace eic::cli {

struct TestJob {
  std::string file;
  std::optional<size_t> index;  // of the test; none: the file cannot be read, and says why
};

// Files with errors are jobs of their own; tests whose name does not match are none.
std::vector<TestJob> find_tests(const std::vector<std::string>& files, const Common& common, const std::optional<std::regex>& filter);

// Calls `done` from this thread, in order; false stops what has not begun. Gives up after a signal, too.
void run_tests(const std::vector<TestJob>& jobs, const Common& common, unsigned threads,
               const std::function<bool(TestOutcome&)>& done);

}  // namespace eic::cli
