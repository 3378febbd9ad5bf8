#include <fmt/format.h>

#include <array>

#include "cli/explaining/render.h"
#include "compiler/explain/mathematics.h"

namespace eic::cli {

namespace {

// What the texts use beyond ASCII, as LaTeX of every engine reads it.
std::string latex(const std::string& text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 14> k_signs = {
      {{"−", "$-$"}, {"·", "$\\cdot$"}, {"∂", "$\\partial$"}, {"τ", "$\\tau$"}, {"Σ", "$\\Sigma$"}, {"≈", "$\\approx$"}, {"←", "$\\leftarrow$"},
       {"–", "--"}, {"…", "\\dots{}"}, {"×", "$\\times$"}, {"µ", "\\textmu{}"}, {"Ω", "$\\Omega$"}, {"∞", "$\\infty$"}, {"±", "$\\pm$"}}};
  std::string out = explain::latex_text(text);
  for (auto [sign, command] : k_signs)
    for (size_t at = 0; (at = out.find(sign, at)) != std::string::npos; at += command.size()) out.replace(at, sign.size(), command);
  return mark_code(std::move(out), "\\texttt{", "}");
}

std::string row(const std::vector<std::string>& cells) {
  std::string out;
  for (size_t i = 0; i < cells.size(); i++) out += (i > 0 ? " & " : "") + latex(cells[i]);
  return out + " \\\\\n";
}

struct ToLatex {
  std::string operator()(const explain::Paragraph& paragraph) const { return latex(paragraph.text) + "\n\n"; }
  std::string operator()(const explain::Equations& equations) const {
    std::string out;
    for (const explain::Equation& line : equations.lines) {
      std::string unit = line.unit.empty() || line.unit == "1" ? "" : fmt::format(" \\qquad \\left[{}\\right]", explain::latex_unit(line.unit));
      out += fmt::format("\\[ {} = {}{} \\]\n", line.left_latex, line.right_latex, unit);
      if (!line.note.empty()) out += latex(line.note) + "\n\n";
    }
    return out;
  }
  std::string operator()(const explain::Table& table) const {
    std::string out = fmt::format("\\noindent\\resizebox{{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}}{{!}}{{%\n\\begin{{tabular}}{{{}}}\n\\hline\n", std::string(table.header.size(), 'l'));
    out += row(table.header) + "\\hline\n";
    for (const auto& cells : table.rows) out += row(cells);
    return out + "\\hline\n\\end{tabular}}\n\n";
  }
  std::string operator()(const explain::Plot&) const { return ""; }
};

}  // namespace

std::string explain_latex(const explain::Document& document) {
  std::string out = "\\documentclass{article}\n\\usepackage[utf8]{inputenc}\n\\usepackage{amsmath,graphicx,textcomp}\n\\begin{document}\n";
  out += fmt::format("\\title{{{}}}\\date{{}}\\maketitle\n\n", latex(document.title));
  constexpr const char* k_levels[] = {"section", "subsection", "subsubsection"};
  for (const explain::Section& section : document.sections) {
    out += fmt::format("\\{}*{{{}}}\n", k_levels[section.level - 1], latex(section.title));
    for (const explain::Block& block : section.blocks) out += std::visit(ToLatex{}, block);
  }
  return out + "\\end{document}\n";
}

}  // namespace eic::cli
