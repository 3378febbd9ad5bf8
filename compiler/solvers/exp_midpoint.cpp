#include "compiler/solvers/solver.h"

namespace eic::solvers {

using ir::Op;
using ir::ValueId;

// Half an exponential Euler step of all states; then a whole one of each state from its old value, with the others where
// that half step has brought them: x ← x + dt·φ₁(J·dt)·f with f and J = ∂f/∂x at (x old, others half-way).
Advanced exp_midpoint(System& system) {
  ir::Builder& builder = system.builder;
  Advanced out;
  ValueId half_dt = system.make(Op::Mul, builder.constant(0.5), system.dt);
  std::vector<ValueId> slopes, half;
  for (size_t i = 0; i < system.rates.size(); i++) {
    const Rate& rate = system.rates[i];
    builder.at(builder[rate.rate].span);
    slopes.push_back(ir::differentiate(builder, rate.rate, rate.column));
    if (ir::depends_on(builder.function(), slopes[i], rate.column)) out.frozen.push_back(rate.column);
    ValueId step = exponential_step(builder, slopes[i], half_dt);
    half.push_back(system.make(Op::Add, system.old(i), system.make(Op::Mul, step, rate.rate)));
  }
  Moment midway = system.moment(half, 0.5);
  for (size_t i = 0; i < system.rates.size(); i++) {
    builder.at(builder[system.rates[i].rate].span);
    Moment others = midway;
    others.columns.erase(system.rates[i].column);
    auto now = system.at(others, {system.rates[i].rate, slopes[i]});
    ValueId step = exponential_step(builder, now[1], system.dt);
    out.values.push_back(system.make(Op::Add, system.old(i), system.make(Op::Mul, step, now[0])));
  }
  return out;
}

}  // namespace eic::solvers
