// In: a Source. Out: its raw lexemes, by the generated lexer; positions as byte offsets. Called by parse.cpp alone.
#pragma once
#include <optional>
#include <vector>

#include "compiler/parse/tokens.h"

namespace eic::parse {

// Nothing when the bytes are no text, or hold no token: then the emitter says so.
std::optional<std::vector<Lexeme>> lex(const source::Source& source, diagnostics::Emitter& emitter);

}  // namespace eic::parse
