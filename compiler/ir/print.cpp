#include "compiler/ir/print.h"

#include <fmt/format.h>

#include <iterator>

namespace eic::ir {

namespace {

std::string unit_suffix(const Value& value) {
  if (info(value.op).type != Type::Real || value.dimension.dimensionless()) return "";
  return " : " + units::usual_unit(value.dimension);
}

std::string right_hand_side(const Function& function, const Value& value) {
  switch (value.op) {
    case Op::Const: return fmt::format("const {}", value.number);
    case Op::BoolConst: return value.integer ? "true" : "false";
    case Op::IntConst: return fmt::format("int {}", value.integer);
    case Op::Column: return fmt::format("column {}", function.columns[value.slot].name);
    case Op::Uniform: return fmt::format("uniform {}", function.uniforms[value.slot].name);
    default: break;
  }
  std::string text = info(value.op).text;
  for (int i = 0; i < info(value.op).arity; i++) text += fmt::format("{} %{}", i ? "," : "", value.args[i]);
  return text;
}

}  // namespace

std::string print(const Function& function) {
  std::string out;
  auto to = std::back_inserter(out);
  fmt::format_to(to, "function {}\n", function.name);
  auto list = [&](const char* kind, const std::vector<Slot>& slots) {
    for (const Slot& slot : slots) fmt::format_to(to, "  {} {} : {}\n", kind, slot.name, units::usual_unit(slot.dimension));
  };
  list("column", function.columns);
  list("uniform", function.uniforms);
  for (size_t id = 0; id < function.values.size(); id++) {
    const Value& value = function.values[id];
    fmt::format_to(to, "  %{} = {}{}\n", id, right_hand_side(function, value), unit_suffix(value));
  }
  const std::vector<Slot>& targets = function.results.empty() ? function.columns : function.results;
  for (const Store& store : function.stores) {
    fmt::format_to(to, "  {} = %{}{}\n", targets[store.slot].name, store.value, store.guarded ? " guarded" : "");
  }
  if (function.spike) fmt::format_to(to, "  spike if %{}\n", *function.spike);
  if (function.spike_fraction) fmt::format_to(to, "  spike at %{}\n", *function.spike_fraction);
  if (function.guard) fmt::format_to(to, "  guard %{}\n", *function.guard);
  for (const Claim& claim : function.claims) fmt::format_to(to, "    %{} in [{}, {}]\n", claim.value, claim.low, claim.high);
  for (const Twin& twin : function.twins) fmt::format_to(to, "    %{} is %{}\n", twin.value, twin.twin);
  return out;
}

}  // namespace eic::ir
