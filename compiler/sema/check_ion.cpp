// Ions: E, in, out, charge and i of each; the Nernst potential and the flux of Goldman, Hodgkin and Katz.
#include <fmt/format.h>

#include <cmath>

#include "compiler/sema/hints.h"
#include "compiler/sema/instance.h"

namespace eic::sema {

namespace {

struct Charge {
  const char* ion;
  int charge;
};
constexpr Charge k_charges[] = {{"na", 1}, {"k", 1}, {"ca", 2}, {"mg", 2}, {"cl", -1}};

const std::vector<std::string> k_members = {"E", "in", "out", "charge"};

// Of the SI of 2019, where both are exact.
ExprPtr constant(const char* name, const char* digits, const char* unit, Span span) {
  units::Unit parsed = *units::parse_unit(unit);
  return let(name, number(*units::to_internal(digits, parsed), parsed.dimension, span), span);
}
ExprPtr faraday(Span span) { return constant("F", "96485.3321233100184", "C/mol", span); }
ExprPtr gas_constant(Span span) { return constant("R", "8.31446261815324", "J/mol/K", span); }

ExprPtr thermal_voltage(const ExprPtr& temperature, Span span) {
  return binary(ExprOp::Div, binary(ExprOp::Mul, gas_constant(span), temperature, span), faraday(span), span);
}

ExprPtr nernst(const ExprPtr& charge, const ExprPtr& in, const ExprPtr& out, const ExprPtr& temperature, Span span) {
  ExprPtr ratio = call(Builtin::Log, {binary(ExprOp::Div, out, in, span)}, {}, span);
  ExprPtr scale = binary(ExprOp::Div, thermal_voltage(temperature, span), charge, span);
  return binary(ExprOp::Mul, scale, ratio, span);
}

}  // namespace

// `F` and `R`; null for any other name.
ExprPtr Checker::physical_constant(const std::string& name, Span span) {
  if (name == "F") return faraday(span);
  return name == "R" ? gas_constant(span) : nullptr;
}

ExprPtr Checker::temperature(Span use, const Place& place) {
  if (Symbol* given = place.scope->find("temperature")) return resolve(*given, use, place);
  // a mechanism's line is not where it is mended
  bool elsewhere = place.cell && place.scope->path() != place.cell->name;
  Diagnostic& diagnostic = error(
      Kind::CellIncomplete, elsewhere ? place.cell->span : use,
      elsewhere ? fmt::format("the cell `{}` needs a `temperature`", place.cell->name) : "this reads `temperature`, which is not given");
  if (elsewhere) diagnostic.note(use, "read here");
  diagnostic.help("add `temperature = 36 degC` to the cell");
  return nullptr;
}

// `nernst(z, in, out)` and `ghk(P, z, in, out)`.
ExprPtr Checker::check_ion_call(const ast::Expr& expr, const Place& place) {
  const std::string& name = expr.path[0].text;
  bool flux = name == "ghk";
  std::vector<const char*> takes = {"z", "in", "out"};
  if (flux) takes.insert(takes.begin(), "P");
  if (expr.args.size() != takes.size()) {
    error(Kind::CallArguments, expr.span, fmt::format("`{}` takes {} arguments, here are {}", name, takes.size(), expr.args.size()))
        .help(flux ? "write `ghk(P, z, in, out)`: permeability, charge, concentrations inside and outside"
                   : "write `nernst(z, in, out)`: charge, concentrations inside and outside");
    return nullptr;
  }
  static const Dimension concentration = dims::of("mM"), velocity = dims::of("um/ms");
  std::vector<ExprPtr> args;
  for (size_t i = 0; i < takes.size(); i++) {
    ExprPtr arg = check(*expr.args[i], place);
    std::string what = fmt::format("`{}` of `{}`", takes[i], name);
    bool permeability = flux && i == 0, charge = takes[i][0] == 'z';
    if (!arg || !expect_number(*arg, name.c_str())) return nullptr;
    if (permeability && arg->dimension == velocity * dims::area) {  // of the whole cell
      args.push_back(arg);
      continue;
    }
    size_t said = emitter_.all().size();
    bool fits = permeability ? expect_dimension(*arg, velocity, "cm/s", what)
                : charge     ? expect_dimension(*arg, {}, "1", what)
                             : expect_dimension(*arg, concentration, "mM", what);
    if (permeability && !fits && emitter_.all().size() > said)
      note_unit_since(emitter_, said, expr.path[0].span,
                      "a permeability is a velocity (`cm/s`), or `m^3/s` for the whole cell; `ghk` needs no conductance");
    if (!fits) return nullptr;
    args.push_back(arg);
  }
  if (flux && !place.cell) {
    error(Kind::NameUnknown, expr.span, "`ghk` reads `v` and is known in cells and their mechanisms only");
    return nullptr;
  }
  if (flux && !place.states) {
    error(Kind::ParamNotConstant, expr.span, fmt::format("{} can read parameters only, `ghk` changes with `v`", place.what));
    return nullptr;
  }
  ExprPtr kelvin = temperature(expr.path[0].span, place);
  if (!kelvin) return nullptr;
  Span span = expr.span;
  if (!flux) return nernst(args[0], args[1], args[2], kelvin, span);
  // P z F (in·ζ/(1 − e^−ζ) − out·ζ/(e^ζ − 1)) with ζ = z F v/(R T), each fraction whole at 0 mV
  ExprPtr charge = args[1];
  ExprPtr zeta = binary(ExprOp::Div, binary(ExprOp::Mul, charge, voltage(*place.cell, span), span), thermal_voltage(kelvin, span), span);
  ExprPtr leaving = binary(ExprOp::Mul, args[2], call(Builtin::Exprelr, {unary(ExprOp::Neg, zeta, span)}, {}, span), span);
  ExprPtr entering = binary(ExprOp::Mul, args[3], call(Builtin::Exprelr, {zeta}, {}, span), span);
  ExprPtr scale = binary(ExprOp::Mul, binary(ExprOp::Mul, args[0], charge, span), faraday(span), span);
  return binary(ExprOp::Mul, scale, binary(ExprOp::Sub, leaving, entering, span), span);
}

// `in = 50 nM` of an ion: a parameter of the cell, `--set HH.ca.in=…`.
void Checker::ion_value(Scope& members, const Bound& bound, Scope& scope) {
  const ast::Binding& binding = *bound.binding;
  const std::string& name = bound.path[0].text;
  ast::Param param;
  param.name = bound.path[0];
  param.units.push_back({*units::parse_unit(name == "E" ? "mV" : name == "charge" ? "1" : "mM"), binding.span});
  ExprPtr value = check_constant(*binding.value, bound.site,
                                 name == "E" ? "a reversal potential" : name == "charge" ? "a charge" : "a concentration");
  bool no_charge = name == "charge" && value && value->op == ExprOp::Number && (value->number == 0 || value->number != std::floor(value->number));
  if (no_charge && value->dimension.dimensionless()) {
    error(Kind::ParameterValue, value->span, "a charge is a whole number and not 0: 2 for calcium, -1 for chloride");
    value = nullptr;
  }
  uint32_t index = value ? add_param(members.path_of(name), param, value, &scope, bound.path[0].span) : UINT32_MAX;
  Symbol symbol;
  if (index != UINT32_MAX) symbol.value = param_leaf(index, binding.span);
  symbol.span = binding.span;
  if (Symbol* first = members.add(name, symbol))
    error(Kind::ItemTwice, binding.span, fmt::format("`{}` is given twice", name)).note(first->span, "first given here");
}

void Checker::ion(Cell& cell, Scope& scope, const ast::Item& item, std::deque<Instance>& pools) {
  const auto& written = std::get<ast::Ion>(item.node);
  if (Symbol* first = scope.find_here(written.name.text); first && first->kind == Symbol::Kind::Ion) {
    error(Kind::IonWriters, written.name.span,
          fmt::format("the ion `{}` has two writers: it is set here as well", written.name.text))
        .note(first->span, "first set here");
    return;
  }
  Scope& members = scopes_.emplace_back(nullptr, scope.path_of(written.name.text));
  Symbol symbol;
  symbol.kind = Symbol::Kind::Ion;
  symbol.scope = &members;
  symbol.item = &item;
  symbol.index = static_cast<uint32_t>(cell.ions.size());
  bool declared = declare(scope, written.name, symbol);
  Ion ion;
  ion.name = written.name.text;
  ion.span = written.name.span;
  Instance* pool = written.pool ? begin_pool(cell, scope, written, pools) : nullptr;
  std::vector<std::string> of_pool;
  if (pool)
    for (const ast::Item& inner : pool->mechanism.items)
      if (auto* param = std::get_if<ast::Param>(&inner.node)) of_pool.push_back(param->name.text);
  for (const Bound& bound : bindings_of(written.bindings, members.path(), &scope)) {
    const std::string& name = bound.path[0].text;
    bool own = bound.path.size() == 1 && std::find(k_members.begin(), k_members.end(), name) != k_members.end();
    if (std::find(of_pool.begin(), of_pool.end(), name) != of_pool.end()) {
      pool->braces.push_back(bound);
    } else if (own) {
      ion_value(members, bound, scope);
    } else if (!written.pool || pool) {
      std::vector<std::string> names = k_members;
      names.insert(names.end(), of_pool.begin(), of_pool.end());
      std::string all;
      for (const std::string& known : names) all += (all.empty() ? "`" : ", `") + known + "`";
      Diagnostic& diagnostic = error(Kind::NameUnknown, bound.path[0].span,
                                     fmt::format("{} has no `{}`", pool ? "this ion" : "an ion", ast::dotted(bound.path)));
      if (!diagnostic.suggest(bound.path[0].span, name, names)) diagnostic.help("it takes " + all);
      if (!members.find_here("E")) members.add("E", Symbol{.span = bound.binding->span});
    }
  }
  bool broken = written.pool && !pool;  // said; what reads it is not to blame
  if (pool) {
    size_t errors = emitter_.error_count();
    mechanism_params(*pool);
    broken = emitter_.error_count() > errors || !pool_states(*pool, members);
  }
  if (broken)
    for (const char* name : {"E", "in", "out", "charge", "i"}) members.add(name, Symbol{.span = written.name.span});
  auto value_of = [&](const char* name) {
    Symbol* found = members.find_here(name);
    return found ? found->value : nullptr;
  };
  auto known = std::find_if(std::begin(k_charges), std::end(k_charges), [&](const Charge& c) { return ion.name == c.ion; });
  if (known != std::end(k_charges)) members.add("charge", Symbol{.span = written.name.span, .value = number(known->charge, {}, written.name.span)});
  ion.in = value_of("in"), ion.out = value_of("out"), ion.charge = value_of("charge");
  Symbol* kelvin = scope.find_here("temperature");
  if (!members.find_here("E") && ion.in && ion.out && ion.charge && kelvin && kelvin->value) {
    ExprPtr E = let(ion.name + ".E", nernst(ion.charge, ion.in, ion.out, kelvin->value, written.name.span), written.name.span);
    members.add("E", Symbol{.span = written.name.span, .value = E});
    cell.lets.emplace(ion.name + ".E", E);
    ion.live = !is_constant(*E);
  }
  ion.E = value_of("E");
  if (written.pool) ion.pool = written.pool->text;
  if (declared) cell.ions.push_back(std::move(ion));
}

// What is said where `x.E`, `x.in`, `x.out`, `x.charge` or `x.i` is read and is not there.
void Checker::ion_lacks(const Symbol& ion, const std::string& member, Span use) {
  if (member == "i") {
    error(Kind::IonCurrentCycle, use, "the current of an ion is the sum over its channels, and none of them can read it")
        .note(ion.span, "the ion")
        .help("a pool or the cell's own equations can: they come after the channels");
    return;
  }
  auto has = [&](const char* name) { return ion.scope->find_here(name) != nullptr; };
  std::string name = ion.item ? std::get<ast::Ion>(ion.item->node).name.text : "x";
  auto report = [&](Kind kind, const std::string& message) -> Diagnostic& {
    Diagnostic& diagnostic = error(kind, ion.item ? std::get<ast::Ion>(ion.item->node).name.span : ion.span, message);
    diagnostic.note(use, "read here");
    return diagnostic;
  };
  if (member == "in" || member == "out") {
    report(Kind::IonConcentration, fmt::format("the ion `{}` has no concentration `{}`", name, member))
        .help(member == "in" ? fmt::format("add `in = 50 nM`, or a pool: `ion {} : CalciumFirstOrder {{ … }}`", name)
                             : std::string("add `out = 2 mM`"));
  } else if (member == "charge" || (has("in") && has("out") && !has("charge"))) {
    report(Kind::IonMissing, fmt::format("the charge of the ion `{}` is not known", name)).help("add `charge = 2`, or whatever it is");
  } else if (has("in") && has("out")) {
    report(Kind::CellIncomplete,
           fmt::format("the reversal potential of `{}` follows from its concentrations and the `temperature`, which is not given", name))
        .help("add `temperature = 36 degC` to the cell, or `E = … mV` to the ion");
  } else if (has("in") || has("out")) {
    report(Kind::IonConcentration, fmt::format("the ion `{}` has no concentration `{}`, which its reversal potential needs", name,
                                               has("in") ? "out" : "in"))
        .help("add it, or `E = … mV`");
  } else {
    report(Kind::IonMissing, fmt::format("the ion `{}` has no reversal potential", name))
        .help("add `E = … mV`, or `in` and `out` in the cell's concentrations");
  }
}

// After the channels: the sum of what is booked to each ion.
void Checker::ion_currents(Cell& cell, Scope& scope) {
  for (Ion& ion : cell.ions) {
    ExprPtr sum;
    for (const Current& current : cell.currents)
      if (current.ion == ion.name) sum = sum ? binary(ExprOp::Add, sum, current.outward, ion.span) : current.outward;
    if (!sum) sum = number(0, dims::current, ion.span);
    ion.i = let(ion.name + ".i", sum, ion.span);
    cell.lets.emplace(ion.name + ".i", ion.i);
    if (Symbol* symbol = scope.find_here(ion.name); symbol && symbol->kind == Symbol::Kind::Ion)
      symbol->scope->add("i", Symbol{.span = ion.span, .value = ion.i});
  }
}

}  // namespace eic::sema
