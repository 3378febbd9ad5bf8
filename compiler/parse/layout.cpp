#include "compiler/parse/layout.h"

#include "antlr4-runtime.h"
#include "compiler/parse/build.h"
#include "compiler/parse/words.h"

namespace eic::parse {

using P = grammar::EicParser;
using Rule = antlr4::ParserRuleContext;
using antlr4::tree::TerminalNode;

namespace {

// A name or a literal, perhaps with a sign: `x/tau` reads well without blanks, `x / exp(y)` with them.
bool is_plain(P::SignContext* node) {
  while (node->sign()) node = node->sign();
  P::PowerContext* power = node->power();
  P::PrimaryContext* primary = power->primary();
  bool called = primary->reference() && primary->reference()->call();
  return !power->sign() && !primary->expr() && primary->value().empty() && !called;
}

class Placer {
 public:
  explicit Placer(const Tokens& tokens) : tokens_(tokens) {}

  std::vector<Token> run(P::FileContext* file) {
    walk(file, true);
    return std::move(out_);
  }

 private:
  // `whole`: what `node` holds is the whole value of its item, and no part of a sum, a comparison, a range or brackets.
  void walk(Rule* node, bool whole) {
    size_t rule = node->getRuleIndex();
    bool several = node->children.size() > 1;
    switch (rule) {
      case P::RuleExpr: case P::RuleDisjunction: case P::RuleConjunction: case P::RuleNegation: case P::RuleComparison:
      case P::RuleSum: case P::RuleValue:
        whole = whole && !several;
        break;
      case P::RulePrimary: case P::RuleCall: case P::RuleTarget: case P::RuleTransition: whole = false; break;
      case P::RuleItem: case P::RuleParameter: whole = true; break;
      default: break;
    }
    bool loose = false;
    if (rule == P::RuleProduct) {
      const auto& factors = static_cast<P::ProductContext*>(node)->sign();
      loose = whole && !(factors.size() == 2 && is_plain(factors[0]) && is_plain(factors[1]));
      whole = whole && !several;
    }
    for (antlr4::tree::ParseTree* child : node->children) {
      auto* leaf = dynamic_cast<TerminalNode*>(child);
      if (leaf) add(leaf, rule, loose);
      else walk(static_cast<Rule*>(child), whole);
      if (leaf && rule == P::RuleParameter && leaf->getSymbol()->getType() == P::IN) whole = false;
    }
  }

  void add(TerminalNode* leaf, size_t rule, bool loose) {
    size_t type = leaf->getSymbol()->getType(), index = leaf->getSymbol()->getTokenIndex();
    if (type == antlr4::Token::EOF) return;
    if (rule == P::RuleSeparator) {
      begins_ = true;
      return;
    }
    const Lexeme& lexeme = tokens_.lexemes[index];
    Token token;
    token.part = part(index, rule, loose);
    token.begin = lexeme.begin;
    token.end = lexeme.end;
    token.number_end = type == P::QUANTITY ? lexeme.number_end : 0;
    bool closes = token.part == Part::Close || token.part == Part::CloseBlock;
    if (closes && out_.back().part == Part::Comma) out_.pop_back();  // a trailing one
    token.starts_item = begins_ && !closes;
    begins_ = token.part == Part::OpenBlock;
    out_.push_back(token);
  }

  Part part(size_t index, size_t rule, bool loose) const {
    size_t type = tokens_.lexemes[index].type;
    bool of_unit = rule == P::RuleUnit || rule == P::RuleUnitWord;
    switch (type) {
      case P::LBRACE: return Part::OpenBlock;
      case P::RBRACE: return Part::CloseBlock;
      case P::RPAREN: case P::RBRACK: return Part::Close;
      case P::LPAREN: case P::LBRACK:
        return rule == P::RulePrimary || rule == P::RuleTransition ? Part::Open : Part::Call;
      case P::COMMA: return Part::Comma;
      case P::PRIME: return Part::Prime;
      case P::DOT: case P::CARET: return Part::Tight;
      case P::MINUS:
        if (of_unit) return Part::Tight;
        return rule == P::RuleSign ? Part::Prefix : Part::Symbol;
      case P::SLASH:
        if (of_unit) return Part::Tight;
        // `5 mV / s` divides by the name `s`, and `5 mV/s` is a unit
        if (tokens_.lexemes[index - 1].type == P::QUANTITY && is_word(tokens_.lexemes[index + 1].type)) return Part::Symbol;
        [[fallthrough]];
      case P::STAR: return loose ? Part::Symbol : Part::Tight;
      default: break;
    }
    if (is_literal(type) || type == P::WORD || type == P::UNIT_WORD) return Part::Word;
    bool name = rule == P::RuleName || rule == P::RuleUnitWord;
    if (is_keyword(type)) return name ? Part::Word : Part::Keyword;
    return is_reserved(type) ? Part::Keyword : Part::Symbol;
  }

  const Tokens& tokens_;
  std::vector<Token> out_;
  bool begins_ = true;
};

}  // namespace

std::vector<Token> place(P::FileContext* tree, const Tokens& tokens) { return Placer(tokens).run(tree); }

}  // namespace eic::parse
