// What messages of sema say beyond the fault itself: dimensions in words, and the other place that matters. Called all over
// sema; no meaning is decided here.
#pragma once
#include <string>

#include "compiler/ast/ast.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/sema/model.h"
#include "compiler/source/source.h"

namespace eic::sema {

// "a voltage (`mV`)", or "`nA^2/mV`" for what has no name.
std::string described(const Dimension& dimension, const std::string& unit);
// The unit in which its user writes a parameter: that of its value, else that of its declaration.
std::string shown_unit(const Param& param);
// Adds a note to every diagnostic from number `from` on (Emitter::all().size() before a check).
void note_since(diagnostics::Emitter& emitter, size_t from, Span at, const std::string& text);
// The same, to those that are about a unit.
void note_unit_since(diagnostics::Emitter& emitter, size_t from, Span at, const std::string& text);
// The text itself: numbers are shown, and given their unit, as they were written.
std::string as_written(const source::SourceSet& sources, Span span);
// `0.07 ms/cm^2` where a conductance per area is wanted: the one unit that differs in the case of a letter and fits, as a fix at
// the literal; where `expr` computes with one parameter, at that parameter's value. False where there is none.
bool offer_other_case(diagnostics::Diagnostic& diagnostic, const Expr& expr, const Dimension& wanted, const Model& model,
                      const source::SourceSet& sources);
// "`gate` belongs into a channel" for an item that stands in the wrong block; empty where nothing better can be said.
std::string where_it_belongs(const ast::Item& item);

}  // namespace eic::sema
