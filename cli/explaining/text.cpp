#include <fmt/format.h>

#include <algorithm>

#include "cli/explaining/render.h"
#include "runtime/report/format.h"

namespace eic::cli {

namespace {

constexpr size_t k_width = 100;

std::string wrapped(const std::string& text, const std::string& indent) {
  std::string out, line = indent;
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(text.find(' ', at), text.size());
    std::string word = text.substr(at, end - at);
    if (line.size() > indent.size() && report::display_width(line) + 1 + report::display_width(word) > k_width) {
      out += line + "\n";
      line = indent;
    }
    line += (line.size() > indent.size() ? " " : "") + word;
    at = end + 1;
  }
  return out + line + "\n";
}

struct ToText {
  std::string operator()(const explain::Paragraph& paragraph) const { return wrapped(paragraph.text, "  ") + "\n"; }

  std::string operator()(const explain::Equations& equations) const {
    size_t widest = 0;
    for (const explain::Equation& line : equations.lines) widest = std::max(widest, report::display_width(line.left));
    std::string out;
    for (const explain::Equation& line : equations.lines) {
      std::string pad(widest - report::display_width(line.left), ' ');
      out += fmt::format("  {}{} = {}{}\n", line.left, pad, line.right, line.unit.empty() || line.unit == "1" ? "" : "    [" + line.unit + "]");
      if (!line.note.empty()) out += wrapped(line.note, "  " + std::string(widest + 5, ' '));
    }
    return equations.lines.empty() ? "" : out + "\n";
  }

  std::string operator()(const explain::Table& table) const {
    report::Table lines({0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
    lines.row(table.header);
    for (const auto& row : table.rows) lines.row(row);
    return lines.text("  ") + "\n";
  }

  std::string operator()(const explain::Plot&) const { return ""; }  // a terminal has no curves: --format html draws them
};

}  // namespace

std::string mark_code(std::string text, const std::string& open, const std::string& close) {
  for (size_t at = 0; (at = text.find('`', at)) != std::string::npos;) {
    size_t end = text.find('`', at + 1);
    if (end == std::string::npos) break;
    text.replace(end, 1, close);
    text.replace(at, 1, open);
    at = end + open.size() + close.size() - 1;
  }
  return text;
}

std::string explain_text(const explain::Document& document) {
  std::string out;
  for (const explain::Section& section : document.sections) {
    out += section.title + "\n";
    if (section.level == 1) out += std::string(report::display_width(section.title), '=') + "\n";
    for (const explain::Block& block : section.blocks) out += std::visit(ToText{}, block);
  }
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

}  // namespace eic::cli
