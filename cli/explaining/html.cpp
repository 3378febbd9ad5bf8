#include <fmt/format.h>

#include "cli/explaining/render.h"
#include "runtime/report/chart.h"
#include "runtime/report/svg.h"

namespace eic::cli {

namespace {

constexpr const char* k_style =
    "body{font:16px/1.5 system-ui,'Segoe UI',Helvetica,Arial,sans-serif;color:#222;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "h1{font-size:1.6rem}h2{font-size:1.35rem;border-bottom:1px solid #ddd;margin-top:2.2rem}h3{font-size:1.1rem;margin-top:1.6rem}"
    "table{border-collapse:collapse;font-size:.92rem;margin:.8rem 0}th,td{text-align:left;padding:.25rem .9rem .25rem 0;"
    "border-bottom:1px solid #eee;vertical-align:top}th{font-weight:600}"
    "dl{margin:.8rem 0}dt{font:15px ui-monospace,Menlo,Consolas,monospace;margin-top:.35rem}"
    "dt .unit{color:#777;padding-left:1.2rem}dd{margin:0 0 0 2rem;color:#555;font-size:.92rem}"
    "code{font:.95em ui-monospace,Menlo,Consolas,monospace;background:#f5f5f5;padding:0 .2em}"
    ".plots{display:flex;flex-wrap:wrap;gap:.5rem}.plots figure{margin:0}"
    "svg text{font:12px system-ui,Helvetica,Arial,sans-serif;fill:#333}svg .head{font-size:13px;font-weight:600}svg .axis{text-anchor:middle}"
    "svg .x{text-anchor:middle;font-size:11px;fill:#555}svg .y{text-anchor:end;font-size:11px;fill:#555}"
    "svg .frame{stroke:#888;fill:none}svg .grid{stroke:#e8e8e8;fill:none}svg .curve{fill:none;stroke-width:1.8;stroke-linejoin:round}";

std::string html(const std::string& text) {
  std::string out = report::escaped(text);
  return mark_code(std::move(out), "<code>", "</code>");
}

std::string row(const std::vector<std::string>& cells, const char* tag) {
  std::string out = "<tr>";
  for (const std::string& text : cells) out += fmt::format("<{0}>{1}</{0}>", tag, html(text));
  return out + "</tr>\n";
}

struct ToHtml {
  std::string operator()(const explain::Paragraph& paragraph) const { return fmt::format("<p>{}</p>\n", html(paragraph.text)); }
  std::string operator()(const explain::Equations& equations) const {
    std::string out = "<dl>\n";
    for (const explain::Equation& line : equations.lines) {
      out += fmt::format("<dt>{} = {}{}</dt>\n", html(line.left), html(line.right),
                         line.unit.empty() || line.unit == "1" ? "" : fmt::format("<span class=\"unit\">{}</span>", html(line.unit)));
      if (!line.note.empty()) out += fmt::format("<dd>{}</dd>\n", html(line.note));
    }
    return equations.lines.empty() ? "" : out + "</dl>\n";
  }
  std::string operator()(const explain::Table& table) const {
    std::string out = "<table>\n" + row(table.header, "th");
    for (const auto& cells : table.rows) out += row(cells, "td");
    return out + "</table>\n";
  }
  std::string operator()(const explain::Plot& plot) const {
    report::Chart chart;
    chart.title = plot.title;
    chart.x_label = plot.x_label;
    chart.y_label = plot.y_label;
    chart.width = 440;
    chart.height = 290;
    chart.inside_html = true;
    for (size_t i = 0; i < plot.curves.size(); i++)
      chart.series.push_back({plot.curves[i].first, report::k_colours[i % std::size(report::k_colours)], plot.x, plot.curves[i].second});
    return fmt::format("<figure>{}</figure>\n", report::chart_svg(chart));
  }
};

}  // namespace

std::string explain_html(const explain::Document& document) {
  std::string out = fmt::format("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n<title>{0}</title>\n<style>{1}</style>\n</head>\n<body>\n<h1>{0}</h1>\n",
                                report::escaped(document.title), k_style);
  for (const explain::Section& section : document.sections) {
    out += fmt::format("<h{0}>{1}</h{0}>\n", section.level + 1, html(section.title));
    bool plots = false;
    for (const explain::Block& block : section.blocks) {
      bool plot = std::holds_alternative<explain::Plot>(block);
      if (plot != plots) out += plot ? "<div class=\"plots\">\n" : "</div>\n";
      plots = plot;
      out += std::visit(ToHtml{}, block);
    }
    if (plots) out += "</div>\n";
  }
  return out + "</body>\n</html>\n";
}

}  // namespace eic::cli
