// Names: what they mean, parameters with their defaults, ranges and `--set`, and what is said of a name nobody knows.
#include <fmt/format.h>

#include "compiler/sema/checker.h"

namespace eic::sema {

namespace {

constexpr const char* k_builtin_names[] = {
    "v",     "t",   "dt",        "pi",     "F",      "R",       "temperature", "area",      "capacitance", "input", "exp",
    "expm1", "log", "log10",     "log1p",  "exprel", "sqrt",    "abs",         "min",       "max",         "sin",   "cos",
    "tanh",  "pow", "heaviside", "nernst", "ghk",    "uniform", "normal",      "lognormal", "exponential", "gamma", "csv"};

const char* kind_word(Symbol::Kind kind) {
  switch (kind) {
    case Symbol::Kind::Fn: return "a function";
    case Symbol::Kind::Ion: return "an ion";
    case Symbol::Kind::Mechanism: return "a mechanism";
    case Symbol::Kind::Cell: return "a cell";
    case Symbol::Kind::Network: return "a network";
    case Symbol::Kind::Simulation: return "a simulation";
    case Symbol::Kind::Ports: return "a channel or synapse of the cell";
    case Symbol::Kind::Population: return "a population";
    default: return "a name";
  }
}

ExprPtr at(const ExprPtr& value, Span use) {
  auto copy = std::make_shared<Expr>(*value);
  copy->span = use;
  copy->bare_literal = false;
  return copy;
}

}  // namespace

bool Checker::declare(Scope& scope, const ast::Ident& name, Symbol symbol) {
  if (std::find(std::begin(k_builtin_names), std::end(k_builtin_names), name.text) != std::end(k_builtin_names)) {
    error(Kind::NameBuiltin, name.span, fmt::format("`{}` is a built-in name and cannot be declared", name.text));
    return false;
  }
  symbol.span = name.span;
  if (Symbol* first = scope.add(name.text, std::move(symbol))) {
    error(Kind::NameTwice, name.span, fmt::format("`{}` is declared twice", name.text)).note(first->span, "first declared here");
    return false;
  }
  return true;
}

void Checker::declare_items(Scope& scope, const std::vector<ast::Item>& items, bool params) {
  for (const ast::Item& item : items) {
    if (params && std::holds_alternative<ast::Param>(item.node)) declare_param(scope, item);
    if (auto* let = std::get_if<ast::Let>(&item.node)) {
      Symbol symbol;
      symbol.kind = Symbol::Kind::Pending;
      symbol.pending = let->value.get();
      symbol.scope = &scope;
      symbol.path = scope.path_of(let->name.text);
      declare(scope, let->name, symbol);
    }
    if (auto* fn = std::get_if<ast::Fn>(&item.node)) {
      Symbol symbol;
      symbol.kind = Symbol::Kind::Fn;
      symbol.item = &item;
      symbol.scope = &scope;
      declare(scope, fn->name, symbol);
    }
  }
}

void Checker::force_items(std::span<const ast::Item> items, const Place& place) {
  for (const ast::Item& item : items) {
    const ast::Ident* name = nullptr;
    if (auto* param = std::get_if<ast::Param>(&item.node)) name = &param->name;
    if (auto* let = std::get_if<ast::Let>(&item.node)) name = &let->name;
    Symbol* symbol = name ? place.scope->find_here(name->text) : nullptr;
    if (symbol && symbol->span == name->span) resolve(*symbol, name->span, place);
  }
}

bool Checker::set_on_command_line(const std::string& path) const {
  return std::any_of(settings_.begin(), settings_.end(), [&](const Setting& setting) { return setting.path == path; });
}

bool Checker::declare_param(Scope& scope, const ast::Item& item) {
  const auto& param = std::get<ast::Param>(item.node);
  Symbol symbol;
  symbol.kind = Symbol::Kind::Param;
  symbol.item = &item;
  symbol.scope = &scope;
  symbol.path = scope.path_of(param.name.text);
  return declare(scope, param.name, symbol);
}

// A parameter of a file or a cell; those of mechanisms are bound by their instance.
ExprPtr Checker::resolve_param(Symbol& symbol) {
  const auto& param = std::get<ast::Param>(symbol.item->node);
  if (symbol.failed) return nullptr;
  if (symbol.resolving) {
    error(Kind::ParamCycle, param.name.span, fmt::format("the value of `{}` depends on itself", param.name.text));
    return nullptr;
  }
  symbol.resolving = true;
  ExprPtr value;
  if (!param.value) {
    error(Kind::ParamMissing, param.name.span, fmt::format("`{}` has no value", param.name.text))
        .help("give it one here: `param " + param.name.text + " = …`");
  } else {
    value = check_constant(*param.value, symbol.scope, "the value of a parameter");
  }
  symbol.index = value ? add_param(symbol.path, param, value, symbol.scope, param.name.span) : UINT32_MAX;
  symbol.resolving = false;
  symbol.failed = symbol.index == UINT32_MAX;
  if (symbol.failed) return nullptr;
  symbol.value = param_leaf(symbol.index, param.name.span);
  return symbol.value;
}

uint32_t Checker::add_param(const std::string& path, const ast::Param& written, ExprPtr value, Scope* scope, Span span) {
  Param param;
  param.path = path;
  param.span = span;
  // the main file's own names stand alone, those at the top of an imported file behind its name
  bool imported = scope->parent() == nullptr && span.file != program_.modules[0].source->id();
  if (imported) param.path = sources_.get(span.file).path().stem().string() + "." + path;
  // another file may have a name of the same spelling; paths are what kernels and reports tell parameters by
  auto taken = [&] {
    auto other = param_paths_.find(param.path);
    return other != param_paths_.end() && other->second < model_.params.size() && model_.params[other->second].path == param.path;
  };
  while (taken()) param.path = sources_.get(span.file).path().stem().string() + "." + param.path;
  for (size_t i = 0; i < settings_.size(); i++) {
    if (settings_[i].path != param.path) continue;
    settings_used_.insert(i);
    ExprPtr given = check_constant(*settings_[i].value, modules_[0], "a value of `--set`");
    bool untyped = written.units.empty() && value;  // its default says what it is
    if (!given || (untyped && !expect_dimension(*given, value->dimension, unit_of(*value), "`" + path + "`"))) return UINT32_MAX;
    value = given;
  }
  const ast::UnitRef* chosen = written.units.empty() ? nullptr : &written.units[0];
  for (const ast::UnitRef& unit : written.units)
    if (value && unit.unit.dimension == value->dimension) chosen = &unit;
  if (value && chosen && chosen->unit.dimension != value->dimension && written.units.size() > 1 && !value->bare_literal) {
    std::string all;
    for (const ast::UnitRef& unit : written.units) all += (all.empty() ? "`" : " or `") + unit.unit.text + "`";
    Diagnostic& diagnostic = error(Kind::UnitWrongDimension, value->span,
                                   fmt::format("`{}` is in {}, this is {} (`{}`)", written.name.text, all,
                                               units::describe(value->dimension), unit_of(*value)));
    if (span != written.name.span) diagnostic.note(written.name.span, "declared here");
    return UINT32_MAX;
  }
  if (value && chosen && !expect_dimension(*value, chosen->unit.dimension, chosen->unit.text, "`" + written.name.text + "`"))
    return UINT32_MAX;
  if (value && value->boolean) {
    error(Kind::UnitNotBoolean, value->span, "a parameter must be a number");
    return UINT32_MAX;
  }
  param.dimension = value ? value->dimension : chosen->unit.dimension;
  if (chosen) param.unit = chosen->unit;
  else if (auto unit = units::parse_unit(unit_of(*value))) param.unit = *unit;
  else param.unit = units::usual(param.dimension);
  param.value = value;
  for (auto [bound, place] : {std::pair{&written.low, &param.low}, std::pair{&written.high, &param.high}}) {
    if (!*bound) continue;
    ExprPtr limit = check_constant(**bound, scope, "a bound of a parameter");
    // with `S/m^2 | S` the range speaks of one of the two
    bool other = limit && limit->dimension != param.dimension && written.units.size() > 1;
    if (limit && !other && expect_dimension(*limit, param.dimension, param.unit.text, "the range of `" + written.name.text + "`"))
      *place = limit;
  }
  param_paths_[param.path] = static_cast<uint32_t>(model_.params.size());
  model_.params.push_back(std::move(param));
  return static_cast<uint32_t>(model_.params.size() - 1);
}

// `area = 20000 um^2` in a cell is a parameter too: `--set HH.area=…`.
ExprPtr Checker::setting_param(Scope& scope, const ast::Binding& binding, const std::vector<const char*>& units) {
  ast::Param param;
  param.name = binding.path[0];
  for (const char* unit : units) param.units.push_back({*units::parse_unit(unit), binding.span});
  ExprPtr value = check_constant(*binding.value, &scope, "this setting");
  if (!value) return nullptr;
  uint32_t index = add_param(scope.path_of(param.name.text), param, value, &scope, param.name.span);
  return index == UINT32_MAX ? nullptr : param_leaf(index, binding.span);
}

ExprPtr Checker::param_leaf(uint32_t index, Span span) {
  const Param& param = model_.params[index];
  auto node =
      std::make_shared<Expr>(*leaf(ExprOp::Param, index, param.dimension, param.unit.text == "1" ? "" : param.unit.text, span));
  if (param.value) node->depth = param.value->depth + 1;
  return node;
}

void Checker::unknown_name(const std::string& name, Span span, Scope* scope, const char* what) {
  if (emitter_.full()) return;
  std::vector<std::string> names;
  scope->collect_names(names);
  bool value = std::string_view(what) == "name" || std::string_view(what) == "function";
  if (value)
    for (const char* builtin : k_builtin_names) names.emplace_back(builtin);
  Diagnostic& diagnostic = error(Kind::NameUnknown, span, fmt::format("there is no {} `{}` here", what, name));
  diagnostic.suggest(span, name, names);
}

Symbol* Checker::find_kind(const ast::Ident& name, Scope* scope, Symbol::Kind kind, const char* what) {
  Symbol* symbol = scope->find(name.text);
  if (!symbol) {
    unknown_name(name.text, name.span, scope, what);
    return nullptr;
  }
  if (symbol->kind != kind) {
    error(Kind::NameWrongKind, name.span, fmt::format("`{}` is not a {}", name.text, what)).note(symbol->span, "declared here");
    return nullptr;
  }
  refer(name.span, *symbol, name.text);
  return symbol;
}

ExprPtr Checker::resolve(Symbol& symbol, Span use, const Place& place) {
  switch (symbol.kind) {
    case Symbol::Kind::Value:
      if (symbol.value && !place.states && !is_constant(*symbol.value)) break;
      return symbol.value ? at(symbol.value, use) : nullptr;
    case Symbol::Kind::Pending: {
      if (symbol.resolving) {
        error(Kind::ParamCycle, symbol.span, "this `let` depends on itself");
        return nullptr;
      }
      symbol.resolving = true;
      // outside cells and mechanisms only parameters can be read, wherever the name is used
      bool outside = !symbol.scope->parent();
      Place inner = place;
      inner.scope = symbol.scope;
      inner.cell = outside ? nullptr : place.cell;
      inner.states = inner.cell != nullptr;
      if (outside) inner.what = "a value outside cells and mechanisms";
      ExprPtr value = check(*symbol.pending, inner);
      symbol.kind = Symbol::Kind::Value;
      symbol.resolving = false;
      if (!value) return nullptr;
      symbol.value = let(symbol.path, value, symbol.span);
      if (place.cell) place.cell->lets.emplace(symbol.path.substr(symbol.path.find('.') + 1), symbol.value);
      return resolve(symbol, use, place);
    }
    case Symbol::Kind::Param: {
      ExprPtr value = symbol.value ? symbol.value : resolve_param(symbol);
      return value ? at(value, use) : nullptr;
    }
    default:
      error(Kind::NameWrongKind, use,
            fmt::format("`{}` is {}, which has no value", sources_.get(use.file).text().substr(use.begin, use.end - use.begin),
                        kind_word(symbol.kind)))
          .note(symbol.span, "declared here");
      return nullptr;
  }
  error(Kind::ParamNotConstant, use, fmt::format("{} can read parameters only, this changes while the model runs", place.what))
      .note(symbol.span, "declared here");
  return nullptr;
}

ExprPtr Checker::check_path(const ast::Expr& expr, const Place& place) {
  const std::string& name = expr.path[0].text;
  if (expr.path.size() == 1) {
    if (name == "pi") return number(3.14159265358979323846, {}, expr.span);
    if (name == "F") return number(96485.33212e-9, dims::of("C/mol"), expr.span);  // SI 2019, in nA ms/amol
    if (name == "R") return number(8.31446261815324e-6, dims::of("J/mol") / dims::temperature, expr.span);
    bool running = name == "v" || name == "input" || name == "t" || name == "dt";
    if (running && !place.states) {
      error(Kind::ParamNotConstant, expr.span,
            fmt::format("{} can read parameters only, `{}` changes while the model runs", place.what, name));
      return nullptr;
    }
    if (name == "dt") return leaf(ExprOp::Step, 0, dims::time, "ms", expr.span);
    if (name == "t") {
      not_yet(expr.span, "`t` in an equation");
      return nullptr;
    }
    bool of_cell = name == "v" || name == "input" || name == "area" || name == "capacitance";
    if (of_cell && !place.cell) {
      error(Kind::NameUnknown, expr.span, fmt::format("`{}` is known in cells and their mechanisms only", name));
      return nullptr;
    }
    if (name == "v" && place.cell) return voltage(*place.cell, expr.span);
    if (name == "input" && place.cell) {
      ExprPtr input = leaf(ExprOp::Input, 0, dims::current, "nA", expr.span);
      for (const Current& current : place.cell->currents)
        if (current.synaptic) input = binary(ExprOp::Sub, input, current.outward, expr.span);
      return input;
    }
    if (name == "area" && place.cell) {
      if (place.cell->area) return at(place.cell->area, expr.span);
      error(Kind::CellIncomplete, expr.span, "this reads the cell's `area`, which is not given")
          .note(place.cell->span, "add `area = …` to this cell");
      return nullptr;
    }
    if (name == "capacitance" && place.cell) {
      if (place.cell->capacitance) return at(place.cell->capacitance, expr.span);
      error(Kind::CellIncomplete, expr.span, "this reads the cell's `capacitance`, which is not given")
          .note(place.cell->span, "add `capacitance = …` to this cell");
      return nullptr;
    }
    if (name == "temperature" && !place.scope->find(name)) {
      error(Kind::CellIncomplete, expr.span, "this reads `temperature`, which is not given")
          .help("add `temperature = 36 degC` to the cell");
      return nullptr;
    }
  }
  Scope* scope = place.scope;
  Symbol* symbol = scope->find(name);
  if (!symbol) {
    unknown_name(name, expr.path[0].span, scope, "name");
    return nullptr;
  }
  refer(expr.path[0].span, *symbol, name);
  for (size_t i = 1; i < expr.path.size(); i++) {
    Scope* inner = symbol->kind == Symbol::Kind::Ion || symbol->kind == Symbol::Kind::Ports ? symbol->scope : nullptr;
    if (!inner) {
      error(Kind::NameWrongKind, expr.path[i].span,
            fmt::format("`{}` has no parts to name with `.{}`", expr.path[i - 1].text, expr.path[i].text));
      return nullptr;
    }
    Symbol* next = inner->find_here(expr.path[i].text);
    if (!next) {
      std::vector<std::string> names;
      inner->collect_own_names(names);
      Diagnostic& diagnostic =
          error(Kind::NameUnknown, expr.path[i].span, fmt::format("`{}` has no `{}`", expr.path[i - 1].text, expr.path[i].text));
      diagnostic.suggest(expr.path[i].span, expr.path[i].text, names);
      return nullptr;
    }
    symbol = next;
    refer(expr.path[i].span, *symbol, ast::dotted(expr.path));
  }
  return resolve(*symbol, expr.span, place);
}

}  // namespace eic::sema
