// In: the rates of change of one cell's states, as IR. Out: their new values one dt later. One file a method.
#pragma once
#include <vector>

#include "compiler/ir/builder.h"

namespace eic::solvers {

struct Rate {
  uint32_t column = 0;         // of the state
  ir::ValueId rate = 0;        // x' at the old values of all states
};

struct Advanced {
  std::vector<ir::ValueId> values;    // one a rate
  std::vector<uint32_t> frozen;       // columns whose equation is not linear in themselves: what is held over the step
};

// Each state on its own, the others at their old values (Brette et al. 2007, doi:10.1007/s10827-007-0038-6, benchmark 3):
// x ← x + dt·φ₁(J·dt)·f with J = ∂f/∂x, exact where f is linear in x.
Advanced exp_euler(ir::Builder& builder, const std::vector<Rate>& rates, ir::ValueId dt);

}  // namespace eic::solvers
