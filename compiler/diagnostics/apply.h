// In: a file's text and the diagnostics found in it. Out: which of their fixes may be written, and the text with them written.
// Called by `eic check --fix`, which checks what comes out before it keeps it; the renderers say how sure a fix is.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source.h"

namespace eic::diagnostics {

// Sure: what was meant can be read off the text (`.5`, `4/ms`, a `0` beside millivolts). A guess has other readings: a name
// may be another one, and the unit that a number lacks is not known.
enum class Certainty : uint8_t { Sure, Guess };
Certainty certainty(const Diagnostic& diagnostic, const Fix& fix, std::string_view text);

struct Choice {
  const Diagnostic* diagnostic;
  const Fix* fix;
};
// What may be written at once, in the order of the text: fixes of this file at least as sure as `least`, none touching another.
// Several fixes of one diagnostic are alternatives between which only the user can choose: none is taken.
std::vector<Choice> applicable(const Emitter& emitter, const source::Source& file, Certainty least);

// The text with these written. A newline that a fix brings is the text's own.
std::string apply(std::string_view text, const std::vector<Choice>& choices);
// Where an offset of the text lies after that; the inside of what was replaced begins where its replacement does.
uint32_t moved(uint32_t offset, const std::vector<Choice>& choices, std::string_view text);

}  // namespace eic::diagnostics
