// In: models' files. Out: the outcome of each of their tests, in the order of files and tests, whatever runs first. Several
// run at once, each in a thread of its own with everything it needs. Called by `eic test`.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <regex>
#include <thread>

#include "cli/testing/run_test.h"

namespace eic::cli {

struct TestJob {
  std::string file;
  std::optional<size_t> index;  // of the test; none: the file cannot be read, and says why
};

// A worker's own copies of the models, each read once.
class Models {
 public:
  explicit Models(const Common& common) : common_(common) {}
  // Null, once its errors are told by run_test, where it cannot be read (any more).
  Front* of(const std::string& file);

 private:
  const Common& common_;
  std::map<std::string, std::unique_ptr<Front>> fronts_;
};

// Files with errors are jobs of their own; tests whose name does not match are none.
std::vector<TestJob> find_tests(const std::vector<std::string>& files, const Common& common, const std::optional<std::regex>& filter);

// As many threads as the machine gives, of those wanted; without any, the work is done at once.
void start(std::vector<std::jthread>& workers, size_t wanted, const std::function<void()>& work);

// Calls `done` from this thread, in order; false stops what has not begun. Gives up after a signal, too.
void run_tests(const std::vector<TestJob>& jobs, const Common& common, unsigned threads,
               const std::function<bool(TestOutcome&)>& done);

}  // namespace eic::cli
