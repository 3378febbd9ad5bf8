// In: a program and what sema found wrong in it. Out: where a channel or synapse is not known, but is one of the library, the
// diagnostic says how to import it. Called by read_model() after the check: sema itself knows no library.
#pragma once
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/sema/program.h"

namespace eic {

void suggest_imports(const sema::Program& program, diagnostics::Emitter& emitter);

}  // namespace eic
