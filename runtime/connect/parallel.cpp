#include "runtime/connect/parallel.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace eic::connect {

namespace {

class Chunks {
 public:
  Chunks(const std::atomic<int>* interrupt, uint64_t chunks, const Work& work) : interrupt_(interrupt), chunks_(chunks), work_(work) {}

  // Until there are no more, on this thread.
  void take(uint32_t worker) {
    try {
      while (!stopped_.load(std::memory_order_relaxed)) {
        if (interrupted()) return refuse(UINT64_MAX, interruption());  // no chunk is taken and then left
        const uint64_t chunk = next_++;
        if (chunk >= chunks_) return;
        if (auto error = work_(chunk, worker)) refuse(chunk, std::move(*error));
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
      if (!thrown_) thrown_ = std::current_exception();
    }
  }
  std::optional<RunError> finish() {
    if (thrown_) std::rethrow_exception(thrown_);
    return std::move(error_);
  }

 private:
  bool interrupted() const { return interrupt_ != nullptr && interrupt_->load(std::memory_order_relaxed) != 0; }
  void refuse(uint64_t chunk, RunError error) {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    if (error_ && chunk > faulted_) return;
    faulted_ = chunk;
    error_ = std::move(error);
  }

  const std::atomic<int>* interrupt_;
  const uint64_t chunks_;
  const Work& work_;
  std::atomic<uint64_t> next_ = 0;
  std::atomic<bool> stopped_ = false;
  std::mutex mutex_;  // of what follows
  uint64_t faulted_ = 0;
  std::optional<RunError> error_;
  std::exception_ptr thrown_;
};

}  // namespace

RunError interruption() { return {RunError::Kind::Limit, "interrupted while the network was built", {}, {}}; }

std::optional<RunError> for_chunks(uint32_t threads, const std::atomic<int>* interrupt, uint64_t chunks, const Work& work) {
  Chunks all(interrupt, chunks, work);
  std::vector<std::jthread> others;
  try {
    for (uint32_t worker = 1; worker < std::min<uint64_t>(threads, chunks); ++worker) others.emplace_back([&all, worker] { all.take(worker); });
  } catch (const std::system_error&) {
    // the system gives no more threads; those there are do the work
  }
  all.take(0);
  others.clear();
  return all.finish();
}

}  // namespace eic::connect
