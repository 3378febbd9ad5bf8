#include "runtime/threads/team.h"

#include <sched.h>

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

#include "runtime/contract/check.h"
#include "runtime/threads/processors.h"

namespace eic::threads {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto k_alone = std::chrono::microseconds(10);   // then the processor is offered to others: the one waited for may need it
constexpr auto k_awake = std::chrono::microseconds(60);   // then the thread sleeps in the kernel
constexpr int k_pauses = 16;                              // between two looks at the clock

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Returns when the number is no longer `old`.
void await_change(const std::atomic<uint32_t>& number, uint32_t old, bool patient) {
  if (number.load(std::memory_order_acquire) != old) return;
  if (patient) {
    const auto start = Clock::now();
    for (auto waited = Clock::duration::zero(); waited < k_awake; waited = Clock::now() - start) {
      for (int i = 0; i < k_pauses; ++i) {
        if (number.load(std::memory_order_acquire) != old) return;
        relax();
      }
      if (waited > k_alone) sched_yield();
    }
  }
  number.wait(old);
}

}  // namespace

Team::Team(unsigned threads) {
  patient_ = threads <= processors();
  for (unsigned i = 1; i < threads; ++i) {
    auto worker = std::make_unique<Worker>();
    try {
      worker->thread = std::thread([this, &its = *worker, i] { work(its, i); });
    } catch (const std::system_error&) {
      break;
    }
    workers_.push_back(std::move(worker));
  }
  thrown_.resize(size());
}

Team::~Team() {
  stop_ = true;
  for (auto& worker : workers_) {
    worker->go.fetch_add(1);
    worker->go.notify_one();
  }
  for (auto& worker : workers_) worker->thread.join();
  free_caller();
}

void Team::part(unsigned index) {
  try {
    call_(job_, index);
  } catch (...) {
    thrown_[index] = std::current_exception();
  }
}

void Team::work(Worker& worker, unsigned index) {
  for (uint32_t done = 0;; ++done) {
    await_change(worker.go, done, patient_);
    if (stop_) return;
    part(index);
    if (pending_.fetch_sub(1) == 1) pending_.notify_one();
  }
}

void Team::run(unsigned threads, const void* job, Call call) {
  EIC_CHECK(threads > 0 && threads <= size(), "a team has the threads that it is asked for");
  if (threads == 1) return call(job, 0);
  if (job_ != job || call_ != call) {  // the workers have read them already
    job_ = job;
    call_ = call;
  }
  pending_.store(threads - 1);
  for (unsigned i = 0; i + 1 < threads; ++i) {
    workers_[i]->go.fetch_add(1);
    workers_[i]->go.notify_one();
  }
  part(0);
  for (uint32_t left; (left = pending_.load(std::memory_order_acquire)) > 0;) await_change(pending_, left, patient_);
  for (std::exception_ptr& thrown : thrown_)
    if (thrown) std::rethrow_exception(std::exchange(thrown, nullptr));
}

void Team::bind_caller() {
  if (!free_.empty()) bind_to(free_.front());
}

void Team::free_caller() {
  if (!free_.empty()) bind_to(free_);
}

bool Team::pin() {
  const std::vector<unsigned> allowed = allowed_processors();
  if (allowed.size() < size()) return false;
  std::vector<uint8_t> bound(size(), 0);
  run(size(), [&](unsigned i) { bound[i] = bind_to(allowed[i]) ? 1 : 0; });
  if (std::all_of(bound.begin(), bound.end(), [](uint8_t is) { return is != 0; })) {
    free_ = allowed;
    return true;
  }
  run(size(), [&](unsigned) { bind_to(allowed); });
  return false;
}

}  // namespace eic::threads
