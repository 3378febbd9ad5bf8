#include "tests/ir/passes_flagship.h"

#include <cmath>

namespace eic::test {

using ir::Builder;
using ir::Op;
using ir::ValueId;
using units::Dimension;

namespace {

Dimension si(int metre, int kilogram, int second, int ampere) {
  Dimension out;
  out.exponents = {int16_t(metre * 12), int16_t(kilogram * 12), int16_t(second * 12), int16_t(ampere * 12), 0, 0, 0};
  return out;
}
const Dimension k_volt = si(2, 1, -3, -1), k_siemens = si(-2, -1, 3, 2), k_farad = si(-2, -1, 4, 2), k_time = si(0, 0, 1, 0);
const Dimension k_rate = si(0, 0, -1, 0), k_plain;

struct Writer {
  Builder& b;
  ValueId add(ValueId x, ValueId y) { return b.make(Op::Add, x, y); }
  ValueId sub(ValueId x, ValueId y) { return b.make(Op::Sub, x, y); }
  ValueId mul(ValueId x, ValueId y) { return b.make(Op::Mul, x, y); }
  ValueId div(ValueId x, ValueId y) { return b.make(Op::Div, x, y); }
  ValueId exp(ValueId x) { return b.make(Op::Exp, x); }
  ValueId number(double x, Dimension d = {}) { return b.constant(x, d); }
  ValueId mv(double x) { return number(x, k_volt); }
  // c (x)/(exp(x/k) − 1)
  ValueId linear_over_exp(double c, ValueId x, double k) {
    ValueId rate = mul(number(c, k_rate / k_volt), x);
    return div(rate, sub(exp(div(x, mv(k))), number(1)));
  }
  ValueId exponential_euler(ValueId x, uint32_t column, ValueId f, ValueId dt) {
    ValueId z = mul(dt, ir::differentiate(b, f, column));
    return add(x, mul(mul(dt, f), b.make(Op::Exprel, z)));
  }
};

}  // namespace

ir::Function flagship_step() {
  ir::Function f;
  f.name = "flagship.step";
  f.columns = {{"v", k_volt}, {"INa.m", k_plain}, {"INa.h", k_plain}, {"IK.n", k_plain}, {"exc.s", k_siemens}, {"inh.s",
      k_siemens}};
  f.uniforms = {{"dt", k_time},     {"C", k_farad},      {"g_na", k_siemens}, {"E_na", k_volt},   {"g_k", k_siemens},
                {"E_k", k_volt},    {"g_l", k_siemens},  {"E_l", k_volt},     {"V_sh", k_volt},   {"E_exc", k_volt},
                {"E_inh", k_volt},  {"tau_exc", k_time}, {"tau_inh", k_time}, {"theta", k_volt}};
  Builder b(f);
  Writer w{b};
  enum { dt, c, g_na, e_na, g_k, e_k, g_l, e_l, v_sh, e_exc, e_inh, tau_exc, tau_inh, theta };
  auto u = [&](uint32_t slot) { return b.uniform(slot); };
  ValueId v = b.column(k_v), m = b.column(k_m), h = b.column(k_h), n = b.column(k_n), exc = b.column(k_exc),
      inh = b.column(k_inh);
  ValueId x = w.sub(v, u(v_sh));
  ValueId alpha_m = w.linear_over_exp(0.32, w.sub(w.mv(13), x), 4), beta_m = w.linear_over_exp(0.28, w.sub(x, w.mv(40)), 5);
  ValueId alpha_h = w.mul(w.number(0.128, k_rate), w.exp(w.div(w.sub(w.mv(17), x), w.mv(18))));
  ValueId beta_h = w.div(w.number(4, k_rate), w.add(w.number(1), w.exp(w.div(w.sub(w.mv(40), x), w.mv(5)))));
  ValueId alpha_n = w.linear_over_exp(0.032, w.sub(w.mv(15), x), 5);
  ValueId beta_n = w.mul(w.number(0.5, k_rate), w.exp(w.div(w.sub(w.mv(10), x), w.mv(40))));
  auto current = [&](ValueId g, ValueId e) { return w.mul(g, w.sub(v, e)); };
  ValueId sum = current(w.mul(w.mul(u(g_na), b.power(m, 3)), h), u(e_na));
  sum = w.add(sum, current(w.mul(u(g_k), b.power(n, 4)), u(e_k)));
  sum = w.add(sum, current(u(g_l), u(e_l)));
  sum = w.add(sum, current(exc, u(e_exc)));
  sum = w.add(sum, current(inh, u(e_inh)));
  ValueId v_new = w.exponential_euler(v, k_v, w.div(b.make(Op::Neg, sum), u(c)), u(dt));
  auto gate = [&](ValueId y, uint32_t column, ValueId alpha, ValueId beta) {
    ValueId rate = w.sub(w.mul(alpha, w.sub(w.number(1), y)), w.mul(beta, y));
    return w.exponential_euler(y, column, rate, u(dt));
  };
  auto decayed = [&](ValueId s, uint32_t tau) { return w.mul(s, w.exp(w.div(b.make(Op::Neg, u(dt)), u(tau)))); };
  ValueId next[] = {v_new, gate(m, k_m, alpha_m, beta_m), gate(h, k_h, alpha_h, beta_h), gate(n, k_n, alpha_n, beta_n),
                    decayed(exc, tau_exc), decayed(inh, tau_inh)};
  for (uint32_t slot = 0; slot < 6; slot++) f.stores.push_back({.slot = slot, .value = next[slot], .guarded = true});
  f.spike = b.make(Op::And, b.make(Op::Less, v, u(theta)), b.make(Op::LessEqual, u(theta), v_new));
  return f;
}

std::vector<double> flagship_parameters() { return {0.1, 0.2, 20, 50, 6, -90, 0.01, -60, -63, 0, -80, 5, 10, -20}; }

std::array<long double, 6> flagship_reference(const std::array<long double, 6>& state) {
  auto [v, m, h, n, exc, inh] = state;
  const long double dt = 0.1, c = 0.2;
  long double w = v + 63;
  auto ratio = [](long double x) { return x == 0 ? 1 : x / std::expm1(x); };
  auto phi = [](long double x) { return x == 0 ? 1 : std::expm1(x) / x; };
  long double alpha_m = 1.28L * ratio((13 - w) / 4), beta_m = 1.4L * ratio((w - 40) / 5),
      alpha_h = 0.128L * std::exp((17 - w) / 18);
  long double beta_h = 4 / (1 + std::exp((40 - w) / 5)), alpha_n = 0.16L * ratio((15 - w) / 5),
      beta_n = 0.5L * std::exp((10 - w) / 40);
  long double na = 20 * m * m * m * h, k = 6 * n * n * n * n, leak = 0.01L;
  long double total = na + k + leak + exc + inh;
  long double current = na * (v - 50) + k * (v + 90) + leak * (v + 60) + exc * v + inh * (v + 80);
  auto gate = [&](long double x, long double a, long double b) { return x + dt * (a - (a + b) * x) * phi(-dt * (a + b)); };
  return {v - dt * current / c * phi(-dt * total / c), gate(m, alpha_m, beta_m), gate(h, alpha_h, beta_h), gate(n, alpha_n,
      beta_n),
          exc * std::exp(-dt / 5), inh * std::exp(-dt / 10)};
}

}  // namespace eic::test
