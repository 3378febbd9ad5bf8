// Events: what a synapse does with one, and the assignments of `on event` and `reset`.
#include <fmt/format.h>

#include "compiler/sema/hints.h"
#include "compiler/sema/instance.h"

namespace eic::sema {

void Checker::on_event(Instance& instance, const ast::Item& item) {
  const auto& written = std::get<ast::OnEvent>(item.node);
  if (written.event.text != "event" && written.event.text != "pre" && written.event.text != "post") {
    error(Kind::NameUnknown, written.event.span, fmt::format("there is no `on {}`", written.event.text))
        .fix(written.event.span, "event", "write `on event`");
    return;
  }
  if (written.event.text != "event") {
    error(Kind::ItemMisplaced, item.keyword, fmt::format("`on {}` belongs into a `plasticity` rule", written.event.text))
        .help("a synapse receives its events `on event(w : nS) { … }`");
    return;
  }
  for (const Port& port : instance.cell.ports)
    if (port.name == instance.name) {
      error(Kind::ItemTwice, item.keyword, "a synapse has one `on event`").note(port.span, "the first is here");
      return;
    }
  if (written.args.size() > 1) return not_yet(written.args[1].name.span, "an event with several values");
  Port port;
  port.name = instance.name;
  port.span = item.span;
  port.weight_unit = units::dimensionless();
  Scope& scope = scopes_.emplace_back(instance.scope, instance.scope->path());
  for (const auto& arg : written.args) {
    if (!arg.unit) {
      error(Kind::ItemMissing, arg.name.span, fmt::format("the event's `{}` needs a unit", arg.name.text))
          .help(fmt::format("write `on event({} : nS)`", arg.name.text));
      return;
    }
    port.weight_unit = arg.unit->unit;
    port.weight_dimension = arg.unit->unit.dimension;
    Symbol symbol;
    symbol.value = leaf(ExprOp::Weight, 0, port.weight_dimension, port.weight_unit.text, arg.name.span);
    declare(scope, arg.name, symbol);
  }
  Place place = instance.place();
  place.scope = &scope;
  assignments(port.body, written.body, place, instance.name + ".");
  instance.cell.ports.push_back(port);
}

void Checker::assignments(std::vector<Assignment>& body, const std::vector<ast::Binding>& bindings, const Place& place,
                          const std::string& prefix) {
  for (const ast::Binding& binding : bindings) {
    std::string name = ast::dotted(binding.path);
    std::vector<std::string> names;
    auto& states = place.cell->states;
    auto state = states.end();
    for (auto it = states.begin(); it != states.end(); ++it) {
      if (it->path == prefix + name) state = it;
      if (it->path.rfind(prefix, 0) == 0) names.push_back(it->path.substr(prefix.size()));
    }
    if (state == states.end() && !prefix.empty() && name == "v") state = states.begin();  // an event that moves the membrane
    if (state == states.end()) {
      Diagnostic& diagnostic =
          error(Kind::NameUnknown, binding.path[0].span, fmt::format("there is no state `{}` to assign to", name));
      Symbol* other = binding.path.size() == 1 ? place.scope->find(name) : nullptr;
      if (other) {
        diagnostic.message = fmt::format("`{}` is no state and cannot be assigned to", name);
        diagnostic.note(other->span, "declared here").help("only a `state` changes while the model runs");
      } else {
        diagnostic.suggest(binding.path[0].span, name, names);
      }
      continue;
    }
    if (state->role == StateRole::Occupancy) {
      error(Kind::KineticScheme, binding.path[0].span, fmt::format("`{}` is a part of a whole: it cannot be set by itself", name))
          .help("the occupancies of a kinetic scheme change by its transitions alone");
      continue;
    }
    auto index = static_cast<uint32_t>(state - states.begin());
    refer_variable(ast::span_of(binding.path), *place.cell, state->path);
    auto same = [&](const Assignment& other) { return other.state == index; };
    if (auto first = std::find_if(body.begin(), body.end(), same); prefix.empty() && !place.rule && first != body.end()) {
      error(Kind::ItemTwice, binding.span, fmt::format("`{}` is reset twice", name)).note(first->span, "the first is here");
      continue;
    }
    std::string unit = state->unit.text == "1" ? "" : state->unit.text;
    size_t said = emitter_.all().size();
    bool scaled = binding.op == "*=" || binding.op == "/=";
    ExprPtr value = scaled ? check_as(*binding.value, place, {}, "1", fmt::format("what `{}` is multiplied with", name))
                           : check_as(*binding.value, place, state->dimension, unit, fmt::format("`{}`", name));
    if (!value && emitter_.all().size() > said && state->path != "v" && !scaled)
      note_unit_since(emitter_, said, state->span, fmt::format("`{}` is declared in `{}`", name, state->unit.text));
    if (!value) continue;
    ExprPtr old = leaf(ExprOp::State, index, state->dimension, unit, binding.span);
    ExprOp op = binding.op == "+="   ? ExprOp::Add
                : binding.op == "-=" ? ExprOp::Sub
                : binding.op == "*=" ? ExprOp::Mul
                                     : ExprOp::Div;
    body.push_back({index, binding.op == "=" ? value : binary(op, old, value, binding.span), binding.span});
  }
}

}  // namespace eic::sema
