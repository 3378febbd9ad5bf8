// In: a ParseTree and the tokens it was read from. Out: the Ast. Called by parse.cpp; subtrees that hold an error are left
// out, and what the grammar lets through but the language does not (`a < b < c`, an unknown unit) is reported here.
#pragma once
#include "EicParser.h"
#include "compiler/ast/ast.h"
#include "compiler/parse/layout.h"
#include "compiler/parse/tokens.h"

namespace eic::parse {

class ExprBuilder {
 public:
  using P = grammar::EicParser;
  ExprBuilder(const source::Source& source, const Tokens& tokens, diagnostics::Emitter& emitter)
      : source_(source), tokens_(tokens), emitter_(emitter) {}

  ast::ExprPtr value(P::ValueContext* node);
  ast::ExprPtr expr(P::ExprContext* node);
  ast::Binding binding(P::BindingContext* node);
  ast::UnitRef unit(P::UnitContext* node);
  ast::Target target(P::TargetContext* node);
  std::vector<ast::Ident> path(P::PathContext* node);
  ast::Ident name(P::NameContext* node);
  std::string string(antlr4::tree::TerminalNode* node) const;  // without its quotes

  source::Span span(antlr4::ParserRuleContext* node) const;
  source::Span span(const antlr4::Token* token) const;
  source::Span upto(antlr4::ParserRuleContext* whole, antlr4::ParserRuleContext* part) const;
  std::string text(source::Span span) const { return std::string(source_.text().substr(span.begin, span.end - span.begin)); }
  diagnostics::Emitter& emitter() { return emitter_; }

 private:
  ast::ExprPtr make(ast::ExprKind kind, source::Span span) const;
  ast::ExprPtr disjunction(P::DisjunctionContext* node);
  ast::ExprPtr conjunction(P::ConjunctionContext* node);
  ast::ExprPtr negation(P::NegationContext* node);
  ast::ExprPtr comparison(P::ComparisonContext* node);
  ast::ExprPtr sum(P::SumContext* node);
  ast::ExprPtr product(P::ProductContext* node);
  ast::ExprPtr sign(P::SignContext* node);
  ast::ExprPtr power(P::PowerContext* node);
  ast::ExprPtr unary(const antlr4::Token* op, ast::ExprPtr operand);
  ast::ExprPtr binary(ast::ExprPtr left, const antlr4::Token* op, ast::ExprPtr right, source::Span whole);
  ast::ExprPtr primary(P::PrimaryContext* node);
  ast::ExprPtr number(const antlr4::Token* token);
  ast::ExprPtr reference(P::ReferenceContext* node);
  const Lexeme& lexeme(const antlr4::Token* token) const { return tokens_.lexemes[token->getTokenIndex()]; }

  const source::Source& source_;
  const Tokens& tokens_;
  diagnostics::Emitter& emitter_;
};

class ItemBuilder {
 public:
  using P = grammar::EicParser;
  ItemBuilder(const source::Source& source, const Tokens& tokens, diagnostics::Emitter& emitter)
      : expr_(source, tokens, emitter) {}

  ast::Items items(const std::vector<P::ItemContext*>& nodes);

 private:
  ast::Items block(P::BlockContext* node);  // empty for a block that was left out
  struct Settings { std::vector<ast::Binding> bindings; std::vector<ast::Allow> allows; ast::ExprPtr q10_at; };
  Settings settings(P::BlockContext* node);  // of a block that takes nothing but settings and `allow`

  void item(P::ItemContext* node, ast::Items& to);
  void params(P::ParamContext* node, ast::Items& to);
  void inits(P::InitContext* node, ast::Items& to);
  ast::Binding plain(P::BindingContext* node);  // one that has no `at`

  ast::Use use(P::UseContext* node);
  ast::Param parameter(P::ParameterContext* node);
  ast::Gate gate(P::GateContext* node);
  ast::OnEvent on_event(P::OnEventContext* node);
  ast::Allow allow(P::AllowContext* node);
  ast::Mechanism declaration(P::MechanismContext* node);
  ast::Instance instance(P::MechanismContext* node);
  ast::Spike spike(P::SpikeContext* node);
  ast::Kinetic kinetic(P::KineticContext* node);
  ast::Stimulus stimulus(P::StimulusContext* node);
  ast::Record record(P::RecordContext* node);
  ast::Expect expect(P::ExpectContext* node);
  ast::MechanismKind kind(const antlr4::Token* token) const;
  std::vector<ast::Ident> names(const std::vector<P::NameContext*>& nodes, size_t from);
  ast::Ident joined(const std::vector<P::NameContext*>& parts);

  ExprBuilder expr_;
};

// layout.cpp: the tokens of a text without an error.
std::vector<Token> place(grammar::EicParser::FileContext* tree, const Tokens& tokens);

}  // namespace eic::parse
