#include "compiler/parse/lexer.h"

#include <fmt/format.h>

#include <unordered_map>

#include "EicLexer.h"
#include "antlr4-runtime.h"
#include "compiler/parse/characters.h"
#include "compiler/parse/words.h"

namespace eic::parse {

using diagnostics::Kind;
using grammar::EicLexer;

namespace {

constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";

// The length of the UTF-8 sequence that begins at `text[at]`, or 0 where there is none (overlong forms, surrogates and
// values above U+10FFFF included).
size_t sequence_length(std::string_view text, size_t at) {
  auto byte = [&](size_t i) -> uint32_t { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0; };
  uint32_t first = byte(0);
  if (first < 0x80) return 1;
  size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return 0;
  uint32_t point = first & (0x7Fu >> length);
  for (size_t i = 1; i < length; i++) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    point = point << 6 | (byte(i) & 0x3F);
  }
  bool shortest = point >= (length == 2 ? 0x80u : length == 3 ? 0x800u : 0x10000u);
  bool scalar = point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
  return shortest && scalar ? length : 0;
}

// Byte offsets of the code points from `at` on, the end of the text last; nothing where the bytes are no UTF-8 text.
std::optional<std::vector<uint32_t>> code_points(const source::Source& source, size_t at, diagnostics::Emitter& emitter) {
  std::string_view text = source.text();
  std::vector<uint32_t> offsets;
  offsets.reserve(text.size() + 1);
  while (at < text.size()) {
    size_t length = text[at] == '\0' ? 0 : sequence_length(text, at);
    auto here = static_cast<uint32_t>(at);
    if (length == 0) {
      auto& fault = emitter.emit(Kind::ParseNotText, {source.id(), here, here + 1},
                                 fmt::format("byte 0x{:02x} does not belong in a text", static_cast<unsigned char>(text[at])));
      fault.help("a model is a text file in UTF-8");
      return std::nullopt;
    }
    offsets.push_back(here);
    at += length;
  }
  offsets.push_back(static_cast<uint32_t>(text.size()));
  return offsets;
}

// The text as the lexer's rules see it: they tell letters and digits apart but, save the `e` of an exponent, no letter from
// another. ANTLR computes a transition of its automaton when a character first asks for it; with two letters and one digit
// it computes a tenth of them, which is most of what lexing costs at a cold start.
std::string with_few_characters(std::string_view text) {
  std::string few(text);
  for (char& c : few) {
    if (c >= '0' && c <= '9') c = '0';
    else if (c == '_' || (c >= 'a' && c <= 'z' && c != 'e') || (c >= 'A' && c <= 'Z' && c != 'E')) c = 'a';
  }
  return few;
}

// WORD, or the keyword that `text` is.
size_t type_of_word(std::string_view text) {
  static const std::unordered_map<std::string, size_t> keywords = [] {
    std::unordered_map<std::string, size_t> all;
    for (size_t type = grammar::EicParser::USE; type <= grammar::EicParser::FALSE; type++) all.emplace(spelling(type), type);
    return all;
  }();
  auto found = keywords.find(std::string(text));
  return found == keywords.end() ? static_cast<size_t>(EicLexer::WORD) : found->second;
}

}  // namespace

std::optional<std::vector<Lexeme>> lex(const source::Source& source, diagnostics::Emitter& emitter) {
  std::string_view text = source.text();
  size_t start = text.starts_with(k_byte_order_mark) ? k_byte_order_mark.size() : 0;
  auto offsets = code_points(source, start, emitter);
  if (!offsets) return std::nullopt;

  antlr4::ANTLRInputStream input{with_few_characters(text.substr(start))};
  EicLexer lexer(&input);
  lexer.removeErrorListeners();
  std::vector<Lexeme> raw;
  bool empty = true;
  for (auto token = lexer.nextToken(); token->getType() != antlr4::Token::EOF; token = lexer.nextToken()) {
    Lexeme& lexeme = raw.emplace_back();
    lexeme.type = token->getType();
    lexeme.begin = (*offsets)[token->getStartIndex()];
    lexeme.end = (*offsets)[token->getStopIndex() + 1];
    if (lexeme.type == EicLexer::WORD) lexeme.type = type_of_word(text.substr(lexeme.begin, lexeme.end - lexeme.begin));
    empty &= lexeme.type == EicLexer::NEWLINE;
  }
  if (empty) {
    emitter.emit(Kind::ParseEmptyFile, {source.id(), 0, 0}, "nothing is written here");
    return std::nullopt;
  }
  return clean(source, raw, emitter);
}

}  // namespace eic::parse
