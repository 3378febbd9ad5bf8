// What a value depends on, and substitution.
#include <algorithm>

#include "compiler/ir/substitute.h"

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

bool depends_on_time(const Function& function, ValueId f) {
  return any_below(function, f, [&](const Value& value) { return value.op == Op::Uniform && function.uniforms[value.slot].varies; });
}

bool depends_on_columns(const Function& function, ValueId f) {
  return any_below(function, f, [&](const Value& value) {
    return value.op == Op::Column || (value.op == Op::Uniform && function.uniforms[value.slot].varies);
  });
}

std::vector<ValueId> substitute(Builder& builder, const std::vector<ValueId>& values, const std::map<uint32_t, ValueId>& columns,
                                const std::map<uint32_t, ValueId>& uniforms) {
  ValueId last = values.empty() ? 0 : *std::max_element(values.begin(), values.end());
  std::vector<bool> needed(last + 1, false);
  for (ValueId id : values) needed[id] = true;
  for (ValueId id = last + 1; id-- > 0;)
    for (int i = 0; needed[id] && i < info(builder[id].op).arity; i++) needed[builder[id].args[i]] = true;
  std::vector<ValueId> now(last + 1);
  for (ValueId id = 0; id <= last; id++) {
    if (!needed[id]) continue;
    Value value = builder[id];  // a copy: building moves the values
    bool read = value.op == Op::Column || value.op == Op::Uniform;
    const auto& by = value.op == Op::Column ? columns : uniforms;
    if (auto other = by.find(value.slot); read && other != by.end()) {
      now[id] = other->second;
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
  std::vector<ValueId> out;
  for (ValueId id : values) out.push_back(now[id]);
  return out;
}

ValueId substitute(Builder& builder, ValueId f, uint32_t column_slot, ValueId by) {
  return substitute(builder, {f}, {{column_slot, by}}, {})[0];
}

}  // namespace eic::ir
