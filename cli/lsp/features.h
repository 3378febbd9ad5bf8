// In: a document and a place in it. Out: what the protocol wants to be told, as JSON. One file a feature; called by server.cpp.
// Nothing here reads or writes a stream, and nothing changes the document.
#pragma once
#include "cli/lsp/document.h"

namespace eic::lsp {

// `related`: the editor can show other places beside a message; else they are lines of it.
json diagnostics(const Document& document, bool related);
json hover(const Document& document, uint32_t offset);                   // null: nothing to say
json definition(const Document& document, uint32_t offset);              // an array of locations
json completion(const Document& document, uint32_t offset, bool asked);  // not `asked`: a blank or a dot was typed
json formatting(const Document& document);                               // null where the text has errors
json code_actions(const Document& document, uint32_t begin, uint32_t end, const std::vector<std::string>& only, bool related);
json symbols(const Document& document);

// hover_figures.cpp: what follows from the values of parameters, as lines of Markdown; empty where nothing does.
std::string describe_parameters(const Front& front, const std::vector<std::string>& paths);
std::string describe_cell(const Front& front, const std::string& name);
std::string describe_gates(const Front& front, source::Span declaration);
std::string describe_literal(const std::string& digits, const std::string& unit);
std::string describe_unit(const std::string& unit);

}  // namespace eic::lsp
