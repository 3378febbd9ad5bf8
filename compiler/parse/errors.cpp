#include "compiler/parse/errors.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/parse/words.h"

namespace eic::parse {

using antlr4::atn::ATNState;
using diagnostics::Kind;
using P = grammar::EicParser;
using source::Span;

namespace {

constexpr size_t k_longest_shown = 24;

// Rules that are one entry of a list: where one fails, the list goes on with the next.
bool is_entry(size_t rule) {
  return rule == P::RuleItem || rule == P::RuleParameter || rule == P::RuleBinding || rule == P::RuleUseName;
}
bool is_root(size_t rule) { return rule == P::RuleFile || rule == P::RuleExpressionOnly; }

// Whether the parser stands between two entries of a list.
bool between_entries(size_t rule, ATNState* state) {
  if (rule == P::RuleFile || rule == P::RuleBlock) return true;
  bool loop = state->getStateType() == ATNState::STAR_LOOP_ENTRY || state->getStateType() == ATNState::STAR_LOOP_BACK;
  return loop && (rule == P::RuleUse || rule == P::RuleParam || rule == P::RuleInit);
}

void add(const antlr4::misc::IntervalSet& set, std::set<size_t>& to) {
  for (ssize_t type : set.toList())
    if (type != static_cast<ssize_t>(antlr4::Token::EPSILON)) to.insert(static_cast<size_t>(type));
}

}  // namespace

void ErrorStrategy::recover(antlr4::Parser* parser, std::exception_ptr fault) {
  antlr4::ParserRuleContext* context = parser->getContext();
  size_t rule = context->getRuleIndex();
  if (!is_entry(rule) && !is_root(rule)) std::rethrow_exception(fault);
  skip(parser, is_root(rule) ? 0 : tokens_.lexemes[context->getStart()->getTokenIndex()].depth);
}

void ErrorStrategy::sync(antlr4::Parser* parser) {
  if (failed_) return;
  size_t at = parser->getTokenStream()->index();
  if (at != visited_at_) visited_.clear();
  visited_at_ = at;
  visited_.push_back(parser->getState());
  ATNState* state = parser->getATN().states[parser->getState()];
  if (!between_entries(parser->getContext()->getRuleIndex(), state)) return;
  if (parser->getATN().nextTokens(state).contains(parser->getTokenStream()->LA(1))) return;
  report(parser, parser->getCurrentToken(), nullptr);
  skip(parser, tokens_.lexemes[at].depth);
}

void ErrorStrategy::reportError(antlr4::Parser* parser, const antlr4::RecognitionException& fault) {
  if (failed_) return;
  auto* undecided = dynamic_cast<const antlr4::NoViableAltException*>(&fault);
  report(parser, fault.getOffendingToken(), undecided ? undecided->getDeadEndConfigs() : nullptr);
}

void ErrorStrategy::report(antlr4::Parser* parser, const antlr4::Token* found, antlr4::atn::ATNConfigSet* dead_ends) {
  failed_ = true;
  size_t at = found->getTokenIndex();
  const Lexeme& lexeme = tokens_.lexemes[at];
  bool noise = lexeme.quiet || lexeme.begin >= tokens_.trusted || emitter_.error_count() >= k_enough_errors;
  size_t first = entry(parser, at);
  if (noise || tokens_.lexemes[first].quiet) return;
  if (begins_foreign(parser, first, at)) return report_foreign(first);
  Span span{source_.id(), lexeme.begin, lexeme.end};
  if (at > 0 && ends_line(at)) span.begin = span.end = tokens_.lexemes[at - 1].end;
  Expectation wanted = expected(parser, at, dead_ends);
  std::string listed = describe(wanted);
  std::string message = listed.empty() ? fmt::format("{} cannot stand here", shown(at))
                                       : fmt::format("expected {}, found {}", listed, shown(at));
  hint(first, at, wanted, emitter_.emit(Kind::ParseExpected, span, std::move(message)));
}

// The first token of the entry that is being read.
size_t ErrorStrategy::entry(antlr4::Parser* parser, size_t at) const {
  antlr4::ParserRuleContext* context = parser->getContext();
  while (context && !is_entry(context->getRuleIndex())) context = dynamic_cast<antlr4::ParserRuleContext*>(context->parent);
  size_t first = context && context->getStart() ? context->getStart()->getTokenIndex() : at;
  uint32_t depth = tokens_.lexemes[at].depth;
  if (parser->getContext()->getRuleIndex() != P::RuleBlock || tokens_.lexemes[first].depth >= depth) return first;
  // between the items of a block: the item before is the one that was not at its end
  size_t begin = at;
  auto separates = [&](const Lexeme& lexeme) {
    return (lexeme.depth == depth && (lexeme.type == P::NEWLINE || lexeme.type == P::COMMA)) || lexeme.depth < depth;
  };
  while (begin > 0 && !separates(tokens_.lexemes[begin - 1])) begin--;
  return begin;
}

// `chanel INa : …`, `def f(x)`, `NEURON {`: an item that begins with a word which begins none.
bool ErrorStrategy::begins_foreign(antlr4::Parser* parser, size_t first, size_t at) const {
  antlr4::ParserRuleContext* context = parser->getContext();
  while (context && !is_entry(context->getRuleIndex())) context = dynamic_cast<antlr4::ParserRuleContext*>(context->parent);
  if (!context || first + 1 != at || tokens_.lexemes[first].type != P::WORD) return false;
  auto* parent = dynamic_cast<antlr4::ParserRuleContext*>(context->parent);
  bool item = context->getRuleIndex() == P::RuleItem || (parent && parent->getRuleIndex() == P::RuleItem);
  size_t found = tokens_.lexemes[at].type;
  return item && (is_word(found) || found == P::STRING || found == P::LBRACE || found == P::LPAREN);
}

void ErrorStrategy::report_foreign(size_t first) {
  const Lexeme& lexeme = tokens_.lexemes[first];
  Span span{source_.id(), lexeme.begin, lexeme.end};
  auto& fault = emitter_.emit(Kind::ParseExpected, span, fmt::format("no item begins with `{}`", text(lexeme)));
  if (!fault.suggest(span, text(lexeme), keywords()))
    fault.help(
        "an item begins with a word of the language, such as `param`, `cell`, `channel` or `network`, or is `name = value`");
}

Expectation ErrorStrategy::expected(antlr4::Parser* parser, size_t at, antlr4::atn::ATNConfigSet* dead_ends) const {
  Expectation result;
  const auto& atn = parser->getATN();
  size_t rule = parser->getContext()->getRuleIndex();
  if (dead_ends)
    for (const auto& config : dead_ends->configs)
      for (const auto* step : config->state->transitions)
        if (step->getSerializationType() != antlr4::atn::Transition::NOT_SET) add(step->label(), result.types);
  if (!dead_ends || at == visited_at_) {
    add(parser->getExpectedTokens(), result.types);
    if (at == visited_at_)
      for (size_t state : visited_) add(atn.nextTokens(atn.states[state]), result.types);
  }
  size_t before = at == 0 ? static_cast<size_t>(P::NEWLINE) : tokens_.lexemes[at - 1].type;
  bool begins = before == P::LBRACE || before == P::NEWLINE || before == P::COMMA;
  result.item = begins && (rule == P::RuleFile || rule == P::RuleBlock || rule == P::RuleItem);
  result.enclosing = enclosing(at);
  return result;
}

// Consumes up to the end of the entry that began at `depth`: its line, its closing brace, or a `,` before another entry.
void ErrorStrategy::skip(antlr4::Parser* parser, uint32_t depth) {
  failed_ = true;
  for (;; parser->consume()) {
    size_t at = parser->getTokenStream()->index();
    const Lexeme& lexeme = tokens_.lexemes[at];
    bool out = lexeme.type == antlr4::Token::EOF || lexeme.depth < depth;
    bool ends = lexeme.type == P::NEWLINE || (lexeme.type == P::COMMA && begins_item(at + 1));
    if (out || (ends && lexeme.depth == depth)) return;
  }
}

bool ErrorStrategy::begins_item(size_t at) const {
  size_t first = tokens_.lexemes[at].type;
  if (!is_word(first)) return first == P::RBRACE;
  size_t second = tokens_.lexemes[at + 1].type;
  bool keyword_and_more = is_keyword(first) && (is_word(second) || second == P::STRING);
  return keyword_and_more || is_assignment(second) || second == P::PRIME || second == P::DOT;
}

size_t ErrorStrategy::enclosing(size_t at) const {
  uint32_t depth = tokens_.lexemes[at].depth;
  bool closer = tokens_.lexemes[at].type == P::RBRACE || tokens_.lexemes[at].type == P::RPAREN ||
                tokens_.lexemes[at].type == P::RBRACK;
  if (closer) depth++;
  for (size_t i = at; depth > 0 && i-- > 0;) {
    size_t type = tokens_.lexemes[i].type;
    bool opener = type == P::LBRACE || type == P::LPAREN || type == P::LBRACK;
    if (opener && tokens_.lexemes[i].depth + 1 == depth) return type;
  }
  return 0;
}

// The end of a line, or of the file, or a `}` that begins a line (the newline before it was dropped as blank).
bool ErrorStrategy::ends_line(size_t at) const {
  const Lexeme& lexeme = tokens_.lexemes[at];
  if (lexeme.type == P::NEWLINE || lexeme.type == antlr4::Token::EOF) return true;
  if (lexeme.type != P::RBRACE || at == 0) return false;
  uint32_t before = tokens_.lexemes[at - 1].end;
  return source_.text().substr(before, lexeme.begin - before).find('\n') != std::string_view::npos;
}

std::string ErrorStrategy::shown(size_t at) const {
  if (tokens_.lexemes[at].type == antlr4::Token::EOF) return "end of file";
  if (ends_line(at)) return "end of line";
  std::string whole = text(tokens_.lexemes[at]);
  if (whole.size() <= k_longest_shown) return fmt::format("`{}`", whole);
  size_t cut = k_longest_shown;
  while ((static_cast<unsigned char>(whole[cut]) & 0xC0) == 0x80) cut--;
  return fmt::format("`{}…`", whole.substr(0, cut));
}

}  // namespace eic::parse
