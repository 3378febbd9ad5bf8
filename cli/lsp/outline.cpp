#include "cli/lsp/outline.h"

#include <algorithm>
#include <array>

#include "compiler/library.h"

namespace eic::lsp {

namespace {

constexpr int k_deepest = 64;  // blocks within one another that are told apart

bool one_of(std::string_view text, std::initializer_list<std::string_view> all) {
  return std::find(all.begin(), all.end(), text) != all.end();
}
bool opens(const Token& token) { return token.mark == Mark::Sign && one_of(token.text, {"(", "["}); }
bool closes(const Token& token) { return token.mark == Mark::Sign && one_of(token.text, {")", "]"}); }
bool begins_file_item(const Token& token) {
  return token.mark == Mark::Word && one_of(token.text, {"cell", "network", "simulate", "sweep", "test", "use"});
}
bool declares(std::string_view word) {
  return one_of(word, {"param", "let", "state", "fn", "gate", "channel", "synapse", "pool", "plasticity", "ion", "cell",
                       "network", "population", "projection", "gap", "simulate", "sweep"});
}

}  // namespace

Outline::Outline(std::string text) : text_(std::move(text)) {
  for (const Token& token : scan(text_)) (token.mark == Mark::Comment ? comments_ : tokens_).push_back(token);
  build();
}

// A line that ends in an operator goes on, and so does one whose next begins with one.
bool Outline::ends_item(size_t at) const {
  if (tokens_[at].is(",")) return true;
  if (tokens_[at].mark != Mark::Newline) return false;
  if (at > 0) {
    const Token& before = tokens_[at - 1];
    if (before.mark == Mark::Sign && !one_of(before.text, {")", "]", "}", "{", "'", ","})) return false;
  }
  size_t next = at + 1;
  while (next < tokens_.size() && tokens_[next].mark == Mark::Newline) next++;
  return next == tokens_.size() || tokens_[next].mark != Mark::Sign || one_of(tokens_[next].text, {"}", "(", "[", "{", "."});
}

Node Outline::item(size_t& at, int depth) {
  Node node;
  node.first = at;
  int brackets = 0;
  auto leaves_blocks = [&](size_t i) {  // an item of the file in the first column: what was open before it was left open
    return begins_file_item(tokens_[i]) && (tokens_[i].begin == 0 || text_[tokens_[i].begin - 1] == '\n');
  };
  while (at < tokens_.size()) {
    const Token& token = tokens_[at];
    bool line_begins = at > node.first && tokens_[at - 1].mark == Mark::Newline;
    if ((at > node.first && leaves_blocks(at)) || token.is("}")) break;
    if (brackets > 0 && line_begins && declares(token.text)) break;  // a bracket was left open
    if (brackets == 0 && ends_item(at)) break;
    if (opens(token)) brackets++;
    if (closes(token)) brackets = std::max(0, brackets - 1);
    at++;
    if (!token.is("{") || depth >= k_deepest) continue;
    if (!node.has_block()) node.open = at - 1;
    while (at < tokens_.size() && !tokens_[at].is("}") && !leaves_blocks(at)) {
      if (tokens_[at].mark == Mark::Newline || tokens_[at].is(",")) at++;
      else node.children.push_back(item(at, depth + 1));
    }
    if (at >= tokens_.size() || !tokens_[at].is("}")) break;
    node.close = at++;
    brackets = 0;
  }
  if (at == node.first) at++;  // a lone `}`
  node.last = at;
  return node;
}

void Outline::build() {
  root_.last = tokens_.size();
  for (size_t at = 0; at < tokens_.size();) {
    if (tokens_[at].mark == Mark::Newline || tokens_[at].is(",")) at++;
    else root_.children.push_back(item(at, 0));
  }
}

size_t Outline::token_at(uint32_t offset) const {
  auto after =
      std::upper_bound(tokens_.begin(), tokens_.end(), offset, [](uint32_t at, const Token& token) { return at < token.begin; });
  auto wanted = [](const Token& token) { return token.mark != Mark::Sign && token.mark != Mark::Newline; };
  if (after == tokens_.begin()) return SIZE_MAX;
  size_t at = static_cast<size_t>(after - tokens_.begin()) - 1;
  if (at > 0 && tokens_[at].begin == offset && !wanted(tokens_[at]) && tokens_[at - 1].end == offset && wanted(tokens_[at - 1]))
    at--;
  return offset <= tokens_[at].end && wanted(tokens_[at]) ? at : SIZE_MAX;
}

bool Outline::in_comment(uint32_t offset) const {
  return std::any_of(comments_.begin(), comments_.end(), [&](const Token& c) { return c.begin < offset && offset <= c.end; });
}

std::vector<const Node*> Outline::around(uint32_t offset) const {
  std::vector<const Node*> out = {&root_};
  for (bool found = true; found;) {
    found = false;
    for (const Node& child : out.back()->children) {
      if (!child.has_block() || tokens_[child.open].end > offset) continue;
      uint32_t end = child.close != SIZE_MAX       ? tokens_[child.close].begin
                     : child.last < tokens_.size() ? tokens_[child.last].begin
                                                   : UINT32_MAX;
      if (offset > end) continue;
      out.push_back(&child);
      found = true;
      break;
    }
  }
  return out;
}

std::string_view Outline::word(const Node& node, size_t index) const {
  size_t at = node.first + index;
  return at < node.last ? tokens_[at].text : std::string_view();
}

std::string Outline::between(size_t first, size_t last) const {
  if (first >= last) return "";
  return text_.substr(tokens_[first].begin, tokens_[last - 1].end - tokens_[first].begin);
}

void read_value(const Outline& outline, const Node& node, size_t from, Declared& to) {
  const auto& tokens = outline.tokens();
  size_t at = from;
  if (at < node.last && tokens[at].is(":")) {
    do {
      size_t unit = ++at;
      size_t end = at < node.last ? unit_end(outline.text(), tokens, at) : at;
      if (end == unit && at < node.last && tokens[at].mark == Mark::Number) end++;  // `1`
      if (end == unit) break;
      to.units.push_back(outline.between(unit, end));
      at = end;
    } while (at < node.last && tokens[at].is("|"));
  }
  if (at >= node.last || !tokens[at].is("=")) return;
  size_t end = node.last;
  for (size_t i = at + 1; i < end; i++)
    if (tokens[i].is("in")) end = i;
  to.value = outline.between(at + 1, end);
  size_t literal = at + 1 + (at + 1 < end && tokens[at + 1].is("-"));
  if (to.units.empty() && literal < end && tokens[literal].mark == Mark::Number) {
    Literal read = literal_at(outline.text(), tokens, literal);
    if (read.end == tokens[end - 1].end) to.units.emplace_back(read.unit.empty() ? "1" : read.unit);
  }
}

void Outline::add(std::vector<Declared>& to, const Node& node, std::string word, size_t name) const {
  if (name >= node.last || tokens_[name].mark != Mark::Word) return;
  Declared made{std::string(tokens_[name].text), std::move(word), &node, tokens_[name].begin, tokens_[name].end, {}, {}, {}};
  size_t next = name + 1;
  bool mechanism = one_of(made.word, {"channel", "synapse", "pool", "population", "projection", "ion", "cell"});
  if (mechanism && next + 1 < node.last && tokens_[next].is(":")) made.type = tokens_[next + 1].text;
  else if (next + 1 < node.last && tokens_[next].is("of")) made.type = tokens_[next + 1].text;
  else if (one_of(made.word, {"param", "let", "state", "view", "setting"})) read_value(*this, node, next, made);
  to.push_back(std::move(made));
}

std::vector<Declared> Outline::declared(const Node& block) const {
  std::vector<Declared> out;
  bool population = word(block) == "population";
  for (const Node& node : block.children) {
    std::string first(word(node));
    bool sets = one_of(word(node, 1), {"=", ".", "+=", "'"});  // a keyword may be a name
    if (first == "param" && node.has_block() && node.open == node.first + 1) {
      for (const Node& binding : node.children) add(out, binding, first, binding.first);
    } else if (declares(first) && !sets) {
      add(out, node, first, node.first + 1);
    } else if (first == "on" && node.first + 2 < node.last && tokens_[node.first + 2].is("(")) {
      add(out, node, "weight", node.first + 3);
    } else if (first == "test" || first == "stimulus" || first == "record" || first == "expect") {
      continue;
    } else if (word(node, 1) == "=") {
      add(out, node, population ? "view" : "setting", node.first);
    }
  }
  return out;
}

std::optional<Declared> Outline::find(const std::vector<const Node*>& around, std::string_view name) const {
  for (size_t i = around.size(); i-- > 0;)
    for (Declared& declared : declared(*around[i]))
      if (declared.name == name && declared.word != "setting") return std::move(declared);
  return std::nullopt;
}

std::vector<Imported> Outline::imports() const {
  std::vector<Imported> out;
  for (const Node& node : root_.children) {
    if (word(node) != "use" || !node.has_block()) continue;
    Imported one;
    one.use_begin = tokens_[node.first].begin;
    one.use_end = tokens_[node.last - 1].end;
    std::string folder;
    for (size_t at = node.first + 1; at < node.open; at++) {
      std::string_view text = tokens_[at].text;
      if (tokens_[at].mark == Mark::String) one.file = text.size() > 1 ? std::string(text.substr(1, text.size() - 2)) : "";
      else if (tokens_[at].mark == Mark::Word && at > node.first + 1) folder += std::string(text) + "/";
    }
    for (const Node& name : node.children) {
      const Token& token = tokens_[name.first];
      if (token.mark != Mark::Word) continue;
      one.name = token.text;
      one.as = word(name, 1) == "as" ? std::string(word(name, 2)) : one.name;
      one.begin = token.begin;
      one.end = token.end;
      one.library = "";
      if (one.file.empty()) {
        one.name = name_in_library(folder.substr(0, folder.empty() ? 0 : folder.size() - 1), one.name);
        one.library = folder + one.name + ".eic";
      }
      out.push_back(one);
    }
  }
  return out;
}

std::string comment_above(const std::string& text, uint32_t offset) {
  std::vector<std::string> lines;
  size_t begin = text.rfind('\n', offset == 0 ? 0 : offset - 1);
  while (begin != std::string::npos && begin > 0) {
    size_t from = text.rfind('\n', begin - 1);
    from = from == std::string::npos ? 0 : from + 1;
    std::string_view line = std::string_view(text).substr(from, begin - from);
    size_t hash = line.find_first_not_of(" \t");
    if (hash == line.npos || line[hash] != '#') break;
    size_t words = line.find_first_not_of("# \t", hash), end = line.find_last_not_of(" \t\r");
    lines.emplace_back(words == line.npos ? "" : line.substr(words, end + 1 - words));
    if (from == 0) break;
    begin = from - 1;
  }
  std::string out;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) out += (out.empty() ? "" : "\n") + *line;
  return out;
}

}  // namespace eic::lsp
