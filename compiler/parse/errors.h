// What the parser does at a token that it cannot use: one located message in the user's terms, then on with the next item.
// Called by the generated parser; made by parse.cpp.
#pragma once
#include <vector>

#include "EicParser.h"
#include "antlr4-runtime.h"
#include "compiler/parse/expected.h"
#include "compiler/parse/tokens.h"

namespace eic::parse {

class ErrorStrategy : public antlr4::ANTLRErrorStrategy {
 public:
  ErrorStrategy(const source::Source& source, const Tokens& tokens, diagnostics::Emitter& emitter)
      : source_(source), tokens_(tokens), emitter_(emitter) {}

  void reset(antlr4::Parser*) override { failed_ = false; }
  bool inErrorRecoveryMode(antlr4::Parser*) override { return failed_; }
  void reportMatch(antlr4::Parser*) override { failed_ = false; }
  // Nothing is guessed within an item: it is reported, then given up as a whole.
  antlr4::Token* recoverInline(antlr4::Parser* parser) override { throw antlr4::InputMismatchException(parser); }
  void recover(antlr4::Parser* parser, std::exception_ptr fault) override;
  void sync(antlr4::Parser* parser) override;
  void reportError(antlr4::Parser* parser, const antlr4::RecognitionException& fault) override;

 private:
  void report(antlr4::Parser* parser, const antlr4::Token* found, antlr4::atn::ATNConfigSet* dead_ends);
  Expectation expected(antlr4::Parser* parser, size_t at, antlr4::atn::ATNConfigSet* dead_ends) const;
  size_t entry(antlr4::Parser* parser, size_t at) const;
  bool begins_foreign(antlr4::Parser* parser, size_t first, size_t at) const;
  void report_foreign(size_t first);
  void hint(size_t first, size_t at, const Expectation& wanted, diagnostics::Diagnostic& fault) const;  // hints.cpp
  void hint_in_item(size_t first, size_t at, const Expectation& wanted, diagnostics::Diagnostic& fault) const;
  void hint_in_expression(size_t first, size_t at, const Expectation& wanted, diagnostics::Diagnostic& fault) const;
  size_t partner(size_t at) const;      // of the opening bracket `at`; 0 where there is none
  size_t last_of_item(size_t at) const;
  source::Span over(size_t from, size_t to) const { return {source_.id(), tokens_.lexemes[from].begin, tokens_.lexemes[to].end}; }
  std::string written(size_t from, size_t to) const {
    return std::string(source_.text().substr(over(from, to).begin, over(from, to).end - over(from, to).begin));
  }
  bool touch(size_t at) const { return at > 0 && tokens_.lexemes[at - 1].end == tokens_.lexemes[at].begin; }
  void skip(antlr4::Parser* parser, uint32_t depth);
  bool begins_item(size_t at) const;
  size_t enclosing(size_t at) const;
  bool ends_line(size_t at) const;
  std::string shown(size_t at) const;
  std::string text(const Lexeme& lexeme) const {
    return std::string(source_.text().substr(lexeme.begin, lexeme.end - lexeme.begin));
  }

  const source::Source& source_;
  const Tokens& tokens_;
  diagnostics::Emitter& emitter_;
  bool failed_ = false;              // an error was reported and no token matched since
  std::vector<size_t> visited_;      // states in which token `visited_at_` was looked at
  size_t visited_at_ = SIZE_MAX;
};

}  // namespace eic::parse
