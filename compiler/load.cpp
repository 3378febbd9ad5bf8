#include "compiler/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "compiler/library.h"
#include "compiler/parse/parse.h"
#include "compiler/source/limits.h"
#include "compiler/stdlib.h"

namespace eic {

namespace {

using diagnostics::Diagnostic;
using diagnostics::Kind;
using source::Span;

class Loader {
 public:
  Loader(source::SourceSet& sources, diagnostics::Emitter& emitter) : sources_(sources), emitter_(emitter) {}

  std::optional<sema::Program> run(const source::Source& main) {
    add(main);
    if (emitter_.has_errors()) return std::nullopt;
    return std::move(program_);
  }

 private:
  // Parses one file and, depth first, what it imports.
  uint32_t add(const source::Source& source) {
    auto index = static_cast<uint32_t>(program_.modules.size());
    by_source_[source.id()] = index;
    program_.modules.push_back({&source, {}, {}});
    auto ast = parse::parse(source, emitter_);
    if (!ast) return index;
    program_.modules[index].ast = std::move(*ast);
    open_.push_back(source.id());
    std::vector<sema::Import> imports;
    // the Ast does not move any more: `use` may be pointed to (items live on the heap)
    for (size_t i = 0; i < program_.modules[index].ast.items.size(); i++)
      if (auto* use = std::get_if<ast::Use>(&program_.modules[index].ast.items[i].node)) imports.push_back(import(*use, source));
    program_.modules[index].imports = std::move(imports);
    open_.pop_back();
    program_.order.push_back(index);
    return index;
  }

  sema::Import import(const ast::Use& use, const source::Source& from) {
    sema::Import made;
    made.use = &use;
    std::optional<uint32_t> file;
    if (!use.file.empty()) file = path(use, from);
    for (const auto& name : use.names) {
      made.names.push_back(use.file.empty() && use.module.size() == 2 ? name_in_library(use.module[1].text, name.name.text)
                                                                      : name.name.text);
      made.modules.push_back(use.file.empty() ? library(use, name.name, made.names.back()) : file.value_or(UINT32_MAX));
    }
    return made;
  }

  uint32_t library(const ast::Use& use, const ast::Ident& name, const std::string& declared) {
    std::string folder;
    for (size_t i = 1; i < use.module.size(); i++) folder += use.module[i].text + "/";
    std::string wanted = folder + declared + ".eic";
    if (use.module[0].text != "std") {
      emitter_.emit(Kind::NameUnknown, use.module[0].span, fmt::format("there is no library `{}`", use.module[0].text))
          .help(
              "the standard library is `std`; a file of your own is imported with its path in quotes: `use \"lib/cell.eic\" { C "
              "}`");
      return UINT32_MAX;
    }
    std::vector<std::string> names, folders;
    std::string other;  // the folder that does hold it
    for (const StdFile& file : std_files()) {
      if (file.path == wanted) return open(std::string("std/") + wanted, std::string(file.text), name.span);
      size_t slash = file.path.find('/');
      folders.emplace_back(file.path.substr(0, slash));
      if (file.path.substr(slash + 1) == name.text + ".eic") other = file.path.substr(0, slash);
      if (file.path.substr(0, slash + 1) == folder) names.emplace_back(file.path.substr(slash + 1, file.path.size() - slash - 5));
    }
    bool known_folder = !names.empty();
    Span at = known_folder ? name.span : use.from_span;
    Diagnostic& diagnostic =
        emitter_.emit(Kind::NameUnknown, at,
                      known_folder ? fmt::format("the library has no `{}`", name.text) : "there is no such part of the library");
    auto near = known_folder            ? diagnostics::did_you_mean(name.text, names)
                : use.module.size() > 1 ? diagnostics::did_you_mean(use.module[1].text, folders)
                                        : std::nullopt;
    if (near) diagnostic.fix(known_folder ? name.span : use.module[1].span, *near, fmt::format("did you mean `{}`?", *near));
    else if (!other.empty()) diagnostic.help(fmt::format("it is in another part: `use std.{} {{ {} }}`", other, name.text));
    else diagnostic.help("`eic list` shows what there is");
    return UINT32_MAX;
  }

