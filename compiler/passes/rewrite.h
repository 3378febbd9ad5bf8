// What most passes are made of: a new function grown value by value from an old one. Internal to passes/.
#pragma once
#include <vector>

#include "compiler/ir/builder.h"
#include "compiler/passes/passes.h"

namespace eic::passes {

using ir::Builder;
using ir::copy;
using ir::k_no_value;
using ir::Op;
using ir::Value;
using ir::ValueId;

using Args = std::array<ValueId, 3>;

// The same function without values, stores and spike.
Function frame_of(const Function& function);
// The stores, the spike with its place and what the guard says, moved to the new values; claims and twins of values that are gone
// are left out.
void copy_outputs(const Function& from, const std::vector<ValueId>& map, Function& to);
// Which values differ from cell to cell: they read a column (or an event's weight). `known` may hold the first ones.
void extend_varying(const Function& function, std::vector<bool>& known);

// Every value through `visit(builder, old value, its arguments in the new function)`, which gives the new value.
template <class Visit>
Function rewrite(const Function& function, Visit&& visit, Builder::Folding folding = Builder::Folding::On) {
  Function out = frame_of(function);
  Builder builder(out, folding);
  std::vector<ValueId> map(function.values.size());
  for (ValueId id = 0; id < function.values.size(); id++) {
    const Value& value = function.values[id];
    Args args = value.args;
    for (int i = 0; i < ir::info(value.op).arity; i++) args[i] = map[value.args[i]];
    builder.at(value.span);
    map[id] = visit(builder, value, args);
  }
  copy_outputs(function, map, out);
  return out;
}

}  // namespace eic::passes
