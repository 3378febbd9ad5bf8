#include "compiler/jit/watched.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/ExecutionEngine/JITEventListener.h>
#include <llvm/ExecutionEngine/Orc/RTDyldObjectLinkingLayer.h>
#include <llvm/ExecutionEngine/SectionMemoryManager.h>
#include <llvm/Support/Path.h>

#include <cstdlib>

#include "compiler/jit/jit.h"

namespace eic::jit {

using llvm::JITEventListener;

// Where LLVM's listener writes it, too.
std::filesystem::path perf_folder() {
  const char* named = std::getenv("JITDUMPDIR");
  llvm::SmallString<128> home;
  if (!named && !llvm::sys::path::home_directory(home)) home = ".";
  return std::filesystem::path(named ? named : home.c_str()) / ".debug" / "jit";
}

llvm::orc::LLJITBuilderState::ObjectLinkingLayerCreator watched_layer(bool gdb, bool perf) {
  return [gdb, perf](llvm::orc::ExecutionSession& session,
                     const llvm::Triple&) -> llvm::Expected<std::unique_ptr<llvm::orc::ObjectLayer>> {
    auto layer = std::make_unique<llvm::orc::RTDyldObjectLinkingLayer>(
        session, [] { return std::make_unique<llvm::SectionMemoryManager>(); });
    // The listeners live as long as the process.
    if (gdb) layer->registerJITEventListener(*JITEventListener::createGDBRegistrationListener());
    if (perf) layer->registerJITEventListener(*JITEventListener::createPerfJITEventListener());
    return layer;
  };
}

}  // namespace eic::jit
