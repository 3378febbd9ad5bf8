// In: any text, however broken. Out: its items and blocks as far as they can be told, the names they declare and the files they
// import: what completion, symbols and (where the checker has nothing to say) definitions go by. No meaning is decided here.
#pragma once
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "cli/lsp/scan.h"

namespace eic::lsp {

struct Node {
  size_t first = 0, last = 0;  // its tokens, [first, last)
  size_t open = SIZE_MAX;      // of its braces; SIZE_MAX: none
  size_t close = SIZE_MAX;     // SIZE_MAX: they are not closed
  std::vector<Node> children;
  bool has_block() const { return open != SIZE_MAX; }
};

struct Declared {
  std::string name, word;  // "param", "gate", "channel", …: the item's first word; "view", "setting"
  const Node* node = nullptr;
  uint32_t begin = 0, end = 0;     // of the name
  std::vector<std::string> units;  // "S/m^2", "S": as declared, or that of the value's literal
  std::string value;               // as written; empty: none
  std::string type;                // `channel INa : Na_TM1991`, `population N : HH[…]`
};

struct Imported {
  std::string library;  // "channels/Na_TM1991.eic"; or
  std::string file;     // as written between the quotes
  std::string name, as;
  uint32_t begin = 0, end = 0;  // of the name
  uint32_t use_begin = 0, use_end = 0;
};

class Outline {
 public:
  explicit Outline(std::string text);
  Outline(const Outline&) = delete;

  const std::string& text() const { return text_; }
  const std::vector<Token>& tokens() const { return tokens_; }  // without comments
  const Node& root() const { return root_; }
  // The token that holds the offset or ends there; of two that touch, the word or number. SIZE_MAX: none.
  size_t token_at(uint32_t offset) const;
  bool in_comment(uint32_t offset) const;
  // Blocks around the offset, the whole text first, the innermost last.
  std::vector<const Node*> around(uint32_t offset) const;

  std::string_view word(const Node& node, size_t index = 0) const;  // of its tokens; empty behind its end
  std::vector<Declared> declared(const Node& block) const;
  std::optional<Declared> find(const std::vector<const Node*>& around, std::string_view name) const;  // the innermost
  std::vector<Imported> imports() const;
  std::string between(size_t first, size_t last) const;  // text of tokens [first, last)

 private:
  void build();
  Node item(size_t& at, int depth);
  bool ends_item(size_t at) const;
  void add(std::vector<Declared>& to, const Node& node, std::string word, size_t name) const;

  std::string text_;
  std::vector<Token> tokens_, comments_;
  Node root_;
};

// The units that a declaration can have, and its value, from the tokens behind its name.
void read_value(const Outline& outline, const Node& node, size_t from, Declared& to);
// The comment that stands right above an offset, line by line, and the one behind it on its line.
std::string comment_above(const std::string& text, uint32_t offset);

}  // namespace eic::lsp
