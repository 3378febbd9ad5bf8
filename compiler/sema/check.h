// In: a Program (parsed files with their imports). Out: the Model; diagnostics for all that is wrong with it.
// Every expression of every file is checked, also of mechanisms nobody uses. Called by compile.cpp and the commands.
#pragma once
#include <optional>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/sema/index.h"
#include "compiler/sema/model.h"
#include "compiler/sema/program.h"

namespace eic::sema {

// A `--set path=value`, parsed; it replaces the value of the parameter with that path.
struct Setting {
  std::string path;
  const ast::Expr* value = nullptr;
  Span span;  // of the path, in the command line's own Source
};

// Nothing when there were errors. CSV paths are resolved (and confined) through `sources`.
std::optional<Model> check(const Program& program, const std::vector<Setting>& settings, const source::SourceSet& sources,
                           diagnostics::Emitter& emitter, Index& index);

}  // namespace eic::sema
