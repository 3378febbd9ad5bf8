#include "compiler/solvers/solver.h"

namespace eic::solvers {

// The explicit midpoint rule (Runge 1895): x ← x + dt·f(x + dt/2·f(x))
Advanced midpoint(System& system) {
  auto half = system.moved(system.old_rates(), 0.5);
  return {system.moved(system.rates_at(half, 0.5), 1), {}};
}

}  // namespace eic::solvers
