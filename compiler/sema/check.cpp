#include "compiler/sema/check.h"

#include <fmt/format.h>

#include "compiler/sema/checker.h"
#include "compiler/sema/hints.h"

namespace eic::sema {

void Checker::import_names(size_t module) {
  for (const Import& import : program_.modules[module].imports)
    for (size_t i = 0; i < import.modules.size(); i++) {
      const ast::Use::Name& name = import.use->names[i];
      const std::string& declared = import.names[i];
      if (import.modules[i] == UINT32_MAX) continue;
      Scope* from = modules_[import.modules[i]];
      Symbol* found = from->find_here(declared);
      if (!found || found->span.file != program_.modules[import.modules[i]].source->id()) {
        std::vector<std::string> names;
        from->collect_own_names(names);
        Diagnostic& diagnostic =
            error(Kind::NameUnknown, name.name.span,
                  fmt::format("`{}` declares no `{}`", program_.modules[import.modules[i]].source->name(), declared));
        diagnostic.suggest(name.name.span, name.name.text, names);
        continue;
      }
      if (found->kind == Symbol::Kind::Param && !found->value) resolve_param(*found);
      refer(name.name.span, *found, declared);
      const ast::Ident& local = name.alias ? *name.alias : name.name;
      Symbol copy = *found;
      if (declare(*modules_[module], local, copy)) modules_[module]->find_here(local.text)->span = found->span;
    }
}

void Checker::module_items(size_t index) {
  const Module& module = program_.modules[index];
  Scope& scope = *modules_[index];
  declare_items(scope, module.ast.items, true);
  auto declare_item = [&](const ast::Ident& name, Symbol::Kind kind, const ast::Item& item) {
    Symbol symbol;
    symbol.kind = kind;
    symbol.item = &item;
    symbol.scope = &scope;
    symbol.index = UINT32_MAX;
    declare(scope, name, symbol);
  };
  for (const ast::Item& item : module.ast.items) {
    if (auto* mechanism = std::get_if<ast::Mechanism>(&item.node)) declare_item(mechanism->name, Symbol::Kind::Mechanism, item);
    if (auto* cell = std::get_if<ast::Cell>(&item.node)) declare_item(cell->name, Symbol::Kind::Cell, item);
    if (auto* network = std::get_if<ast::Network>(&item.node)) declare_item(network->name, Symbol::Kind::Network, item);
    if (auto* simulate = std::get_if<ast::Simulate>(&item.node)) declare_item(simulate->name, Symbol::Kind::Simulation, item);
  }
  import_names(index);
  Place place;
  place.scope = &scope;
  place.states = false;
  place.what = "a value outside cells and mechanisms";
  for (const ast::Item& item : module.ast.items)
    if (std::holds_alternative<ast::Param>(item.node)) force_items({&item, &item + 1}, place);
  for (const ast::Item& item : module.ast.items)
    if (auto* mechanism = std::get_if<ast::Mechanism>(&item.node)) check_definition(*mechanism, scope);
  for (const ast::Item& item : module.ast.items)
    if (auto* written = std::get_if<ast::Cell>(&item.node)) {
      Symbol* symbol = scope.find_here(written->name.text);
      if (symbol && symbol->span == written->name.span) make_cell(*symbol, scope);
      else cell(item, scope);  // its name is another's, which was said
    }
  for (const ast::Item& item : module.ast.items)
    if (auto* written = std::get_if<ast::Network>(&item.node))
      if (uint32_t made = network(item, scope); Symbol* symbol = scope.find_here(written->name.text))
        if (symbol->span == written->name.span) symbol->index = made;
  if (index != 0) return;  // runs and tests are the main file's own
  for (const ast::Item& item : module.ast.items)
    if (auto* written = std::get_if<ast::Simulate>(&item.node))
      if (auto run = simulation(*written, written->name.span, scope)) {
        Symbol* symbol = scope.find_here(written->name.text);
        if (symbol && symbol->span == written->name.span) symbol->index = static_cast<uint32_t>(model_.simulations.size());
        model_.simulations.push_back(std::move(*run));
      }
  for (const ast::Item& item : module.ast.items) {
    if (auto* written = std::get_if<ast::Sweep>(&item.node)) sweep(*written, scope);
    else if (std::holds_alternative<ast::Test>(item.node)) test(item, scope);
    else if (!std::holds_alternative<ast::Use>(item.node) && !std::holds_alternative<ast::Param>(item.node) &&
             !std::holds_alternative<ast::Let>(item.node) && !std::holds_alternative<ast::Fn>(item.node) &&
             !std::holds_alternative<ast::Mechanism>(item.node) && !std::holds_alternative<ast::Cell>(item.node) &&
             !std::holds_alternative<ast::Network>(item.node) && !std::holds_alternative<ast::Simulate>(item.node) &&
             !std::holds_alternative<ast::Allow>(item.node))
{
      Diagnostic& diagnostic = error(Kind::ItemMisplaced, item.keyword, "this item does not belong at the top of a file");
      auto* setting = std::get_if<ast::Setting>(&item.node);
      if (setting && setting->binding.path.size() == 1 && setting->binding.op == "=") {
        Span at = setting->binding.path[0].span;
        diagnostic.fix({at.file, at.begin, at.begin}, "param ",
                       fmt::format("a value of its own is declared: `param {} = …`", setting->binding.path[0].text));
      } else if (std::string where = where_it_belongs(item); !where.empty()) {
        diagnostic.help(where);
      }
    }
  }
}

std::optional<Model> Checker::run() {
  for (size_t i = 0; i < program_.modules.size(); i++) modules_.push_back(&scopes_.emplace_back(nullptr, ""));
  model_.name = program_.modules[0].source->path().stem().string();
  if (model_.name.empty()) model_.name = "model";
  for (uint32_t i : program_.order) module_items(i);
  for (size_t i = 0; i < settings_.size(); i++) {
    if (settings_used_.count(i)) continue;
    std::vector<std::string> names;
    for (const Param& param : model_.params) names.push_back(param.path);
    Diagnostic& diagnostic =
        error(Kind::NameUnknown, settings_[i].span, fmt::format("there is no parameter `{}` to set", settings_[i].path));
    diagnostic.suggest(settings_[i].span, settings_[i].path, names);
  }
  if (emitter_.has_errors()) return std::nullopt;
  return std::move(model_);
}

std::optional<Model> check(const Program& program, const std::vector<Setting>& settings, const source::SourceSet& sources,
                           diagnostics::Emitter& emitter, Index& index) {
  return Checker(program, settings, sources, emitter, index).run();
}

}  // namespace eic::sema
