// Dimensions as SI exponents. Exponents are kept in twelfths, so that roots stay exact.
#pragma once
#include <array>
#include <cstdint>
#include <string>

namespace eic::units {

enum Base : uint8_t { Metre, Kilogram, Second, Ampere, Kelvin, Mole, Candela, k_bases };
constexpr int k_twelfths = 12;

struct Dimension {
  std::array<int32_t, k_bases> exponents{};  // in twelfths
  bool operator==(const Dimension&) const = default;
  bool dimensionless() const { return *this == Dimension{}; }
  Dimension operator*(const Dimension& other) const;
  Dimension operator/(const Dimension& other) const;
  Dimension power(int numerator, int denominator = 1) const;  // exact for denominators that divide 12
};

// k with 10^k SI units = one unit of the coherent internal set (ms, mV, nA, uS, nF, um, amol, K) of this dimension.
int internal_exponent(const Dimension& dimension);

// "a voltage", "a conductance per area"; for dimensions without a name, "in mV*nA".
std::string describe(const Dimension& dimension);
// The unit a neuroscientist would write: mV, nA, S/cm^2, ms^-1; products of these for the rest, "1" for none.
std::string usual_unit(const Dimension& dimension);

}  // namespace eic::units
