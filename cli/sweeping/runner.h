// Runs the points of a sweep, several at once, each with an engine of its own. In: plans, kernels and folders. Out: a run.json
// a point, and what became of it. No point starts before the memory it asks for is free: what runs has it reserved, and a
// point that turns out to need more than it said waits until it has all to itself. Called by `eic sweep`.
#pragma once
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "runtime/engine/engine.h"
#include "runtime/report/run_report.h"

namespace eic::cli {

struct SweepJob {
  size_t point = 0;
  const plan::Run* run = nullptr;
  const KernelSet* kernels = nullptr;
  report::RunReport report;  // of the model; the run adds the rest
  std::string folder;
};

struct SweepOutcome {
  size_t point = 0;
  record::Outcome outcome = record::Outcome::Failed;
  std::optional<RunError> error;
  std::string json;  // as written to run.json; empty where nothing could be built
};

class SweepRunner {
 public:
  SweepRunner(std::vector<SweepJob> jobs, double memory) : jobs_(std::move(jobs)), memory_(memory) {}

  // `done` is called by one thread at a time, as points end; `waiting` by this thread, about ten times a second. Ends early
  // after a signal.
  void run(unsigned threads, const std::function<void(SweepOutcome)>& done, const std::function<void(size_t running)>& waiting);

 private:
  void work(const std::function<void(SweepOutcome)>& done);
  SweepOutcome run_one(SweepJob& job, std::unique_lock<std::mutex>& lock);
  bool reserve(std::unique_lock<std::mutex>& lock, double bytes, bool alone);
  void release(double bytes);

  std::vector<SweepJob> jobs_;
  double memory_, reserved_ = 0;
  size_t next_ = 0, running_ = 0, wanting_all_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
};

}  // namespace eic::cli
