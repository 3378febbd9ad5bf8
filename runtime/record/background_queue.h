// In: blocks of records from the engine's thread. Out: the same blocks, in order, on a thread of their own that formats and
// writes them. The queue is bounded: a slow disk makes the engine wait, and memory does not grow.
#pragma once
#include <fmt/format.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "runtime/contract/error.h"

namespace eic::record {

// Block needs clear(), which may keep its capacity: emptied blocks go round.
template <class Block>
class BackgroundQueue {
 public:
  static constexpr size_t k_blocks = 4;

  BackgroundQueue() = default;
  BackgroundQueue(const BackgroundQueue&) = delete;
  BackgroundQueue& operator=(const BackgroundQueue&) = delete;
  ~BackgroundQueue() { finish(); }

  std::optional<RunError> start(std::function<void(const Block&)> work) {
    work_ = std::move(work);
    try {
      thread_ = std::thread([this] { run(); });
    } catch (const std::system_error& error) {
      return RunError{RunError::Kind::Limit,
                      fmt::format("no thread can be started to write the recordings: {}", error.code().message())};
    }
    return std::nullopt;
  }

  // Takes the block and leaves an empty one; waits while the queue is full.
  void put(Block& block) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_.size() < k_blocks; });
    waiting_.push_back(std::exchange(block, Block{}));
    if (!spare_.empty()) {
      block = std::move(spare_.back());
      spare_.pop_back();
    }
    changed_.notify_all();
  }

  // Returns when all blocks are worked off and the thread is gone.
  void finish() {
    if (!thread_.joinable()) return;
    {
      std::lock_guard lock(mutex_);
      finished_ = true;
      changed_.notify_all();
    }
    thread_.join();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return finished_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      Block block = std::move(waiting_.front());
      waiting_.pop_front();
      changed_.notify_all();
      lock.unlock();
      work_(block);
      block.clear();
      lock.lock();
      spare_.push_back(std::move(block));
    }
  }

  std::function<void(const Block&)> work_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Block> waiting_;
  std::vector<Block> spare_;
  bool finished_ = false;
  std::thread thread_;
};

}  // namespace eic::record
