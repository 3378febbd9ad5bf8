#include "cli/testing/runner.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "cli/signals.h"

namespace eic::cli {

Front* Models::of(const std::string& file) {
  auto [place, fresh] = fronts_.try_emplace(file);
  if (fresh) {
    auto front = std::make_unique<Front>();
    if (read(*front, file, common_)) place->second = std::move(front);
  }
  return place->second.get();
}

// A pattern that asks for too much is taken as one that does not match; std::regex goes as deep as the text is long, so of a
// name only its beginning is looked at.
static bool matches(const std::string& name, const std::regex& filter) {
  constexpr size_t k_most = 1000;
  try {
    return std::regex_search(name.substr(0, k_most), filter);
  } catch (const std::regex_error&) {
    return false;
  }
}

std::vector<TestJob> find_tests(const std::vector<std::string>& files, const Common& common, const std::optional<std::regex>& filter) {
  std::vector<TestJob> jobs;
  for (const std::string& file : files) {
    if (interrupt_flag().load() != 0) break;
    Front front;
    if (!read(front, file, common)) {
      jobs.push_back({file, std::nullopt});
      continue;
    }
    for (size_t i = 0; i < front.model->tests.size(); i++)
      if (!filter || matches(front.model->tests[i].name, *filter)) jobs.push_back({file, i});
  }
  return jobs;
}

void start(std::vector<std::jthread>& workers, size_t wanted, const std::function<void()>& work) {
  try {
    while (workers.size() < std::max<size_t>(wanted, 1)) workers.emplace_back(work);
  } catch (const std::system_error&) {  // the machine gives no more threads: those that there are do it
    if (workers.empty()) work();
  }
}

void run_tests(const std::vector<TestJob>& jobs, const Common& common, unsigned threads,
               const std::function<bool(TestOutcome&)>& done) {
  std::mutex mutex;
  std::condition_variable ready;
  std::vector<std::optional<TestOutcome>> outcomes(jobs.size());
  std::atomic<size_t> next = 0;
  std::atomic<bool> stopped = false;
  auto work = [&] {
    Models models(common);
    while (!stopped && interrupt_flag().load() == 0) {
      size_t i = next++;
      if (i >= jobs.size()) return;
      Front* front = jobs[i].index ? models.of(jobs[i].file) : nullptr;
      bool there = front && *jobs[i].index < front->model->tests.size();
      TestOutcome outcome = there ? run_test(*front, jobs[i].file, front->model->tests[*jobs[i].index])
                                  : run_test(jobs[i].file, common, SIZE_MAX);
      std::lock_guard lock(mutex);
      outcomes[i] = std::move(outcome);
      ready.notify_one();
    }
    std::lock_guard lock(mutex);  // a signal: whoever waits looks again
    stopped = true;
    ready.notify_one();
  };
  std::vector<std::jthread> workers;
  start(workers, std::min<size_t>(threads, jobs.size()), work);
  for (size_t i = 0; i < jobs.size(); i++) {
    std::unique_lock lock(mutex);
    ready.wait(lock, [&] { return outcomes[i].has_value() || stopped; });
    if (!outcomes[i].has_value()) break;
    TestOutcome outcome = std::move(*outcomes[i]);
    lock.unlock();
    if (interrupt_flag().load() != 0 || !done(outcome)) {
      stopped = true;
      break;
    }
  }
}

}  // namespace eic::cli
