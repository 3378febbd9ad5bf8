// Cells: settings, ions, instances, own states, the equation of v, spikes and resets.
#include <fmt/format.h>

#include "compiler/sema/hints.h"
#include "compiler/sema/instance.h"

namespace eic::sema {

static const std::vector<std::string> k_settings = {"area", "capacitance", "temperature"};

template <class Parts, class Found>
static bool has_item(const Parts& parts, const Found& found) {
  return std::any_of(parts.begin(), parts.end(), [&](const auto& part) {
    return std::any_of(part.written->items.begin(), part.written->items.end(), found);
  });
}

uint32_t Checker::cell(const ast::Item& item, Scope& module) {
  const auto& written = std::get<ast::Cell>(item.node);
  size_t errors = emitter_.error_count();
  Cell cell;
  cell.name = written.name.text;
  cell.span = written.name.span;
  CellParts parts = parts_of(written, module, cell);
  if (parts.empty()) return UINT32_MAX;
  collect_overrulings(parts);
  for (const Part& part : parts) declare_items(*part.scope, part.written->items, true);
  cell_settings(cell, parts);
  Scope& hidden = scopes_.emplace_back(&module, "");  // `v` is read as a built-in name
  add_state(cell, hidden, "v", "(v)", StateRole::Voltage, dims::voltage, *units::parse_unit("mV"), written.name.span);
  std::deque<Instance> pools;
  for (const Part& part : parts)
    for (const ast::Item& inner : part.written->items)
      if (std::holds_alternative<ast::Ion>(inner.node)) ion(cell, *part.scope, inner, pools);
  for (const Part& part : parts)
    for (const ast::Item& inner : part.written->items)
      if (auto* instance_item = std::get_if<ast::Instance>(&inner.node)) instance(cell, *part.scope, *instance_item, inner.span);
  ion_currents(cell, *parts.back().scope);
  for (Instance& pool : pools)
    if (!pool.states.empty()) pool_body(pool);
  for (const Part& part : parts) equations(cell, *part.scope, part.written->items, "", StateRole::Plain);
  std::map<uint32_t, Spread> starts;
  for (const Part& part : parts) cell_items(cell, part, starts);
  for (auto& [state, start] : starts) cell.states[state].start = start;
  cell_start(cell, parts);
  cell_voltage(cell, parts);
  for (const Part& part : parts) cell_spike(cell, part);
  for (const Part& part : parts) {
    Place place;
    place.scope = part.scope;
    place.cell = &cell;
    force_items(part.written->items, place);
  }
  report_overrulings(cell, written);
  overrulings_.clear();
  if (emitter_.error_count() > errors) return UINT32_MAX;
  model_.cells.push_back(std::move(cell));
  return static_cast<uint32_t>(model_.cells.size() - 1);
}

void Checker::unknown_setting(Scope& scope, const ast::Binding& binding) {
  const std::string& name = binding.path[0].text;
  Diagnostic& diagnostic = error(Kind::NameUnknown, binding.path[0].span, fmt::format("a cell has no setting `{}`", name));
  Span at = binding.path[0].span;
  if (name == "spike") diagnostic.help("write `spike when v crosses -20 mV`");
  else if (name == "refractory") diagnostic.help("it stands behind the condition: `spike when …, refractory = 2 ms`");
  else if (!diagnostic.suggest(at, name, k_settings) && binding.path.size() == 1 && binding.op == "=")
    diagnostic.fix({at.file, at.begin, at.begin}, "param ",
                   fmt::format("a value of your own is declared: `param {} = …`", name));
  else if (diagnostic.fixes.empty()) diagnostic.help("it takes `area`, `capacitance` and `temperature`");
  if (!scope.find_here(name)) scope.add(name, Symbol{.span = at});  // what reads it is not to blame
}

void Checker::cell_settings(Cell& cell, const CellParts& parts) {
  struct Given {
    const ast::Binding* binding;
    Scope* scope;
  };
  std::map<std::string, Given> given;  // of the last part that says it
  for (const Part& part : parts) {
    std::map<std::string, Span> seen;
    bool derived = part.written->base.has_value();
    for (const ast::Item& item : part.written->items) {
      auto* setting = std::get_if<ast::Setting>(&item.node);
      if (!setting) continue;
      const ast::Binding& binding = setting->binding;
      const std::string& name = binding.path[0].text;
      bool known = binding.path.size() == 1 && std::find(k_settings.begin(), k_settings.end(), name) != k_settings.end();
      if (derived && !known) continue;  // it overrules something of the base
      if (auto [first, fresh] = seen.emplace(name, binding.span); !fresh) {
        error(Kind::ItemTwice, binding.span, fmt::format("`{}` is given twice", name)).note(first->second, "first given here");
        continue;
      }
      if (known) given[name] = {&binding, part.scope};
      else unknown_setting(*part.scope, binding);
    }
  }
  if (auto area = given.find("area"); area != given.end()) {
    cell.area = setting_param(*area->second.scope, *area->second.binding, {"um^2"});
    if (!cell.area) cell.area = number(1, dims::area, area->second.binding->span);  // said; what it multiplies is not to blame
  }
  if (auto temperature = given.find("temperature"); temperature != given.end()) {
    Symbol symbol;
    symbol.value = setting_param(*temperature->second.scope, *temperature->second.binding, {"K"});
    symbol.span = temperature->second.binding->path[0].span;
    if (symbol.value) parts[0].scope->add("temperature", symbol);  // where the base's items see it as well
  }
  // after `area`, which a specific capacitance needs
  if (auto capacitance = given.find("capacitance"); capacitance != given.end()) {
    if (ExprPtr value = setting_param(*capacitance->second.scope, *capacitance->second.binding, {"nF", "uF/cm^2"}))
      cell.capacitance = total(value, dims::capacitance, "`capacitance`", cell);
    bool lacks_area = !cell.area && emitter_.has_errors() && emitter_.all().back().kind == Kind::UnitDensityWithoutArea;
    if (lacks_area) cell.area = number(1, dims::area, cell.span);  // said once
  }
}

void Checker::instance(Cell& cell, Scope& scope, const ast::Instance& written, Span item) {
  const char* kind = written.kind == ast::MechanismKind::Channel ? "channel" : "synapse";
  Symbol* found = find_kind(written.type, &scope, Symbol::Kind::Mechanism, kind);
  if (!found) return;
  const auto& mechanism = std::get<ast::Mechanism>(found->item->node);
  if (mechanism.kind != written.kind) {
    error(Kind::NameWrongKind, written.type.span, fmt::format("`{}` is not a {}", written.type.text, kind))
        .note(mechanism.name.span, "declared here");
    return;
  }
  std::string name = written.name.text;
  Instance instance{.cell = cell,
                    .mechanism = mechanism,
                    .name = name,
                    .scope = &scopes_.emplace_back(found->scope, scope.path_of(name)),
                    .site = &scope};
  instance.used = true;
  instance.named = written.name.span;
  instance.ions = written.ions;
  instance.braces = bindings_of(written.bindings, instance.scope->path(), &scope);
  if (written.ions.size() != mechanism.ions.size()) {
    const ast::Ident& place = written.ions.empty() ? written.type : written.ions[0];
    std::vector<std::string> ions, names;
    scope.collect_own_names(names);
    for (const std::string& known : names)
      if (scope.find_here(known)->kind == Symbol::Kind::Ion) ions.push_back(known);
    Diagnostic& diagnostic =
        error(Kind::IonMissing, place.span,
              fmt::format("`{}` works on {} ion{}, here {} {} given", written.type.text, mechanism.ions.size(),
                          mechanism.ions.size() == 1 ? "" : "s", written.ions.size(), written.ions.size() == 1 ? "is" : "are"));
    diagnostic.note(mechanism.name.span, "declared here");
    Span type = written.type.span;
    if (mechanism.ions.empty())
      diagnostic.fix({type.file, type.end, written.ions.back().span.end}, "",
                     fmt::format("leave out `on {}`", written.ions[0].text));
    else if (written.ions.empty() && mechanism.ions.size() == 1 && ions.size() == 1)
      diagnostic.fix({type.file, type.end, type.end}, " on " + ions[0],
                     fmt::format("write `{} on {}`", written.type.text, ions[0]));
    else
      diagnostic.help(fmt::format("write `{} {} : {} on {}`, with an ion of this cell", kind, name, written.type.text,
                                  mechanism.ions[0].text));
    return;
  }
  for (size_t i = 0; i < written.ions.size(); i++) {
    Symbol* ion = find_kind(written.ions[i], &scope, Symbol::Kind::Ion, "ion");
    if (!ion) return;
    Symbol alias = *ion;
    declare(*instance.scope, mechanism.ions[i], alias);
    if (i == 0) instance.ion = ion;
  }
  if (Symbol* temperature = scope.find_here("temperature")) instance.scope->add("temperature", *temperature);
  Symbol symbol;
  symbol.kind = Symbol::Kind::Ports;
  symbol.scope = instance.scope;
  if (!declare(scope, written.name, symbol)) return;
  MechanismUse use{.name = name, .type = written.type.text, .synapse = written.kind == ast::MechanismKind::Synapse};
  use.span = item;
  use.definition = mechanism.name.span;
  for (const ast::Ident& ion : written.ions) use.ions.push_back(ion.text);
  cell.mechanisms.push_back(std::move(use));
  size_t errors = emitter_.error_count();
  mechanism_params(instance);
  if (emitter_.error_count() == errors) mechanism_body(instance);
}

void Checker::cell_items(Cell& cell, const Part& part, std::map<uint32_t, Spread>& starts) {
  std::map<std::string, Span> begun;
  for (const ast::Item& item : part.written->items) {
    if (auto* start = std::get_if<ast::Init>(&item.node)) {
      auto [first, fresh] = begun.emplace(ast::dotted(start->binding.path), start->binding.span);
      if (!fresh)
        error(Kind::ItemTwice, start->binding.span, fmt::format("`{}` is given a start twice", first->first))
            .note(first->second, "the first is here");
      init(cell, *part.scope, start->binding.path, start->binding, starts);
    }
    bool foreign = std::holds_alternative<ast::Gate>(item.node) || std::holds_alternative<ast::Conductance>(item.node) ||
                   std::holds_alternative<ast::Current>(item.node) || std::holds_alternative<ast::OnEvent>(item.node) ||
                   std::holds_alternative<ast::Mechanism>(item.node) || std::holds_alternative<ast::Population>(item.node) ||
                   std::holds_alternative<ast::Projection>(item.node) || std::holds_alternative<ast::Record>(item.node) ||
                   std::holds_alternative<ast::Stimulus>(item.node) || std::holds_alternative<ast::Expect>(item.node) ||
                   std::holds_alternative<ast::Phase>(item.node) || std::holds_alternative<ast::Use>(item.node) ||
                   std::holds_alternative<ast::Kinetic>(item.node);
    if (foreign) {
      Diagnostic& diagnostic = error(Kind::ItemMisplaced, item.keyword, "this item does not belong into a cell");
      if (std::string where = where_it_belongs(item); !where.empty()) diagnostic.help(where);
    }
  }
}

void Checker::cell_start(Cell& cell, const CellParts& parts) {
  bool tried = has_item(parts, [](const ast::Item& item) {
    auto* start = std::get_if<ast::Init>(&item.node);
    if (auto* state = std::get_if<ast::State>(&item.node)) return state->name.text == "v";  // that was reported
    return start && (start->binding.path[0].text == "v" || diagnostics::did_you_mean(start->binding.path[0].text, {"v"}));
  });
  if (!tried)
    error(Kind::ItemMissing, cell.span, fmt::format("the cell `{}` does not say where `v` starts", cell.name))
        .help("add `init v = -65 mV`, or `init v = uniform(-70 mV, -60 mV)`");
}

// `init v = …`, `init INa.m = …`, `init gates = …`: `path` is the part of the binding that names the state.
void Checker::init(const Cell& cell, Scope& scope, const std::vector<ast::Ident>& path, const ast::Binding& binding,
                   std::map<uint32_t, Spread>& starts) {
  std::string name = ast::dotted(path);
  Place place;
  place.scope = &scope;
  place.cell = const_cast<Cell*>(&cell);  // read only: starting values may name states
  std::vector<std::string> names = {"gates"};
  std::vector<uint32_t> meant;
  for (uint32_t i = 0; i < cell.states.size(); i++) {
    names.push_back(cell.states[i].path);
    if (cell.states[i].path == name || (name == "gates" && cell.states[i].role == StateRole::Gate)) meant.push_back(i);
  }
  if (meant.empty()) {
    Diagnostic& diagnostic =
        error(Kind::NameUnknown, path[0].span, fmt::format("the cell `{}` has no state `{}`", cell.name, name));
    bool is_param = std::any_of(model_.params.begin(), model_.params.end(),
                                [&](const Param& param) { return param.path == cell.name + "." + name; });
    if (is_param) diagnostic.help(fmt::format("`{}` is a parameter, which has a value and no start", name));
    else if (!diagnostic.suggest(ast::span_of(path), name, names)) {
      std::string all;
      for (const State& state : cell.states) all += (all.empty() ? "`" : ", `") + state.path + "`";
      diagnostic.help("its states: " + all);
    }
    return;
  }
  if (cell.states[meant[0]].role == StateRole::Occupancy) {
    error(Kind::KineticScheme, ast::span_of(path), fmt::format("`{}` is a part of a whole: it cannot start by itself", name))
        .help("the occupancies of a kinetic scheme start at its steady state");
    return;
  }
  if (name != "gates") refer_variable(path.back().span, cell, name);
  for (uint32_t state : meant)
    if (auto start = check_spread(*binding.value, place, cell.states[state].dimension, cell.states[state].unit, name,
                                  "the starting value of `" + name + "`"))
      starts[state] = *start;
}

void Checker::cell_voltage(Cell& cell, const CellParts& parts) {
  const ast::Equation* own = nullptr;
  Span own_span;
  Scope* scope = nullptr;
  for (const Part& part : parts)
    for (const ast::Item& item : part.written->items)
      if (auto* equation = std::get_if<ast::Equation>(&item.node); equation && equation->name.text == "v") {
        own = equation;
        own_span = item.span;
        scope = part.scope;
      }
  bool channels =
      std::any_of(cell.currents.begin(), cell.currents.end(), [](const Current& current) { return !current.synaptic; });
  bool inherited = own && scope != parts.back().scope;
  if (own && channels && inherited) {
    error(Kind::ItemTwice, cell.span, "a cell that derives from one with an equation of its own for `v` can have no channels")
        .note(own_span, "the equation is here; synapses reach it by `input`");
    return;
  }
  if (own && channels) {
    error(Kind::ItemTwice, own_span, "a cell with channels has the equation of `v` implied: C*v' = −Σ outward currents + stimuli")
        .help("leave out `v'`, or write the currents into it and leave out the channels");
    return;
  }
  if (own) {
    Place place;
    place.scope = scope;
    place.cell = &cell;
    place.noise = true;
    cell.own_voltage = true;
    cell.states[0].rate = check_as(*own->rate, place, dims::voltage / dims::time, "mV/ms", "`v'`");
    cell.states[0].rate_span = own_span;
    return;
  }
  bool any = channels || has_item(parts, [](const ast::Item& item) {
    return std::holds_alternative<ast::Instance>(item.node) || std::holds_alternative<ast::Mechanism>(item.node) ||
           std::holds_alternative<ast::Conductance>(item.node) || std::holds_alternative<ast::Current>(item.node);
  });
  if (!any) {
    error(Kind::CellIncomplete, cell.span, fmt::format("the cell `{}` has neither channels nor an equation `v' = …`", cell.name))
        .help("add a channel, `channel L : Leak { … }`, or an equation, `v' = (E - v)/tau`");
    return;
  }
  if (!cell.capacitance) {
    bool given = has_item(parts, [](const ast::Item& item) {
      auto* setting = std::get_if<ast::Setting>(&item.node);
      if (!setting) return false;
      const std::string& name = setting->binding.path[0].text;
      return name == "capacitance" || diagnostics::did_you_mean(name, k_settings) == "capacitance";
    });
    if (!given)
      error(Kind::CellIncomplete, cell.span, fmt::format("the cell `{}` has channels but no `capacitance`", cell.name))
          .help("add `capacitance = 1 uF/cm^2` (with an `area`), or a total such as `capacitance = 200 pF`");
    return;
  }
  ExprPtr sum = leaf(ExprOp::Input, 0, dims::current, "nA", cell.span);
  for (const Current& current : cell.currents) sum = binary(ExprOp::Sub, sum, current.outward, current.span);
  cell.states[0].rate = binary(ExprOp::Div, sum, cell.capacitance, cell.span);
  cell.states[0].rate_span = cell.span;
}

// A part's `spike` and its `reset` stand in for those of the cell that it derives from.
void Checker::cell_spike(Cell& cell, const Part& part) {
  const ast::Cell& written = *part.written;
  Place place;
  place.scope = part.scope;
  place.cell = &cell;
  const ast::Item* first = nullptr;
  for (const ast::Item& item : written.items) {
    auto* spike = std::get_if<ast::Spike>(&item.node);
    if (!spike) continue;
    if (first) {
      error(Kind::ItemTwice, item.keyword, "a cell has one `spike when`").note(first->span, "the first is here");
      continue;
    }
    first = &item;
    Spike detected;
    detected.span = item.span;
    if (spike->crosses) {
      bool is_v = spike->condition->kind == ast::ExprKind::Path && spike->condition->path.size() == 1 &&
                  spike->condition->path[0].text == "v";
      if (!is_v)
        error(Kind::NameWrongKind, spike->condition->span, "only `v` can cross a threshold")
            .help("for another state, write a condition: `spike when x > 1`");
      detected.threshold = check_constant_as(*spike->threshold, part.scope, dims::voltage, "mV", "a threshold of `v`");
      if (!is_v || !detected.threshold) continue;
    } else {
      detected.condition = check_bool(*spike->condition, place);
      if (!detected.condition) continue;
    }
    if (spike->refractory) {
      detected.refractory = check_constant_as(*spike->refractory, part.scope, dims::time, "ms", "`refractory`");
      if (!detected.refractory) continue;
    }
    cell.spike = detected;
  }
  bool fresh = false;
  for (const ast::Item& item : written.items)
    if (auto* reset = std::get_if<ast::Reset>(&item.node)) {
      bool spikes = first || (written.base && cell.spike);
      if (!spikes) error(Kind::ItemMisplaced, item.keyword, "a `reset` follows a spike, but this cell has no `spike when`");
      if (!fresh) cell.reset.clear();
      fresh = true;
      assignments(cell.reset, reset->body, place, "");
    }
}

}  // namespace eic::sema