  uint32_t open(const std::string& name, std::string text, Span use) {
    if (auto known = library_.find(name); known != library_.end()) return program_index(known->second, use);
    if (!within_limits(use)) return UINT32_MAX;
    const source::Source& source = sources_.add_text(name, std::move(text));
    library_[name] = source.id();
    return add(source);
  }

  uint32_t path(const ast::Use& use, const source::Source& from) {
    auto place = sources_.resolve(from, use.file);
    if (!place) {
      bool outside = place.error().fault == source::LoadFault::OutsideRoots;
      bool missing = place.error().fault == source::LoadFault::NotFound;
      Diagnostic& diagnostic = emitter_.emit(outside   ? Kind::ImportOutside
                                             : missing ? Kind::ImportNotFound
                                                       : Kind::ImportUnreadable,
                                             use.from_span,
                                             outside   ? fmt::format("`{}` lies outside the model's folder", use.file)
                                             : missing ? fmt::format("there is no file `{}`", use.file)
                                                       : fmt::format("`{}` is not a regular file", use.file));
      if (outside) diagnostic.help("copy the file beside the model, or name its folder with `--root`");
      if (missing && sources_.resolve(from, use.file + ".eic"))
        diagnostic.fix(use.from_span, "\"" + use.file + ".eic\"", fmt::format("write `\"{}.eic\"`", use.file));
      else if (missing) diagnostic.help("paths are read from the folder of the file that imports");
      return UINT32_MAX;
    }
    if (!within_limits(use.from_span)) return UINT32_MAX;
    std::string shown = (std::filesystem::path(from.name()).parent_path() / use.file).lexically_normal().string();
    auto source = sources_.load(*place, shown);
    if (!source) {
      bool large = source.error().fault == source::LoadFault::TooLarge;
      emitter_.emit(large ? Kind::LimitFileSize : Kind::ImportUnreadable, use.from_span,
                    fmt::format("`{}` cannot be read: {}", use.file, source.error().detail));
      return UINT32_MAX;
    }
    return program_index((*source)->id(), use.from_span);
  }

  uint32_t program_index(uint32_t source, Span use) {
    auto known = by_source_.find(source);
    if (known == by_source_.end()) return add(sources_.get(source));
    auto open = std::find(open_.begin(), open_.end(), source);
    if (open == open_.end()) return known->second;
    std::string circle;
    for (auto it = open; it != open_.end(); ++it) circle += sources_.get(*it).name() + " → ";
    emitter_.emit(Kind::ImportCycle, use,
                  fmt::format("these files import each other: {}{}", circle, sources_.get(source).name()));
    return UINT32_MAX;
  }

  bool within_limits(Span use) {
    if (too_many_) return false;
    if (program_.modules.size() > source::k_max_imports) {
      too_many_ = true;
      emitter_.emit(Kind::LimitImports, use, fmt::format("more than {} imported files", source::k_max_imports));
      return false;
    }
    if (open_.size() > source::k_max_import_depth) {
      emitter_.emit(Kind::LimitImportDepth, use, fmt::format("imports are nested more than {} deep", source::k_max_import_depth));
      return false;
    }
    return true;
  }

  source::SourceSet& sources_;
  diagnostics::Emitter& emitter_;
  sema::Program program_;
  std::vector<uint32_t> open_;  // sources being read, outermost first
  std::map<uint32_t, uint32_t> by_source_;
  bool too_many_ = false;  // said once
  std::map<std::string, uint32_t> library_;
};

}  // namespace

std::optional<sema::Program> load(const source::Source& main, source::SourceSet& sources, diagnostics::Emitter& emitter) {
  return Loader(sources, emitter).run(main);
}

}  // namespace eic
