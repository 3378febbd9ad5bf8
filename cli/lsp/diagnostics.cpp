// Diagnostics as the editor shows them, and their fixes as actions.
#include <fmt/format.h>

#include <filesystem>

#include "cli/lsp/features.h"
#include "cli/lsp/uri.h"
#include "compiler/diagnostics/apply.h"
#include "compiler/format/format.h"

namespace eic::lsp {

using diagnostics::Certainty;
using diagnostics::Diagnostic;
using diagnostics::Severity;
using source::Span;

namespace {

// Whether a source is what an import of this file names.
bool is_import(const Document& document, const Imported& import, const source::Source& source) {
  if (!import.library.empty()) return source.name() == "std/" + import.library;
  auto place = document.front->sources.resolve(document.source(), import.file);
  return place && *place == source.path();
}

// Where in this file something stands that lies in another one: a note that points here, else the `use` through which it came.
Span place_here(const Document& document, const Diagnostic& diagnostic) {
  if (diagnostic.span.file == document.main()) return diagnostic.span;
  for (const diagnostics::Note& note : diagnostic.notes)
    if (note.span && note.span->file == document.main()) return *note.span;
  const source::Source& source = document.front->sources.get(diagnostic.span.file);
  auto imports = document.outline->imports();
  for (const Imported& import : imports)
    if (is_import(document, import, source))
      return import.file.empty() ? Span{0, import.begin, import.end} : Span{0, import.use_begin, import.use_end};
  for (const Imported& import : imports)  // a file that an imported one imports
    if (!import.file.empty()) return {0, import.use_begin, import.use_end};
  return {0, 0, 0};
}

// A file's name as the editor's user knows it: from the folder of this one.
std::string shown_name(const Document& document, const source::Source& source) {
  if (source.path().empty() || document.path.empty()) return source.name();
  std::string near =
      std::filesystem::path(source.name()).lexically_relative(std::filesystem::path(document.path).parent_path()).string();
  return near.empty() || near.starts_with("..") ? source.name() : near;
}

struct Said {
  std::string message;
  json related = json::array();
};

Said said(const Document& document, const Diagnostic& diagnostic, bool related) {
  Said out;
  const source::SourceSet& sources = document.front->sources;
  auto elsewhere = [&](Span span, const std::string& text) {
    auto place = related ? location(document, span) : std::nullopt;
    if (place) {
      out.related.push_back({{"location", *place}, {"message", text}});
    } else {
      const source::Source& source = sources.get(span.file);
      out.message += fmt::format("\n{}:{}: {}", shown_name(document, source), source.position(span.begin).line, text);
    }
  };
  bool foreign = diagnostic.span.file != document.main();
  if (foreign) {
    const source::Source& source = sources.get(diagnostic.span.file);
    out.message = fmt::format("in line {} of `{}`: ", source.position(diagnostic.span.begin).line, shown_name(document, source));
  }
  out.message += diagnostic.message;
  if (!diagnostic.label.empty()) out.message += fmt::format(" ({})", diagnostic.label);
  if (foreign && related) elsewhere(diagnostic.span, diagnostic.message);
  for (const diagnostics::Note& note : diagnostic.notes) {
    if (note.span) elsewhere(*note.span, note.text);
    else out.message += "\nnote: " + note.text;
  }
  for (const std::string& help : diagnostic.helps) out.message += "\nhelp: " + help;
  return out;
}

json one(const Document& document, const Diagnostic& diagnostic, bool related) {
  const diagnostics::KindInfo& info = diagnostics::info(diagnostic.kind);
  Span at = place_here(document, diagnostic);
  Said text = said(document, diagnostic, related);
  json out = {{"range", document.text.range(at.begin, at.end)},
              {"severity", info.severity == Severity::Error ? 1 : 2},
              {"code", info.code},
              {"source", "eic"},
              {"message", text.message}};
  if (!text.related.empty()) out["relatedInformation"] = text.related;
  return out;
}

json edit(const Document& document, json edits) { return {{"changes", {{document.uri, std::move(edits)}}}}; }

bool wanted(const std::vector<std::string>& only, std::string_view kind) {
  return only.empty() || std::any_of(only.begin(), only.end(),
                                     [&](const std::string& asked) { return kind == asked || kind.starts_with(asked + "."); });
}

}  // namespace

json diagnostics(const Document& document, bool related) {
  json out = json::array();
  for (const Diagnostic& diagnostic : document.front->emitter.all()) out.push_back(one(document, diagnostic, related));
  return out;
}

json code_actions(const Document& document, uint32_t begin, uint32_t end, const std::vector<std::string>& only, bool related) {
  json out = json::array();
  for (const Diagnostic& diagnostic : document.front->emitter.all()) {
    Span at = place_here(document, diagnostic);
    if (!wanted(only, "quickfix") || at.begin > end || at.end < begin) continue;
    for (const diagnostics::Fix& fix : diagnostic.fixes) {
      if (fix.span.file != document.main()) continue;
      bool sure = certainty(diagnostic, fix, document.text.str()) == Certainty::Sure;
      json change = {{"range", document.text.range(fix.span.begin, fix.span.end)}, {"newText", fix.replacement}};
      out.push_back({{"title", fix.action()},
                     {"kind", "quickfix"},
                     {"diagnostics", json::array({one(document, diagnostic, related)})},
                     {"isPreferred", sure || diagnostic.fixes.size() == 1},
                     {"edit", edit(document, json::array({change}))}});
    }
  }
  auto sure = applicable(document.front->emitter, document.source(), Certainty::Sure);
  if (sure.empty() || only.empty() || !wanted(only, "source.fixAll"))
    return out;  // not beside the fixes of one place, unless asked for
  json edits = json::array();
  for (const diagnostics::Choice& choice : sure)
    edits.push_back(
        {{"range", document.text.range(choice.fix->span.begin, choice.fix->span.end)}, {"newText", choice.fix->replacement}});
  out.push_back(
      {{"title", "write every fix that is sure"}, {"kind", "source.fixAll"}, {"edit", edit(document, std::move(edits))}});
  return out;
}

json formatting(const Document& document) {
  source::SourceSet sources;
  diagnostics::Emitter emitter;
  auto formatted = format::format(sources.add_text("(text)", document.text.str()), emitter);
  if (!formatted) return nullptr;
  // from the first line that differs to the last: an editor keeps its cursor and folds elsewhere
  const std::string &before = document.text.str(), &after = *formatted;
  size_t shared = std::min(before.size(), after.size()), front = 0, back = 0;
  while (front < shared && before[front] == after[front]) front++;
  if (front == before.size() && front == after.size()) return json::array();
  size_t line = front == 0 ? std::string::npos : before.rfind('\n', front - 1);
  front = line == std::string::npos ? 0 : line + 1;
  while (back < shared - front && before[before.size() - 1 - back] == after[after.size() - 1 - back]) back++;
  while (back > 0 && before[before.size() - back - 1] != '\n') back--;  // whole lines
  json change = {{"range", document.text.range(static_cast<uint32_t>(front), static_cast<uint32_t>(before.size() - back))},
                 {"newText", after.substr(front, after.size() - back - front)}};
  return json::array({change});
}

}  // namespace eic::lsp
