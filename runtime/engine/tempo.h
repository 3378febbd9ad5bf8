// Which number of threads takes the steps: all, or one. Where it may choose, both are tried in turns at the begin and now and
// then, and what was faster goes on; so more threads are never slower than one for long, whatever else the machine does.
// In: how long batches of steps took. Asked by the engine's loop before each batch.
#pragma once
#include <cstdint>
#include <limits>

namespace eic::engine {

class Tempo {
 public:
  // Without choice it is always all of them.
  Tempo(unsigned threads, bool choose) : all_(threads), choose_(choose && threads > 1) {}

  unsigned threads() const { return one_now() ? 1 : all_; }
  bool measures() const { return choose_; }
  void took(uint64_t steps, double seconds);
  unsigned used() const { return steps_[1] > steps_[0] ? 1 : all_; }  // for most of the steps

 private:
  // A trial: windows with all threads and with one, by turns; the first half of each, when the caches change hands, is not counted.
  static constexpr unsigned k_windows = 4;
  static constexpr double k_window_s = 5e-4, k_least_gain = 0.03, k_rest_s = 0.5, k_rest_share = 20;

  bool one_now() const { return choose_ && (trying_ ? window_ % 2 == 1 : one_); }
  void end_window();

  unsigned all_;
  bool choose_, trying_ = true, one_ = false;
  unsigned window_ = 0;
  double window_s_ = 0, counted_s_ = 0, trial_s_ = 0, rest_s_ = 0;
  uint64_t counted_steps_ = 0;
  double best_[2] = {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};  // s a step: all, one
  uint64_t steps_[2] = {0, 0};
};

}  // namespace eic::engine
