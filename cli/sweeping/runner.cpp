#include "cli/sweeping/runner.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "cli/describe.h"
#include "cli/positions.h"
#include "cli/signals.h"
#include "cli/testing/runner.h"
#include "runtime/record/csv.h"

namespace eic::cli {

namespace {

namespace fs = std::filesystem;
constexpr auto k_look = std::chrono::milliseconds(100);  // a signal wakes nobody

bool interrupted() { return interrupt_flag().load() != 0; }

// What an earlier run of the point left: its report first, so that no half of the new one passes for the old one.
void clear_folder(const std::string& folder) {
  std::error_code ignored;
  fs::remove(fs::path(folder) / record::k_report_file, ignored);
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    std::string name = entry.path().filename().string();
    if (name.ends_with(".interrupted.csv") || name.ends_with(".failed.csv")) fs::remove(entry.path(), ignored);
  }
}

SweepOutcome take_steps(engine::Engine& engine, const SweepJob& job) {
  auto files = record::csv_recorders(*job.run, job.folder);
  report::SpikeStatistics statistics;
  std::vector<record::Recorder*> recorders = {&statistics};
  for (auto& file : files) recorders.push_back(file.get());
  engine::Finished finished = engine.run(recorders, {&interrupt_flag(), {}});
  report::RunReport report = job.report;
  describe_finished(report, finished, statistics, files);
  auto unwritten = write_positions(*job.run, job.folder, report.files);
  std::string report_file = job.folder + "/" + record::k_report_file;
  report.files.push_back({report_file, 0});
  SweepOutcome outcome{job.point, finished.outcome, std::move(finished.error), report::json_text(report)};
  if (!unwritten) unwritten = record::write_file(report_file, outcome.json);
  if (!outcome.error) outcome.error = std::move(unwritten);
  if (outcome.error) outcome.outcome = record::Outcome::Failed;
  return outcome;
}

SweepOutcome build_and_run(SweepJob& job, double memory) {
  engine::Options limits;
  limits.memory_limit = static_cast<uint64_t>(std::max(1.0, memory));
  auto engine = engine::Engine::build(*job.run, *job.kernels, limits);
  if (!engine) return {job.point, record::Outcome::Failed, engine.error(), {}};
  if (auto fault = record::create_folder(job.folder)) return {job.point, record::Outcome::Failed, std::move(fault), {}};
  clear_folder(job.folder);
  describe_built(job.report, *job.run, engine->built());
  return take_steps(*engine, job);
}

}  // namespace

// False after a signal. `alone`: when nothing else runs, and then nothing else starts.
bool SweepRunner::reserve(std::unique_lock<std::mutex>& lock, double bytes, bool alone) {
  auto free = [&] {
    if (alone) return running_ == 0;
    return wanting_all_ == 0 && (running_ == 0 || reserved_ + bytes <= memory_);
  };
  wanting_all_ += alone ? 1 : 0;
  while (!free() && !interrupted()) changed_.wait_for(lock, k_look);
  wanting_all_ -= alone ? 1 : 0;
  if (interrupted()) return false;
  running_++;
  reserved_ += bytes;
  return true;
}

void SweepRunner::release(double bytes) {
  running_--;
  reserved_ -= bytes;
  changed_.notify_all();
}

// The lock is held but while the point is built and run.
SweepOutcome SweepRunner::run_one(SweepJob& job, std::unique_lock<std::mutex>& lock) {
  // A file's rows and how many delays there are is not known before; recorders keep some, too.
  constexpr double k_slack = 1.25, k_least = 16e6;
  double bytes = std::min(engine::bytes_needed(*job.run) * k_slack + k_least, memory_);
  for (bool alone : {false, true}) {
    double reserved = alone ? memory_ : bytes;
    if (!reserve(lock, reserved, alone)) break;
    lock.unlock();
    SweepOutcome tried = build_and_run(job, reserved);
    lock.lock();
    release(reserved);
    bool too_large = tried.error && tried.error->kind == RunError::Kind::Memory && tried.json.empty();
    if (!too_large || alone) return tried;
  }
  return {job.point, record::Outcome::Interrupted, std::nullopt, {}};
}

void SweepRunner::work(const std::function<void(SweepOutcome)>& done) {
  std::unique_lock lock(mutex_);
  while (next_ < jobs_.size() && !interrupted()) {
    SweepJob& job = jobs_[next_++];
    done(run_one(job, lock));
    changed_.notify_all();
  }
}

void SweepRunner::run(unsigned threads, const std::function<void(SweepOutcome)>& done,
                      const std::function<void(size_t)>& waiting) {
  std::vector<std::jthread> workers;
  size_t ended = 0;
  start(workers, std::min<size_t>(threads, jobs_.size()), [&] {
    work(done);
    std::lock_guard lock(mutex_);
    ended++;
    changed_.notify_all();
  });
  std::unique_lock lock(mutex_);
  while (ended < workers.size()) {
    changed_.wait_for(lock, k_look);
    waiting(running_);
  }
}

}  // namespace eic::cli
