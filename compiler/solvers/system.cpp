// The equations where a method asks for them: at other states, at another moment of the step.
#include "compiler/ir/substitute.h"
#include "compiler/solvers/solver.h"

namespace eic::solvers {

using ir::Op;
using ir::ValueId;

std::vector<ValueId> System::old_rates() const {
  std::vector<ValueId> all;
  for (const Rate& rate : rates) all.push_back(rate.rate);
  return all;
}

Moment System::moment(const std::vector<ValueId>& states, double fraction) {
  Moment moment;
  if (fraction > 0) passing(fraction, moment);
  for (size_t i = 0; i < rates.size(); i++) {
    bool held = rates[i].column == 0 && moves;
    moment.columns[rates[i].column] = held ? builder.make(Op::Select, moves(), states[i], old(i)) : states[i];
  }
  return moment;
}

std::vector<ValueId> System::at(const Moment& moment, const std::vector<ValueId>& values) {
  return ir::substitute(builder, values, moment.columns, moment.uniforms);
}

std::vector<ValueId> System::rates_at(const std::vector<ValueId>& states, double fraction) {
  return at(moment(states, fraction), old_rates());
}

std::vector<ValueId> System::moved(const std::vector<ValueId>& by, double weight) {
  ValueId step = make(Op::Mul, builder.constant(weight), dt);
  std::vector<ValueId> states;
  for (size_t i = 0; i < rates.size(); i++) {
    builder.at(builder[rates[i].rate].span);
    states.push_back(make(Op::Add, old(i), make(Op::Mul, step, by[i])));
  }
  return states;
}

ValueId exponential_step(ir::Builder& builder, ValueId slope, ValueId dt) {
  const ir::Value& known = builder[slope];
  if (known.op == Op::Const && known.number == 0) return dt;  // φ₁ is 1
  return builder.make(Op::Mul, dt, builder.make(Op::Exprel, builder.make(Op::Mul, slope, dt)));
}

}  // namespace eic::solvers
