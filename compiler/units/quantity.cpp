#include "compiler/units/quantity.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdlib>

namespace eic::units {

namespace {

constexpr int k_most_digits = 36;  // of an __int128 mantissa

std::string text(const Decimal& value) {
  bool negative = value.mantissa < 0;
  unsigned __int128 rest = negative ? -static_cast<unsigned __int128>(value.mantissa) : value.mantissa;
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  } while (rest != 0);
  return fmt::format("{}{}e{}", negative ? "-" : "", digits, value.exponent);
}

std::optional<double> read(const std::string& digits) {
  double value = 0;
  auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (end != digits.data() + digits.size()) return std::nullopt;
  if (fault == std::errc::result_out_of_range)
    return std::strtod(digits.c_str(), nullptr) == 0 ? std::optional(0.0) : std::nullopt;
  if (fault != std::errc() || !std::isfinite(value)) return std::nullopt;
  return value;
}

// Mantissa and exponent of "12.50e-3", trailing zeros dropped. Nothing for too many digits.
std::optional<Decimal> split(std::string_view digits) {
  Decimal value;
  bool negative = false, point = false, any = false;
  int zeros = 0, count = 0;
  size_t i = 0;
  if (i < digits.size() && (digits[i] == '-' || digits[i] == '+')) negative = digits[i++] == '-';
  for (; i < digits.size() && digits[i] != 'e' && digits[i] != 'E'; i++) {
    if (digits[i] == '.' && !point) {
      point = true;
      continue;
    }
    if (digits[i] < '0' || digits[i] > '9') return std::nullopt;
    any = true;
    if (point) value.exponent--;
    if (digits[i] == '0') {
      zeros++;
      continue;
    }
    if (value.mantissa != 0) count += zeros;
    if (++count > k_most_digits) return std::nullopt;
    for (; zeros >= 0; zeros--) value.mantissa *= 10;
    value.mantissa += digits[i] - '0';
    zeros = 0;
  }
  value.exponent += zeros;
  if (value.mantissa == 0) value.exponent = 0;
  if (i < digits.size()) {
    int power = 0;
    size_t from = i + 1 < digits.size() && digits[i + 1] == '+' ? i + 2 : i + 1;
    auto [end, fault] = std::from_chars(digits.data() + from, digits.data() + digits.size(), power);
    if (fault != std::errc() || end != digits.data() + digits.size() || std::abs(power) > 100000) return std::nullopt;
    if (value.mantissa != 0) value.exponent += power;
  }
  if (negative) value.mantissa = -value.mantissa;
  return any ? std::optional(value) : std::nullopt;
}

// a + b, exactly; nothing where the digits do not fit.
std::optional<Decimal> add(Decimal a, Decimal b) {
  if (a.mantissa == 0) return b;
  if (b.mantissa == 0) return a;
  if (a.exponent < b.exponent) std::swap(a, b);
  if (a.exponent - b.exponent > k_most_digits) return std::nullopt;
  for (; a.exponent > b.exponent; a.exponent--)
    if (__builtin_mul_overflow(a.mantissa, static_cast<__int128>(10), &a.mantissa)) return std::nullopt;
  if (__builtin_add_overflow(a.mantissa, b.mantissa, &a.mantissa)) return std::nullopt;
  return a;
}

}  // namespace

std::optional<Decimal> to_decimal(std::string_view digits, const Unit& unit) {
  auto value = split(digits);
  if (!value) return std::nullopt;
  if (value->mantissa != 0) value->exponent += unit.scale;
  return unit.celsius ? add(*value, Decimal{27315, -2}) : value;
}

std::optional<double> to_internal(std::string_view digits, const Unit& unit) {
  int shift = -internal_exponent(unit.dimension);
  if (auto exact = to_decimal(digits, unit)) {
    exact->exponent += shift;
    return read(text(*exact));
  }
  // more digits than a Decimal holds: let the reader round the text itself, with the scale in its exponent
  size_t e = digits.find_first_of("eE");
  int power = e == std::string_view::npos ? 0 : std::atoi(std::string(digits.substr(e + 1)).c_str());
  if (unit.celsius || std::abs(power) > 100000) return std::nullopt;
  return read(fmt::format("{}e{}", digits.substr(0, e), power + unit.scale + shift));
}

double from_internal(double value, const Unit& unit) {
  int power = internal_exponent(unit.dimension) - unit.scale;
  double scaled = power >= 0 ? value * std::pow(10.0, power) : value / std::pow(10.0, -power);
  return unit.celsius ? scaled - 273.15 : scaled;
}

std::string print(double internal_value, const Dimension& dimension, const Unit* unit) {
  Unit shown = unit ? *unit : usual(dimension);
  // what a user wrote has few digits; more than twelve are a trace of the conversion
  double value = from_internal(internal_value, shown);
  if (auto twelve = read(fmt::format("{:.12g}", value))) value = *twelve;
  std::string number = fmt::format("{}", value);
  return shown.text == "1" || shown.text.empty() ? number : number + " " + shown.text;
}

std::optional<long long> whole_ratio(const Decimal& a, const Decimal& b) {
  if (b.mantissa == 0) return std::nullopt;
  if (a.mantissa == 0) return 0;
  // a.m * 10^k / b.m with k = a.e - b.e; powers of ten move to the side that keeps both integers
  __int128 above = a.mantissa, below = b.mantissa;
  int power = a.exponent - b.exponent;
  for (; power > 0; power--) {
    if (below % 10 == 0) below /= 10;
    else if (__builtin_mul_overflow(above, static_cast<__int128>(10), &above)) return std::nullopt;
  }
  for (; power < 0; power++) {
    if (above % 10 == 0) above /= 10;
    else if (__builtin_mul_overflow(below, static_cast<__int128>(10), &below)) return std::nullopt;
  }
  if (above % below != 0) return std::nullopt;
  __int128 ratio = above / below;
  if (ratio > INT64_MAX || ratio < -INT64_MAX) return std::nullopt;
  return static_cast<long long>(ratio);
}

}  // namespace eic::units
