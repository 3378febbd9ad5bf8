// L010: declared, and read by nobody. L011: one name, two meanings. Both of the main file only: what it imports is looked
// at when it is checked itself.
#include <fmt/format.h>

#include <map>
#include <set>

#include "compiler/ast/visit.h"
#include "compiler/lint/rule.h"

namespace eic::lint {

namespace {

using Place = std::pair<uint32_t, uint32_t>;  // file, begin
Place place(Span span) { return {span.file, span.begin}; }

struct Uses {
  std::set<Place> read;           // declarations that somebody reads
  std::map<Place, Span> imports;  // declaration → its name in a `use` of the main file
};

// A file whose runs and tests say what it is for; without them, its parameters, mechanisms and cells are for others.
bool has_purpose(const ast::Items& items) {
  for (const ast::Item& item : items)
    if (std::holds_alternative<ast::Network>(item.node) || std::holds_alternative<ast::Simulate>(item.node)) return true;
  return false;
}

const char* word_of(const ast::Item& item) {
  if (std::holds_alternative<ast::Param>(item.node)) return "parameter";
  if (std::holds_alternative<ast::Let>(item.node)) return "named value";
  if (std::holds_alternative<ast::Fn>(item.node)) return "function";
  if (std::holds_alternative<ast::Ion>(item.node)) return "ion";
  if (std::holds_alternative<ast::Mechanism>(item.node)) return "mechanism";
  if (std::holds_alternative<ast::Cell>(item.node)) return "cell";
  return nullptr;
}

void unused(const ast::Items& items, bool top, bool purpose, const Uses& uses, Reporter& reporter) {
  for (const ast::Item& item : items) {
    const char* word = word_of(item);
    const ast::Ident* name = ast::name_of(item);
    if (word && name && !(top && !purpose) && !uses.read.count(place(name->span)))
      reporter.warn(Kind::LintUnused, name->span, {item.span}, fmt::format("the {} `{}` is never used", word, name->text))
          .help("leave it out, or use it");
    if (auto* inner = ast::items_of(item)) unused(*inner, false, purpose, uses, reporter);
  }
}

struct Named {
  std::string word;
  Span span;
};
using Names = std::map<std::string, Named>;

// The words behind a `/` in "S/m^2": "m".
std::vector<std::string> divisors(const std::string& unit) {
  std::vector<std::string> words;
  for (size_t at = unit.find('/'); at != std::string::npos; at = unit.find('/', at + 1)) {
    size_t end = at + 1;
    while (end < unit.size() && (std::isalpha(static_cast<unsigned char>(unit[end])) || unit[end] == '_')) end++;
    words.push_back(unit.substr(at + 1, end - at - 1));
  }
  return words;
}

void check_units(const ast::Item& item, const Names& names, const source::SourceSet& sources, Reporter& reporter) {
  ast::for_each_expr(item, [&](const ast::Expr& whole) {
    ast::for_each_part(whole, [&](const ast::Expr& part) {
      if (part.kind != ast::ExprKind::Number || !part.has_unit) return;
      for (const std::string& word : divisors(part.unit.text)) {
        auto name = names.find(word);
        if (name == names.end()) continue;
        std::string text(sources.get(part.span.file).text().substr(part.span.begin, part.span.end - part.span.begin));
        std::string apart = text;
        apart.replace(apart.find("/" + word), 1, " / ");
        reporter.warn(Kind::LintShadow, part.span, {item.span}, fmt::format("the `{}` in `{}` is a unit, and a name here as well", word, text))
            .note(name->second.span, fmt::format("the {} `{}`", name->second.word, word))
            .help(fmt::format("`{}` divides by the {}; another name would leave no doubt", apart, name->second.word));
        return;
      }
    });
  });
}

// `names`: what can be read here, outer names included.
void shadows(const ast::Items& items, Names names, const source::SourceSet& sources, Reporter& reporter) {
  Names own;
  for (const ast::Item& item : items) {
    const ast::Ident* name = ast::name_of(item);
    const char* word = word_of(item);
    if (std::holds_alternative<ast::State>(item.node)) word = "state";
    if (std::holds_alternative<ast::Gate>(item.node)) word = "gate";
    bool value = name && word && !std::holds_alternative<ast::Mechanism>(item.node) && !std::holds_alternative<ast::Cell>(item.node) &&
                 !std::holds_alternative<ast::Ion>(item.node);
    if (!value) continue;
    if (auto outer = names.find(name->text); outer != names.end())
      reporter
          .warn(Kind::LintShadow, name->span, {item.span},
                fmt::format("the {} `{}` hides a {} of that name", word, name->text, outer->second.word))
          .note(outer->second.span, "the one outside");
    own.emplace(name->text, Named{word, name->span});
  }
  for (auto& [name, named] : own) names.insert_or_assign(name, named);
  for (const ast::Item& item : items) {
    check_units(item, names, sources, reporter);
    if (auto* inner = ast::items_of(item)) shadows(*inner, names, sources, reporter);
  }
}

}  // namespace

void check_names(const Input& input, Reporter& reporter) {
  const sema::Module& main = input.program.modules[0];
  Uses uses;
  std::set<Place> import_names;
  for (const sema::Import& import : main.imports)
    for (const ast::Use::Name& name : import.use->names) import_names.insert(place(name.name.span));
  std::set<Place> read_here;  // from the main file
  for (const sema::Reference& reference : input.index.references) {
    if (reference.sets) {  // an import may be there to be given another value
      if (reference.use.file == main.source->id()) read_here.insert(place(reference.declaration));
      continue;
    }
    if (import_names.count(place(reference.use))) {
      uses.imports.emplace(place(reference.declaration), reference.use);
      continue;
    }
    uses.read.insert(place(reference.declaration));
    if (reference.use.file == main.source->id()) read_here.insert(place(reference.declaration));
  }
  for (const auto& [declaration, name] : uses.imports)
    if (!read_here.count(declaration)) {
      std::string text(main.source->text().substr(name.begin, name.end - name.begin));
      reporter.warn(Kind::LintUnused, name, {}, fmt::format("`{}` is imported and never used", text)).help("leave it out of the `use`");
    }
  unused(main.ast.items, true, has_purpose(main.ast.items), uses, reporter);
  shadows(main.ast.items, {}, input.sources, reporter);
}

}  // namespace eic::lint
