#include "compiler/suggest_import.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/ast/visit.h"
#include "compiler/library.h"
#include "compiler/stdlib.h"

namespace eic {

namespace {

using diagnostics::Diagnostic;
using source::Span;

// The part of the library that a name belongs to ("channels"); empty where it has no such name.
std::string part_of(const std::string& name) {
  for (const StdFile& file : std_files()) {
    std::string part(file.path.substr(0, file.path.find('/')));
    if (file.path.substr(part.size() + 1) == name_in_library(part, name) + ".eic") return part;
  }
  return "";
}

std::vector<std::string> names_in(const std::string& part) {
  std::vector<std::string> names;
  for (const StdFile& file : std_files())
    if (size_t slash = file.path.find('/'); file.path.substr(0, slash) == part)
      names.emplace_back(file.path.substr(slash + 1, file.path.size() - slash - 5));
  return names;
}

// A place where a mechanism is named, and the part of the library that it would be of.
struct Use {
  ast::Ident name;
  std::string part;
};

const char* part_of_kind(ast::MechanismKind kind) {
  if (kind == ast::MechanismKind::Plasticity) return "plasticity";
  return kind == ast::MechanismKind::Synapse ? "synapses" : "channels";
}

void collect(const ast::Items& items, std::vector<Use>& uses) {
  for (const ast::Item& item : items) {
    if (auto* instance = std::get_if<ast::Instance>(&item.node))
      uses.push_back({instance->type, part_of_kind(instance->kind)});
    if (auto* cell = std::get_if<ast::Cell>(&item.node); cell && cell->base) uses.push_back({*cell->base, "neurons"});
    if (auto* population = std::get_if<ast::Population>(&item.node)) uses.push_back({population->cell, "neurons"});
    if (auto* test = std::get_if<ast::Test>(&item.node))
      uses.push_back({test->of, part_of(test->of.text) == "neurons" ? "neurons" : "channels"});
    if (const ast::Items* inner = ast::items_of(item)) collect(*inner, uses);
  }
}

// Where a `use` of its own goes: behind the last one, else before the first item and the comment that stands upon it.
diagnostics::Fix new_line(const sema::Module& module, const std::string& line) {
  uint32_t file = module.source->id();
  std::string_view text = module.source->text();
  const ast::Item* last = nullptr;
  for (const ast::Item& item : module.ast.items)
    if (std::holds_alternative<ast::Use>(item.node)) last = &item;
  if (last) return {{file, last->span.end, last->span.end}, "\n" + line, ""};
  size_t at = module.ast.items[0].span.begin;
  auto begin_of_line = [&](size_t offset) { return offset == 0 ? 0 : text.rfind('\n', offset - 1) + 1; };
  for (at = begin_of_line(at); at > 0 && text[begin_of_line(at - 1)] == '#'; at = begin_of_line(at - 1)) continue;
  auto offset = static_cast<uint32_t>(at);
  return {{file, offset, offset}, line + "\n", ""};
}

diagnostics::Fix import_of(const sema::Module& module, const std::string& name, const std::string& part) {
  for (const ast::Item& item : module.ast.items) {
    auto* use = std::get_if<ast::Use>(&item.node);
    bool same = use && use->module.size() == 2 && use->module[0].text == "std" && use->module[1].text == part;
    if (!same || use->names.empty()) continue;
    const ast::Use::Name& last = use->names.back();
    uint32_t end = (last.alias ? *last.alias : last.name).span.end;
    return {{module.source->id(), end, end}, ", " + name, ""};
  }
  return new_line(module, fmt::format("use std.{} {{ {} }}", part, name));
}

void suggest(Diagnostic& diagnostic, const sema::Module& module, const Use& use) {
  const std::string& name = use.name.text;
  std::string part = part_of(name);
  if (part == use.part) {
    diagnostic.helps.clear();
    diagnostic.fixes = {import_of(module, name, part)};
    diagnostic.fixes[0].text = fmt::format("import it: `use std.{} {{ {} }}`", part, name);
  } else if (!part.empty()) {
    diagnostic.helps.clear();
    diagnostic.help(fmt::format("`{}` is a {} of the library", name, part.substr(0, part.size() - 1)));
  } else {
    // the nearest of all, whether it is imported or not
    std::vector<std::string> known = names_in(use.part);
    for (const diagnostics::Fix& fix : diagnostic.fixes) known.push_back(fix.replacement);
    auto near = diagnostics::did_you_mean(name, known);
    if (!near || part_of(*near) != use.part || (!diagnostic.fixes.empty() && diagnostic.fixes[0].replacement == *near)) return;
    diagnostic.helps.clear();
    diagnostic.fixes.clear();
    diagnostic.help(fmt::format("did you mean `{0}` of the library? import it: `use std.{1} {{ {0} }}`", *near, use.part));
  }
}

}  // namespace

void suggest_imports(const sema::Program& program, diagnostics::Emitter& emitter) {
  auto unknown = [](const Diagnostic& diagnostic) { return diagnostic.kind == diagnostics::Kind::NameUnknown; };
  if (std::none_of(emitter.all().begin(), emitter.all().end(), unknown)) return;
  for (const sema::Module& module : program.modules) {
    std::vector<Use> uses;
    collect(module.ast.items, uses);
    for (size_t i = 0; i < emitter.all().size(); i++)
      for (const Use& use : uses)
        if (unknown(emitter.all()[i]) && emitter.all()[i].span == use.name.span) suggest(emitter.revise(i), module, use);
  }
}

}  // namespace eic
