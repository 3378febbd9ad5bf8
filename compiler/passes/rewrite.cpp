#include "compiler/passes/rewrite.h"

namespace eic::passes {

Function frame_of(const Function& function) {
  Function out;
  out.name = function.name;
  out.columns = function.columns;
  out.uniforms = function.uniforms;
  out.results = function.results;
  out.weighted = function.weighted;
  return out;
}

void copy_outputs(const Function& from, const std::vector<ValueId>& map, Function& to) {
  for (ir::Store store : from.stores) {
    store.value = map[store.value];
    to.stores.push_back(store);
  }
  if (from.spike) to.spike = map[*from.spike];
  if (from.spike_fraction) to.spike_fraction = map[*from.spike_fraction];
  if (from.guard) to.guard = map[*from.guard];
  for (ir::Claim claim : from.claims) {
    claim.value = map[claim.value];
    if (claim.value != k_no_value) to.claims.push_back(claim);
  }
  for (ir::Twin twin : from.twins) {
    twin = {map[twin.value], map[twin.twin]};
    if (twin.value != k_no_value && twin.value != twin.twin) to.twins.push_back(twin);
  }
}

void extend_varying(const Function& function, std::vector<bool>& known) {
  for (size_t id = known.size(); id < function.values.size(); id++) {
    const Value& value = function.values[id];
    bool weight = function.weighted && value.op == Op::Uniform && value.slot + 1 == function.uniforms.size();
    bool time = value.op == Op::Uniform && function.uniforms[value.slot].varies;
    bool varying = value.op == Op::Column || weight || time;
    for (int i = 0; i < ir::info(value.op).arity; i++) varying = varying || known[value.args[i]];
    known.push_back(varying);
  }
}

}  // namespace eic::passes
