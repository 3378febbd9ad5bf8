#include "compiler/units/dimension.h"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <vector>

#include "runtime/contract/check.h"

namespace eic::units {

Dimension Dimension::operator*(const Dimension& other) const {
  Dimension out;
  for (int i = 0; i < k_bases; i++) out.exponents[i] = exponents[i] + other.exponents[i];
  return out;
}

Dimension Dimension::operator/(const Dimension& other) const {
  Dimension out;
  for (int i = 0; i < k_bases; i++) out.exponents[i] = exponents[i] - other.exponents[i];
  return out;
}

Dimension Dimension::power(int numerator, int denominator) const {
  Dimension out;
  for (int i = 0; i < k_bases; i++) {
    int product = exponents[i] * numerator;
    EIC_CHECK(product % denominator == 0, "a root that twelfths cannot hold");
    out.exponents[i] = product / denominator;
  }
  return out;
}

// um, 1e-9 kg, ms, nA, K, amol: with these mV = 1e-3 V, uS = 1e-6 S, nF = 1e-9 F follow.
constexpr std::array<int, k_bases> k_internal = {-6, -9, -3, -9, 0, -18, 0};

int internal_exponent(const Dimension& dimension) {
  int twelfths = 0;
  for (int i = 0; i < k_bases; i++) twelfths += dimension.exponents[i] * k_internal[i];
  return twelfths / k_twelfths;
}

namespace {

struct Named {
  std::array<int, 6> si;  // metre, kilogram, second, ampere, kelvin, mole
  const char* unit;
  const char* name;
};

constexpr Named k_named[] = {
    {{0, 0, 0, 0, 0, 0}, "1", "a plain number"},
    {{2, 1, -3, -1, 0, 0}, "mV", "a voltage"},
    {{0, 0, 0, 1, 0, 0}, "nA", "a current"},
    {{-2, -1, 3, 2, 0, 0}, "nS", "a conductance"},
    {{-2, -1, 4, 2, 0, 0}, "pF", "a capacitance"},
    {{2, 1, -3, -2, 0, 0}, "MOhm", "a resistance"},
    {{0, 0, 1, 0, 0, 0}, "ms", "a time"},
    {{0, 0, -1, 0, 0, 0}, "ms^-1", "a rate"},
    {{1, 0, 0, 0, 0, 0}, "um", "a length"},
    {{2, 0, 0, 0, 0, 0}, "um^2", "an area"},
    {{3, 0, 0, 0, 0, 0}, "um^3", "a volume"},
    {{0, 0, 1, 1, 0, 0}, "pC", "a charge"},
    {{0, 0, 0, 0, 1, 0}, "K", "a temperature"},
    {{0, 0, 0, 0, 0, 1}, "mol", "an amount of substance"},
    {{-3, 0, 0, 0, 0, 1}, "mM", "a concentration"},
    {{-3, 0, -1, 0, 0, 1}, "mM/ms", "a concentration per time"},
    {{-4, -1, 3, 2, 0, 0}, "S/cm^2", "a conductance per area"},
    {{-4, -1, 4, 2, 0, 0}, "uF/cm^2", "a capacitance per area"},
    {{-2, 0, 0, 1, 0, 0}, "uA/cm^2", "a current per area"},
    {{2, 1, -4, -1, 0, 0}, "mV/ms", "a voltage per time"},
    {{-2, -1, 2, 2, 0, 0}, "nS/ms", "a conductance per time"},
    {{0, 0, -1, 1, 0, 0}, "nA/ms", "a current per time"},
    {{-2, -1, 3, 1, 0, 0}, "mV^-1", "a reciprocal voltage"},
    {{-2, -1, 2, 1, 0, 0}, "ms^-1/mV", "a rate per voltage"},
    {{1, 0, -1, 0, 0, 0}, "cm/s", "a permeability"},
    {{4, 2, -6, -2, 0, 0}, "mV^2", "a squared voltage"},
    {{2, 1, -3, 0, 0, 0}, "pW", "a power"},
    {{2, 1, -2, 0, 0, 0}, "pJ", "an energy"},
};

const Named* find_named(const Dimension& dimension) {
  for (const Named& named : k_named) {
    bool same = dimension.exponents[Candela] == 0;
    for (int i = 0; i < 6; i++) same = same && dimension.exponents[i] == named.si[i] * k_twelfths;
    if (same) return &named;
  }
  return nullptr;
}

std::string raised(std::string_view word, int twelfths) {
  if (twelfths == k_twelfths) return std::string(word);
  if (twelfths % k_twelfths == 0) return fmt::format("{}^{}", word, twelfths / k_twelfths);
  int divisor = 1;
  while (twelfths * divisor % k_twelfths != 0) divisor++;
  return fmt::format("{}^({}/{})", word, twelfths * divisor / k_twelfths, divisor);
}

}  // namespace

std::string usual_unit(const Dimension& dimension) {
  if (const Named* named = find_named(dimension)) return named->unit;
  // The kilogram stands in electrical units only: every power of it is a power of the volt.
  const auto& e = dimension.exponents;
  int volt = e[Kilogram];
  std::vector<std::pair<std::string_view, int>> parts = {
      {"mV", volt},     {"nA", e[Ampere] + volt}, {"um", e[Metre] - 2 * volt},
      {"K", e[Kelvin]}, {"amol", e[Mole]},        {"ms", e[Second] + 3 * volt}};
  std::string above, below;
  for (auto [word, power] : parts) {
    if (power > 0) above += (above.empty() ? "" : "*") + raised(word, power);
    if (power < 0) below += "/" + raised(word, -power);
  }
  return (above.empty() ? "1" : above) + below;
}

std::string describe(const Dimension& dimension) {
  if (const Named* named = find_named(dimension)) return named->name;
  return "in " + usual_unit(dimension);
}

}  // namespace eic::units
