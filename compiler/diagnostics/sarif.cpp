#include "compiler/diagnostics/sarif.h"

#include <fmt/format.h>

#include <cctype>

namespace eic::diagnostics {

using nlohmann::json;

namespace {

constexpr const char* k_schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

json artifact(const source::Source& file) { return {{"uri", uri_of(file.name())}}; }

// Columns count code points from 1 and the end is behind the last, as in Position.
json region(const source::Source& file, Span span) {
  source::Position from = file.position(span.begin), to = file.position(span.end);
  return {{"startLine", from.line}, {"startColumn", from.column}, {"endLine", to.line}, {"endColumn", to.column}};
}

json location(const source::SourceSet& sources, Span span) {
  const source::Source& file = sources.get(span.file);
  return {{"physicalLocation", {{"artifactLocation", artifact(file)}, {"region", region(file, span)}}}};
}

json text(const std::string& words) { return {{"text", words}}; }

// The message with what has no place of its own.
std::string whole_message(const Diagnostic& diagnostic) {
  std::string out = diagnostic.message;
  for (const Note& note : diagnostic.notes)
    if (!note.span) out += "\nnote: " + note.text;
  for (const std::string& help : diagnostic.helps) out += "\nhelp: " + help;
  return out;
}

json fix_of(const Fix& fix, const source::SourceSet& sources) {
  const source::Source& file = sources.get(fix.span.file);
  json replacement = {{"deletedRegion", region(file, fix.span)}, {"insertedContent", text(fix.replacement)}};
  json change = {{"artifactLocation", artifact(file)}, {"replacements", json::array({replacement})}};
  return {{"description", text(fix.text)}, {"artifactChanges", json::array({change})}};
}

}  // namespace

std::string uri_of(const std::string& path) {
  std::string out = path.starts_with("/") ? "file://" : "";
  for (unsigned char c : path) {
    bool plain = std::isalnum(c) || std::string_view("/-._~").find(static_cast<char>(c)) != std::string_view::npos;
    out += plain ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c);
  }
  return out;
}

std::string help_page(Kind kind) {
  std::string code(info(kind).code);
  if (code[0] != 'L') return fmt::format("docs/errors/{}.md", code);
  code[0] = 'l';
  return "docs/lint.md#" + code;
}

size_t SarifLog::rule_index(Kind kind) {
  auto [known, fresh] = index_.try_emplace(kind, rules_.size());
  if (!fresh) return known->second;
  const KindInfo& about = info(kind);
  // `helpUri` has to be absolute, and where the documentation lies is not for a log to say; so the page is named in `help`.
  std::string page = help_page(kind);
  rules_.push_back({{"id", about.code},
                    {"name", about.name},
                    {"shortDescription", text(std::string(about.title))},
                    {"help", {{"text", "see " + page}, {"markdown", fmt::format("[{}]({})", about.code, page)}}},
                    {"defaultConfiguration", {{"level", about.severity == Severity::Error ? "error" : "warning"}}}});
  return known->second;
}

void SarifLog::add(const Diagnostic& diagnostic, const source::SourceSet& sources) {
  const KindInfo& about = info(diagnostic.kind);
  json place = location(sources, diagnostic.span);
  if (!diagnostic.label.empty()) place["physicalLocation"]["region"]["message"] = text(diagnostic.label);
  json result = {{"ruleId", about.code},
                 {"ruleIndex", rule_index(diagnostic.kind)},
                 {"level", about.severity == Severity::Error ? "error" : "warning"},
                 {"message", text(whole_message(diagnostic))},
                 {"locations", json::array({place})}};
  for (const Note& note : diagnostic.notes) {
    if (!note.span) continue;
    json related = location(sources, *note.span);
    related["message"] = text(note.text);
    result["relatedLocations"].push_back(std::move(related));
  }
  for (const Fix& fix : diagnostic.fixes) result["fixes"].push_back(fix_of(fix, sources));
  results_.push_back(std::move(result));
}

json SarifLog::log() const {
  json driver = {{"name", "eic"}, {"semanticVersion", version_}, {"rules", rules_}};
  json run = {{"tool", {{"driver", std::move(driver)}}}, {"columnKind", "unicodeCodePoints"}, {"results", results_}};
  return {{"$schema", k_schema}, {"version", "2.1.0"}, {"runs", json::array({std::move(run)})}};
}

}  // namespace eic::diagnostics
