#include "runtime/record/step_clock.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "runtime/contract/check.h"

namespace eic::record {
namespace {

using Wide = unsigned __int128;
constexpr int k_most_digits = 18;          // of dt; times 2^64 steps they fit 128 bits
constexpr int k_most_exponent = 36;
constexpr uint64_t k_plain_limit = 1'000'000'000'000'000;  // up to 15 digits a decimal is its double's shortest text

Wide power_of_ten(int n) {
  Wide power = 1;
  for (; n > 0; --n) power *= 10;
  return power;
}

std::string digits_of(Wide value) {
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value != 0);
  return digits;
}

}  // namespace

StepClock::StepClock(std::string_view dt_text) {
  auto [stop, fault] = std::from_chars(dt_text.data(), dt_text.data() + dt_text.size(), dt_);
  EIC_CHECK(fault == std::errc() && stop == dt_text.data() + dt_text.size() && dt_ > 0, "dt_text is no positive decimal");
  size_t e = dt_text.find_first_of("eE");
  std::string digits;
  exponent_ = 0;
  if (e != std::string_view::npos) {
    std::string_view exponent = dt_text.substr(e + 1);
    if (exponent.starts_with('+')) exponent.remove_prefix(1);
    std::from_chars(exponent.data(), exponent.data() + exponent.size(), exponent_);
  }
  bool behind_point = false;
  for (char c : dt_text.substr(0, e)) {
    if (c == '.') { behind_point = true; continue; }
    if (!(digits.empty() && c == '0')) digits += c;
    exponent_ -= behind_point;
  }
  while (digits.ends_with('0')) { digits.pop_back(); ++exponent_; }
  exact_ = digits.size() <= k_most_digits && std::abs(exponent_) <= k_most_exponent;
  if (exact_) std::from_chars(digits.data(), digits.data() + digits.size(), mantissa_);
}

double StepClock::ms(uint64_t steps) const {
  if (!exact_) return dt_ * static_cast<double>(steps);
  Wide whole = product(steps);
  // Two exact doubles and one rounding.
  if (whole < (Wide{1} << 53) && std::abs(exponent_) <= 22) {
    double power = static_cast<double>(power_of_ten(std::abs(exponent_)));
    return exponent_ < 0 ? static_cast<double>(whole) / power : static_cast<double>(whole) * power;
  }
  std::string text = digits_of(whole) + "e" + std::to_string(exponent_);
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

double StepClock::ms(uint64_t step, double fraction) const {
  if (fraction <= 0) return ms(step);
  if (fraction >= 1) return ms(step + 1);
  return std::clamp((static_cast<double>(step) + fraction) * dt_, ms(step), ms(step + 1));
}

void StepClock::append_ms(std::string& out, uint64_t steps) const {
  Wide whole = product(steps);
  char buffer[512];
  if (!exact_ || whole >= k_plain_limit || exponent_ > 0 || exponent_ < -k_most_digits) {
    auto [stop, fault] = std::to_chars(buffer, buffer + sizeof buffer, ms(steps), std::chars_format::fixed);
    EIC_CHECK(fault == std::errc(), "a time does not fit its buffer");
    out.append(buffer, stop);
    return;
  }
  int behind = -exponent_;
  uint64_t digits = static_cast<uint64_t>(whole);
  for (; behind > 0 && digits % 10 == 0; --behind) digits /= 10;
  auto stop = std::to_chars(buffer, buffer + sizeof buffer, digits).ptr;
  int length = static_cast<int>(stop - buffer);
  if (behind == 0) {
    out.append(buffer, stop);
  } else if (length > behind) {
    out.append(buffer, length - behind).append(1, '.').append(stop - behind, stop);
  } else {
    out.append("0.").append(behind - length, '0').append(buffer, stop);
  }
}

std::string StepClock::text_ms(uint64_t steps) const {
  std::string text;
  append_ms(text, steps);
  return text;
}

uint64_t StepClock::whole_ms(uint64_t steps) const {
  if (!exact_) return static_cast<uint64_t>(std::floor(ms(steps)));
  Wide power = power_of_ten(std::abs(exponent_));
  return static_cast<uint64_t>(exponent_ < 0 ? product(steps) / power : product(steps) * power);
}

}  // namespace eic::record
