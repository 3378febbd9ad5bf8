#include "compiler/parse/parse.h"

#include <algorithm>

#include "antlr4-runtime.h"
#include "compiler/parse/build.h"
#include "compiler/parse/errors.h"
#include "compiler/parse/layout.h"
#include "compiler/parse/lexer.h"
#include "compiler/parse/roles.h"
#include "compiler/parse/words.h"

namespace eic::parse {

using grammar::EicParser;

namespace {

// The parser reads nothing but types and indices; positions and texts stay in the lexemes.
std::vector<std::unique_ptr<antlr4::Token>> for_parser(const Tokens& tokens) {
  std::vector<std::unique_ptr<antlr4::Token>> made;
  made.reserve(tokens.lexemes.size());
  for (const Lexeme& lexeme : tokens.lexemes) made.push_back(std::make_unique<antlr4::CommonToken>(lexeme.type));
  return made;
}

// Hands every diagnostic on in the order of the text, whichever step found it.
void hand_on(const diagnostics::Emitter& found, diagnostics::Emitter& emitter) {
  std::vector<diagnostics::Diagnostic> sorted = found.all();
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.span.begin < b.span.begin; });
  if (found.error_count() >= k_enough_errors) sorted.back().note("there may be more errors; the rest of the text was not read");
  for (diagnostics::Diagnostic& diagnostic : sorted) {
    auto& handed = emitter.emit(diagnostic.kind, diagnostic.span, diagnostic.message);
    handed = std::move(diagnostic);
  }
}

// Lexes, scans and parses from `root` (a rule of the grammar), then lets `build` turn the tree into the Ast.
template <class Root, class Build>
void read(const source::Source& source, diagnostics::Emitter& found, Root root, Build build) {
  auto raw = lex(source, found);
  if (!raw) return;
  Tokens tokens = scan(source, *raw, found);
  if (!tokens.readable || found.error_count() >= k_enough_errors) return;
  antlr4::ListTokenSource list(for_parser(tokens));
  antlr4::CommonTokenStream stream(&list);
  EicParser parser(&stream);
  parser.removeErrorListeners();
  parser.getInterpreter<antlr4::atn::ParserATNSimulator>()->setPredictionMode(antlr4::atn::PredictionMode::SLL);
  // First as a text without errors, which most are: to know what may follow, as ErrorStrategy must, is half of a cold parse.
  try {
    parser.setErrorHandler(std::make_shared<antlr4::BailErrorStrategy>());
    return build((parser.*root)(), tokens);
  } catch (const antlr4::ParseCancellationException&) {
    parser.reset();
  }
  parser.setErrorHandler(std::make_shared<ErrorStrategy>(source, tokens, found));
  auto* tree = (parser.*root)();
  if (!tree->exception) build(tree, tokens);
}

Role role_of(antlr4::tree::TerminalNode& node) {
  using Rule = antlr4::ParserRuleContext;
  size_t type = node.getSymbol()->getType();
  auto* rule = static_cast<Rule*>(node.parent);
  if (rule->getRuleIndex() == EicParser::RuleName) rule = static_cast<Rule*>(rule->parent);
  if (rule->getRuleIndex() == EicParser::RuleUnit || rule->getRuleIndex() == EicParser::RuleUnitWord) return Role::Unit;
  if (type == EicParser::NUMBER || type == EicParser::QUANTITY) return Role::Number;
  if (type == EicParser::STRING) return Role::String;
  bool soft = node.parent == rule && is_keyword(type);
  if (soft || is_reserved(type)) return Role::Keyword;
  return is_word(type) ? Role::Name : Role::Symbol;
}

void collect_roles(antlr4::tree::ParseTree* node, const source::Source& source, const Tokens& tokens, std::vector<Spot>& to) {
  for (antlr4::tree::ParseTree* child : node->children) collect_roles(child, source, tokens, to);
  auto* leaf = dynamic_cast<antlr4::tree::TerminalNode*>(node);
  if (!leaf) return;
  size_t type = leaf->getSymbol()->getType();
  if (type == antlr4::Token::EOF || type == EicParser::NEWLINE) return;
  const Lexeme& lexeme = tokens.lexemes[leaf->getSymbol()->getTokenIndex()];
  bool quantity = type == EicParser::QUANTITY;
  to.push_back({role_of(*leaf), {source.id(), lexeme.begin, quantity ? lexeme.number_end : lexeme.end}});
  if (!quantity) return;
  auto unit = static_cast<uint32_t>(source.text().find_first_not_of(" \t", lexeme.number_end));
  to.push_back({Role::Unit, {source.id(), unit, lexeme.end}});
}

}  // namespace

std::string_view role_name(Role role) {
  static constexpr std::string_view k_names[] = {"keyword", "name", "number", "unit", "string", "symbol"};
  return k_names[static_cast<size_t>(role)];
}

std::vector<Spot> roles(const source::Source& source, diagnostics::Emitter& emitter) {
  diagnostics::Emitter found;
  std::vector<Spot> spots;
  read(source, found, &EicParser::file,
       [&](EicParser::FileContext* tree, const Tokens& tokens) { collect_roles(tree, source, tokens, spots); });
  hand_on(found, emitter);
  if (found.has_errors()) spots.clear();
  return spots;
}

std::optional<ast::Ast> parse(const source::Source& source, diagnostics::Emitter& emitter) {
  diagnostics::Emitter found;
  ast::Ast ast;
  ast.file = source.id();
  read(source, found, &EicParser::file, [&](EicParser::FileContext* tree, const Tokens& tokens) {
    ast.items = ItemBuilder(source, tokens, found).items(tree->item());
  });
  hand_on(found, emitter);
  if (found.has_errors()) return std::nullopt;
  return ast;
}

std::optional<Layout> layout(const source::Source& source, diagnostics::Emitter& emitter) {
  diagnostics::Emitter found;
  Layout made;
  made.ast.file = source.id();
  read(source, found, &EicParser::file, [&](EicParser::FileContext* tree, const Tokens& tokens) {
    made.ast.items = ItemBuilder(source, tokens, found).items(tree->item());
    if (!found.has_errors()) made.tokens = place(tree, tokens);
  });
  hand_on(found, emitter);
  if (found.has_errors()) return std::nullopt;
  return made;
}

ast::ExprPtr parse_expression(const source::Source& source, diagnostics::Emitter& emitter) {
  diagnostics::Emitter found;
  ast::ExprPtr expr;
  read(source, found, &EicParser::expressionOnly, [&](EicParser::ExpressionOnlyContext* tree, const Tokens& tokens) {
    expr = ExprBuilder(source, tokens, found).value(tree->value());
  });
  hand_on(found, emitter);
  return found.has_errors() ? nullptr : std::move(expr);
}

}  // namespace eic::parse
