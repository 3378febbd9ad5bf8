#include "compiler/solvers/solver.h"

namespace eic::solvers {

using ir::Op;
using ir::ValueId;

Advanced exp_euler(ir::Builder& builder, const std::vector<Rate>& rates, ValueId dt) {
  Advanced out;
  for (const Rate& rate : rates) {
    builder.at(builder[rate.rate].span);
    ValueId x = builder.column(rate.column);
    ValueId slope = ir::differentiate(builder, rate.rate, rate.column);
    if (ir::depends_on(builder.function(), slope, rate.column)) out.frozen.push_back(rate.column);
    ValueId step = dt;
    const ir::Value& known = builder[slope];
    if (known.op != Op::Const || known.number != 0)  // without a slope φ₁ is 1
      step = builder.make(Op::Mul, dt, builder.make(Op::Exprel, builder.make(Op::Mul, slope, dt)));
    out.values.push_back(builder.make(Op::Add, x, builder.make(Op::Mul, step, rate.rate)));
  }
  return out;
}

}  // namespace eic::solvers
