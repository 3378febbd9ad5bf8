// Where the time of a run's steps went. In: laps of the loop's threads, and what they counted. Out: plain numbers for the report
// of `--profile`. Without it a lap is one test a step, population and projection.
#pragma once
#include <chrono>
#include <cstdint>
#include <vector>

namespace eic::engine {

// Of one thread; seconds but for events. Of projections (gap junctions have none), stimuli that send events and populations, as
// in the plan.
struct alignas(128) Tally {
  std::vector<double> deliver_s, send_s, input_s, update_s;  // input: currents, clamps and noise
  std::vector<uint64_t> events, sent;                        // that arrived
  double gaps_s = 0, record_s = 0, wait_s = 0;               // wait: for other threads
  double job_s = 0;                                          // of the job at hand
};

struct Profile {
  std::vector<Tally> threads;  // empty: not asked for
  double run_s = 0;
  uint64_t steps = 0;
};

class Lap {
 public:
  explicit Lap(bool on) : on_(on) {
    if (on_) last_ = Clock::now();
  }
  void to(double& seconds) {
    if (!on_) return;
    const Clock::time_point now = Clock::now();
    seconds += std::chrono::duration<double>(now - last_).count();
    last_ = now;
  }

 private:
  using Clock = std::chrono::steady_clock;
  bool on_;
  Clock::time_point last_;
};

}  // namespace eic::engine
