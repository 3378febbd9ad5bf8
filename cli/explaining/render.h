// In: a Document of compiler/explain. Out: it as text for a terminal, Markdown, LaTeX or HTML; each a whole file.
#pragma once
#include <string>

#include "compiler/explain/document.h"

namespace eic::cli {

std::string explain_text(const explain::Document& document);
std::string explain_markdown(const explain::Document& document);
std::string explain_latex(const explain::Document& document);
// `code` in backquotes gets `open` and `close` instead of them.
std::string mark_code(std::string text, const std::string& open, const std::string& close);

std::string explain_html(const explain::Document& document);  // curves as inline SVG

}  // namespace eic::cli
