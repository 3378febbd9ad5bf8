#include "compiler/solvers/solver.h"

namespace eic::solvers {

using ir::Op;
using ir::ValueId;

// The classical method of Kutta (1901): x ← x + dt/6·(k₁ + 2·k₂ + 2·k₃ + k₄)
Advanced rk4(System& system) {
  auto k1 = system.old_rates();
  auto k2 = system.rates_at(system.moved(k1, 0.5), 0.5);
  auto k3 = system.rates_at(system.moved(k2, 0.5), 0.5);
  auto k4 = system.rates_at(system.moved(k3, 1), 1);
  ValueId two = system.builder.constant(2);
  std::vector<ValueId> sum;
  for (size_t i = 0; i < k1.size(); i++) {
    ValueId inner = system.make(Op::Mul, two, system.make(Op::Add, k2[i], k3[i]));
    sum.push_back(system.make(Op::Add, system.make(Op::Add, k1[i], inner), k4[i]));
  }
  return {system.moved(sum, 1.0 / 6), {}};
}

}  // namespace eic::solvers
