// Out: what code is generated for, and whether this machine can run eic at all. Asked once by Jit::create.
#pragma once
#include <llvm/ADT/StringMap.h>
#include <llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h>

#include <memory>
#include <optional>
#include <string>

#include "compiler/ir/ir.h"
#include "runtime/contract/result.h"

namespace eic::jit {

struct Host {
  // `avx512` false: as if the processor had none.
  static Result<Host, std::string> detect(bool avx512 = true);
  uint32_t vector_bits() const;  // of the widest registers
  // Cells a vector where the user does not say.
  uint32_t native_width(ir::Precision precision) const;
  std::string description() const;  // processor, widest vectors, LLVM

  std::unique_ptr<llvm::orc::JITTargetMachineBuilder> target;
};

// What eic needs and the processor lacks, as a message; none: it will do.
std::optional<std::string> refusal(const llvm::Triple& triple, const std::string& cpu, const llvm::StringMap<bool>& features);

}  // namespace eic::jit
