// In: a Source. Out: its text in the one canonical style (docs/language.md, "Style"). Called by `eic fmt` and the editors'
// server. Tokens, their order and the comments are those of the source: that is checked before the text is handed out.
#pragma once
#include <optional>
#include <string>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source.h"

namespace eic::format {

// Nothing when the text holds an error: then the emitter does, too.
std::optional<std::string> format(const source::Source& source, diagnostics::Emitter& emitter);

}  // namespace eic::format
