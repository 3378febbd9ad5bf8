#include <fmt/format.h>

#include "cli/explaining/render.h"
#include "compiler/explain/mathematics.h"

namespace eic::cli {

namespace {

std::string cell(std::string text) {
  for (size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.replace(at, 1, "\\|");
  return text;
}

std::string row(const std::vector<std::string>& cells) {
  std::string out = "|";
  for (const std::string& text : cells) out += " " + cell(text) + " |";
  return out + "\n";
}

struct ToMarkdown {
  std::string operator()(const explain::Paragraph& paragraph) const { return paragraph.text + "\n\n"; }
  std::string operator()(const explain::Equations& equations) const {
    std::string out;
    for (const explain::Equation& line : equations.lines) {
      out += fmt::format("$$ {} = {}{} $$\n\n", line.left_latex, line.right_latex,
                         line.unit.empty() || line.unit == "1" ? "" : " \\qquad [" + explain::latex_unit(line.unit) + "]");
      if (!line.note.empty()) out += line.note + "\n\n";
    }
    return out;
  }
  std::string operator()(const explain::Table& table) const {
    std::string out = row(table.header) + row(std::vector<std::string>(table.header.size(), "---"));
    for (const auto& cells : table.rows) out += row(cells);
    return out + "\n";
  }
  std::string operator()(const explain::Plot&) const { return ""; }
};

}  // namespace

std::string explain_markdown(const explain::Document& document) {
  std::string out = fmt::format("# {}\n\n", document.title);
  for (const explain::Section& section : document.sections) {
    out += fmt::format("{} {}\n\n", std::string(static_cast<size_t>(section.level) + 1, '#'), section.title);
    for (const explain::Block& block : section.blocks) out += std::visit(ToMarkdown{}, block);
  }
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

}  // namespace eic::cli
