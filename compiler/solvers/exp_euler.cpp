#include "compiler/solvers/solver.h"

namespace eic::solvers {

using ir::Op;
using ir::ValueId;

// Each state on its own, the others at their old values (Brette et al. 2007, doi:10.1007/s10827-007-0038-6, benchmark 3):
// x ← x + dt·φ₁(J·dt)·f with J = ∂f/∂x, exact where f is linear in x.
Advanced exp_euler(System& system) {
  ir::Builder& builder = system.builder;
  Advanced out;
  for (const Rate& rate : system.rates) {
    builder.at(builder[rate.rate].span);
    ValueId x = builder.column(rate.column);
    ValueId slope = ir::differentiate(builder, rate.rate, rate.column);
    if (ir::depends_on(builder.function(), slope, rate.column)) out.frozen.push_back(rate.column);
    ValueId step = exponential_step(builder, slope, system.dt);
    out.values.push_back(builder.make(Op::Add, x, builder.make(Op::Mul, step, rate.rate)));
  }
  return out;
}

}  // namespace eic::solvers
