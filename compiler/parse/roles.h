// In: a Source. Out: what every token of it is, in the order of the text; comments and blanks are no tokens. Called by
// `eic dump --after=tokens`, against which the editors' grammars are tested.
#pragma once
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source.h"

namespace eic::parse {

// Keyword: a word that says what its item is, or one of the reserved ones; the same word elsewhere is a Name. The digits
// of a quantity are a Number and its unit is a Unit; of a unit behind `:` each token is one.
enum class Role : uint8_t { Keyword, Name, Number, Unit, String, Symbol };
std::string_view role_name(Role role);

struct Spot {
  Role role;
  source::Span span;
};

// Nothing when the text holds an error: then the emitter does, too.
std::vector<Spot> roles(const source::Source& source, diagnostics::Emitter& emitter);

}  // namespace eic::parse
