#include "compiler/lower/locations.h"

#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/Module.h>

namespace eic::lower {

Locations::Locations(llvm::Function& kernel, const ir::Function& function, const Options& options,
                     const source::SourceSet& sources)
    : sources_(sources), texts_(options.texts) {
  if (!options.debug_info) return;
  llvm::Module& module = *kernel.getParent();
  auto units = module.debug_compile_units();
  llvm::DICompileUnit* unit = units.empty() ? nullptr : *units.begin();
  debug_.emplace(module, /*AllowUnresolved=*/true, unit);
  ir::Span span = function.stores.empty() ? ir::Span{} : function.stores.front().span;
  llvm::DIFile* file = file_of(span);
  if (!unit) {
    module.addModuleFlag(llvm::Module::Warning, "Debug Info Version", llvm::DEBUG_METADATA_VERSION);
    debug_->createCompileUnit(llvm::dwarf::DW_LANG_C11, file, "eic", /*isOptimized=*/true, "", 0, "",
                              llvm::DICompileUnit::LineTablesOnly);
  }
  auto* type = debug_->createSubroutineType(debug_->getOrCreateTypeArray({}));
  uint32_t line = position_of(span).line;
  subprogram_ = debug_->createFunction(file, kernel.getName(), kernel.getName(), file, line, type, line, llvm::DINode::FlagZero,
                                       llvm::DISubprogram::SPFlagDefinition | llvm::DISubprogram::SPFlagOptimized);
  kernel.setSubprogram(subprogram_);
}

Locations::~Locations() {
  if (debug_) debug_->finalize();
}

void Locations::set(llvm::IRBuilderBase& builder, ir::Span span) {
  if (!debug_) return;
  llvm::DIFile* file = file_of(span);
  source::Position at = position_of(span);
  llvm::DIScope* scope = subprogram_;
  if (file != subprogram_->getFile()) scope = debug_->createLexicalBlockFile(subprogram_, file);
  builder.SetCurrentDebugLocation(llvm::DILocation::get(builder.getContext(), at.line, at.column, scope));
}

// Functions made by hand may come without a text.
llvm::DIFile* Locations::file_of(ir::Span span) {
  if (span.file >= sources_.size()) return debug_->createFile("none.eic", "");
  const source::Source& source = sources_.get(span.file);
  if (source.path().empty()) return debug_->createFile(source.name(), texts_);
  return debug_->createFile(source.path().filename().string(), source.path().parent_path().string());
}

source::Position Locations::position_of(ir::Span span) const {
  return span.file < sources_.size() ? sources_.get(span.file).position(span.begin) : source::Position{};
}

}  // namespace eic::lower
