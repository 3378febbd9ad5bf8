// Of a function with a guard, the two that are compiled: what cells inside it compute, and what all cells do. Both come from
// the same operations, fused before, so inside the guard their bits are the same.
#include "compiler/passes/rewrite.h"

namespace eic::passes {

namespace {

class Narrower {
 public:
  explicit Narrower(const Function& function)
      : function_(function), out_(frame_of(function)), build_(out_, Builder::Folding::Off),
        map_(function.values.size(), k_no_value), twin_(function.values.size(), k_no_value) {
    for (const ir::Twin& twin : function.twins) twin_[twin.value] = twin.twin;
  }

  Function run() {
    for (ValueId id = 0; id < function_.values.size(); id++) moved(id);
    copy_outputs(function_, map_, out_);
    out_.claims.clear();
    out_.twins.clear();
    return std::move(out_);
  }

 private:
  ValueId moved(ValueId id) {
    if (map_[id] != k_no_value) return map_[id];
    if (twin_[id] != k_no_value) return map_[id] = moved(twin_[id]);
    const Value& value = function_.values[id];
    Args args = value.args;
    for (int i = 0; i < ir::info(value.op).arity; i++) args[i] = moved(args[i]);
    build_.at(value.span);
    return map_[id] = copy(build_, value, args);
  }

  const Function& function_;
  Function out_;
  Builder build_;
  std::vector<ValueId> map_, twin_;
};

}  // namespace

Function narrow(const Function& function) { return Narrower(function).run(); }

Function widen(const Function& function) {
  Function out = function;
  out.guard.reset();
  out.claims.clear();
  out.twins.clear();
  return out;
}

}  // namespace eic::passes
