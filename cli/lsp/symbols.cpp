// The outline of a file: blocks, and what they declare.
#include <map>

#include "cli/lsp/features.h"

namespace eic::lsp {

namespace {

// Kinds of the protocol's SymbolKind.
int kind_of(const std::string& word) {
  static const std::map<std::string, int> kinds = {
      {"cell", 5}, {"channel", 5}, {"synapse", 5}, {"network", 2}, {"population", 18}, {"projection", 24}, {"simulate", 12},
      {"gap", 24}, {"fn", 12},  {"param", 14},  {"gate", 8},    {"state", 8},   {"ion", 20},        {"test", 12},       {"view", 7}};
  auto found = kinds.find(word);
  return found == kinds.end() ? 13 : found->second;
}

json symbols_of(const Document& document, const Node& block, int depth) {
  const Outline& outline = *document.outline;
  const auto& tokens = outline.tokens();
  json out = json::array();
  auto add = [&](std::string name, const std::string& word, const std::string& detail, const Node& node, uint32_t begin,
                 uint32_t end) {
    json symbol = {{"name", std::move(name)},
                   {"detail", detail},
                   {"kind", kind_of(word)},
                   {"range", document.text.range(tokens[node.first].begin, tokens[node.last - 1].end)},
                   {"selectionRange", document.text.range(begin, end)}};
    if (node.has_block() && depth < 3) symbol["children"] = symbols_of(document, node, depth + 1);
    out.push_back(std::move(symbol));
  };
  for (const Declared& declared : outline.declared(block)) {
    if (declared.word == "setting" || declared.word == "weight") continue;
    add(declared.name, declared.word, declared.type.empty() ? declared.word : declared.word + " : " + declared.type,
        *declared.node, declared.begin, declared.end);
  }
  for (const Node& node : block.children) {  // a test's name is a string
    if (outline.word(node) != "test" || node.first + 1 >= node.last || tokens[node.first + 1].mark != Mark::String) continue;
    const Token& name = tokens[node.first + 1];
    std::string inner(name.text.size() > 2 ? name.text.substr(1, name.text.size() - 2) : name.text);
    add(inner, "test", "test", node, name.begin, name.end);
  }
  return out;
}

}  // namespace

json symbols(const Document& document) { return symbols_of(document, document.outline->root(), 0); }

}  // namespace eic::lsp
