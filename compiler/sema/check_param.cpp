// Parameters: their defaults, units, ranges and what `--set` makes of them.
#include <fmt/format.h>

#include "compiler/sema/checker.h"
#include "compiler/sema/hints.h"

namespace eic::sema {

namespace {

// The number that an expression is, with or without a minus; null for any other.
const ast::Expr* literal_of(const ast::Expr* expr) {
  if (expr && expr->kind == ast::ExprKind::Unary && expr->text == "-") expr = expr->args[0].get();
  return expr && expr->kind == ast::ExprKind::Number ? expr : nullptr;
}

// The unit in which a number without one was probably meant: that of the value it overrules, else of the default, else of the
// range, whose two ends may differ, else the only one that is declared.
std::vector<units::Unit> likely_units(const ast::Param& written, const Dimension& wanted, const Expr* instead_of) {
  std::vector<units::Unit> likely;
  auto add = [&](const units::Unit& unit) {
    bool declared = unit.dimension == wanted;
    for (const ast::UnitRef& other : written.units) declared = declared || unit.dimension == other.unit.dimension;
    bool known = std::any_of(likely.begin(), likely.end(), [&](const units::Unit& other) { return other.text == unit.text; });
    if (declared && !known) likely.push_back(unit);
  };
  auto add_literal = [&](const ast::ExprPtr& expr) {
    if (const ast::Expr* literal = literal_of(expr.get()); literal && literal->has_unit) add(literal->unit);
  };
  if (instead_of && !instead_of->bare_literal && !instead_of->unit.empty())
    if (auto unit = units::parse_unit(instead_of->unit)) add(*unit);
  if (likely.empty()) add_literal(written.value);
  if (likely.empty()) add_literal(written.low), add_literal(written.high);
  if (likely.empty() && written.units.size() == 1) add(written.units[0].unit);
  return likely;
}

// One unit is a fix; of several, only the user knows: the units of `area` and its like, which are our own, are alternatives to
// choose from, but a channel's may be thousandfold off.
void offer_units(Diagnostic& diagnostic, const ast::Param& written, const std::vector<units::Unit>& likely,
                 const std::string& digits, Span at, bool elsewhere) {
  if (likely.size() == 1) {
    diagnostic.fix(at, digits + " " + likely[0].text, fmt::format("write `{} {}`", digits, likely[0].text));
    return;
  }
  std::vector<units::Unit> all = likely;
  for (const ast::UnitRef& declared : written.units) {
    auto same = [&](const units::Unit& unit) { return unit.dimension == declared.unit.dimension; };
    if (std::none_of(all.begin(), all.end(), same)) all.push_back(units::usual(declared.unit.dimension));
  }
  std::string listed;
  for (size_t i = 0; i < all.size(); i++) {
    std::string whole = digits + " " + all[i].text, kind = units::describe(all[i].dimension);
    if (!elsewhere) diagnostic.fix(at, whole, fmt::format("write `{}`, {}", whole, kind));
    bool same = i + 1 < all.size() && all[i + 1].dimension == all[i].dimension;
    listed += fmt::format("{}`{}`{}", i == 0 ? "" : " or ", whole, same ? "" : ", " + kind);
    if (!same && i + 1 < all.size()) listed += ",";
  }
  if (elsewhere) diagnostic.help("its unit stands behind it, as in " + listed);
}

}  // namespace

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
  const Overruling* instead = overruling(symbol.path);
  if (instead) {
    value = check_constant(*instead->binding->value, instead->site, "the value of a parameter");
    refer(instead->binding->path[0].span, param.name.span, "parameter", symbol.path,
          param.units.empty() ? "" : param.units[0].unit.text, true);
  } else if (!param.value) {
    error(Kind::ParamMissing, param.name.span, fmt::format("`{}` has no value", param.name.text))
        .help("give it one here: `param " + param.name.text + " = …`");
  } else {
    value = check_constant(*param.value, symbol.scope, "the value of a parameter");
  }
  Span given = instead ? instead->binding->span : param.name.span;
  symbol.index = value ? add_param(symbol.path, param, value, symbol.scope, given) : UINT32_MAX;
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
  bool elsewhere = span != written.name.span;
  ast::UnitRef by_default;  // where no unit is declared, the default says what is meant
  const ast::Expr* literal = elsewhere && written.units.empty() ? literal_of(written.value.get()) : nullptr;
  if (literal) by_default = {literal->has_unit ? literal->unit : units::dimensionless(), literal->span};
  auto chosen_for = [&](const Expr* value) -> const ast::UnitRef* {
    if (literal) return &by_default;
    for (const ast::UnitRef& unit : written.units)
      if (value && unit.unit.dimension == value->dimension) return &unit;
    return written.units.empty() ? nullptr : &written.units[0];
  };
  // `instead_of` is what the file says where `given` is to overrule it
  auto fits = [&](const Expr& given, const Expr* instead_of) {
    const ast::UnitRef* chosen = chosen_for(&given);
    bool wrong = chosen && chosen->unit.dimension != given.dimension && !given.boolean;
    if (wrong && given.bare_literal) {
      std::vector<units::Unit> likely = likely_units(written, chosen->unit.dimension, instead_of);
      if (likely.size() == 1 && written.units.size() <= 1) {
        size_t said = emitter_.all().size();
        expect_dimension(given, likely[0].dimension, likely[0].text, "`" + written.name.text + "`");
        if (elsewhere) note_unit_since(emitter_, said, written.name.span, "declared here");
      } else {
        std::string digits = as_written(sources_, given.span);
        Diagnostic& diagnostic =
            error(Kind::UnitBareNumber, given.span, fmt::format("`{}` needs a unit: `{}` has none", written.name.text, digits));
        if (elsewhere) diagnostic.note(written.name.span, "declared here");
        offer_units(diagnostic, written, likely, digits, given.span, elsewhere);
      }
      return false;
    }
    if (wrong && (elsewhere || written.units.size() > 1)) {
      std::string all;
      for (const ast::UnitRef& unit : written.units) all += (all.empty() ? "`" : " or `") + unit.unit.text + "`";
      const units::Unit& one = chosen->unit;
      std::string wants = fmt::format("needs {} (`{}`)", units::describe(one.dimension), one.text);
      if (written.units.size() > 1) wants = "is in " + all;
      Diagnostic& diagnostic = error(
          Kind::UnitWrongDimension, given.span,
          fmt::format("`{}` {}, this is {} (`{}`)", written.name.text, wants, units::describe(given.dimension), unit_of(given)));
      if (elsewhere) diagnostic.note(written.name.span, "declared here");
      bool whole = given.op == ExprOp::Number && given.dimension == one.dimension * dims::area;
      if (whole && given.unit.find('/') == std::string::npos)
        diagnostic.help(fmt::format("a total is given; per area it would be in `{}/cm^2`", given.unit));
      for (const ast::UnitRef& unit : written.units)
        if (offer_other_case(diagnostic, given, unit.unit.dimension, model_, sources_)) break;
      return false;
    }
    size_t said = emitter_.all().size();
    if (chosen && !expect_dimension(given, chosen->unit.dimension, chosen->unit.text, "`" + written.name.text + "`")) {
      if (elsewhere) note_unit_since(emitter_, said, written.name.span, "declared here");
      return false;
    }
    if (given.boolean) error(Kind::UnitNotBoolean, given.span, "a parameter is a number, this is true or false");
    return !given.boolean;
  };
  for (size_t i = 0; i < settings_.size(); i++) {
    if (settings_[i].path != param.path) continue;
    settings_used_.insert(i);
    ExprPtr given = check_constant(*settings_[i].value, modules_[0], "a value of `--set`");
    bool untyped = written.units.empty() && value;  // its default says what it is
    if (given && untyped && !expect_dimension(*given, value->dimension, unit_of(*value), "`" + path + "`")) given = nullptr;
    if (given && fits(*given, value.get())) value = given;  // else that is said, and the model is read as its file has it
  }
  if (value && !fits(*value, nullptr)) return UINT32_MAX;
  const ast::UnitRef* chosen = chosen_for(value.get());
  param.dimension = value ? value->dimension : chosen->unit.dimension;
  if (chosen && chosen != &by_default) param.unit = chosen->unit;
  else if (auto unit = units::parse_unit(unit_of(*value))) param.unit = *unit;
  else param.unit = units::usual(param.dimension);
  param.value = value;
  for (auto [bound, place] : {std::pair{&written.low, &param.low}, std::pair{&written.high, &param.high}}) {
    if (!*bound) continue;
    ExprPtr limit = check_constant(**bound, scope, "a bound of a parameter");
    // with `S/m^2 | S` the range speaks of one of the two
    bool other = limit && limit->dimension != param.dimension &&
                 std::any_of(written.units.begin(), written.units.end(),
                             [&](const ast::UnitRef& unit) { return unit.unit.dimension == limit->dimension; });
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

}  // namespace eic::sema
