#include "compiler/ir/verify.h"

#include <fmt/format.h>

#include "compiler/ir/rules.h"

namespace eic::ir {

namespace {

std::string slot_error(const Value& value, const std::vector<Slot>& slots, const char* kind) {
  if (value.slot >= slots.size()) return fmt::format("{} {} does not exist", kind, value.slot);
  bool agrees = value.dimension == slots[value.slot].dimension;
  return agrees ? "" : fmt::format("{} `{}` has another dimension", kind, slots[value.slot].name);
}

std::string value_error(const Function& function, ValueId id) {
  const Value& value = function.values[id];
  if (value.op == Op::Column) return slot_error(value, function.columns, "column");
  if (value.op == Op::Uniform) return slot_error(value, function.uniforms, "uniform");
  const OpInfo& what = info(value.op);
  const Value* args[3];
  for (int i = 0; i < 3; i++) {
    if (i >= what.arity) {
      if (value.args[i] != k_no_value) return fmt::format("`{}` has too many arguments", what.text);
      continue;
    }
    if (value.args[i] >= id) return fmt::format("argument {} of `{}` does not come earlier", i, what.text);
    args[i] = &function.values[value.args[i]];
  }
  Outcome outcome = apply_rule(value.op, {args, static_cast<size_t>(what.arity)});
  if (!outcome.error.empty()) return outcome.error;
  bool carries = what.rule == DimensionRule::None;  // its own dimension
  if (!carries && outcome.dimension != value.dimension) {
    return fmt::format("`{}` is {}, not {}", what.text, units::usual_unit(outcome.dimension), units::usual_unit(value.dimension));
  }
  return "";
}

std::string store_error(const Function& function, const Store& store) {
  const std::vector<Slot>& targets = function.results.empty() ? function.columns : function.results;
  if (store.slot >= targets.size()) return "its slot does not exist";
  if (store.value >= function.values.size()) return "its value does not exist";
  const Value& value = function.values[store.value];
  if (info(value.op).type != Type::Real) return "its value is not real";
  if (value.dimension != targets[store.slot].dimension) {
    return fmt::format("`{}` is {}, not {}", targets[store.slot].name, units::usual_unit(targets[store.slot].dimension),
                       units::usual_unit(value.dimension));
  }
  return "";
}

}  // namespace

std::string verify(const Function& function) {
  for (ValueId id = 0; id < function.values.size(); id++) {
    std::string error = value_error(function, id);
    if (!error.empty()) return fmt::format("{}: %{}: {}", function.name, id, error);
  }
  for (size_t i = 0; i < function.stores.size(); i++) {
    std::string error = store_error(function, function.stores[i]);
    if (!error.empty()) return fmt::format("{}: store {}: {}", function.name, i, error);
  }
  if (function.spike) {
    ValueId spike = *function.spike;
    bool condition = spike < function.values.size() && info(function.values[spike].op).type == Type::Bool;
    if (!condition) return fmt::format("{}: the spike is no condition", function.name);
  }
  if (function.spike_fraction) {
    ValueId at = *function.spike_fraction;
    bool plain = function.spike && at < function.values.size() && info(function.values[at].op).type == Type::Real &&
                 function.values[at].dimension == Dimension{};
    if (!plain) return fmt::format("{}: where the spike is, is no number without a unit", function.name);
  }
  if (function.guard && (*function.guard >= function.values.size() || info(function.values[*function.guard].op).type != Type::Bool))
    return fmt::format("{}: the guard is no condition", function.name);
  for (const Twin& twin : function.twins) {
    if (twin.value >= function.values.size() || twin.twin >= function.values.size() || twin.value == twin.twin)
      return fmt::format("{}: a twin does not exist", function.name);
    const Value &value = function.values[twin.value], &other = function.values[twin.twin];
    if (info(value.op).type != info(other.op).type || value.dimension != other.dimension)
      return fmt::format("{}: %{} is no twin of %{}", function.name, twin.twin, twin.value);
  }
  if (function.weighted && function.uniforms.empty()) return fmt::format("{}: an event without its weight", function.name);
  return "";
}

}  // namespace eic::ir
