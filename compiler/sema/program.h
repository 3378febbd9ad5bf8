// The files of one model, parsed, imports resolved: what load.h makes and check.h reads. Module 0 is the main file.
#pragma once
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/source/source.h"

namespace eic::sema {

struct Import {
  const ast::Use* use = nullptr;
  // one for each name of `use`:
  std::vector<uint32_t> modules;   // a library name has a file of its own
  std::vector<std::string> names;  // as it is declared there: of an older name of the library the one it has now
};

struct Module {
  const source::Source* source = nullptr;
  ast::Ast ast;
  std::vector<Import> imports;
};

struct Program {
  std::vector<Module> modules;
  std::vector<uint32_t> order;  // imported files before those that import them
};

}  // namespace eic::sema
