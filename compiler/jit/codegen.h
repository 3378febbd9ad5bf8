// In: a verified module. Out: its object file in memory. Called by jit.cpp where the object cache has nothing.
// No pass of the optimiser runs before: our IR is free of common sub-expressions and folded, and early-cse, instcombine
// or all of O3 leave the kernel as quick as it is, for 2 to 20 ms.
#pragma once
#include <llvm/IR/Module.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Target/TargetMachine.h>

#include "runtime/contract/result.h"

namespace eic::jit {

Result<std::unique_ptr<llvm::MemoryBuffer>, std::string> generate(llvm::Module& module, llvm::TargetMachine& target);

}  // namespace eic::jit
