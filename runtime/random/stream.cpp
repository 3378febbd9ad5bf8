#include "runtime/random/stream.h"

#include <cmath>

#include "runtime/random/elementary.h"

namespace eic::random {

namespace {

// FNV-1a over the bytes, then the finalizer of MurmurHash3, so that near seeds give far keys.
struct Hash {
  uint64_t state = 0xcbf29ce484222325;
  void add(unsigned char byte) { state = (state ^ byte) * 0x100000001b3; }
  void add(std::string_view text) {
    for (const char c : text) add(static_cast<unsigned char>(c));
    add(static_cast<unsigned char>(0));
  }
  uint64_t finish() const {
    uint64_t h = state;
    h = (h ^ (h >> 33)) * 0xff51afd7ed558ccd;
    h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53;
    return h ^ (h >> 33);
  }
};

template <uint32_t n>
double polynomial(const double (&coefficients)[n], double x) {
  double sum = coefficients[n - 1];
  for (uint32_t i = n - 1; i-- > 0;) sum = sum * x + coefficients[i];
  return sum;
}

}  // namespace

Key key_of(uint64_t seed, std::string_view path, std::string_view purpose) {
  Hash hash;
  for (int shift = 0; shift < 64; shift += 8) hash.add(static_cast<unsigned char>(seed >> shift));
  hash.add(path);
  hash.add(purpose);
  return {hash.finish()};
}

uint64_t Stream::below_long(uint64_t n) {
  using Wide = unsigned __int128;
  Wide product = static_cast<Wide>(bits()) * n;
  if (static_cast<uint64_t>(product) < n) {
    const uint64_t favoured = (0 - n) % n;
    while (static_cast<uint64_t>(product) < favoured) product = static_cast<Wide>(bits()) * n;
  }
  return static_cast<uint64_t>(product >> 64);
}

// Algorithm AS 241, PPND16: M. J. Wichura (1988), Applied Statistics 37, 477–484, doi:10.2307/2347330.
double normal_quantile(double p) {
  static constexpr double a[] = {
      3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
      4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3};
  static constexpr double b[] = {
      1.0, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
      2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3};
  static constexpr double c[] = {
      1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
      1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4};
  static constexpr double d[] = {
      1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
      1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9};
  static constexpr double e[] = {
      6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
      2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static constexpr double f[] = {
      1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
      7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15};
  const double q = p - 0.5;
  if (q >= -0.425 && q <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(a, r) / polynomial(b, r);
  }
  const double r = std::sqrt(-log(q < 0 ? p : 1.0 - p));
  const double tail = r <= 5.0 ? polynomial(c, r - 1.6) / polynomial(d, r - 1.6)
                               : polynomial(e, r - 5.0) / polynomial(f, r - 5.0);
  return q < 0 ? -tail : tail;
}

double Stream::normal() { return normal_quantile(open_uniform()); }

double Stream::exponential() { return -log(open_uniform()); }

// G. Marsaglia, W. W. Tsang (2000), ACM Trans. Math. Softw. 26, 363–372, doi:10.1145/358407.358414.
double Stream::gamma(double shape) {
  if (shape < 1.0) {
    const double boosted = gamma(shape + 1.0);
    return boosted * exp(log(open_uniform()) / shape);
  }
  const double d = shape - 1.0 / 3.0, c = 1.0 / std::sqrt(9.0 * d);
  for (;;) {
    const double x = normal(), root = 1.0 + c * x;
    if (root <= 0.0) continue;
    const double v = root * root * root;
    if (log(open_uniform()) < 0.5 * x * x + d - d * v + d * log(v)) return d * v;
  }
}

}  // namespace eic::random
