// In: a Source. Out: its Ast, and its tokens with what each is to those beside it on the line. Called by compiler/format,
// which sets them anew. Separators are no tokens here: what begins an item says so.
#pragma once
#include <optional>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source.h"

namespace eic::parse {

enum class Part : uint8_t {
  Word,        // a name, a literal, a word of a unit
  Keyword,     // a word that says what its item is, or what follows
  Symbol,      // stands between blanks
  Tight,       // stands without: `.`, `^`, what joins a unit, `*` and `/` but in a product that is a value of its own
  Prefix,      // a sign
  Prime,
  Comma,       // within an item
  Call,        // `(` or `[` that belongs to the word before it
  Open,        // any other
  Close,
  OpenBlock,
  CloseBlock,
};

struct Token {
  Part part = Part::Word;
  bool starts_item = false;
  uint32_t begin = 0, end = 0;  // byte offsets
  uint32_t number_end = 0;      // of a quantity: where its digits end; else 0
};

struct Layout {
  ast::Ast ast;
  std::vector<Token> tokens;
};

// Nothing when the text holds an error: then the emitter does, too.
std::optional<Layout> layout(const source::Source& source, diagnostics::Emitter& emitter);

}  // namespace eic::parse
