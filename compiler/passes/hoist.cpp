// Values that depend on parameters alone leave the kernel: the prologue computes them once, in double, and the kernel
// reads them as uniforms. Numbers stay where they are. A condition travels as 1 or 0.
#include <fmt/format.h>

#include "compiler/passes/rewrite.h"
#include "runtime/contract/check.h"

namespace eic::passes {

namespace {

bool is_literal(const Value& value) { return ir::info(value.op).arity == 0 && value.op != Op::Uniform && value.op != Op::Column; }

class Hoister {
 public:
  explicit Hoister(const Function& function) : function_(function), prologue_(function), kernel_(function) {
    extend_varying(function, varying_);
    kernel_.values.clear();
    kernel_.stores.clear();
    kernel_.uniforms.clear();
    prologue_.name += ".prologue";
    prologue_.columns.clear();
    prologue_.stores.clear();
    prologue_.spike.reset();
    prologue_.spike_fraction.reset();
    prologue_.weighted = false;
  }

  Hoisted run() {
    Builder build(kernel_);
    std::vector<ValueId> map(function_.values.size(), k_no_value);
    for (ValueId id = 0; id < function_.values.size(); id++) {
      if (!varying_[id]) continue;
      const Value& value = function_.values[id];
      if (value.op == Op::Uniform) continue;  // the time and the weight, when they are read
      Args args = value.args;
      for (int i = 0; i < ir::info(value.op).arity; i++) args[i] = in_kernel(build, map, value.args[i]);
      build.at(value.span);
      map[id] = copy(build, value, args);
    }
    for (const ir::Store& store : function_.stores) in_kernel(build, map, store.value);
    if (function_.spike) in_kernel(build, map, *function_.spike);
    if (function_.spike_fraction) in_kernel(build, map, *function_.spike_fraction);
    copy_outputs(function_, map, kernel_);
    place_weight();
    prologue_.results = kernel_.uniforms;
    if (function_.weighted) prologue_.results.pop_back();
    drop_columns();
    return {std::move(kernel_), prune(prologue_)};
  }

 private:
  // An old value as the kernel sees it: its own, a literal, or a uniform that the prologue fills.
  ValueId in_kernel(Builder& build, std::vector<ValueId>& map, ValueId id) {
    const Value& value = function_.values[id];
    if (map[id] != k_no_value) return map[id];
    build.at(value.span);
    if (varying_[id] && is_time(value)) return map[id] = hoisted(build, id, function_.uniforms[value.slot].name, true);
    if (varying_[id]) return map[id] = weight(build, value);
    if (is_literal(value)) return map[id] = copy(build, value, value.args);
    if (ir::info(value.op).type == ir::Type::Bool) {
      Builder before(prologue_);
      ValueId flag = before.make(Op::Select, id, before.constant(1), before.constant(0));
      return map[id] = build.make(Op::NotEqual, hoisted(build, flag, fmt::format("if{}", id)), build.constant(0));
    }
    std::string name = value.op == Op::Uniform ? function_.uniforms[value.slot].name : fmt::format("u{}", id);
    return map[id] = hoisted(build, id, name);
  }

  // The time has its place in the block of uniforms like what the prologue computes, and is written there in every step.
  bool is_time(const Value& value) const { return value.op == Op::Uniform && function_.uniforms[value.slot].varies; }

  ValueId hoisted(Builder& build, ValueId id, std::string name, bool varies = false) {
    auto slot = static_cast<uint32_t>(kernel_.uniforms.size());
    kernel_.uniforms.push_back({std::move(name), prologue_.values[id].dimension, varies});
    prologue_.stores.push_back({.slot = slot, .value = id, .span = prologue_.values[id].span});
    return build.uniform(slot);
  }

  // The event's weight must be the last uniform, and how many come before it is not known yet: it gets a slot of its own
  // for now.
  ValueId weight(Builder& build, const Value& value) {
    EIC_CHECK(value.op == Op::Uniform, "a varying value that was not computed");
    weight_slot_ = static_cast<uint32_t>(kernel_.uniforms.size());
    kernel_.uniforms.push_back(function_.uniforms[value.slot]);
    return build.uniform(*weight_slot_);
  }

  void place_weight() {
    if (!function_.weighted) return;
    auto last = static_cast<uint32_t>(kernel_.uniforms.size());
    kernel_.uniforms.push_back(function_.uniforms.back());
    if (!weight_slot_) return;
    uint32_t from = *weight_slot_;
    kernel_.uniforms.erase(kernel_.uniforms.begin() + from);
    auto moved = [&](uint32_t slot) { return slot == from ? last - 1 : slot > from ? slot - 1 : slot; };
    for (Value& value : kernel_.values) {
      if (value.op == Op::Uniform) value.slot = moved(value.slot);
    }
    for (ir::Store& store : prologue_.stores) store.slot = moved(store.slot);
  }

  // The prologue reads no column: what is varying is not needed there.
  void drop_columns() {
    for (size_t id = 0; id < function_.values.size(); id++) {
      if (varying_[id] && !is_time(function_.values[id])) prologue_.values[id] = Value{.op = Op::IntConst};
    }
  }

  const Function& function_;
  Function prologue_, kernel_;
  std::vector<bool> varying_;
  std::optional<uint32_t> weight_slot_;
};

}  // namespace

Hoisted hoist(const Function& function) { return Hoister(function).run(); }

}  // namespace eic::passes
