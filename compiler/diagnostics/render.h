// In: Diagnostics and the sources they point into. Out: the text or JSON a user reads. Called by the commands.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source.h"

namespace eic::diagnostics {

// `file:line:column: error[code]: message`, the source line, a caret under the term, notes, helps, fixes.
std::string render_text(const Diagnostic& diagnostic, const source::SourceSet& sources, bool colour);
std::string render_text(const Emitter& emitter, const source::SourceSet& sources, bool colour);
nlohmann::json render_json(const Diagnostic& diagnostic, const source::SourceSet& sources);
nlohmann::json render_json(const Emitter& emitter, const source::SourceSet& sources);

}  // namespace eic::diagnostics
