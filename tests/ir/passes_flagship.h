// The step of the reference cell (numerics.md), built by hand as a solver would build it with exp_euler.
#pragma once
#include "compiler/ir/builder.h"

namespace eic::test {

enum FlagshipColumn : uint32_t { k_v, k_m, k_h, k_n, k_exc, k_inh };

// Uniforms in the order of flagship_parameters().
ir::Function flagship_step();
// dt, C, g_na, E_na, g_k, E_k, g_l, E_l, V_sh, E_exc, E_inh, tau_exc, tau_inh, theta in internal units.
std::vector<double> flagship_parameters();
// The same step in plain arithmetic: v, m, h, n, exc, inh → after dt.
std::array<long double, 6> flagship_reference(const std::array<long double, 6>& state);

}  // namespace eic::test
