// In: spans of the model's text. Out: debug locations on the instructions that follow, so that a debugger or perf shows the
// .eic line. One compile unit a module, one subprogram a kernel. Used while a kernel is lowered.
#pragma once
#include <llvm/IR/DIBuilder.h>
#include <llvm/IR/IRBuilder.h>

#include "compiler/ir/ir.h"
#include "compiler/lower/lower.h"

namespace eic::lower {

class Locations {
 public:
  Locations(llvm::Function& kernel, const ir::Function& function, const Options& options, const source::SourceSet& sources);
  ~Locations();
  Locations(const Locations&) = delete;
  Locations& operator=(const Locations&) = delete;

  void set(llvm::IRBuilderBase& builder, ir::Span span);

 private:
  llvm::DIFile* file_of(ir::Span span);
  source::Position position_of(ir::Span span) const;

  const source::SourceSet& sources_;
  std::string texts_;
  std::optional<llvm::DIBuilder> debug_;  // none: locations are not wanted
  llvm::DISubprogram* subprogram_ = nullptr;
};

}  // namespace eic::lower
