#include "compiler/ast/visit.h"

#include <type_traits>

#include "compiler/units/quantity.h"

namespace eic::ast {

template <class T>
concept HasItems = requires(const T& node) { node.items; };
template <class T>
concept HasAllows = requires(const T& node) { node.allows; };
template <class T>
concept HasName = requires(const T& node) { { node.name } -> std::convertible_to<const Ident&>; };
template <class T>
concept HasBindings = requires(const T& node) { node.bindings; };
template <class T>
concept HasBody = requires(const T& node) { node.body; };

const Items* items_of(const Item& item) {
  return std::visit(
      [](const auto& node) -> const Items* {
        if constexpr (HasItems<decltype(node)>) return &node.items;
        return nullptr;
      },
      item.node);
}

const std::vector<Allow>* allows_of(const Item& item) {
  return std::visit(
      [](const auto& node) -> const std::vector<Allow>* {
        if constexpr (HasAllows<decltype(node)>) return &node.allows;
        return nullptr;
      },
      item.node);
}

const Ident* name_of(const Item& item) {
  return std::visit(
      [](const auto& node) -> const Ident* {
        using Node = std::decay_t<decltype(node)>;
        if constexpr (std::is_same_v<Node, Equation>) return nullptr;  // of a name that stands already
        else if constexpr (HasName<Node>) return &node.name;
        return nullptr;
      },
      item.node);
}

const Expr* bound_beyond(const Param& param, double value) {
  const units::Dimension& dimension = param.units[0].unit.dimension;
  for (const auto& [bound, outside] : {std::pair{param.low.get(), -1.0}, std::pair{param.high.get(), 1.0}}) {
    bool literal = bound && bound->kind == ExprKind::Number && bound->has_unit && bound->unit.dimension == dimension;
    auto limit = literal ? units::to_internal(bound->text, bound->unit) : std::nullopt;
    if (limit && outside * (value - *limit) > 0) return bound;
  }
  return nullptr;
}

namespace {

using Visit = std::function<void(const Expr&)>;

void one(const ExprPtr& expr, const Visit& visit) {
  if (expr) visit(*expr);
}
void target(const Target& written, const Visit& visit) {
  for (const ExprPtr& index : written.indices) one(index, visit);
}

// What is neither a binding nor a body.
void own(const Param& node, const Visit& visit) { one(node.value, visit), one(node.low, visit), one(node.high, visit); }
void own(const Let& node, const Visit& visit) { one(node.value, visit); }
void own(const State& node, const Visit& visit) { one(node.start, visit); }
void own(const Equation& node, const Visit& visit) { one(node.rate, visit); }
void own(const Fn& node, const Visit& visit) { one(node.body, visit); }
void own(const Gate& node, const Visit& visit) { one(node.q10_at, visit); }
void own(const Conductance& node, const Visit& visit) { one(node.value, visit); }
void own(const Current& node, const Visit& visit) { one(node.value, visit); }
void own(const Init& node, const Visit& visit) { one(node.binding.value, visit); }
void own(const Setting& node, const Visit& visit) { one(node.binding.value, visit); }
void own(const Spike& node, const Visit& visit) { one(node.condition, visit), one(node.threshold, visit), one(node.refractory, visit); }
void own(const Population& node, const Visit& visit) { one(node.size, visit); }
void own(const Projection& node, const Visit& visit) { target(node.from, visit), target(node.to, visit); }
void own(const Stimulus& node, const Visit& visit) { target(node.to, visit); }
void own(const Record& node, const Visit& visit) {
  if (node.of) target(*node.of, visit);
  one(node.every, visit);
}
void own(const Phase& node, const Visit& visit) { one(node.duration, visit); }
void own(const Expect& node, const Visit& visit) { one(node.subject, visit), one(node.against, visit), one(node.tolerance, visit); }
void own(const Kinetic& node, const Visit& visit) {
  for (const Transition& each : node.transitions) one(each.forward, visit), one(each.backward, visit);
}
void own(const PassIn& node, const Visit& visit) { one(node.passes, visit), one(node.seeds, visit); }
template <class T>
void own(const T&, const Visit&) {}

}  // namespace

void for_each_expr(const Item& item, const Visit& visit) {
  std::visit(
      [&](const auto& node) {
        using Node = std::decay_t<decltype(node)>;
        own(node, visit);
        if constexpr (HasBindings<Node>)
          for (const Binding& binding : node.bindings) one(binding.value, visit);
        if constexpr (HasBody<Node> && !std::is_same_v<Node, Fn>)
          for (const Binding& binding : node.body) one(binding.value, visit);
      },
      item.node);
}

void for_each_part(const Expr& expr, const Visit& visit) {
  visit(expr);
  for (const ExprPtr& arg : expr.args) for_each_part(*arg, visit);
}

}  // namespace eic::ast
