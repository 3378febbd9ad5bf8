// Looks at the clock now and then while a run goes on: for the progress line, and for the time limit. Asked by the loop.
#pragma once
#include <algorithm>
#include <chrono>

#include "runtime/contract/kernel.h"
#include "runtime/engine/engine.h"

namespace eic::engine {

class Watch {
 public:
  Watch(const Hooks& hooks, const Options& options, uint64_t cells, uint64_t steps)
      : hooks_(hooks),
        limit_s_(options.time_limit_s),
        steps_(steps),
        stride_(std::max<uint64_t>(k_cells_between_looks / (cells + k_padding_cells), 1)) {}

  bool interrupted() const { return hooks_.interrupt != nullptr && hooks_.interrupt->load(std::memory_order_relaxed) != 0; }

  // True when the time limit is reached.
  bool look(uint64_t step) {
    if (step < next_look_) return false;
    next_look_ = step + stride_;
    const double now_s = elapsed_s();
    if (hooks_.progress && now_s >= next_progress_s_) {
      hooks_.progress(step, steps_);
      next_progress_s_ = now_s + k_progress_s;
    }
    return limit_s_ > 0 && now_s >= limit_s_;
  }
  double elapsed_s() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr double k_progress_s = 0.1;
  static constexpr uint64_t k_cells_between_looks = 1 << 16;  // reading the clock must not show in the step of a single cell

  const Hooks& hooks_;
  double limit_s_;
  uint64_t steps_, stride_, next_look_ = 0;
  double next_progress_s_ = k_progress_s;
  Clock::time_point start_ = Clock::now();
};

}  // namespace eic::engine
