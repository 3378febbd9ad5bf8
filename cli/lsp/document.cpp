#include "cli/lsp/document.h"

#include <fmt/format.h>

#include <filesystem>

#include "cli/lsp/uri.h"
#include "cli/session.h"
#include "cli/version.h"
#include "compiler/diagnostics/sarif.h"
#include "compiler/source/limits.h"
#include "compiler/stdlib.h"
#include "runtime/record/atomic_file.h"

namespace eic::lsp {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view k_library = "std/";  // begins the names of its sources

void add_roots(source::SourceSet& sources, const Document& document) {
  if (!document.path.empty()) sources.add_root(fs::path(document.path).parent_path());
  for (const std::string& root : document.roots) sources.add_root(root);
}

const StdFile* std_file(std::string_view path) {
  for (const StdFile& file : std_files())
    if (file.path == path) return &file;
  return nullptr;
}

std::string digest_of_library() {
  uint64_t hash = 0xcbf29ce484222325u;
  for (const StdFile& file : std_files())
    for (std::string_view part : {file.path, file.text})
      for (unsigned char c : part) hash = (hash ^ c) * 0x100000001b3u;
  return fmt::format("{:016x}", hash);
}

}  // namespace

void Document::set_text(Text changed) {
  text = std::move(changed);
  outline = std::make_shared<Outline>(text.str());
  stale = true;
}

void Document::analyse() {
  stale = false;
  front = std::make_unique<Front>();
  std::string name = path.empty() ? "(unsaved)" : path;
  if (text.str().size() > source::k_max_file_bytes) {
    const source::Source& nothing = front->sources.add_text(name, "");
    front->emitter.emit(diagnostics::Kind::LimitFileSize, nothing.whole(),
                        fmt::format("this text is larger than {} bytes", source::k_max_file_bytes));
    return;
  }
  add_roots(front->sources, *this);
  cli::check_text(*front, name, text.str(), {});
}

std::optional<Module> Document::module(const Imported& import) const {
  if (import.file.empty()) {
    const StdFile* file = std_file(import.library);
    if (!file) return std::nullopt;
    return Module{std::make_shared<Outline>(std::string(file->text)), "", std::string(file->path)};
  }
  source::SourceSet sources;
  add_roots(sources, *this);
  const source::Source& main = sources.add_text(path, "");
  auto place = sources.resolve(main, import.file);
  if (!place) return std::nullopt;
  auto source = sources.load(*place, place->string());
  if (!source) return std::nullopt;
  return Module{std::make_shared<Outline>(std::string((*source)->text())), place->string(), ""};
}

std::optional<Found> find_top(const Document& document, std::string_view name) {
  if (auto own = document.outline->find({&document.outline->root()}, name)) return Found{document.outline, *own, {}};
  for (const Imported& import : document.outline->imports()) {
    if (import.as != name) continue;
    auto module = document.module(import);
    if (!module) continue;
    if (auto there = module->outline->find({&module->outline->root()}, import.name))
      return Found{module->outline, *there, *module};
  }
  return std::nullopt;
}

std::optional<Found> find_name(const Document& document, const std::vector<const Node*>& around, std::string_view name) {
  if (auto own = document.outline->find(around, name)) return Found{document.outline, *own, {}};
  return find_top(document, name);
}

std::optional<std::string> library_file(std::string_view path) {
  const StdFile* file = std_file(path);
  auto cache = cli::cache_folder();
  if (!file || !cache) return std::nullopt;
  static const std::string digest = digest_of_library();
  fs::path target = *cache / fmt::format("std-{}-{}", EIC_VERSION, digest) / file->path;
  std::error_code fault;
  if (fs::file_size(target, fault) == file->text.size() && !fault) return target.string();
  fs::create_directories(target.parent_path(), fault);
  if (fault || record::write_file(target.string(), file->text)) return std::nullopt;
  fs::permissions(target, fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read, fault);
  return target.string();
}

std::optional<json> location(const Document& document, source::Span span) {
  if (span.file == document.main()) return json{{"uri", document.uri}, {"range", document.text.range(span.begin, span.end)}};
  const source::Source& source = document.front->sources.get(span.file);
  std::optional<std::string> path;
  if (!source.path().empty()) path = source.path().string();
  else if (source.name().starts_with(k_library)) path = library_file(std::string_view(source.name()).substr(k_library.size()));
  if (!path) return std::nullopt;
  return json{{"uri", diagnostics::uri_of(*path)}, {"range", Text(std::string(source.text())).range(span.begin, span.end)}};
}

std::optional<json> location(const Document& document, const Found& found) {
  const Declared& at = found.declared;
  if (!found.module.outline) return json{{"uri", document.uri}, {"range", document.text.range(at.begin, at.end)}};
  std::optional<std::string> path = found.module.path.empty() ? library_file(found.module.library) : found.module.path;
  if (!path) return std::nullopt;
  return json{{"uri", diagnostics::uri_of(*path)}, {"range", Text(found.outline->text()).range(at.begin, at.end)}};
}

}  // namespace eic::lsp
