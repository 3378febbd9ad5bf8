// Out: an object layer whose code gdb and perf know: its functions, and their lines in the .eic file. Used by jit.cpp for
// runs that ask for it; others take LLVM's usual layer, which tells nobody.
#pragma once
#include <llvm/ExecutionEngine/Orc/LLJIT.h>

namespace eic::jit {

llvm::orc::LLJITBuilderState::ObjectLinkingLayerCreator watched_layer(bool gdb, bool perf);

}  // namespace eic::jit
