// Where a name was declared: as the checker found it; in a text that it cannot read, by the names of the blocks around.
#include <algorithm>

#include "cli/lsp/features.h"

namespace eic::lsp {

namespace {

// A path is looked up one part after another: `INa.m` leads into the instance's mechanism.
std::optional<Found> by_name(const Document& document, size_t at) {
  const Outline& outline = *document.outline;
  const auto& tokens = outline.tokens();
  auto around = outline.around(tokens[at].begin);
  if (at < 2 || !tokens[at - 1].is(".") || tokens[at - 2].mark != Mark::Word) {
    const Node* block = around.back();
    bool sets = at + 1 < tokens.size() && tokens[at + 1].is("=");
    if (sets && block->has_block() && outline.word(*block, 2) == ":") {  // `{ g = … }` of an instance: its mechanism's
      auto type = find_top(document, outline.word(*block, 3));
      for (const Declared& inner : type ? type->outline->declared(*type->declared.node) : std::vector<Declared>{})
        if (inner.name == tokens[at].text) return Found{type->outline, inner, type->module};
    }
    return find_name(document, around, tokens[at].text);
  }
  auto owner = by_name(document, at - 2);
  if (!owner) return std::nullopt;
  auto inside = owner;
  if (!owner->declared.type.empty()) inside = find_top(document, owner->declared.type);
  for (const std::optional<Found>& place : {inside, owner}) {
    if (!place || !place->declared.node->has_block()) continue;
    for (const Declared& inner : place->outline->declared(*place->declared.node))
      if (inner.name == tokens[at].text) return Found{place->outline, inner, place->module};
  }
  return std::nullopt;
}

// The name that an import takes, in its own file.
std::optional<Found> imported(const Document& document, uint32_t offset) {
  for (const Imported& import : document.outline->imports()) {
    if (offset < import.begin || offset > import.end) continue;
    if (auto module = document.module(import))
      if (auto there = module->outline->find({&module->outline->root()}, import.name))
        return Found{module->outline, *there, *module};
  }
  return std::nullopt;
}

// The file that stands between the quotes of a `use`.
std::optional<json> file(const Document& document, const Token& token) {
  for (const Imported& import : document.outline->imports()) {
    if (import.file.empty() || token.begin < import.use_begin || token.end > import.use_end) continue;
    if (auto module = document.module(import)) {
      Found found{module->outline, {}, *module};
      return location(document, found);
    }
  }
  return std::nullopt;
}

}  // namespace

json definition(const Document& document, uint32_t offset) {
  json out = json::array();
  for (const sema::Reference& reference : document.front->index.references) {
    if (reference.use.file != document.main() || offset < reference.use.begin || offset > reference.use.end) continue;
    auto place = location(document, reference.declaration);
    if (place && std::find(out.begin(), out.end(), *place) == out.end()) out.push_back(*place);
  }
  if (!out.empty()) return out;
  size_t at = document.outline->token_at(offset);
  if (at == SIZE_MAX || document.outline->in_comment(offset)) return out;
  const Token& token = document.outline->tokens()[at];
  std::optional<json> place;
  if (token.mark == Mark::String) {
    place = file(document, token);
  } else if (token.mark == Mark::Word) {
    auto found = imported(document, offset);
    if (!found) found = by_name(document, at);
    if (found) place = location(document, *found);
  }
  if (place) out.push_back(*place);
  return out;
}

}  // namespace eic::lsp
