#include <fmt/format.h>

#include <algorithm>

#include "antlr4-runtime.h"
#include "compiler/parse/build.h"
#include "compiler/parse/literals.h"
#include "compiler/parse/words.h"

namespace eic::parse {

using ast::ExprKind;
using ast::ExprPtr;
using diagnostics::Kind;
using P = grammar::EicParser;
using source::Span;

Span ExprBuilder::span(const antlr4::Token* token) const { return {source_.id(), lexeme(token).begin, lexeme(token).end}; }
Span ExprBuilder::span(antlr4::ParserRuleContext* node) const { return join(span(node->getStart()), span(node->getStop())); }

// From the beginning of `whole` to the end of one of its parts.
Span ExprBuilder::upto(antlr4::ParserRuleContext* whole, antlr4::ParserRuleContext* part) const {
  return join(span(whole->getStart()), span(part->getStop()));
}

ExprPtr ExprBuilder::make(ExprKind kind, Span span) const {
  auto made = std::make_unique<ast::Expr>();
  made->kind = kind;
  made->span = span;
  return made;
}

std::string ExprBuilder::string(antlr4::tree::TerminalNode* node) const {
  std::string quoted = text(span(node->getSymbol()));
  bool closed = quoted.size() > 1 && quoted.back() == '"';  // one that is not was reported
  return quoted.substr(1, quoted.size() - (closed ? 2 : 1));
}

ast::Ident ExprBuilder::name(P::NameContext* node) { return {text(span(node)), span(node)}; }

std::vector<ast::Ident> ExprBuilder::path(P::PathContext* node) {
  std::vector<ast::Ident> parts;
  for (auto* part : node->name()) parts.push_back(name(part));
  return parts;
}

ast::Binding ExprBuilder::binding(P::BindingContext* node) {
  return {path(node->path()), text(span(node->op)), value(node->value()), span(node)};
}

ast::Target ExprBuilder::target(P::TargetContext* node) {
  ast::Target made;
  made.span = span(node);
  for (auto* part : node->path())
    for (ast::Ident& ident : path(part)) made.path.push_back(std::move(ident));
  for (auto* index : node->value()) made.indices.push_back(value(index));
  return made;
}

ast::UnitRef ExprBuilder::unit(P::UnitContext* node) {
  ast::UnitRef made;
  made.span = span(node);
  std::string written =
      written_unit(source_.text(), tokens_.lexemes, node->getStart()->getTokenIndex(), node->getStop()->getTokenIndex() + 1);
  if (written == "1") {
    made.unit = units::dimensionless();
    return made;
  }
  if (auto found = units::parse_unit(written)) {
    made.unit = *found;
    return made;
  }
  Span at = made.span;
  std::string wrong = written;
  bool unknown = false;
  for (auto* part : node->unitWord())
    if (Span word = span(part->getStart()); !units::find_word(text(word))) {
      at = word;
      wrong = text(word);
      unknown = true;
      break;
    }
  if (!unknown && !node->NUMBER()) {
    report_bad_unit(emitter_, at, written);
    return made;
  }
  auto& fault = emitter_.emit(Kind::ParseUnknownUnit, at, fmt::format("`{}` is not a unit", wrong));
  if (node->NUMBER()) fault.help("what has no dimension is declared with `: 1`");
  else suggest_unit(fault, at, wrong);
  return made;
}

ExprPtr ExprBuilder::value(P::ValueContext* node) {
  if (!node->op) return expr(node->expr(0));
  ExprPtr made = make(node->op->getType() == P::RANGE ? ExprKind::Range : ExprKind::PlusMinus, span(node));
  made->op_span = span(node->op);
  made->args.push_back(expr(node->expr(0)));
  made->args.push_back(expr(node->expr(1)));
  return made;
}

ExprPtr ExprBuilder::expr(P::ExprContext* node) {
  if (node->disjunction()) return disjunction(node->disjunction());
  ExprPtr made = make(ExprKind::If, span(node));
  for (auto* part : node->expr()) made->args.push_back(expr(part));
  return made;
}

ExprPtr ExprBuilder::unary(const antlr4::Token* op, ExprPtr operand) {
  ExprPtr made = make(ExprKind::Unary, join(span(op), operand->span));
  made->op_span = span(op);
  made->text = text(made->op_span);
  made->args.push_back(std::move(operand));
  return made;
}

ExprPtr ExprBuilder::binary(ExprPtr left, const antlr4::Token* op, ExprPtr right, Span whole) {
  ExprPtr made = make(ExprKind::Binary, whole);
  made->op_span = span(op);
  made->text = text(made->op_span);
  made->args.push_back(std::move(left));
  made->args.push_back(std::move(right));
  return made;
}

ExprPtr ExprBuilder::disjunction(P::DisjunctionContext* node) {
  auto parts = node->conjunction();
  ExprPtr made = conjunction(parts[0]);
  for (size_t i = 1; i < parts.size(); i++)
    made = binary(std::move(made), node->OR(i - 1)->getSymbol(), conjunction(parts[i]), upto(node, parts[i]));
  return made;
}

ExprPtr ExprBuilder::conjunction(P::ConjunctionContext* node) {
  auto parts = node->negation();
  ExprPtr made = negation(parts[0]);
  for (size_t i = 1; i < parts.size(); i++)
    made = binary(std::move(made), node->AND(i - 1)->getSymbol(), negation(parts[i]), upto(node, parts[i]));
  return made;
}

ExprPtr ExprBuilder::negation(P::NegationContext* node) {
  return node->negation() ? unary(node->getStart(), negation(node->negation())) : comparison(node->comparison());
}

ExprPtr ExprBuilder::comparison(P::ComparisonContext* node) {
  auto parts = node->sum();
  ExprPtr made = sum(parts[0]);
  for (size_t i = 1; i < parts.size(); i++) {
    if (i > 1) {
      Span op = span(node->op[i - 1]);
      std::string repeated = fmt::format("and {} {}", text(span(parts[i - 1])), text(op));
      emitter_.emit(Kind::ParseChainedComparison, op, "comparisons are not chained")
          .fix(op, repeated, fmt::format("write `{}`", repeated));
    }
    made = binary(std::move(made), node->op[i - 1], sum(parts[i]), upto(node, parts[i]));
  }
  return made;
}

ExprPtr ExprBuilder::sum(P::SumContext* node) {
  auto parts = node->product();
  ExprPtr made = product(parts[0]);
  for (size_t i = 1; i < parts.size(); i++)
    made = binary(std::move(made), node->op[i - 1], product(parts[i]), upto(node, parts[i]));
  return made;
}

ExprPtr ExprBuilder::product(P::ProductContext* node) {
  auto parts = node->sign();
  ExprPtr made = sign(parts[0]);
  for (size_t i = 1; i < parts.size(); i++)
    made = binary(std::move(made), node->op[i - 1], sign(parts[i]), upto(node, parts[i]));
  return made;
}

ExprPtr ExprBuilder::sign(P::SignContext* node) {
  if (node->power()) return power(node->power());
  auto* signed_power = node->sign()->power();
  bool literal = signed_power && !signed_power->sign() && signed_power->primary()->QUANTITY();
  ExprPtr operand = sign(node->sign());
  if (!literal || !operand->unit.celsius) return unary(node->getStart(), std::move(operand));
  operand->text = '-' + operand->text;  // the sign belongs to degC literals
  operand->span = span(node);
  return operand;
}

ExprPtr ExprBuilder::power(P::PowerContext* node) {
  ExprPtr base = primary(node->primary());
  return node->sign() ? binary(std::move(base), node->CARET()->getSymbol(), sign(node->sign()), span(node)) : std::move(base);
}

ExprPtr ExprBuilder::primary(P::PrimaryContext* node) {
  if (node->NUMBER() || node->QUANTITY()) return number(node->getStart());
  if (node->STRING()) {
    ExprPtr made = make(ExprKind::String, span(node));
    made->text = string(node->STRING());
    return made;
  }
  if (node->TRUE() || node->FALSE()) {
    ExprPtr made = make(ExprKind::Bool, span(node));
    made->text = text(made->span);
    return made;
  }
  if (node->reference()) return reference(node->reference());
  if (node->expr()) return expr(node->expr());
  ExprPtr made = make(ExprKind::List, span(node));
  for (auto* element : node->value()) made->args.push_back(value(element));
  return made;
}

ExprPtr ExprBuilder::number(const antlr4::Token* token) {
  const Lexeme& written = lexeme(token);
  ExprPtr made = make(ExprKind::Number, span(token));
  made->text = text({source_.id(), written.begin, written.number_end});
  if (auto unit = units::parse_unit(written.unit); unit && !written.unit.empty()) {
    made->unit = *unit;
    made->has_unit = true;
  }
  return made;
}

ExprPtr ExprBuilder::reference(P::ReferenceContext* node) {
  ExprPtr made = make(node->call() ? ExprKind::Call : ExprKind::Path, span(node));
  for (auto* part : node->name()) made->path.push_back(name(part));
  if (!node->call()) return made;
  for (auto* argument : node->call()->argument()) {
    made->names.push_back(argument->name() ? name(argument->name()) : ast::Ident{});
    made->args.push_back(value(argument->value()));
  }
  return made;
}

}  // namespace eic::parse
