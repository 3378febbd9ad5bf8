// In: a Source. Out: its Ast; diagnostics for all that could not be read (the Ast then holds what could be).
// The only folder that includes antlr4. Called by sema for every file, by the commands for `--set` and for `fmt`.
#pragma once
#include <optional>

#include "compiler/ast/ast.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source.h"

namespace eic::parse {

// Nothing when the text cannot be an Ast at all (binary, empty, a limit, an error): then the emitter holds an error.
std::optional<ast::Ast> parse(const source::Source& source, diagnostics::Emitter& emitter);
// One expression alone, as in `--set path=value`.
ast::ExprPtr parse_expression(const source::Source& source, diagnostics::Emitter& emitter);

}  // namespace eic::parse
