// What a dimension must be, and the words for when it is not.
#include <fmt/format.h>

#include "compiler/sema/checker.h"
#include "compiler/sema/hints.h"

namespace eic::sema {

namespace dims {
Dimension of(const char* unit) {
  auto parsed = units::parse_unit(unit);
  EIC_CHECK(parsed.has_value(), "a unit of our own that the table lacks");
  return parsed->dimension;
}
const Dimension voltage = of("mV"), current = of("nA"), conductance = of("nS"), capacitance = of("nF"), area = of("um^2"),
                time = of("ms"), temperature = of("K"), rate = of("ms^-1");
}  // namespace dims

// Degrees of the usual scale, where a temperature was given as a bare number.
static std::string unit_for(const Dimension& wanted, double number, const std::string& unit) {
  constexpr double k_hottest = 150;
  return wanted == dims::temperature && number < k_hottest ? "degC" : unit;
}

// A parameter that was given a number without a unit, read in `expr`; null where there is none, or more than one.
static const Param* bare_param(const Expr& expr, const Model& model) {
  const Param* only = nullptr;
  for (const Param& param : model.params) {
    bool bare = param.dimension.dimensionless() && param.value && param.value->bare_literal;
    if (!bare || !contains(expr, ExprOp::Param, static_cast<uint32_t>(&param - model.params.data()))) continue;
    if (only) return nullptr;
    only = &param;
  }
  return only;
}

static void note_bare(Diagnostic& diagnostic, const Param& param, const Dimension& wanted, const std::string& unit,
                      const source::SourceSet& sources) {
  std::string name = param.path.substr(param.path.rfind('.') + 1);
  diagnostic.note(param.value->span, fmt::format("`{}` is given without a unit here", name));
  std::string digits = as_written(sources, param.value->span);
  bool plain = !wanted.dimensionless() && !units::describe(wanted).starts_with("in ");
  if (plain) diagnostic.fix(param.value->span, digits + " " + unit, fmt::format("write `{} {}`", digits, unit));
}

bool Checker::expect_number(const Expr& expr, const char* what) {
  if (!expr.boolean) return true;
  std::string text(sources_.get(expr.span.file).text().substr(expr.span.begin, expr.span.end - expr.span.begin));
  std::string number = fmt::format("(if {} then 1 else 0)", text);
  error(Kind::UnitNotBoolean, expr.span, fmt::format("`{}` needs a number, this is true or false", what))
      .fix(expr.span, number, fmt::format("write `{}`", number));
  return false;
}

ExprPtr Checker::check_bool(const ast::Expr& expr, const Place& place) {
  ExprPtr value = check(expr, place);
  if (!value || value->boolean) return value;
  std::string zero = value->dimension.dimensionless() ? "0" : "0 " + unit_of(*value);
  std::string text(sources_.get(value->span.file).text().substr(value->span.begin, value->span.end - value->span.begin));
  constexpr size_t k_longest_shown = 24;
  error(Kind::UnitNotBoolean, value->span,
        fmt::format("a condition must be true or false, this is {}", described(value->dimension, unit_of(*value))))
      .help(fmt::format("compare it with something: `{} > {}`", text.size() <= k_longest_shown ? text : "…", zero));
  return nullptr;
}

// `5 mV/s` reads as a unit; where a name `s` stands there as well, the other reading may be meant.
void Checker::hint_other_reading(Diagnostic& diagnostic, const Expr& expr) {
  if (expr.op == ExprOp::Number) {
    size_t slash = expr.unit.find('/');
    if (slash == std::string::npos) return;
    std::string word = expr.unit.substr(slash + 1);
    for (const Scope& scope : scopes_)
      if (const_cast<Scope&>(scope).find_here(word)) {
        std::string text(sources_.get(expr.span.file).text().substr(expr.span.begin, expr.span.end - expr.span.begin));
        size_t cut = text.find('/');
        if (cut == std::string::npos) return;
        std::string divided = text.substr(0, cut) + " / " + text.substr(cut + 1);
        diagnostic.note(expr.span,
                        fmt::format("`{}` is read as a unit; to divide by the name `{}`, write `{}`", expr.unit, word, divided));
        return;
      }
    return;
  }
  if (expr.op == ExprOp::Let) return;
  for (const ExprPtr& arg : expr.args)
    if (diagnostic.notes.empty()) hint_other_reading(diagnostic, *arg);
}

bool Checker::same_dimension(const Expr& a, const Expr& b, const char* verb) {
  if (a.dimension == b.dimension) return true;
  for (auto [bare, other] : {std::pair{&b, &a}, std::pair{&a, &b}}) {
    if (!bare->bare_literal) continue;
    std::string digits = as_written(sources_, bare->span);
    std::string unit = unit_for(other->dimension, bare->number, unit_of(*other));
    error(Kind::UnitBareNumber, bare->span,
          fmt::format("`{}` has no unit, but the other side is {} (`{}`)", digits, units::describe(other->dimension), unit))
        .fix(bare->span, digits + " " + unit, fmt::format("write `{} {}`", digits, unit));
    return false;
  }
  std::string_view word = verb;
  std::string left = unit_of(a), right = unit_of(b);
  std::string message = word == "add"        ? fmt::format("cannot add `{}` to `{}`", right, left)
                        : word == "subtract" ? fmt::format("cannot subtract `{}` from `{}`", right, left)
                        : word == "compare"  ? fmt::format("cannot compare `{}` with `{}`", left, right)
                                             : fmt::format("one value is in `{}`, the other in `{}`", left, right);
  Diagnostic& diagnostic =
      error(Kind::UnitMismatch, b.span,
            fmt::format("{}: left is {}, right {}", message, units::describe(a.dimension), units::describe(b.dimension)));
  diagnostic.with_label(units::describe(b.dimension));
  if (a.span.file == b.span.file) diagnostic.note(a.span, described(a.dimension, left));
  for (auto [one, other] : {std::pair{&a, &b}, std::pair{&b, &a}})
    if (one->op == ExprOp::Param)
      if (const Param* bare = bare_param(*one, model_)) note_bare(diagnostic, *bare, other->dimension, unit_of(*other), sources_);
  hint_other_reading(diagnostic, a);
  hint_other_reading(diagnostic, b);
  if (!offer_other_case(diagnostic, b, a.dimension, model_, sources_))
    offer_other_case(diagnostic, a, b.dimension, model_, sources_);
  return false;
}

bool Checker::expect_dimension(const Expr& expr, const Dimension& wanted, const std::string& unit, const std::string& why) {
  std::string shown = unit.empty() ? units::usual_unit(wanted) : unit;
  if (expr.boolean) {
    error(Kind::UnitNotBoolean, expr.span,
          fmt::format("{} needs {} (`{}`), this is true or false", why, units::describe(wanted), shown));
    return false;
  }
  if (expr.dimension == wanted) return true;
  if (expr.bare_literal) {
    std::string digits = as_written(sources_, expr.span);
    shown = unit_for(wanted, expr.number, shown);
    error(Kind::UnitBareNumber, expr.span, fmt::format("{} needs {}: `{}` has no unit", why, units::describe(wanted), digits))
        .fix(expr.span, digits + " " + shown, fmt::format("write `{} {}`", digits, shown));
    return false;
  }
  Diagnostic& diagnostic =
      error(Kind::UnitWrongDimension, expr.span,
            fmt::format("{} needs {}, this is {}", why, described(wanted, shown), described(expr.dimension, unit_of(expr))));
  hint_other_reading(diagnostic, expr);
  if (offer_other_case(diagnostic, expr, wanted, model_, sources_)) return false;
  bool whole = wanted == dims::conductance || wanted == dims::current || wanted == dims::capacitance;  // or per area
  if (whole && offer_other_case(diagnostic, expr, wanted / dims::area, model_, sources_)) return false;
  bool literal = expr.op == ExprOp::Number || expr.op == ExprOp::Param || expr.op == ExprOp::State;
  if (!literal && expr.dimension == wanted * dims::time) {  // what a rate of change lacks first of all
    diagnostic.help("divided by a time (`ms`) it would fit");
  } else if (!literal && !expr.dimension.dimensionless() && !wanted.dimensionless()) {
    Dimension factor = wanted / expr.dimension, divisor = expr.dimension / wanted;
    auto named = [](const Dimension& dimension) { return !units::describe(dimension).starts_with("in "); };
    bool reciprocal = units::usual_unit(factor).find("^-1") != std::string::npos || units::usual_unit(factor).starts_with("1/");
    if (named(divisor) && (reciprocal || !named(factor)))
      diagnostic.help(fmt::format("divided by {} (`{}`) it would fit", units::describe(divisor), units::usual_unit(divisor)));
    else if (named(factor))
      diagnostic.help(fmt::format("multiplied by {} (`{}`) it would fit", units::describe(factor), units::usual_unit(factor)));
  }
  if (const Param* bare = expr.dimension == wanted ? nullptr : bare_param(expr, model_)) {
    Dimension lacks = expr.op == ExprOp::Param ? wanted : expr.dimension / wanted;
    note_bare(diagnostic, *bare, lacks, expr.op == ExprOp::Param ? shown : units::usual_unit(lacks), sources_);
  } else if (expr.op == ExprOp::Param) {
    const Param& param = model_.params[expr.index];
    if (!(param.span == expr.span)) diagnostic.note(param.span, "declared here");
  }
  return false;
}

ExprPtr Checker::check_as(const ast::Expr& expr, const Place& place, const Dimension& wanted, const std::string& unit,
                          const std::string& why) {
  ExprPtr value = check(expr, place);
  return value && expect_dimension(*value, wanted, unit, why) ? value : nullptr;
}

ExprPtr Checker::check_constant(const ast::Expr& expr, Scope* scope, const char* what) {
  Place place;
  place.scope = scope;
  place.states = false;
  place.what = what;
  return check(expr, place);
}

ExprPtr Checker::check_constant_as(const ast::Expr& expr, Scope* scope, const Dimension& wanted, const std::string& unit,
                                   const std::string& why) {
  ExprPtr value = check_constant(expr, scope, why.c_str());
  return value && expect_dimension(*value, wanted, unit, why) ? value : nullptr;
}

void Checker::not_yet(Span span, const std::string& what) {
  error(Kind::NotYet, span, what + " has no meaning in this version yet").help("what works today: docs/language.md");
}

}  // namespace eic::sema
