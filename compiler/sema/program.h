// The files of one model, parsed, imports resolved: what load.h makes and check.h reads. Module 0 is the main file.
#pragma once
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/source/source.h"

namespace eic::sema {

struct Import {
  const ast::Use* use = nullptr;
  std::vector<uint32_t> modules;  // one for each name of `use` (a library name has a file of its own)
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
