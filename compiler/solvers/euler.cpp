#include "compiler/solvers/solver.h"

namespace eic::solvers {

// x ← x + dt·f(x)
Advanced euler(System& system) { return {system.moved(system.old_rates(), 1), {}}; }

}  // namespace eic::solvers
