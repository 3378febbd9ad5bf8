// Derived cells: `cell E : AdEx { tau_m = 10 ms, … }` is the base's items and its own, some of the base's values overruled.
#include <fmt/format.h>

#include "compiler/sema/hints.h"
#include "compiler/sema/instance.h"

namespace eic::sema {

static bool is_cell_setting(const ast::Binding& binding) {
  const std::string& name = binding.path[0].text;
  return binding.path.size() == 1 && (name == "area" || name == "capacitance" || name == "temperature");
}

// Once, whoever asks first: the file's turn, or a cell above it in the file that derives from it.
void Checker::make_cell(Symbol& symbol, Scope& module) {
  if (symbol.index != UINT32_MAX || symbol.failed) return;
  symbol.resolving = true;
  symbol.index = cell(*symbol.item, module);
  symbol.resolving = false;
  symbol.failed = symbol.index == UINT32_MAX;
}

// Empty where the base is unknown or in error, which was said.
Checker::CellParts Checker::parts_of(const ast::Cell& written, Scope& module, Cell& cell) {
  struct Written {
    const ast::Cell* cell;
    Scope* module;
  };
  std::vector<Written> chain = {{&written, &module}};
  while (chain.back().cell->base) {
    auto [derived, home] = chain.back();
    Symbol* base = find_kind(*derived->base, home, Symbol::Kind::Cell, "cell");
    if (!base) return {};
    if (base->resolving) {
      error(Kind::CellCycle, derived->base->span,
            fmt::format("the cell `{}` derives from itself", std::get<ast::Cell>(base->item->node).name.text))
          .note(base->span, "it is declared here");
      return {};
    }
    make_cell(*base, *base->scope);
    if (base->failed) return {};
    cell.bases.push_back(base->span);
    chain.push_back({&std::get<ast::Cell>(base->item->node), base->scope});
  }
  CellParts parts;
  for (auto link = chain.rbegin(); link != chain.rend(); ++link) {
    Scope* base = parts.empty() ? nullptr : parts.back().scope;
    parts.push_back({link->cell, &scopes_.emplace_back(link->module, cell.name, base)});
  }
  return parts;
}

// `tau_m = …`, `INa.g = …`, `na.E = …` of the derived parts; a later part overrules an earlier one's.
void Checker::collect_overrulings(const CellParts& parts) {
  overrulings_.clear();
  for (size_t i = 1; i < parts.size(); i++) {
    std::map<std::string, Span> seen;
    for (const ast::Item& item : parts[i].written->items) {
      auto* setting = std::get_if<ast::Setting>(&item.node);
      if (!setting || is_cell_setting(setting->binding)) continue;
      const ast::Binding& binding = setting->binding;
      std::string name = ast::dotted(binding.path);
      if (auto [first, fresh] = seen.emplace(name, binding.span); !fresh) {
        error(Kind::ItemTwice, binding.span, fmt::format("`{}` is given twice", name)).note(first->second, "first given here");
        continue;
      }
      // `tau = tau`: the name itself means what stands outside the cell, as in the braces of a mechanism
      Scope& site = scopes_.emplace_back(parts[i].scope, "");
      if (Symbol* outside = binding.path.size() == 1 ? parts[i].scope->parent()->find(name) : nullptr) site.add(name, *outside);
      overrulings_[parts[i].scope->path_of(name)] = {&binding, &site};
    }
  }
}

const Checker::Overruling* Checker::overruling(const std::string& path) {
  auto found = overrulings_.find(path);
  if (found == overrulings_.end()) return nullptr;
  found->second.used = true;
  return &found->second;
}

std::vector<Checker::Bound> Checker::bindings_of(const std::vector<ast::Binding>& written, const std::string& path, Scope* site) {
  std::vector<Bound> all;
  for (const ast::Binding& binding : written)
    if (!overruling(path + "." + ast::dotted(binding.path))) all.push_back({binding.path, &binding, site});
  for (auto& [whole, instead] : overrulings_) {
    if (!whole.starts_with(path + ".")) continue;
    instead.used = true;
    const std::vector<ast::Ident>& names = instead.binding->path;
    all.push_back({{names.begin() + 1, names.end()}, instead.binding, instead.site});
  }
  return all;
}

// What overrules nothing.
void Checker::report_overrulings(const Cell& cell, const ast::Cell& written) {
  for (const auto& [path, instead] : overrulings_) {
    if (instead.used) continue;
    std::vector<std::string> names = {"area", "capacitance", "temperature"};
    for (const Param& param : model_.params)
      if (param.path.starts_with(cell.name + ".")) names.push_back(param.path.substr(cell.name.size() + 1));
    const std::vector<ast::Ident>& own = instead.binding->path;
    std::string name = ast::dotted(own);
    Diagnostic& diagnostic =
        error(Kind::NameUnknown, own[0].span, fmt::format("the cell `{}` has no parameter `{}`", written.base->text, name));
    auto state = [&](const State& other) { return other.path == name; };
    if (name == "v" || std::any_of(cell.states.begin(), cell.states.end(), state))
      diagnostic.help(fmt::format("it is a state; it starts at what `init {} = …` says", name));
    else if (Symbol* known = own.size() == 1 ? instead.site->find(name) : nullptr;
             known && (known->kind == Symbol::Kind::Pending || known->kind == Symbol::Kind::Value))
      diagnostic.note(known->span, "a named value, which follows from what it reads");
    else if (name == "spike") diagnostic.help("write `spike when v crosses -20 mV`");
    else if (name == "refractory") diagnostic.help("it stands behind the condition: `spike when …, refractory = 2 ms`");
    else if (!diagnostic.suggest(ast::span_of(own), name, names) && own.size() == 1 && instead.binding->op == "=")
      diagnostic.fix({own[0].span.file, own[0].span.begin, own[0].span.begin}, "param ",
                     fmt::format("a value of your own is declared: `param {} = …`", name));
    diagnostic.note(cell.bases[0], "declared here");
  }
}

}  // namespace eic::sema
