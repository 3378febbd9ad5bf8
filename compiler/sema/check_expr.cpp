// Expressions: literals, operators, powers, `if`.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "compiler/sema/checker.h"

namespace eic::sema {

using ast::ExprKind;

// Names are read through where they stand, so an expression may be far deeper than its text. What walks it recurses.
ExprPtr Checker::check(const ast::Expr& expr, const Place& place) {
  constexpr uint32_t k_deepest = 3000;
  constexpr int k_largest_power = 1000 * units::k_twelfths;
  checking_++;
  ExprPtr value = checking_ > k_deepest ? nullptr : check_kind(expr, place);
  bool deep = checking_ > k_deepest || (value && value->depth > k_deepest);
  checking_--;
  if (deep) {
    error(Kind::LimitNesting, expr.span,
          fmt::format("the names read here lead through more than {} operations, one within another", k_deepest));
    return nullptr;
  }
  if (!value) return nullptr;
  for (int twelfths : value->dimension.exponents)
    if (std::abs(twelfths) > k_largest_power) {
      error(Kind::UnitBadExponent, expr.span, "this has a dimension beyond all use");
      return nullptr;
    }
  return value;
}

ExprPtr Checker::check_kind(const ast::Expr& expr, const Place& place) {
  switch (expr.kind) {
    case ExprKind::Number: return check_literal(expr);
    case ExprKind::Bool: {
      auto node = std::make_shared<Expr>();
      node->op = ExprOp::Bool;
      node->boolean = true;
      node->number = expr.text == "true";
      node->span = expr.span;
      return node;
    }
    case ExprKind::Path: return check_path(expr, place);
    case ExprKind::Unary: return check_unary(expr, place);
    case ExprKind::Binary: return expr.text == "^" ? check_power(expr, place) : check_binary(expr, place);
    case ExprKind::If: return check_if(expr, place);
    case ExprKind::Call: return check_call(expr, place);
    case ExprKind::String: error(Kind::ItemMisplaced, expr.span, "a text in quotes has no value here"); return nullptr;
    case ExprKind::List: error(Kind::ItemMisplaced, expr.span, "a list `[…]` has no value here"); return nullptr;
    case ExprKind::Range: error(Kind::ItemMisplaced, expr.span, "a range `a .. b` has no value here"); return nullptr;
    case ExprKind::PlusMinus:
      error(Kind::ItemMisplaced, expr.span, "`a +- b` stands only behind `~` in an `expect`");
      return nullptr;
  }
  return nullptr;
}

ExprPtr Checker::check_literal(const ast::Expr& expr) {
  units::Unit unit = expr.has_unit ? expr.unit : units::dimensionless();
  auto value = units::to_internal(expr.text, unit);
  if (!value) {
    error(Kind::ParseBadNumber, expr.span, fmt::format("`{}` does not fit a double-precision number", expr.text));
    return nullptr;
  }
  auto node = std::make_shared<Expr>();
  node->number = *value;
  node->dimension = unit.dimension;
  node->unit = expr.has_unit && !unit.celsius ? unit.text : "";
  node->span = expr.span;
  node->bare_literal = !expr.has_unit;
  if (auto exact = units::to_decimal(expr.text, unit)) node->exact = *exact;
  return node;
}

ExprPtr Checker::check_unary(const ast::Expr& expr, const Place& place) {
  ExprPtr arg = expr.text == "not" ? check_bool(*expr.args[0], place) : check(*expr.args[0], place);
  if (!arg) return nullptr;
  if (expr.text == "not") return unary(ExprOp::Not, arg, expr.span);
  if (!expect_number(*arg, "-")) return nullptr;
  if (arg->op != ExprOp::Number) return unary(ExprOp::Neg, arg, expr.span);
  auto negative = std::make_shared<Expr>(*arg);  // -63 mV is a literal
  negative->number = -negative->number;
  negative->exact.mantissa = -negative->exact.mantissa;
  negative->span = expr.span;
  return negative;
}

// `65*mV`, `3 mS / cm^2`, `3 nS*mV`: words of units that stand apart from their number, and are no names here.
static bool unit_apart(const ast::Expr& expr, const Place& place, const source::SourceSet& sources,
                       diagnostics::Emitter& emitter) {
  const ast::Expr* number = expr.args[0].get();
  if (number->kind == ExprKind::Unary && number->text == "-") number = number->args[0].get();
  const ast::Expr* word = expr.args[1].get();
  if (word->kind == ExprKind::Binary && word->text == "^" && word->args[1]->kind == ExprKind::Number) word = word->args[0].get();
  bool faraday = word->kind == ExprKind::Path && word->path[0].text == "F";  // the constant, which is built in
  bool possible = !faraday && number->kind == ExprKind::Number && word->kind == ExprKind::Path && word->path.size() == 1 &&
                  (expr.text == "*" || expr.text == "/") && !place.scope->find(word->path[0].text);
  if (!possible || !units::find_word(word->path[0].text)) return false;
  const source::Source& source = sources.get(expr.span.file);
  auto text = [&](uint32_t begin, uint32_t end) { return std::string(source.text().substr(begin, end - begin)); };
  Span right = expr.args[1]->span;
  if (right.file != number->span.file || right.begin <= number->span.end) return false;
  std::string unit = text(right.begin, right.end);
  bool joined = number->has_unit && expr.text == "/", first = !number->has_unit && expr.text == "*";
  Diagnostic& diagnostic = emitter.emit(Kind::NameUnknown, word->span,
                                        fmt::format("`{}` is a unit and stands only behind a number", word->path[0].text));
  std::string whole = text(number->span.begin, number->span.end) + (joined ? "/" : " ") + unit;
  // `3 mS/(cm^2)`: the brackets are in no span, and go with what they enclose
  std::string gap = text(number->span.end, right.begin);
  auto open = std::count(gap.begin(), gap.end(), '(');
  uint32_t end = right.end;
  for (; open > 0 && end < source.text().size() && (source.text()[end] == ')' || source.text()[end] == ' '); end++)
    open -= source.text()[end] == ')';
  if ((joined || first) && open == 0 && unit.find_first_of(" ()") == std::string::npos)
    diagnostic.fix({number->span.file, number->span.end, end}, (joined ? "/" : " ") + unit, fmt::format("write `{}`", whole));
  else diagnostic.help(fmt::format("give it a number: `(1 {})`", unit));
  return true;
}

ExprPtr Checker::check_binary(const ast::Expr& expr, const Place& place) {
  struct Known {
    const char* text;
    ExprOp op;
    bool logic, agree, swap;
    const char* verb;
  };
  static constexpr Known k_known[] = {
      {"+", ExprOp::Add, false, true, false, "add"},        {"-", ExprOp::Sub, false, true, false, "subtract"},
      {"*", ExprOp::Mul, false, false, false, ""},          {"/", ExprOp::Div, false, false, false, ""},
      {"<", ExprOp::Less, false, true, false, "compare"},   {"<=", ExprOp::LessEqual, false, true, false, "compare"},
      {">", ExprOp::Less, false, true, true, "compare"},    {">=", ExprOp::LessEqual, false, true, true, "compare"},
      {"==", ExprOp::Equal, false, true, false, "compare"}, {"!=", ExprOp::NotEqual, false, true, false, "compare"},
      {"and", ExprOp::And, true, false, false, ""},         {"or", ExprOp::Or, true, false, false, ""}};
  const Known* known = std::find_if(std::begin(k_known), std::end(k_known), [&](const Known& k) { return expr.text == k.text; });
  EIC_CHECK(known != std::end(k_known), "an operator the parser knows and sema does not");
  bool celsius = false;
  for (const auto& arg : expr.args)
    if (arg->kind == ExprKind::Number && arg->unit.celsius && !known->logic && std::string_view(known->verb) != "compare") {
      Diagnostic& diagnostic =
          error(Kind::UnitDegreeCelsius, arg->span, "`degC` counts from the freezing point and cannot be calculated with");
      auto kelvin = units::to_internal(arg->text, arg->unit);
      if (expr.text == "-" && kelvin) {
        std::string text = fmt::format("{:.10g} K", *kelvin);
        diagnostic.fix(arg->span, text, fmt::format("write `{}`", text));
      } else {
        diagnostic.help("a temperature alone may be in `degC`; a difference is in `K`");
      }
      celsius = true;
    }
  if (celsius || unit_apart(expr, place, sources_, emitter_)) return nullptr;
  ExprPtr a = known->logic ? check_bool(*expr.args[0], place) : check(*expr.args[0], place);
  ExprPtr b = known->logic ? check_bool(*expr.args[1], place) : check(*expr.args[1], place);
  if (!a || !b) return nullptr;
  if (!known->logic && (!expect_number(*a, expr.text.c_str()) || !expect_number(*b, expr.text.c_str()))) return nullptr;
  if (known->agree && !same_dimension(*a, *b, known->verb)) return nullptr;
  if (known->swap) std::swap(a, b);
  return binary(known->op, a, b, expr.span);
}

// Exponents of dimensions are kept in twelfths: a root of a root of a root may leave these.
bool Checker::has_root(const Expr& base, Span span) {
  bool even = std::all_of(base.dimension.exponents.begin(), base.dimension.exponents.end(),
                          [](int twelfths) { return twelfths % 2 == 0; });
  if (!even) error(Kind::UnitBadExponent, span, fmt::format("there is no unit for the square root of `{}`", unit_of(base)));
  return even;
}

ExprPtr Checker::check_power(const ast::Expr& expr, const Place& place) {
  ExprPtr base = check(*expr.args[0], place), exponent = check(*expr.args[1], place);
  if (!base || !exponent || !expect_number(*base, "^") || !expect_number(*exponent, "^")) return nullptr;
  if (!exponent->dimension.dimensionless()) {
    error(Kind::UnitNotDimensionless, exponent->span,
          fmt::format("an exponent must be a plain number, this is {} (`{}`)", units::describe(exponent->dimension),
                      unit_of(*exponent)));
    return nullptr;
  }
  constexpr int k_largest = 64;
  if (exponent->op == ExprOp::Number) {
    double n = exponent->number;
    if (n == std::floor(n) && std::fabs(n) <= k_largest) return power(base, static_cast<int>(n), expr.span);
    if (n == 0.5 && !has_root(*base, expr.span)) return nullptr;
    if (n == 0.5) return call(Builtin::Sqrt, {base}, base->dimension.power(1, 2), expr.span);
  }
  if (!base->dimension.dimensionless()) {
    error(Kind::UnitBadExponent, exponent->span,
          fmt::format("{} (`{}`) can only be raised to a whole number up to {} or to 0.5", units::describe(base->dimension),
                      unit_of(*base), k_largest));
    return nullptr;
  }
  return call(Builtin::Pow, {base, exponent}, {}, expr.span);
}

ExprPtr Checker::check_if(const ast::Expr& expr, const Place& place) {
  ExprPtr condition = check_bool(*expr.args[0], place), yes = check(*expr.args[1], place), no = check(*expr.args[2], place);
  if (!condition || !yes || !no) return nullptr;
  if (yes->boolean != no->boolean) {
    error(Kind::UnitNotBoolean, no->span, "one branch of this `if` is a number, the other is true or false");
    return nullptr;
  }
  if (!yes->boolean && !same_dimension(*yes, *no, "join")) return nullptr;
  return choose(condition, yes, no, expr.span);
}

}  // namespace eic::sema
