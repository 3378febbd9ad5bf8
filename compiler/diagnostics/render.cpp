#include "compiler/diagnostics/render.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace eic::diagnostics {

namespace {

constexpr size_t k_widest_line = 160;  // a longer source line is shown around its caret

struct Paint {
  bool on;
  std::string operator()(const char* code, const std::string& text) const {
    return on && !text.empty() ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
  }
};

size_t code_points(std::string_view text) {
  size_t count = 0;
  for (unsigned char c : text) count += (c & 0xC0) != 0x80;
  return count;
}

// Whether a sequence of UTF-8 begins at `at` and is whole: its length, or 0.
size_t whole_sequence(std::string_view text, size_t at) {
  auto first = static_cast<unsigned char>(text[at]);
  size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
  if (at + length > text.size()) return 0;
  for (size_t i = 1; i < length; i++)
    if ((static_cast<unsigned char>(text[at + i]) & 0xC0) != 0x80) return 0;
  return length;
}

// Tabs become one blank, unprintable bytes and those of no character a dot, so that the caret stands where it should.
std::string printable(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    auto c = static_cast<unsigned char>(text[at]);
    size_t length = whole_sequence(text, at);
    if (c == '\t') out += ' ';
    else if (length == 0 || c < 0x20 || c == 0x7F) out += '.';
    else out += text.substr(at, length);
    at += std::max<size_t>(1, length);
  }
  return out;
}

void excerpt(std::string& out, const source::Source& file, Span span, const std::string& label, const char* colour, Paint paint) {
  source::Position at = file.position(span.begin);
  std::string_view line = file.line(at.line);
  if (line.empty() && span.end <= span.begin && file.text().empty()) return;
  size_t from = span.begin - file.line_begin(at.line);
  size_t to = std::min<size_t>(line.size(), span.end > span.begin ? span.end - file.line_begin(at.line) : from + 1);
  from = std::min(from, line.size());
  size_t cut = from > k_widest_line / 2 && line.size() > k_widest_line ? from - k_widest_line / 2 : 0;
  while (cut > 0 && (static_cast<unsigned char>(line[cut]) & 0xC0) == 0x80) cut--;
  std::string_view shown = line.substr(cut, k_widest_line);
  std::string number = std::to_string(at.line);
  std::string pad(number.size(), ' ');
  std::string lead = cut > 0 ? "…" : "";
  size_t before = code_points(line.substr(cut, from - cut)) + (cut > 0 ? 1 : 0);
  size_t width = std::max<size_t>(
      1, code_points(line.substr(from, std::min(to, cut + shown.size()) > from ? std::min(to, cut + shown.size()) - from : 0)));
  out += fmt::format(" {} {} {}{}\n", paint("34", number), paint("34", "|"), lead, printable(shown));
  out += fmt::format(" {} {} {}{}{}\n", pad, paint("34", "|"), std::string(before, ' '), paint(colour, std::string(width, '^')),
                     label.empty() ? "" : " " + paint(colour, label));
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

nlohmann::json render_json(const Emitter& emitter, const source::SourceSet& sources) {
  nlohmann::json list = nlohmann::json::array();
  for (const Diagnostic& diagnostic : emitter.all()) {
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
    for (const Fix& fix : diagnostic.fixes)
      entry["fixes"].push_back({{"text", fix.text}, {"range", range(fix.span, sources)}, {"replacement", fix.replacement}});
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace eic::diagnostics
