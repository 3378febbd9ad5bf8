// Mechanisms: a channel or synapse is merged into its cell, once for each instance, with the instance's parameters.
#include <fmt/format.h>

#include <cmath>

#include "compiler/sema/hints.h"
#include "compiler/sema/instance.h"
#include "compiler/sema/ranges.h"

namespace eic::sema {

using ast::MechanismKind;

ExprPtr Checker::voltage(const Cell& cell, Span span) const {
  return leaf(ExprOp::State, 0, cell.states[0].dimension, "mV", span);
}

uint32_t Checker::add_state(Cell& cell, Scope& scope, const std::string& path, const std::string& name, StateRole role,
                            Dimension dimension, units::Unit unit, Span span) {
  State state;
  state.path = path;
  state.role = role;
  state.dimension = dimension;
  state.unit = unit;
  state.span = state.rate_span = span;
  auto index = static_cast<uint32_t>(cell.states.size());
  cell.states.push_back(state);
  Symbol symbol;
  symbol.value = leaf(ExprOp::State, index, dimension, unit.text == "1" ? "" : unit.text, span);
  size_t dot = name.find('.');  // `pre.x` of a plasticity rule stands among the names of `pre`
  Scope& home = dot == std::string::npos ? scope : *scope.find_here(name.substr(0, dot))->scope;
  declare(home, ast::Ident{dot == std::string::npos ? name : name.substr(dot + 1), span}, symbol);
  return index;
}

// Reports what the braces give and the mechanism does not take; returns the parameters that were probably meant.
std::set<std::string> Checker::unknown_bindings(const Instance& instance, const std::vector<std::string>& names) {
  std::set<std::string> meant;
  for (const Bound& bound : instance.braces) {
    std::string name = ast::dotted(bound.path);
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    Diagnostic& diagnostic = error(Kind::NameUnknown, ast::span_of(bound.path),
                                   fmt::format("`{}` has no parameter `{}`", instance.mechanism.name.text, name));
    if (diagnostic.suggest(ast::span_of(bound.path), name, names)) meant.insert(diagnostic.fixes[0].replacement);
    else if (name == "E" && !instance.mechanism.ions.empty())
      diagnostic.help(
          fmt::format("it works on an ion, whose `E` is set there: `ion {} {{ E = … mV }}`",
                      instance.ions.empty() ? instance.mechanism.ions[0].text : instance.ions[0].text));
    else if (!names.empty()) {
      std::string all;
      for (const std::string& known : names) all += (all.empty() ? "`" : ", `") + known + "`";
      diagnostic.help("its parameters are " + all);
    }
    diagnostic.note(instance.mechanism.name.span, "declared here");
  }
  return meant;
}

// Any value of the parameter's dimension: for one whose own is in error, so that nothing behind it is to blame.
static ExprPtr stand_in(const ast::Param& param, bool total, Span span) {
  if (!param.units.empty()) return number(1, (total ? param.units.back() : param.units.front()).unit.dimension, span);
  const ast::Expr* value = param.value.get();
  if (value && value->kind == ast::ExprKind::Unary) value = value->args[0].get();
  if (!value || value->kind != ast::ExprKind::Number) return nullptr;
  return number(1, value->has_unit ? value->unit.dimension : Dimension{}, span);
}

void Checker::mechanism_params(Instance& instance) {
  const auto& items = instance.mechanism.items;
  std::vector<std::string> names;
  std::vector<const ast::Item*> open;
  for (const ast::Item& item : items)
    if (auto* param = std::get_if<ast::Param>(&item.node)) names.push_back(param->name.text);
  std::set<std::string> meant = unknown_bindings(instance, names);
  for (const ast::Item& item : items) {
    auto* param = std::get_if<ast::Param>(&item.node);
    if (!param) continue;
    const ast::Binding* bound = nullptr;
    Scope* site = nullptr;
    for (const Bound& given : instance.braces)
      if (given.path.size() == 1 && given.path[0].text == param->name.text) {
        if (bound)
          error(Kind::ItemTwice, given.binding->span, fmt::format("`{}` is given twice", param->name.text))
              .note(bound->span, "first given here");
        bound = given.binding;
        site = given.site;
        refer(given.path[0].span, param->name.span, "parameter", instance.scope->path_of(param->name.text),
              param->units.empty() ? "" : param->units[0].unit.text, true);
      }
    if (!param->value && param->units.empty()) {
      error(Kind::ParamMissing, param->name.span, fmt::format("`{}` needs a unit or a value", param->name.text))
          .help(fmt::format("write `param {} : mV` or `param {} = -60 mV`", param->name.text, param->name.text));
      continue;
    }
    if (!bound && param->value) {
      open.push_back(&item);
      continue;
    }
    ExprPtr value;
    if (bound) {
      value = check_constant(*bound->value, site, "a parameter of a mechanism");
      if (!value) value = stand_in(*param, !instance.cell.area, bound->span);
      if (!value) {
        instance.scope->add(param->name.text, Symbol{.span = param->name.span});
        continue;
      }
    } else if (instance.used) {
      if (meant.count(param->name.text)) continue;
      error(Kind::ParamMissing, instance.named,
            fmt::format("`{}` needs a value for `{}` ({})", instance.name, param->name.text,
                        units::describe(param->units[0].unit.dimension)))
          .note(param->name.span, "declared here, without a default")
          .help(fmt::format("add it in the braces: `{} = … {}`", param->name.text, param->units[0].unit.text));
      continue;
    }
    uint32_t index = add_param(instance.scope->path_of(param->name.text), *param, value, instance.scope,
                               bound ? bound->span : param->name.span);
    Symbol symbol;  // without a value where it is in error: what reads it is not to blame
    if (index != UINT32_MAX) symbol.value = param_leaf(index, param->name.span);
    declare(*instance.scope, param->name, symbol);
  }
  for (const ast::Item* item : open) declare_param(*instance.scope, *item);
  for (const ast::Item* item : open)
    if (Symbol* symbol = instance.scope->find_here(std::get<ast::Param>(item->node).name.text); symbol && !symbol->value)
      resolve_param(*symbol);
}

// A density times the cell's area, or the value itself where it is a total.
ExprPtr Checker::total(ExprPtr value, const Dimension& whole, const std::string& what, const Cell& cell) {
  if (value->boolean || (value->dimension != whole && value->dimension != whole / dims::area)) {
    expect_dimension(*value, whole, "", what);
    return nullptr;
  }
  if (value->dimension == whole) return value;
  if (cell.area) return binary(ExprOp::Mul, value, cell.area, value->span);
  // where the user gave the density, rather than the mechanism's own line
  const Expr* given = value.get();
  for (uint32_t i = 0; i < model_.params.size(); i++)
    if (model_.params[i].dimension == value->dimension && model_.params[i].value && contains(*value, ExprOp::Param, i))
      given = model_.params[i].value.get();
  Diagnostic& diagnostic =
      error(Kind::UnitDensityWithoutArea, given->span,
            fmt::format("{} is {} (`{}`), but the cell has no `area`", what, units::describe(value->dimension), unit_of(*given)));
  bool inside =
      given->span.file == value->span.file && given->span.begin >= value->span.begin && given->span.end <= value->span.end;
  if (!inside) diagnostic.note(value->span, "used here");
  diagnostic.note(cell.span, "either add `area = … um^2` to this cell")
      .help(fmt::format("or give a total, in `{}`", units::usual_unit(whole)));
  return nullptr;
}

void Checker::current(Instance& instance, const ast::Item& item) {
  auto* conductance = std::get_if<ast::Conductance>(&item.node);
  const ast::Expr& written = conductance ? *conductance->value : *std::get<ast::Current>(item.node).value;
  ExprPtr value = check(written, instance.place());
  if (!value) return;
  Current current;
  current.path = instance.name;
  if (!instance.ions.empty()) current.ion = instance.ions[0].text;
  current.synaptic = instance.mechanism.kind == MechanismKind::Synapse;
  current.span = item.span;
  instance.conductance = value;
  if (!conductance) {
    current.current = current.outward = total(value, dims::current, "`current`", instance.cell);
    if (current.outward) instance.cell.currents.push_back(current);
    return;
  }
  size_t said = emitter_.all().size();
  current.conductance = total(value, dims::conductance, "`conductance`", instance.cell);
  bool is_current = value->dimension == dims::current || value->dimension == dims::current / dims::area;
  if (!current.conductance && is_current && emitter_.all().size() > said)
    note_unit_since(emitter_, said, item.keyword,
                    "it is multiplied by `v - E` by itself; an expression that is a current stands behind `current`");
  bool lacks_area = emitter_.all().size() > said && emitter_.all().back().kind == Kind::UnitDensityWithoutArea;
  if (lacks_area) instance.cell.area = number(1, dims::area, instance.cell.span);  // said once a cell
  Symbol* reversal = instance.scope->find_here("E");
  bool own = reversal != nullptr;
  if (!own && instance.ion) {
    reversal = instance.ion->scope->find_here("E");
    if (!reversal) return ion_lacks(*instance.ion, "E", instance.named);
  }
  if (!reversal) {
    Diagnostic& diagnostic = error(Kind::IonMissing, item.keyword, "a `conductance` needs a reversal potential");
    const ast::Ident* other = nullptr;
    for (const ast::Item& inner : instance.mechanism.items)
      if (auto* param = std::get_if<ast::Param>(&inner.node); param && diagnostics::did_you_mean(param->name.text, {"E"}))
        other = &param->name;
    if (other) diagnostic.note(other->span, "it is called `E`, not `" + other->text + "`");
    else diagnostic.help("put the mechanism on an ion, `channel C(ion k)`, or give it `param E : mV`");
    return;
  }
  current.reversal = resolve(*reversal, item.keyword, instance.place());
  if (current.reversal && current.reversal->op == ExprOp::Param && own)
    if (const ExprPtr& given = model_.params[current.reversal->index].value; given && given->dimension != dims::voltage) {
      expect_dimension(*given, dims::voltage, "mV", "the reversal potential `E`");
      return;
    }
  refer(item.keyword, *reversal, "E");
  if (!current.conductance || !current.reversal ||
      !expect_dimension(*current.reversal, dims::voltage, "mV", "the reversal potential `E`"))
    return;
  ExprPtr drive = binary(ExprOp::Sub, voltage(instance.cell, item.span), current.reversal, item.span);
  current.outward = binary(ExprOp::Mul, current.conductance, drive, written.span);
  instance.cell.currents.push_back(current);
}

void Checker::mechanism_body(Instance& instance) {
  declare_items(*instance.scope, instance.mechanism.items, false);
  bool synapse = instance.mechanism.kind == MechanismKind::Synapse;
  std::vector<const ast::Item*> gates;
  for (const ast::Item& item : instance.mechanism.items) {
    if (!std::holds_alternative<ast::Gate>(item.node)) continue;
    if (!synapse) gates.push_back(&item);
    else {
      const ast::Ident& name = std::get<ast::Gate>(item.node).name;
      error(Kind::ItemMisplaced, item.keyword, "a synapse has states, not gates")
          .help(fmt::format("write `state {0} : 1 = 0` and its equation `{0}' = …`", name.text));
      if (!instance.scope->find_here(name.text)) instance.scope->add(name.text, Symbol{.span = name.span});
    }
  }
  bool misspelt = false;  // a `conductance = …` that is one nevertheless
  for (const ast::Item& item : instance.mechanism.items)
    if (auto* setting = std::get_if<ast::Setting>(&item.node)) {
      const ast::Binding& binding = setting->binding;
      const std::string& name = binding.path[0].text;
      Span at = binding.path[0].span;
      if (name == "conductance" || name == "current") {
        misspelt = true;
        error(Kind::ItemMisplaced, item.keyword, fmt::format("`{}` is followed by its value, without `=`", name))
            .fix({at.file, at.end, binding.value->span.begin}, " ", fmt::format("write `{} …`", name));
      } else {
        Diagnostic& diagnostic = error(Kind::ItemMisplaced, item.keyword, "a mechanism has no settings");
        if (binding.path.size() == 1 && binding.op == "=")
          diagnostic.fix({at.file, at.begin, at.begin}, "param ",
                         fmt::format("a value of its own is declared: `param {} = …`", name));
        if (!instance.scope->find_here(name)) instance.scope->add(name, Symbol{.span = at});
      }
    }
  // states first, so that rates may read one another's
  for (const ast::Item* item : gates) {
    const auto& written = std::get<ast::Gate>(item->node);
    auto is_inf = [](const ast::Binding& binding) { return binding.path[0].text == "inf"; };
    bool instantaneous = !written.bindings.empty() && std::all_of(written.bindings.begin(), written.bindings.end(), is_inf);
    if (!instantaneous)
      add_state(instance.cell, *instance.scope, instance.name + "." + written.name.text, written.name.text, StateRole::Gate, {},
                units::dimensionless(), written.name.span);
  }
  const ast::Item* scheme = nullptr;
  for (const ast::Item& item : instance.mechanism.items) {
    auto* kinetic = std::get_if<ast::Kinetic>(&item.node);
    if (!kinetic) continue;
    if (scheme) error(Kind::ItemTwice, item.keyword, "a mechanism has one `kinetic` scheme").note(scheme->span, "the first is here");
    else kinetic_states(instance, *kinetic);
    scheme = scheme ? scheme : &item;
  }
  equations(instance.cell, *instance.scope, instance.mechanism.items, instance.name + ".",
            synapse ? StateRole::Synaptic : StateRole::Plain);
  for (const ast::Item* item : gates) gate(instance, *item);
  if (scheme) kinetic_rates(instance, *scheme);
  const ast::Item* current_item = nullptr;
  for (const ast::Item& item : instance.mechanism.items) {
    if (std::holds_alternative<ast::Conductance>(item.node) || std::holds_alternative<ast::Current>(item.node)) {
      if (current_item)
        error(Kind::ItemTwice, item.keyword, "a mechanism has one `conductance` or `current`")
            .note(current_item->span, "the first is here");
      else current(instance, item);
      current_item = &item;
    } else if (std::holds_alternative<ast::OnEvent>(item.node)) {
      if (synapse) on_event(instance, item);
      else error(Kind::ItemMisplaced, item.keyword, "only a synapse receives events");
    } else if (!std::holds_alternative<ast::Param>(item.node) && !std::holds_alternative<ast::Let>(item.node) &&
               !std::holds_alternative<ast::Fn>(item.node) && !std::holds_alternative<ast::Gate>(item.node) &&
               !std::holds_alternative<ast::State>(item.node) && !std::holds_alternative<ast::Equation>(item.node) &&
               !std::holds_alternative<ast::Allow>(item.node) && !std::holds_alternative<ast::Setting>(item.node) &&
               !std::holds_alternative<ast::Kinetic>(item.node)) {
      Diagnostic& diagnostic = error(Kind::ItemMisplaced, item.keyword, "this item does not belong into a mechanism");
      if (std::string where = where_it_belongs(item); !where.empty()) diagnostic.help(where);
    }
  }
  auto moves_membrane = [&](const Port& port) {
    return port.name == instance.name &&
           std::any_of(port.body.begin(), port.body.end(), [](const Assignment& a) { return a.state == 0; });
  };
  const std::vector<Port>& ports = instance.cell.ports;
  if (!current_item && !misspelt && std::none_of(ports.begin(), ports.end(), moves_membrane))
    error(Kind::ItemMissing, instance.mechanism.name.span,
          fmt::format("`{}` contributes nothing: it has neither `conductance` nor `current`", instance.mechanism.name.text));
  for (const ast::Item* item : gates) gate_degree(instance, *item);
  force_items(instance.mechanism.items, instance.place());
}

static bool writes(const ast::Mechanism& pool, std::string_view concentration) {
  return std::any_of(pool.items.begin(), pool.items.end(), [&](const ast::Item& item) {
    auto* state = std::get_if<ast::State>(&item.node);
    return state && state->name.text == concentration;
  });
}

// The mechanism on its own, with parameters and a cell of which only the dimensions are known: what is wrong with it is
// said once, where it stands, whether somebody uses it or not.
void Checker::check_definition(const ast::Mechanism& mechanism, Scope& module) {
  if (mechanism.kind == MechanismKind::Plasticity) return check_rule_definition(mechanism, module);
  size_t params = model_.params.size();
  Cell cell;
  cell.name = mechanism.name.text;
  cell.span = mechanism.name.span;
  Scope& outer = scopes_.emplace_back(&module, "");
  add_state(cell, outer, "v", "(v)", StateRole::Voltage, dims::voltage, *units::parse_unit("mV"), mechanism.name.span);
  auto given = [&](const std::string& name, const char* unit) {
    Param param{mechanism.name.text + "." + name,
                dims::of(unit),
                *units::parse_unit(unit),
                nullptr,
                nullptr,
                nullptr,
                mechanism.name.span};
    model_.params.push_back(param);
    return param_leaf(static_cast<uint32_t>(model_.params.size() - 1), mechanism.name.span);
  };
  cell.area = given("area", "um^2");
  cell.capacitance = given("capacitance", "nF");
  Instance instance{.cell = cell,
                    .mechanism = mechanism,
                    .name = mechanism.name.text,
                    .scope = &scopes_.emplace_back(&module, mechanism.name.text),
                    .site = &module};
  bool pool = mechanism.kind == MechanismKind::Pool;
  if (pool && mechanism.ions.size() != 1) {
    error(Kind::ItemMissing, mechanism.name.span, fmt::format("a pool is of one ion, `{}` of {}", mechanism.name.text, mechanism.ions.size()))
        .help(fmt::format("write `pool {}(ion ca) {{ … }}`", mechanism.name.text));
    return;
  }
  Symbol temperature;
  temperature.value = given("temperature", "K");
  instance.scope->add("temperature", temperature);
  for (const ast::Ident& name : mechanism.ions) {
    Scope& ion = scopes_.emplace_back(nullptr, name.text);
    for (auto [member, unit] : {std::pair{"E", "mV"}, {"in", "mM"}, {"out", "mM"}, {"charge", "1"}, {"i", "nA"}}) {
      if (pool ? writes(mechanism, member) : std::string_view(member) == "i") continue;
      Symbol symbol;
      symbol.value = given(name.text + "." + member, unit);
      ion.add(member, symbol);
    }
    Symbol symbol;
    symbol.kind = Symbol::Kind::Ion;
    symbol.scope = &ion;
    declare(*instance.scope, name, symbol);
    if (!instance.ion) instance.ion = instance.scope->find_here(name.text);
  }
  mechanism_params(instance);
  for (size_t i = params; i < model_.params.size(); i++) {
    const Param& param = model_.params[i];
    auto constant = [](const ExprPtr& expr) { return !expr || expr->op == ExprOp::Number; };
    if (param.value && constant(param.value) && constant(param.low) && constant(param.high))
      check_range(param, param.value->number, *param.value, param.low ? param.low->number : -HUGE_VAL,
                  param.high ? param.high->number : HUGE_VAL, emitter_);
  }
  if (!pool) mechanism_body(instance);
  else if (pool_states(instance, *instance.ion->scope)) pool_body(instance);
  model_.params.resize(params);
}

}  // namespace eic::sema
