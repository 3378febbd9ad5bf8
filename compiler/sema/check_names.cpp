// Names: what they mean, and what is said of a name nobody knows.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compiler/sema/checker.h"
#include "compiler/sema/hints.h"

namespace eic::sema {

namespace {

constexpr const char* k_builtin_names[] = {
    "v",     "t",   "dt",        "pi",     "F",      "R",       "temperature", "area",      "capacitance", "input", "noise",
    "exp",   "expm1", "log", "log10",     "log1p",  "exprel", "sqrt",    "abs",         "min",       "max",         "sin",   "cos",
    "tanh",  "pow", "heaviside", "nernst", "ghk",    "uniform", "normal",      "lognormal", "exponential", "gamma", "csv"};

bool is_builtin(const std::string& name) {
  return std::find(std::begin(k_builtin_names), std::end(k_builtin_names), name) != std::end(k_builtin_names);
}

// The functions stand behind the values and the distributions behind them.
bool is_function(const std::string& name) {
  auto first = std::find(std::begin(k_builtin_names), std::end(k_builtin_names), std::string_view("exp"));
  return std::find(first, std::end(k_builtin_names), name) != std::end(k_builtin_names);
}

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

bool name_of_ion_member(const std::string& name) {
  return name == "E" || name == "in" || name == "out" || name == "charge" || name == "i";
}

ExprPtr at(const ExprPtr& value, Span use) {
  auto copy = std::make_shared<Expr>(*value);
  copy->span = use;
  copy->bare_literal = false;
  return copy;
}

}  // namespace

bool Checker::declare(Scope& scope, const ast::Ident& name, Symbol symbol) {
  if (is_builtin(name.text)) {
    Diagnostic& diagnostic =
        error(Kind::NameBuiltin, name.span, fmt::format("`{}` is a built-in name and cannot be declared", name.text));
    if (name.text == "v") diagnostic.help("`v` is the membrane potential of every cell; it starts at what `init v = …` says");
    else if (name.text == "R") diagnostic.help("`R` is the gas constant; choose another name, such as `R_m`");
    else if (name.text == "F") diagnostic.help("`F` is Faraday's constant; choose another name");
    else diagnostic.help("choose another name");
    symbol.span = name.span;
    scope.add(name.text, std::move(symbol));  // so that what reads it is understood
    return false;
  }
  symbol.span = name.span;
  if (Symbol* first = scope.add(name.text, std::move(symbol))) {
    bool own = !scope.inherits(name.text);
    Diagnostic& diagnostic = error(Kind::NameTwice, name.span, fmt::format("`{}` is declared twice", name.text));
    diagnostic.note(first->span, own ? "first declared here" : "first declared here, in the cell that this one derives from");
    if (!own && first->kind == Symbol::Kind::Param)
      diagnostic.help(fmt::format("another value is given without `param`: `{} = …`", name.text));
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
      Scope arguments;  // an argument hides other names, but not those that are built in
      for (const ast::Ident& name : fn->params) declare(arguments, name, {});
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
    Place own = place;
    own.noise = !place.rule && std::holds_alternative<ast::Let>(item.node);  // an equation may read it
    if (symbol && symbol->span == name->span) resolve(*symbol, name->span, own);
  }
}

// Where what nobody declares here could come from.
static void hint_elsewhere(Diagnostic& diagnostic, const std::string& name, std::string_view what) {
  if (what == "channel" || what == "synapse" || what == "pool" || what == "plasticity rule")
    diagnostic.help(fmt::format("what a file uses it declares or imports; `eic list` shows the {}s of the library", what));
  else if (what == "ion") diagnostic.help(fmt::format("add `ion {} {{ E = … mV }}` to this cell", name));
  else if (what == "cell" || what == "network")
    diagnostic.help(fmt::format("declare it, or import it: `use \"file.eic\" {{ {} }}`", name));
  else if (what == "function") diagnostic.help("docs/language.md lists the functions; one of your own is `fn f(x) = …`");
}

// Whether the symbol could stand where `what` is wanted; `dotted`: where a part of it is named.
static bool could_be(const Symbol& symbol, std::string_view what, bool dotted) {
  using Kind = Symbol::Kind;
  auto mechanism = [&](ast::MechanismKind kind) {
    return symbol.kind == Kind::Mechanism && std::get<ast::Mechanism>(symbol.item->node).kind == kind;
  };
  bool part = symbol.kind == Kind::Ion || symbol.kind == Kind::Ports;
  if (what == "name" && dotted) return part;
  if (what == "name") return symbol.kind == Kind::Value || symbol.kind == Kind::Pending || symbol.kind == Kind::Param;
  if (what == "function") return symbol.kind == Kind::Fn;
  if (what == "ion") return symbol.kind == Kind::Ion;
  bool named = (symbol.kind == Kind::Cell && what.find("cell") != what.npos) ||
               (symbol.kind == Kind::Network && what.find("network") != what.npos) ||
               (symbol.kind == Kind::Simulation && what.find("simulation") != what.npos);
  return named || (what.find("channel") != what.npos && mechanism(ast::MechanismKind::Channel)) ||
         (what == "synapse" && mechanism(ast::MechanismKind::Synapse)) || (what == "pool" && mechanism(ast::MechanismKind::Pool)) ||
         (what == "plasticity rule" && mechanism(ast::MechanismKind::Plasticity));
}

void Checker::unknown_name(const std::string& name, Span span, Scope* scope, const char* what) {
  if (emitter_.full()) return;
  std::string_view text = sources_.get(span.file).text();
  bool dotted = span.end + 1 < text.size() && text[span.end] == '.' && text[span.end + 1] != '.';
  std::vector<std::string> known, names, ions;
  scope->collect_names(known);
  for (const std::string& candidate : known) {
    const Symbol& symbol = *scope->find(candidate);
    if (could_be(symbol, what, dotted)) names.push_back(candidate);
    if (symbol.kind == Symbol::Kind::Ion) ions.push_back(candidate);
  }
  bool value = (std::string_view(what) == "name" && !dotted) || std::string_view(what) == "function";
  if (value)
    for (const char* builtin : k_builtin_names)
      if (is_function(builtin) == (std::string_view(what) == "function")) names.emplace_back(builtin);
  if (value) names.insert(names.end(), {"true", "false"});
  auto same_letters = [](char a, char b) { return std::tolower(a) == std::tolower(b); };
  bool cased = std::any_of(names.begin(), names.end(),
                           [&](const std::string& other) { return std::ranges::equal(other, name, same_letters); });
  bool unit = value && !cased && units::find_word(name);
  Diagnostic& diagnostic = error(Kind::NameUnknown, span,
                                 unit ? fmt::format("`{}` is a unit and stands only behind a number", name)
                                      : fmt::format("there is no {} `{}` here", what, name));
  if (unit) diagnostic.help(fmt::format("write `1 {}`", name));
  else if (value && name == "E" && !ions.empty())
    diagnostic.help(fmt::format("the reversal potential of an ion is `{}.E`", fmt::join(ions, ".E`, `")))
        .help("a `conductance` is multiplied with (v - E) by itself");
  else if (!diagnostic.suggest(span, name, names)) hint_elsewhere(diagnostic, name, what);
}

Symbol* Checker::find_kind(const ast::Ident& name, Scope* scope, Symbol::Kind kind, const char* what) {
  Symbol* symbol = scope->find(name.text);
  if (!symbol) {
    unknown_name(name.text, name.span, scope, what);
    return nullptr;
  }
  if (symbol->kind != kind) {
    error(Kind::NameWrongKind, name.span,
          fmt::format("`{}` is {}, where a{} {} is needed", name.text, kind_word(symbol->kind), *what == 'i' ? "n" : "", what))
        .note(symbol->span, "declared here");
    return nullptr;
  }
  refer(name.span, *symbol, name.text);
  return symbol;
}

ExprPtr Checker::resolve(Symbol& symbol, Span use, const Place& place) {
  switch (symbol.kind) {
    case Symbol::Kind::Value:
      if (symbol.value && !place.states && !is_constant(*symbol.value)) break;
      if (symbol.value && !place.noise && contains(*symbol.value, ExprOp::Noise)) return white_noise(use, place);
      return symbol.value ? at(symbol.value, use) : nullptr;
    case Symbol::Kind::Pending: {
      if (symbol.resolving) {
        std::string name = symbol.path.substr(symbol.path.rfind('.') + 1);
        error(Kind::ParamCycle, symbol.span, fmt::format("the value of `{}` depends on itself", name)).note(use, "read here");
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

// Only where a state's rate of change is formed: there it has a meaning, once a step.
ExprPtr Checker::white_noise(Span span, const Place& place) {
  if (place.noise) return leaf(ExprOp::Noise, 0, dims::time.power(-1, 2), "", span);
  error(Kind::DrawMisplaced, span, "white noise stands in the equation of a state: `x' = … + sigma*noise`")
      .help("a value for each cell is a draw, `normal(…)`, in its population");
  return nullptr;
}

ExprPtr Checker::check_path(const ast::Expr& expr, const Place& place) {
  const std::string& name = expr.path[0].text;
  if (expr.path.size() == 1) {
    // somebody declared it nevertheless, which was said: then theirs is what is read
    Symbol* own = emitter_.has_errors() ? place.scope->find(name) : nullptr;
    if (own && is_builtin(name) && (own->kind == Symbol::Kind::Value || own->kind == Symbol::Kind::Param) &&
        name != "temperature")
      return resolve(*own, expr.span, place);
    if (is_function(name) && !place.scope->find(name)) {
      error(Kind::NameWrongKind, expr.span, fmt::format("`{0}` is a function and needs what it is of: `{0}(…)`", name));
      return nullptr;
    }
    if (name == "pi") return number(3.14159265358979323846, {}, expr.span);
    if (ExprPtr constant = physical_constant(name, expr.span)) return constant;
    bool running = name == "v" || name == "input" || name == "t" || name == "dt" || name == "noise";
    if (running && !place.states) {
      error(Kind::ParamNotConstant, expr.span,
            fmt::format("{} can read parameters only, `{}` changes while the model runs", place.what, name));
      return nullptr;
    }
    if (name == "distance" && !place.scope->find(name)) {
      if (place.distance) return leaf(ExprOp::Distance, 0, dims::of("um"), "um", expr.span);
      error(Kind::NameUnknown, expr.span, "`distance` is known in `bernoulli(…)`, and in a weight or a delay that is no draw");
      return nullptr;
    }
    if (name == "noise") return white_noise(expr.span, place);
    if (name == "dt") return leaf(ExprOp::Step, 0, dims::time, "ms", expr.span);
    if (name == "t" && place.rule) {
      not_yet(expr.span, "`t` in a plasticity rule");
      return nullptr;
    }
    if (name == "t") return leaf(ExprOp::Time, 0, dims::time, "ms", expr.span);
    bool of_cell = name == "v" || name == "input" || name == "area" || name == "capacitance";
    if (of_cell && (!place.cell || place.rule)) {
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
    if (name == "temperature" && !place.scope->find(name)) return temperature(expr.span, place);
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
    bool member = name_of_ion_member(expr.path[i].text);
    if (!next && symbol->kind == Symbol::Kind::Ion && member) {
      ion_lacks(*symbol, expr.path[i].text, expr.path[i].span);
      return nullptr;
    }
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
