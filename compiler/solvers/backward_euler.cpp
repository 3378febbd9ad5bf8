#include "compiler/solvers/elimination.h"
#include "compiler/solvers/solver.h"

namespace eic::solvers {

using ir::k_no_value;
using ir::Op;
using ir::ValueId;

// The implicit Euler step of the whole cell, linearised once (Rosenbrock's method with one stage): (1 − dt·J)·Δ = dt·f with
// J = ∂f/∂x of all states by all states, at their old values; x ← x + Δ.
Advanced backward_euler(System& system) {
  ir::Builder& builder = system.builder;
  size_t n = system.rates.size();
  Matrix matrix(n, std::vector<ValueId>(n, k_no_value));
  std::vector<ValueId> right;
  ValueId one = builder.constant(1);
  for (size_t i = 0; i < n; i++) {
    ValueId rate = system.rates[i].rate;
    builder.at(builder[rate].span);
    bool held = system.rates[i].column == 0 && system.moves;
    // where v is held, its equation is Δ = 0
    auto unless_held = [&](ValueId value) {
      if (!held) return value;
      return builder.make(Op::Select, system.moves(), value, builder.constant(0, builder[value].dimension));
    };
    for (size_t j = 0; j < n; j++) {
      ValueId slope = ir::differentiate(builder, rate, system.rates[j].column);
      bool none = builder[slope].op == Op::Const && builder[slope].number == 0;
      if (none && i != j) continue;
      ValueId change = unless_held(system.make(Op::Mul, system.dt, slope));
      matrix[i][j] = none ? one : i == j ? system.make(Op::Sub, one, change) : system.make(Op::Neg, change);
    }
    right.push_back(unless_held(system.make(Op::Mul, system.dt, rate)));
  }
  std::vector<ValueId> change = eliminate(builder, std::move(matrix), std::move(right));
  Advanced out;
  for (size_t i = 0; i < n; i++) out.values.push_back(system.make(Op::Add, system.old(i), change[i]));
  return out;
}

}  // namespace eic::solvers
