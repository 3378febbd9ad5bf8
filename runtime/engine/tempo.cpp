#include "runtime/engine/tempo.h"

#include <algorithm>

namespace eic::engine {

void Tempo::took(uint64_t steps, double seconds) {
  steps_[one_now() ? 1 : 0] += steps;
  if (!choose_) return;
  if (!trying_) {
    rest_s_ -= seconds;
    trying_ = rest_s_ <= 0;
    return;
  }
  if (window_s_ > 0 && window_s_ + seconds > k_window_s / 2) {
    counted_s_ += seconds;
    counted_steps_ += steps;
  }
  window_s_ += seconds;
  trial_s_ += seconds;
  if (window_s_ >= k_window_s && counted_steps_ > 0) end_window();
}

void Tempo::end_window() {
  double& best = best_[window_ % 2];
  best = std::min(best, counted_s_ / static_cast<double>(counted_steps_));
  window_s_ = counted_s_ = 0;
  counted_steps_ = 0;
  if (++window_ < k_windows) return;
  one_ = !(best_[0] < best_[1] * (1 - k_least_gain));
  trying_ = false;
  rest_s_ = std::max(k_rest_s, k_rest_share * trial_s_);
  window_ = 0;
  trial_s_ = 0;
  best_[0] = best_[1] = std::numeric_limits<double>::infinity();
}

}  // namespace eic::engine
