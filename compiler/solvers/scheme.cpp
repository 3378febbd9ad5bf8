#include "compiler/solvers/scheme.h"

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

std::vector<ValueId> advance(const sema::Scheme& scheme, ir::Builder& builder, ir::Equations& equations, ValueId dt) {
  std::map<uint32_t, size_t> place;
  std::vector<ValueId> old;
  for (uint32_t state : scheme.states) {
    place[state] = old.size();
    old.push_back(builder.column(state));
  }
  std::map<sema::Flow, ValueId> flows;
  auto flow = [&](uint32_t from, uint32_t to, const sema::ExprPtr& rate) {
    flows[{place[from], place[to]}] = builder.make(Op::Mul, equations.build(*rate), dt);
  };
  for (const sema::Transition& arrow : scheme.transitions) {
    flow(arrow.from, arrow.to, arrow.forward);
    if (arrow.backward) flow(arrow.to, arrow.from, arrow.backward);
  }
  builder.at(scheme.span);
  Values values{builder};
  return sema::occupancies(old.size(), std::move(flows), old, values);
}

}  // namespace eic::solvers
