// In: a model's main file. Out: the Program: it and all that it imports, parsed. Library names come from the text embedded
// in the binary, one file a name; paths stay inside the model's folder and the given roots. Called by compile.cpp.
#pragma once
#include <optional>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/sema/program.h"

namespace eic {

// Nothing when a file could not be read at all; the emitter then holds an error.
std::optional<sema::Program> load(const source::Source& main, source::SourceSet& sources, diagnostics::Emitter& emitter);

}  // namespace eic
