// Ast → an indented text, for `eic dump --after=parse` and the golden tests.
#pragma once
#include <string>

#include "compiler/ast/ast.h"

namespace eic::ast {

std::string print(const Ast& ast);
std::string print(const Expr& expr);  // as source text, with the blanks of `eic fmt`

}  // namespace eic::ast
