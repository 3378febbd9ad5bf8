// In: a run's exact `dt_text` ("0.1", ms) and a number of steps. Out: the time, exact, as text, double or whole ms.
// The one place where steps become times: files, statistics and pictures all ask here.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace eic::record {

class StepClock {
 public:
  StepClock() = default;  // dt = 1 ms
  explicit StepClock(std::string_view dt_text);

  // Shortest decimal that reads back as the double nearest to steps·dt, without an exponent: 3 · 0.1 is "0.3".
  void append_ms(std::string& out, uint64_t steps) const;
  std::string text_ms(uint64_t steps) const;
  double ms(uint64_t steps) const;          // correctly rounded
  double ms(uint64_t step, double fraction) const;  // (step + fraction)·dt, the fraction in [0, 1]: never outside its step
  uint64_t whole_ms(uint64_t steps) const;  // floor of the exact time
  bool exact() const { return exact_; }     // false only for a dt of more than 18 digits or beyond 1e±36 ms

 private:
  unsigned __int128 product(uint64_t steps) const { return static_cast<unsigned __int128>(mantissa_) * steps; }

  // dt = mantissa_ · 10^exponent_ ms, without trailing zeros.
  uint64_t mantissa_ = 1;
  int exponent_ = 0;
  double dt_ = 1;
  bool exact_ = true;
};

}  // namespace eic::record
