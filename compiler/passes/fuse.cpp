#include "compiler/passes/rewrite.h"

namespace eic::passes {

namespace {

std::vector<int> count_uses(const Function& function) {
  std::vector<int> uses(function.values.size(), 0);
  for (const Value& value : function.values) {
    for (int i = 0; i < ir::info(value.op).arity; i++) uses[value.args[i]]++;
  }
  for (const ir::Store& store : function.stores) uses[store.value]++;
  if (function.spike) uses[*function.spike]++;
  if (function.spike_fraction) uses[*function.spike_fraction]++;
  return uses;
}

// Without folding anything else: the numbers of an expanded function are those of its precision.
ValueId negated(Builder& build, ValueId id) {
  if (build[id].op == Op::Const) return build.constant(-build[id].number, build[id].dimension);
  if (build[id].op == Op::Neg) return build[id].args[0];
  return build.make(Op::Neg, id);
}

}  // namespace

// a*b + c, a*b − c and c − a*b → fma with Neg where it is needed (LLVM makes fmsub and fnmadd of these). The product must
// have no other use; of two products in one sum the later one is fused, since the earlier is then ready first.
Function fuse(const Function& function) {
  std::vector<int> uses = count_uses(function);
  auto single_product = [&](ValueId id) { return function.values[id].op == Op::Mul && uses[id] == 1; };
  return rewrite(
      function,
      [&](Builder& build, const Value& value, const Args& args) {
        if (value.op != Op::Add && value.op != Op::Sub) return copy(build, value, args);
        int product = value.args[0] > value.args[1] ? 0 : 1;
        if (!single_product(value.args[product])) product = 1 - product;
        if (!single_product(value.args[product])) return copy(build, value, args);
        auto [a, b, none] = build[args[product]].args;
        ValueId rest = args[1 - product];
        if (value.op == Op::Sub && product == 0) rest = negated(build, rest);
        if (value.op == Op::Sub && product == 1) a = negated(build, a);
        return build.make(Op::Fma, a, b, rest);
      },
      Builder::Folding::Off);
}

}  // namespace eic::passes
