// What a dimension must be, and the words for when it is not.
#include <fmt/format.h>

#include "compiler/sema/checker.h"

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

// "a voltage (`mV`)", or "`nA^2/mV`" for what has no name.
static std::string described(const Dimension& dimension, const std::string& unit) {
  std::string name = units::describe(dimension);
  return name.starts_with("in ") ? "`" + unit + "`" : name + " (`" + unit + "`)";
}

bool Checker::expect_number(const Expr& expr, const char* what) {
  if (!expr.boolean) return true;
  error(Kind::UnitNotBoolean, expr.span, fmt::format("`{}` needs a number, this is true or false", what));
  return false;
}

ExprPtr Checker::check_bool(const ast::Expr& expr, const Place& place) {
  ExprPtr value = check(expr, place);
  if (!value || value->boolean) return value;
  error(Kind::UnitNotBoolean, value->span,
        fmt::format("a condition must be true or false, this is {} (`{}`)", units::describe(value->dimension), unit_of(*value)))
      .help("compare it with something: `… > 0 " + unit_of(*value) + "`");
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
    std::string unit = unit_of(*other);
    std::string digits = units::print(bare->number, bare->dimension);
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
  hint_other_reading(diagnostic, a);
  hint_other_reading(diagnostic, b);
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
    std::string digits = units::print(expr.number, expr.dimension);
    error(Kind::UnitBareNumber, expr.span, fmt::format("{} needs {}: `{}` has no unit", why, units::describe(wanted), digits))
        .fix(expr.span, digits + " " + shown, fmt::format("write `{} {}`", digits, shown));
    return false;
  }
  Diagnostic& diagnostic =
      error(Kind::UnitWrongDimension, expr.span,
            fmt::format("{} needs {}, this is {}", why, described(wanted, shown), described(expr.dimension, unit_of(expr))));
  hint_other_reading(diagnostic, expr);
  bool literal = expr.op == ExprOp::Number || expr.op == ExprOp::Param || expr.op == ExprOp::State;
  if (!literal && !expr.dimension.dimensionless() && !wanted.dimensionless()) {
    Dimension factor = wanted / expr.dimension;
    if (units::describe(factor).rfind("in ", 0) != 0)
      diagnostic.help(fmt::format("multiplied by {} (`{}`) it would fit", units::describe(factor), units::usual_unit(factor)));
    else if (units::describe(expr.dimension / wanted).rfind("in ", 0) != 0)
      diagnostic.help(fmt::format("divided by {} (`{}`) it would fit", units::describe(expr.dimension / wanted),
                                  units::usual_unit(expr.dimension / wanted)));
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
