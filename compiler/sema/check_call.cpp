// Calls: the built-in functions, `fn` (inlined and checked at each use), distributions and CSV columns.
#include <fmt/format.h>

#include "compiler/sema/checker.h"
#include "compiler/sema/hints.h"

namespace eic::sema {

namespace {

struct Known {
  const char* name;
  Builtin function;
  size_t arity;
  enum class Takes { Plain, Any, Same } takes;  // Plain: dimensionless; Any: one of any dimension; Same: arguments agree
};

constexpr Known k_known[] = {
    {"exp", Builtin::Exp, 1, Known::Takes::Plain},     {"expm1", Builtin::Expm1, 1, Known::Takes::Plain},
    {"log", Builtin::Log, 1, Known::Takes::Plain},     {"log10", Builtin::Log10, 1, Known::Takes::Plain},
    {"log1p", Builtin::Log1p, 1, Known::Takes::Plain}, {"exprel", Builtin::Exprel, 1, Known::Takes::Plain},
    {"sin", Builtin::Sin, 1, Known::Takes::Plain},     {"cos", Builtin::Cos, 1, Known::Takes::Plain},
    {"tanh", Builtin::Tanh, 1, Known::Takes::Plain},   {"sqrt", Builtin::Sqrt, 1, Known::Takes::Any},
    {"abs", Builtin::Abs, 1, Known::Takes::Any},       {"heaviside", Builtin::Heaviside, 1, Known::Takes::Any},
    {"min", Builtin::Min, 2, Known::Takes::Same},      {"max", Builtin::Max, 2, Known::Takes::Same},
    {"pow", Builtin::Pow, 2, Known::Takes::Plain}};

struct KnownSpread {
  const char* name;
  plan::Draw::Kind kind;
  size_t arity;
};
constexpr KnownSpread k_spreads[] = {{"uniform", plan::Draw::Kind::Uniform, 2},         {"normal", plan::Draw::Kind::Normal, 2},
                                     {"lognormal", plan::Draw::Kind::LogNormal, 2},     {"gamma", plan::Draw::Kind::Gamma, 2},
                                     {"exponential", plan::Draw::Kind::Exponential, 1}, {"csv", plan::Draw::Kind::Csv, 1}};

const KnownSpread* find_spread(const ast::Expr& expr) {
  if (expr.kind != ast::ExprKind::Call || expr.path.size() != 1) return nullptr;
  for (const KnownSpread& known : k_spreads)
    if (expr.path[0].text == known.name) return &known;
  return nullptr;
}

constexpr size_t k_most_inlined = 4000;

}  // namespace

bool Checker::is_spread(const ast::Expr& expr) const { return find_spread(expr) != nullptr; }

ExprPtr Checker::check_call(const ast::Expr& expr, const Place& place) {
  const std::string& name = expr.path.back().text;
  if (find_spread(expr)) {
    error(Kind::DrawMisplaced, expr.span,
          fmt::format("`{}(…)` gives one value a cell or synapse; it stands alone behind `init`, a weight, a delay or a "
                      "parameter of a population",
                      name));
    return nullptr;
  }
  if (expr.path.size() == 1 && (name == "nernst" || name == "ghk")) return check_ion_call(expr, place);
  const Known* known = std::find_if(std::begin(k_known), std::end(k_known), [&](const Known& k) { return name == k.name; });
  if (expr.path.size() == 1 && known == std::end(k_known)) {
    Symbol* symbol = place.scope->find(name);
    if (!symbol) {
      unknown_name(name, expr.path[0].span, place.scope, "function");
      return nullptr;
    }
    refer(expr.path[0].span, *symbol, name);
    if (symbol->kind == Symbol::Kind::Fn) return check_fn(expr, *symbol->item, symbol->scope, place);
  }
  if (known == std::end(k_known) || expr.path.size() != 1) {
    error(Kind::NameWrongKind, expr.path.back().span, fmt::format("`{}` is not a function", name));
    return nullptr;
  }
  if (expr.args.size() != known->arity) {
    error(
        Kind::CallArguments, expr.span,
        fmt::format("`{}` takes {} argument{}, here are {}", name, known->arity, known->arity == 1 ? "" : "s", expr.args.size()));
    return nullptr;
  }
  std::vector<ExprPtr> args;
  for (const auto& written : expr.args) {
    ExprPtr arg = check(*written, place);
    if (!arg || !expect_number(*arg, name.c_str())) return nullptr;
    if (known->takes == Known::Takes::Plain && !arg->dimension.dimensionless()) {
      Diagnostic& diagnostic = error(
          Kind::UnitNotDimensionless, arg->span,
          fmt::format("`{}` needs a plain number, this is {} (`{}`)", name, units::describe(arg->dimension), unit_of(*arg)));
      const Expr* divided = arg.get();
      while (divided->op == ExprOp::Neg) divided = divided->args[0].get();
      if (divided->op == ExprOp::Div && divided->args[1]->bare_literal) {
        const Expr& bare = *divided->args[1];
        std::string whole = fmt::format("{} {}", as_written(sources_, bare.span), unit_of(*arg));
        diagnostic.fix(bare.span, whole, fmt::format("write `{}`", whole));
      } else {
        diagnostic.help(fmt::format("divide it by {}, such as `1 {}`", units::describe(arg->dimension), unit_of(*arg)));
      }
      hint_other_reading(diagnostic, *arg);
      return nullptr;
    }
    args.push_back(arg);
  }
  if (known->takes == Known::Takes::Same && !same_dimension(*args[0], *args[1], "join")) return nullptr;
  if (known->function == Builtin::Sqrt && !has_root(*args[0], expr.span)) return nullptr;
  Dimension dimension = known->takes == Known::Takes::Plain || known->function == Builtin::Heaviside ? Dimension{}
                        : known->function == Builtin::Sqrt ? args[0]->dimension.power(1, 2)
                                                           : args[0]->dimension;
  return call(known->function, std::move(args), dimension, expr.span);
}

ExprPtr Checker::check_fn(const ast::Expr& expr, const ast::Item& item, Scope* home, const Place& place) {
  const auto& fn = std::get<ast::Fn>(item.node);
  if (expr.args.size() != fn.params.size()) {
    error(Kind::CallArguments, expr.span,
          fmt::format("`{}` takes {} argument{}, here are {}", fn.name.text, fn.params.size(), fn.params.size() == 1 ? "" : "s",
                      expr.args.size()))
        .note(fn.name.span, "declared here");
    return nullptr;
  }
  if (++inlined_ > k_most_inlined) {
    error(Kind::LimitExpression, expr.span, fmt::format("more than {} uses of functions would be inlined", k_most_inlined));
    return nullptr;
  }
  if (std::find(inlining_.begin(), inlining_.end(), &item) != inlining_.end()) {
    error(Kind::ParamCycle, expr.span, fmt::format("`{}` calls itself", fn.name.text)).note(fn.name.span, "declared here");
    return nullptr;
  }
  // the body sees its arguments, then what stands where it was declared
  Scope& inner = scopes_.emplace_back(home);
  for (size_t i = 0; i < fn.params.size(); i++) {
    Symbol symbol;
    symbol.span = fn.params[i].span;
    symbol.value = check(*expr.args[i], place);
    if (!symbol.value) return nullptr;
    inner.add(fn.params[i].text, symbol);
  }
  Place body = place;
  body.scope = &inner;
  inlining_.push_back(&item);
  size_t said = emitter_.all().size();
  ExprPtr value = check(*fn.body, body);
  inlining_.pop_back();
  if (emitter_.all().size() > said) {
    std::string given;
    for (const ast::Ident& name : fn.params) {
      const Expr& argument = *inner.find_here(name.text)->value;
      given += fmt::format("{}`{}` is {}", given.empty() ? "" : ", ", name.text,
                           argument.boolean ? "true or false" : described(argument.dimension, unit_of(argument)));
    }
    note_since(emitter_, said, expr.span, fmt::format("used here{}{}", given.empty() ? "" : ", where ", given));
  }
  if (!value) return nullptr;
  auto used = std::make_shared<Expr>(*value);
  used->span = expr.span;
  used->bare_literal = false;
  return used;
}

std::optional<std::string> Checker::resolve_file(const std::string& written, Span span) {
  auto found = sources_.resolve(sources_.get(span.file), written);
  if (found) return found->string();
  switch (found.error().fault) {
    case source::LoadFault::OutsideRoots:
      error(Kind::ImportOutside, span, fmt::format("`{}` lies outside the model's folder", written))
          .help("copy the file beside the model, or name its folder with `--root`");
      break;
    case source::LoadFault::NotRegular:
      error(Kind::FileUnreadable, span, fmt::format("`{}` is not a regular file", written));
      break;
    default:
      error(Kind::FileUnreadable, span, fmt::format("there is no file `{}`", written))
          .help("paths are read from the model's own folder");
  }
  return std::nullopt;
}

std::optional<Spread> Checker::check_spread(const ast::Expr& expr, const Place& place, const Dimension& wanted,
                                            const units::Unit& unit, const std::string& column, const std::string& why) {
  Spread spread;
  spread.span = expr.span;
  spread.unit = unit;
  const KnownSpread* known = find_spread(expr);
  if (!known) {
    ExprPtr value = check_as(expr, place, wanted, unit.text, why);
    if (!value) return std::nullopt;
    spread.args = {value};
    return spread;
  }
  spread.kind = known->kind;
  if (known->kind == plan::Draw::Kind::Csv) {
    bool named = expr.args.size() == 2 && expr.names[1].text == "column" && expr.args[1]->kind == ast::ExprKind::String;
    if (expr.args.empty() || expr.args[0]->kind != ast::ExprKind::String || (expr.args.size() > 1 && !named)) {
      error(Kind::CallArguments, expr.span, "`csv` takes a file in quotes and, if need be, `column = \"name\"`");
      return std::nullopt;
    }
    auto file = resolve_file(expr.args[0]->text, expr.args[0]->span);
    if (!file) return std::nullopt;
    spread.file = *file;
    spread.shown = expr.args[0]->text;
    spread.column = named ? expr.args[1]->text : unit.text == "1" ? column : column + "_" + unit.text;
    if (named) {
      size_t mark = spread.column.rfind('_');
      auto suffix = mark == std::string::npos ? std::nullopt : units::parse_unit(spread.column.substr(mark + 1));
      if (!suffix) suffix = units::dimensionless();
      if (suffix->dimension != wanted) {
        error(Kind::UnitWrongDimension, expr.args[1]->span,
              fmt::format("{} needs {} (`{}`), the column `{}` is {}", why, units::describe(wanted), unit.text, spread.column,
                          units::describe(suffix->dimension)));
        return std::nullopt;
      }
      spread.unit = *suffix;
    }
    return spread;
  }
  if (expr.args.size() != known->arity) {
    error(Kind::CallArguments, expr.span,
          fmt::format("`{}` takes {} argument{}, here are {}", known->name, known->arity, known->arity == 1 ? "" : "s",
                      expr.args.size()));
    return std::nullopt;
  }
  bool failed = false;
  for (size_t i = 0; i < expr.args.size(); i++) {
    bool shape = known->kind == plan::Draw::Kind::Gamma && i == 0;
    ExprPtr arg = shape ? check_constant_as(*expr.args[i], place.scope, {}, "1", "the shape of `gamma`")
                        : check_constant_as(*expr.args[i], place.scope, wanted, unit.text, why);
    failed |= !arg;
    spread.args.push_back(arg);
  }
  if (failed) return std::nullopt;
  return spread;
}

}  // namespace eic::sema
