#include "compiler/sema/scope.h"

namespace eic::sema {

Symbol* Scope::find_here(const std::string& name) {
  auto found = symbols_.find(name);
  if (found != symbols_.end()) return &found->second;
  return base_ ? base_->find_here(name) : nullptr;
}

Symbol* Scope::find(const std::string& name) {
  for (Scope* scope = this; scope; scope = scope->parent_)
    if (Symbol* symbol = scope->find_here(name)) return symbol;
  return nullptr;
}

Symbol* Scope::add(const std::string& name, Symbol symbol) {
  if (inherits(name)) return base_->find_here(name);
  auto [place, fresh] = symbols_.emplace(name, std::move(symbol));
  return fresh ? nullptr : &place->second;
}

void Scope::collect_own_names(std::vector<std::string>& names) const {
  for (const auto& [name, symbol] : symbols_) names.push_back(name);
  if (base_) base_->collect_own_names(names);
}

void Scope::collect_names(std::vector<std::string>& names) const {
  collect_own_names(names);
  if (parent_) parent_->collect_names(names);
}

}  // namespace eic::sema
