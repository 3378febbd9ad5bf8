// States and their rates of change, of a mechanism, a cell or a plasticity rule.
#include <fmt/format.h>

#include "compiler/sema/hints.h"
#include "compiler/sema/instance.h"

namespace eic::sema {

// `pre.x` outside a plasticity rule, `other.x` anywhere: only a rule has states of the cells at its ends.
static bool is_foreign(const std::string& name, bool rule) {
  size_t dot = name.find('.');
  return dot != std::string::npos && !(rule && (name.starts_with("pre.") || name.starts_with("post.")));
}

void Checker::equations(Cell& cell, Scope& scope, const std::vector<ast::Item>& items, const std::string& prefix,
                        StateRole role) {
  rates(cell, scope, items, prefix, declare_states(cell, scope, items, prefix, role));
}

Checker::DeclaredStates Checker::declare_states(Cell& cell, Scope& scope, const std::vector<ast::Item>& items,
                                                const std::string& prefix, StateRole role) {
  auto foreign = [&](const std::string& name) { return is_foreign(name, role == StateRole::Rule); };
  for (const ast::Item& item : items)
    if (auto* state = std::get_if<ast::State>(&item.node); state && foreign(state->name.text))
      error(Kind::ItemMisplaced, state->name.span,
            fmt::format("a state is declared where it belongs, `{}` is of something else", state->name.text))
          .help("a plasticity rule may have states of its cells: `pre.x` of the source, `post.y` of the target");
  for (const ast::Item& item : items) {  // what reads a state that was forgotten is not to blame
    auto* equation = std::get_if<ast::Equation>(&item.node);
    if (!equation) continue;
    const std::string& name = equation->name.text;
    auto declares = [&](const ast::Item& other) {
      auto* state = std::get_if<ast::State>(&other.node);
      return state && state->name.text == name;
    };
    bool declared = name == "v" || scope.find_here(name) || std::any_of(items.begin(), items.end(), declares);
    if (!declared) scope.add(name, Symbol{.span = item.span});
  }
  Place place;
  place.scope = &scope;
  place.cell = &cell;
  place.rule = role == StateRole::Rule;
  DeclaredStates added;
  for (const ast::Item& item : items) {
    auto* state = std::get_if<ast::State>(&item.node);
    if (!state || foreign(state->name.text)) continue;
    Place before = place;
    before.states = role != StateRole::Rule;
    before.what = "the starting value of a rule's state";
    ExprPtr start = state->start ? check(*state->start, before) : nullptr;
    if (!state->start)
      error(Kind::ItemMissing, state->name.span, fmt::format("`{}` has no starting value", state->name.text))
          .help(state->unit ? fmt::format("write `state {0} : {1} = 0 {1}`", state->name.text, state->unit->unit.text)
                            : fmt::format("write `state {} : mV = 0 mV`, in its own unit", state->name.text));
    if (!state->unit && !start) continue;
    units::Unit unit = state->unit ? state->unit->unit : units::usual(start->dimension);
    if (!state->unit)
      if (auto own = units::parse_unit(unit_of(*start))) unit = *own;
    uint32_t index =
        add_state(cell, scope, prefix + state->name.text, state->name.text, role, unit.dimension, unit, state->name.span);
    if (start && expect_dimension(*start, unit.dimension, unit.text, "the starting value of `" + state->name.text + "`"))
      cell.states[index].start.args = {start};
    cell.states[index].start.unit = unit;
    added.emplace_back(index, state);
  }
  return added;
}

void Checker::rates(Cell& cell, Scope& scope, const std::vector<ast::Item>& items, const std::string& prefix,
                    const DeclaredStates& added) {
  std::map<std::string, const ast::Item*> rates;
  for (const ast::Item& item : items)
    if (auto* equation = std::get_if<ast::Equation>(&item.node))
      if (auto [first, fresh] = rates.emplace(equation->name.text, &item); !fresh)
        error(Kind::ItemTwice, item.span, fmt::format("`{}'` has two equations", equation->name.text))
            .note(first->second->span, "the first is here");
  bool rule = !cell.states.empty() && cell.states[0].role == StateRole::Rule;
  Place place;
  place.scope = &scope;
  place.cell = &cell;
  place.rule = rule;
  place.noise = !rule;
  auto set_rate = [&](uint32_t index, const ast::Item* item) {
    const auto& equation = std::get<ast::Equation>(item->node);
    Dimension dimension = cell.states[index].dimension / dims::time;
    const std::string& unit = cell.states[index].unit.text;
    size_t said = emitter_.all().size();
    ExprPtr slope = check(*equation.rate, place);
    size_t before = emitter_.all().size();
    bool fits = slope && expect_dimension(*slope, dimension, unit == "1" ? "ms^-1" : unit + "/ms", "`" + equation.name.text + "'`");
    if (slope && !fits && before == said)
      note_unit_since(emitter_, said, cell.states[index].span, fmt::format("`{}` is declared in `{}`", equation.name.text, unit));
    if (fits) cell.states[index].rate = slope;
    cell.states[index].rate_span = item->span;
  };
  for (auto [index, state] : added) {
    auto rate = rates.find(state->name.text);
    if (rate == rates.end()) {
      if (rule) continue;  // what only events change
      error(Kind::StateEquation, state->name.span, fmt::format("the state `{}` has no equation", state->name.text))
          .help(fmt::format("add `{}' = …`", state->name.text));
      continue;
    }
    set_rate(index, rate->second);
    rates.erase(rate);
  }
  for (const auto& [name, item] : rates) {
    if (name == "v" && prefix.empty() && !rule) continue;  // a cell's own voltage (check_cell.cpp)
    if ((name == "w" && rule) || is_foreign(name, rule)) continue;  // a synapse's weight (check_plasticity.cpp)
    Symbol* known = scope.find_here(name);
    bool is_state = known && known->kind == Symbol::Kind::Value && known->value && known->value->op == ExprOp::State;
    if (is_state && prefix.empty()) set_rate(known->value->index, item);  // a derived cell's own, of a state of its base
    else if (is_state)
      error(Kind::StateEquation, item->span, fmt::format("`{}` is a gate: its equation follows from its rates", name));
    else
      error(Kind::StateEquation, item->span, fmt::format("`{}'` is the rate of a state that is not declared", name))
          .help(fmt::format("declare it: `state {} : mV = 0 mV`, in its own unit", name));
  }
}

}  // namespace eic::sema
