// In: the raw lexemes of a Source (lexer.h). Out: the tokens that the parser reads: numbers joined with their units, blank
// newlines dropped, limits enforced, brackets balanced. One iterative pass; called by parse.cpp, before the parser.
#pragma once
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source.h"

namespace eic::parse {

struct Lexeme {
  size_t type = 0;       // a token type of the grammar
  uint32_t begin = 0;    // byte offsets
  uint32_t end = 0;
  uint32_t depth = 0;    // brackets open around it; a bracket itself counts as outside
  bool quiet = false;    // already reported on: the parser says nothing at this token
  uint32_t number_end = 0;  // QUANTITY: where its digits end
  std::string unit;         // QUANTITY: its unit without blanks
};

struct Tokens {
  std::vector<Lexeme> lexemes;     // ends with one end-of-file lexeme
  bool readable = true;            // false: a limit was hit; do not parse
  uint32_t trusted = UINT32_MAX;   // behind the first bracket without its partner, errors of the parser are noise
};

// A text with more errors than this is read no further.
constexpr size_t k_enough_errors = 200;

Tokens scan(const source::Source& source, const std::vector<Lexeme>& raw, diagnostics::Emitter& emitter);

}  // namespace eic::parse
