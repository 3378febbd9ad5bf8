// exp and expm1 by the two-constant reduction within about 2 ulp, x/(e^x − 1) without cancellation, v clamped once for all
// rates, divisions by constants as multiplications, the e^x that two rates share computed once: nine exponentials a cell.
// EIC_FLOOR is the namespace, named after the instruction set that this object is built for.
#include "bench/floor.h"

#include <initializer_list>

namespace eic::bench::EIC_FLOOR {

namespace {

#if defined(__AVX512F__)
constexpr int k_vector_bytes = 64;
#elif defined(__AVX2__)
constexpr int k_vector_bytes = 32;
#else
constexpr int k_vector_bytes = 16;
#endif

template <class R> struct Lanes;
template <> struct Lanes<float> {
  typedef float Real __attribute__((vector_size(k_vector_bytes)));
  typedef int32_t Int __attribute__((vector_size(k_vector_bytes)));
};
template <> struct Lanes<double> {
  typedef double Real __attribute__((vector_size(k_vector_bytes)));
  typedef int64_t Int __attribute__((vector_size(k_vector_bytes)));
};
template <class R> using Real = typename Lanes<R>::Real;
template <class R> using Int = typename Lanes<R>::Int;

#define EIC_INLINE [[gnu::always_inline]] static inline

template <class R> EIC_INLINE Real<R> splat(double x) { return Real<R>{} + static_cast<R>(x); }

// x = k ln2 + r.
template <class R> struct Reduced {
  Real<R> em1;   // e^r − 1
  Int<R> power;  // k in the place of the exponent
};

EIC_INLINE Real<float> series(Real<float> r) {  // (e^r − 1 − r)/r²
  auto c = splat<float>;
  Real<float> p = c(1.9875691500e-4);
  for (double next : {1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1}) p = p * r + c(next);
  return p;
}

EIC_INLINE Real<double> series(Real<double> r) {  // Taylor, in pairs, which shortens the chain
  auto c = splat<double>;
  Real<double> r2 = r * r, r4 = r2 * r2;
  Real<double> q0 = (r * c(1. / 120) + c(1. / 24)) * r2 + (r * c(1. / 6) + c(0.5));
  Real<double> q1 = (r * c(2.7557319223985893e-06) + c(2.48015873015873e-05)) * r2 + (r * c(1. / 5040) + c(1. / 720));
  Real<double> q2 = (r * c(1.6059043836821613e-10) + c(2.08767569878681e-09)) * r2 +
                    (r * c(2.505210838544172e-08) + c(2.755731922398589e-07));
  return q2 * (r4 * r4) + (q1 * r4 + q0);
}

template <class R> EIC_INLINE Reduced<R> reduce(Real<R> x) {
  constexpr bool single = sizeof(R) == 4;
  auto c = splat<R>;
  const Real<R> magic = c(single ? 0x1.8p23 : 0x1.8p52);
  Real<R> shifted = x * c(1.4426950408889634074) + magic;
  Real<R> k = shifted - magic;
  Real<R> r = x - k * c(single ? 0.693145751953125 : 6.93147180369123816490e-01);
  r = r - k * c(single ? 1.428606765330187e-6 : 1.90821492927058770002e-10);
  return {series(r) * (r * r) + r, reinterpret_cast<Int<R>>(shifted) << (single ? 23 : 52)};
}

template <class R> EIC_INLINE Real<R> exp(Real<R> x) {
  Reduced<R> y = reduce<R>(x);
  return reinterpret_cast<Real<R>>(reinterpret_cast<Int<R>>(y.em1 + splat<R>(1)) + y.power);
}

template <class R> EIC_INLINE Real<R> expm1(Real<R> x) {
  Reduced<R> y = reduce<R>(x);
  Real<R> scale = reinterpret_cast<Real<R>>(reinterpret_cast<Int<R>>(splat<R>(1)) + y.power);
  return scale * y.em1 + (scale - splat<R>(1));
}

// x/(e^x − 1), 1 at 0.
template <class R> EIC_INLINE Real<R> over_expm1(Real<R> x, Real<R> em1) {
  const Real<R> one = splat<R>(1);
  auto at_zero = em1 == splat<R>(0);
  return (at_zero ? one : x) / (at_zero ? one : em1);
}

template <class R> EIC_INLINE Real<R> relaxed(Real<R> x, Real<R> alpha, Real<R> beta) {
  Real<R> sum = alpha + beta;
  return x + (alpha / sum - x) * -expm1<R>(sum * splat<R>(-0.1));
}

}  // namespace

template <class R> size_t floor_step(const FloorCells<R>& state, uint32_t* spikes) {
  constexpr int lanes = k_vector_bytes / sizeof(R);
  auto c = splat<R>;
  auto at = [](R* column, size_t cell) -> Real<R>& { return *reinterpret_cast<Real<R>*>(column + cell); };
  size_t count = 0;
  for (size_t cell = 0; cell < state.cells; cell += lanes) {
    Real<R> v = at(state.v, cell), m = at(state.m, cell), h = at(state.h, cell), n = at(state.n, cell);
    Real<R> g_exc = at(state.g_exc, cell), g_inh = at(state.g_inh, cell);
    Real<R> w = v - c(-63);
    w = w < c(-137) ? c(-137) : w;
    w = w > c(163) ? c(163) : w;

    Real<R> x1 = (c(13) - w) * c(0.25), x2 = (c(40) - w) * c(0.2), x3 = (c(15) - w) * c(0.2);
    Real<R> em1 = expm1<R>(x2), e = em1 + c(1);
    Real<R> alpha_m = c(1.28) * over_expm1<R>(x1, expm1<R>(x1)), beta_m = c(1.4) * over_expm1<R>(x2, em1) * e;
    Real<R> alpha_h = c(0.128) * exp<R>((c(17) - w) * c(1. / 18)), beta_h = c(4) / (e + c(1));
    Real<R> alpha_n = c(0.16) * over_expm1<R>(x3, expm1<R>(x3)), beta_n = c(0.5) * exp<R>((c(10) - w) * c(1. / 40));

    Real<R> g_na = c(100) * (m * m) * (m * h), n2 = n * n, g_k = c(30) * (n2 * n2);
    Real<R> total = (c(0.05) + g_exc) + (g_inh + g_na) + g_k;
    Real<R> driven = (c(0.05 * -60) + g_na * c(50)) + (g_k * c(-90) + g_inh * c(-80));
    Real<R> z = total * c(-0.1);
    z = z < c(-80) ? c(-80) : z;
    Real<R> v_new = v + (driven / total - v) * -expm1<R>(z);

    at(state.m, cell) = relaxed<R>(m, alpha_m, beta_m);
    at(state.h, cell) = relaxed<R>(h, alpha_h, beta_h);
    at(state.n, cell) = relaxed<R>(n, alpha_n, beta_n);
    at(state.v, cell) = v_new;
    at(state.g_exc, cell) = g_exc * c(0.98019867330675525);  // e^(−0.1/5)
    at(state.g_inh, cell) = g_inh * c(0.99004983374916811);  // e^(−0.1/10)

    auto up = (v_new >= c(-20)) & (v < c(-20));
    auto words = reinterpret_cast<const uint64_t*>(&up);
    uint64_t any = 0;
    for (int i = 0; i < k_vector_bytes / 8; i++) any |= words[i];
    if (__builtin_expect(any == 0, 1)) continue;
    for (int i = 0; i < lanes; i++)
      if (up[i]) spikes[count++] = static_cast<uint32_t>(cell + i);
  }
  return count;
}

template size_t floor_step(const FloorCells<float>& state, uint32_t* spikes);
template size_t floor_step(const FloorCells<double>& state, uint32_t* spikes);

}  // namespace eic::bench::EIC_FLOOR
