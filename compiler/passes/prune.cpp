#include "compiler/passes/rewrite.h"

namespace eic::passes {

Function prune(const Function& function) {
  std::vector<bool> needed(function.values.size(), false);
  for (const ir::Store& store : function.stores) needed[store.value] = true;
  if (function.spike) needed[*function.spike] = true;
  if (function.spike_fraction) needed[*function.spike_fraction] = true;
  if (function.guard) needed[*function.guard] = true;
  for (bool found = true; found;) {
    for (size_t id = function.values.size(); id-- > 0;) {
      const Value& value = function.values[id];
      for (int i = 0; needed[id] && i < ir::info(value.op).arity; i++) needed[value.args[i]] = true;
    }
    found = false;
    for (const ir::Twin& twin : function.twins)  // one may be computed from others
      if (needed[twin.value] && !needed[twin.twin]) needed[twin.twin] = found = true;
  }
  Function out = frame_of(function);
  std::vector<ValueId> map(function.values.size(), k_no_value);
  for (ValueId id = 0; id < function.values.size(); id++) {
    if (!needed[id]) continue;
    Value value = function.values[id];
    for (int i = 0; i < ir::info(value.op).arity; i++) value.args[i] = map[value.args[i]];
    map[id] = static_cast<ValueId>(out.values.size());
    out.values.push_back(value);
  }
  copy_outputs(function, map, out);
  return out;
}

}  // namespace eic::passes
