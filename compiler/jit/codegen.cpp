#include "compiler/jit/codegen.h"

#include <llvm/IR/LegacyPassManager.h>
#include <llvm/MC/MCContext.h>
#include <llvm/Support/SmallVectorMemoryBuffer.h>

namespace eic::jit {

Result<std::unique_ptr<llvm::MemoryBuffer>, std::string> generate(llvm::Module& module, llvm::TargetMachine& target) {
  llvm::SmallVector<char, 0> bytes;
  {
    llvm::raw_svector_ostream stream(bytes);
    llvm::legacy::PassManager manager;
    llvm::MCContext* context = nullptr;
    if (target.addPassesToEmitMC(manager, context, stream, /*DisableVerify=*/true))
      return Failure{std::string("the LLVM library found cannot write object files for this processor")};
    manager.run(module);
  }
  return std::unique_ptr<llvm::MemoryBuffer>(
      std::make_unique<llvm::SmallVectorMemoryBuffer>(std::move(bytes), "kernels", /*RequiresNullTerminator=*/false));
}

}  // namespace eic::jit
