// What a value depends on, and substitution.
#include <algorithm>

#include "compiler/ir/builder.h"

namespace eic::ir {

namespace {

// Whether any value that `f` is made of satisfies `test`.
template <class Test>
bool any_below(const Function& function, ValueId f, Test test) {
  std::vector<bool> needed(f + 1, false);
  needed[f] = true;
  for (ValueId id = f + 1; id-- > 0;) {
    if (!needed[id]) continue;
    const Value& value = function.values[id];
    if (test(value)) return true;
    for (int i = 0; i < info(value.op).arity; i++) needed[value.args[i]] = true;
  }
  return false;
}

}  // namespace

bool depends_on(const Function& function, ValueId f, uint32_t column_slot) {
  return any_below(function, f, [&](const Value& value) { return value.op == Op::Column && value.slot == column_slot; });
}

bool depends_on_columns(const Function& function, ValueId f) {
  return any_below(function, f, [](const Value& value) { return value.op == Op::Column; });
}

ValueId substitute(Builder& builder, ValueId f, uint32_t column_slot, ValueId by) {
  std::vector<ValueId> now(f + 1);
  for (ValueId id = 0; id <= f; id++) {
    Value value = builder[id];  // a copy: building moves the values
    if (value.op == Op::Column && value.slot == column_slot) {
      now[id] = by;
      continue;
    }
    std::array<ValueId, 3> args = value.args;
    bool changed = false;
    for (int i = 0; i < info(value.op).arity; i++) {
      args[i] = now[value.args[i]];
      changed = changed || args[i] != value.args[i];
    }
    builder.at(value.span);
    now[id] = changed ? builder.make(value.op, args[0], args[1], args[2]) : id;
  }
  return now[f];
}

}  // namespace eic::ir
