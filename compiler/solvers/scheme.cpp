#include "compiler/solvers/scheme.h"

#include <algorithm>

#include "compiler/sema/elimination.h"

namespace eic::solvers {

using ir::Op;
using ir::ValueId;

namespace {

struct Values {
  ir::Builder& builder;
  ValueId add(ValueId a, ValueId b) { return builder.make(Op::Add, a, b); }
  ValueId mul(ValueId a, ValueId b) { return builder.make(Op::Mul, a, b); }
  ValueId div(ValueId a, ValueId b) { return builder.make(Op::Div, a, b); }
  ValueId one() { return builder.constant(1); }
  ValueId zero() { return builder.constant(0); }
};

}  // namespace

Diagram diagram(const sema::Scheme& scheme, ir::Equations& equations) {
  Diagram made{scheme.states, {}, scheme.span};
  auto place = [&](uint32_t state) {
    return static_cast<size_t>(std::find(scheme.states.begin(), scheme.states.end(), state) - scheme.states.begin());
  };
  for (const sema::Transition& arrow : scheme.transitions) {
    made.arrows.push_back({place(arrow.from), place(arrow.to), equations.build(*arrow.forward)});
    if (arrow.backward) made.arrows.push_back({place(arrow.to), place(arrow.from), equations.build(*arrow.backward)});
  }
  return made;
}

std::vector<ValueId> implicit_step(const Diagram& diagram, ir::Builder& builder, const std::vector<ValueId>& rates, ValueId dt,
                                    const std::vector<ValueId>& old) {
  std::map<sema::Flow, ValueId> flows;
  for (size_t i = 0; i < rates.size(); i++)
    flows[{diagram.arrows[i].from, diagram.arrows[i].to}] = builder.make(Op::Mul, rates[i], dt);
  builder.at(diagram.span);
  Values values{builder};
  return sema::occupancies(old.size(), std::move(flows), old, values);
}

// The modified Patankar–Runge–Kutta method of Burchard, Deleersnijder & Meister (2003), doi:10.1016/S0168-9274(03)00101-6: c is
// a backward Euler step, and another one follows in which what leaves a state is the mean of what leaves it at both ends, in
// proportion to what it will hold.
std::vector<ValueId> patankar(const Diagram& diagram, ir::Builder& builder, const std::vector<ValueId>& rates, ValueId dt,
                              const std::vector<ValueId>& old) {
  std::vector<ValueId> c = implicit_step(diagram, builder, rates, dt, old), weighted = rates;
  ValueId one = builder.constant(1), zero = builder.constant(0);
  for (size_t i = 0; i < rates.size(); i++) {
    size_t from = diagram.arrows[i].from;
    ValueId ratio = builder.make(Op::Select, builder.make(Op::Less, zero, c[from]), builder.make(Op::Div, old[from], c[from]), one);
    ValueId mean = builder.make(Op::Mul, builder.constant(0.5), builder.make(Op::Add, ratio, one));
    weighted[i] = builder.make(Op::Mul, rates[i], mean);
  }
  return implicit_step(diagram, builder, weighted, dt, old);
}

}  // namespace eic::solvers
