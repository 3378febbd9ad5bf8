#include "cli/lsp/scope.h"

#include <algorithm>

namespace eic::lsp {

namespace {

bool is_mechanism(std::string_view word) {
  return word == "channel" || word == "synapse" || word == "pool" || word == "plasticity";
}

std::vector<Found> declared_in(const Found& place) {
  std::vector<Found> out;
  if (place.declared.node && place.declared.node->has_block())
    for (Declared& inner : place.outline->declared(*place.declared.node))
      out.push_back({place.outline, std::move(inner), place.module});
  return out;
}

std::optional<Found> one_of(const std::vector<Found>& all, std::string_view name) {
  auto found = std::find_if(all.begin(), all.end(), [&](const Found& one) { return one.declared.name == name; });
  return found == all.end() ? std::nullopt : std::optional(*found);
}

// The network that a `simulate` or a `test` around runs; a test of a cell has none.
std::optional<Found> network_of(const Document& document, const Node& node, int depth = 0) {
  const Outline& outline = *document.outline;
  if (outline.word(node) == "network") return find_top(document, outline.word(node, 1));
  std::string_view of = outline.word(node, 3);
  if (outline.word(node, 2) != "of" || depth > 2) return std::nullopt;
  auto found = find_top(document, of);
  if (!found || found->declared.word == "network") return found;
  return found->declared.word == "simulate" && !found->module.outline ? network_of(document, *found->declared.node, depth + 1)
                                                                      : std::nullopt;
}

}  // namespace

Site::Site(const Document& document_, uint32_t offset_)
    : document(document_), offset(offset_), begin(offset_), end(offset_), at(0) {
  const auto& tokens = outline().tokens();
  size_t token = outline().token_at(offset);
  if (token != SIZE_MAX && tokens[token].mark == Mark::Word) {
    begin = tokens[token].begin;
    end = tokens[token].end;
  }
  while (at < tokens.size() && tokens[at].begin < begin) at++;
  around = outline().around(begin);
  find_item();
}

void Site::find_item() {
  for (const Node& child : block_node().children) {
    if (child.first >= at) break;
    item = child.last >= at ? &child : nullptr;
    before = &child;
  }
  if (item) before = nullptr;
}

std::string_view Site::back(size_t count) const {
  size_t i = at;
  for (; count > 0; count--) {
    do {
      if (i == 0 || !item || i <= item->first) return {};
      i--;
    } while (outline().tokens()[i].mark == Mark::Newline);
  }
  return outline().tokens()[i].text;
}

std::string Site::block() const {
  if (around.size() == 1) return "file";
  std::string word(outline().word(block_node()));
  if (is_mechanism(word) && outline().word(block_node(), 2) == ":") return "instance";
  if (word == "on" || word == "reset") return "body";
  return word;
}

std::string Site::assigned() const {
  std::string path;
  const auto& tokens = outline().tokens();
  if (!item) return path;
  for (size_t i = item->first; i < at; i++) {
    if (tokens[i].is("=")) return path;
    if (tokens[i].mark != Mark::Newline) path += tokens[i].text;
  }
  return "";
}

static std::vector<Found> members(const Document& document, const Found& owner, int depth) {
  const std::string& word = owner.declared.word;
  auto type = owner.declared.type.empty() ? std::nullopt : find_top(document, owner.declared.type);
  std::vector<Found> out = word == "population" || word == "cell" || !type ? declared_in(owner) : std::vector<Found>{};
  if (!type || depth > 16) return out;  // cells that derive from each other end there
  for (Found& inner : type->declared.word == "cell" ? members(document, *type, depth + 1) : declared_in(*type))
    out.push_back(std::move(inner));
  return out;
}

std::vector<Found> members(const Document& document, const Found& owner) { return members(document, owner, 0); }

std::optional<Found> named(const Site& site, std::string_view path) {
  std::string_view first = path.substr(0, path.find('.'));
  auto found = find_name(site.document, site.around, first);
  if (!found) found = one_of(populations(site), first);
  if (!found)
    for (const Found& cell : top_of_kind(site.document, "cell"))
      if (!found) found = one_of(declared_in(cell), first);
  while (found && first.size() < path.size()) {
    path.remove_prefix(first.size() + 1);
    first = path.substr(0, path.find('.'));
    found = one_of(members(site.document, *found), first);
  }
  return found;
}

std::optional<Found> owner(const Site& site) {
  std::string path;
  for (size_t i = 1; site.back(i) == "."; i += 2) path = std::string(site.back(i + 1)) + (path.empty() ? "" : "." + path);
  return path.empty() ? std::nullopt : named(site, path);
}

std::vector<Found> names_in_scope(const Site& site) {
  std::vector<Found> out;
  for (size_t i = site.around.size(); i-- > 0;)
    for (Declared& declared : site.outline().declared(*site.around[i]))
      out.push_back({site.document.outline, std::move(declared), {}});
  for (const Imported& import : site.outline().imports()) {
    auto found = find_top(site.document, import.as);
    if (!found) continue;
    found->declared.name = import.as;
    out.push_back(std::move(*found));
  }
  return out;
}

std::vector<Found> top_of_kind(const Document& document, std::string_view word) {
  std::vector<Found> out;
  for (Declared& declared : document.outline->declared(document.outline->root()))
    if (declared.word == word) out.push_back({document.outline, std::move(declared), {}});
  for (const Imported& import : document.outline->imports()) {
    auto found = find_top(document, import.as);
    if (!found || found->declared.word != word || !found->module.outline) continue;
    found->declared.name = import.as;
    out.push_back(std::move(*found));
  }
  return out;
}

std::vector<Found> populations(const Site& site) {
  std::vector<Found> out;
  for (size_t i = 1; i < site.around.size() && out.empty(); i++) {
    const Node& node = *site.around[i];
    if (auto network = network_of(site.document, node)) {
      for (Found& inner : declared_in(*network))
        if (inner.declared.word == "population") out.push_back(std::move(inner));
    } else if (site.outline().word(node) == "test") {
      if (auto cell = find_top(site.document, site.outline().word(node, 3)); cell && cell->declared.word == "cell")
        out.push_back(*cell);
    }
  }
  return out;
}

std::optional<Found> mechanism(const Site& site) { return find_top(site.document, site.outline().word(site.block_node(), 3)); }

}  // namespace eic::lsp
