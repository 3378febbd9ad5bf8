#include "compiler/solvers/solver.h"

namespace eic::solvers {

using ir::Op;

// Heun's method (1900), the explicit trapezoidal rule: the mean of the rates at both ends of an Euler step.
Advanced heun(System& system) {
  auto first = system.old_rates();
  auto last = system.rates_at(system.moved(first, 1), 1);
  for (size_t i = 0; i < first.size(); i++) first[i] = system.make(Op::Add, first[i], last[i]);
  return {system.moved(first, 0.5), {}};
}

}  // namespace eic::solvers
