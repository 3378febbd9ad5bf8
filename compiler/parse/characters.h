// In: raw lexemes. Out: the same without what no text of the language may hold: stray characters, typographic signs and
// strings without an end are reported, with a fix where one is plain, and replaced by what was meant. Called by lexer.cpp.
#pragma once
#include <vector>

#include "compiler/parse/tokens.h"

namespace eic::parse {

std::vector<Lexeme> clean(const source::Source& source, const std::vector<Lexeme>& raw, diagnostics::Emitter& emitter);

}  // namespace eic::parse
