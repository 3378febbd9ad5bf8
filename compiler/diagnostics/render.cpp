#include "compiler/diagnostics/render.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "compiler/diagnostics/apply.h"
#include "compiler/diagnostics/terminal.h"

namespace eic::diagnostics {

namespace {

constexpr size_t k_widest_line = 160;  // bytes; a longer source line is shown around its caret

struct Paint {
  bool on;
  std::string operator()(const char* code, const std::string& text) const {
    return on && !text.empty() ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
  }
};

bool inside_character(std::string_view text, size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

struct Gutter {
  size_t width;  // of the widest line number
  Paint paint;
  std::string operator()(uint32_t line) const {
    std::string number = line ? std::to_string(line) : "";
    return fmt::format(" {}{} {} ", std::string(width - number.size(), ' '), paint("34", number), paint("34", "|"));
  }
};

// One line with carets under its bytes from .. to, and the label behind them.
void underline(std::string& out, const source::Source& file, uint32_t number, size_t from, size_t to, const Gutter& gutter,
               const char* colour, const std::string& label) {
  std::string_view line = file.line(number);
  from = std::min(from, line.size());
  size_t cut = from > k_widest_line / 2 && line.size() > k_widest_line ? from - k_widest_line / 2 : 0;
  while (cut > 0 && inside_character(line, cut)) cut--;
  size_t end = std::min(line.size(), cut + k_widest_line);
  while (inside_character(line, end)) end++;
  to = std::clamp(to, from, end);
  std::string lead = cut > 0 ? "…" : "";
  size_t before = columns(lead + printable(line.substr(cut, from - cut)));
  size_t width = std::max<size_t>(1, columns(printable(line.substr(from, to - from))));
  out += fmt::format("{}{}{}\n", gutter(number), lead, printable(line.substr(cut, end - cut)));
  out += fmt::format("{}{}{}{}\n", gutter(0), std::string(before, ' '), gutter.paint(colour, std::string(width, '^')),
                     label.empty() ? "" : " " + gutter.paint(colour, label));
}

// The line of the span; of a span over several lines the first and the last.
void excerpt(std::string& out, const source::Source& file, Span span, const std::string& label, const char* colour, Paint paint) {
  if (file.text().empty()) return;
  uint32_t first = file.position(span.begin).line, last = first;
  if (span.end > span.begin) last = file.position(span.end).line;
  if (last > first && span.end == file.line_begin(last)) last--;  // a newline at its end
  Gutter gutter{std::to_string(last).size(), paint};
  size_t from = span.begin - file.line_begin(first);
  if (last == first) {
    underline(out, file, first, from, std::max<size_t>(from + 1, span.end - file.line_begin(first)), gutter, colour, label);
    return;
  }
  underline(out, file, first, from, file.line(first).size(), gutter, colour, "");
  if (last > first + 1) out += fmt::format("{}…\n", gutter(0));
  size_t indent = std::min(file.line(last).find_first_not_of(" \t"), file.line(last).size());
  size_t to = span.end - file.line_begin(last);
  underline(out, file, last, std::min(indent, to), to, gutter, colour, label);
}

std::string place(const source::SourceSet& sources, Span span) {
  const source::Source& file = sources.get(span.file);
  source::Position at = file.position(span.begin);
  return fmt::format("{}:{}:{}", file.name(), at.line, at.column);
}

}  // namespace

std::string render_text(const Diagnostic& diagnostic, const source::SourceSet& sources, bool colour) {
  Paint paint{colour};
  const KindInfo& kind = info(diagnostic.kind);
  bool error = kind.severity == Severity::Error;
  std::string head = fmt::format("{}[{}]", error ? "error" : "warning", kind.code);
  std::string out = fmt::format("{}: {}: {}\n", paint("1", place(sources, diagnostic.span)), paint(error ? "1;31" : "1;33", head),
                                paint("1", diagnostic.message));
  excerpt(out, sources.get(diagnostic.span.file), diagnostic.span, diagnostic.label, error ? "1;31" : "1;33", paint);
  for (const Note& note : diagnostic.notes) {
    if (!note.span) {
      out += fmt::format("  {}: {}\n", paint("1;36", "note"), note.text);
      continue;
    }
    out += fmt::format("{}: {}: {}\n", paint("1", place(sources, *note.span)), paint("1;36", "note"), note.text);
    excerpt(out, sources.get(note.span->file), *note.span, "", "1;36", paint);
  }
  for (const std::string& help : diagnostic.helps) out += fmt::format("  {}: {}\n", paint("1;32", "help"), help);
  for (const Fix& fix : diagnostic.fixes) out += fmt::format("  {}: {}\n", paint("1;32", "fix"), fix.text);
  return out;
}

std::string render_text(const Emitter& emitter, const source::SourceSet& sources, bool colour) {
  std::string out;
  for (const Diagnostic& diagnostic : emitter.all()) out += render_text(diagnostic, sources, colour);
  if (emitter.full()) out += fmt::format("eic: these are {} errors; there may be more\n", emitter.error_count());
  return out;
}

static nlohmann::json range(Span span, const source::SourceSet& sources) {
  const source::Source& file = sources.get(span.file);
  source::Position from = file.position(span.begin), to = file.position(span.end);
  return {{"file", file.name()}, {"line", from.line}, {"column", from.column}, {"end_line", to.line}, {"end_column", to.column}};
}

nlohmann::json render_json(const Diagnostic& diagnostic, const source::SourceSet& sources) {
  const KindInfo& kind = info(diagnostic.kind);
  nlohmann::json entry = {{"code", kind.code},
                          {"kind", kind.name},
                          {"severity", kind.severity == Severity::Error ? "error" : "warning"},
                          {"message", diagnostic.message},
                          {"label", diagnostic.label},
                          {"range", range(diagnostic.span, sources)},
                          {"notes", nlohmann::json::array()},
                          {"helps", diagnostic.helps},
                          {"fixes", nlohmann::json::array()}};
  for (const Note& note : diagnostic.notes) {
    nlohmann::json item = {{"text", note.text}};
    if (note.span) item["range"] = range(*note.span, sources);
    entry["notes"].push_back(item);
  }
  for (const Fix& fix : diagnostic.fixes) {
    bool sure = certainty(diagnostic, fix, sources.get(fix.span.file).text()) == Certainty::Sure;
    entry["fixes"].push_back(
        {{"text", fix.text}, {"range", range(fix.span, sources)}, {"replacement", fix.replacement}, {"sure", sure}});
  }
  return entry;
}

nlohmann::json render_json(const Emitter& emitter, const source::SourceSet& sources) {
  nlohmann::json list = nlohmann::json::array();
  for (const Diagnostic& diagnostic : emitter.all()) list.push_back(render_json(diagnostic, sources));
  return list;
}

}  // namespace eic::diagnostics
