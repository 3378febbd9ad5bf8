#include "cli/lsp/scan.h"

#include <algorithm>
#include <cctype>

#include "compiler/units/unit.h"

namespace eic::lsp {

namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || static_cast<unsigned char>(c) >= 0x80; }

size_t number_end(std::string_view text, size_t at) {
  auto digits = [&](size_t from) {
    while (from < text.size() && digit(text[from])) from++;
    return from;
  };
  size_t end = digits(at);
  if (end + 1 < text.size() && text[end] == '.' && digit(text[end + 1])) end = digits(end + 1);
  size_t e = end;
  if (e < text.size() && (text[e] == 'e' || text[e] == 'E')) {
    e++;
    if (e < text.size() && (text[e] == '+' || text[e] == '-')) e++;
    if (e < text.size() && digit(text[e])) end = digits(e);
  }
  return end;
}

size_t sign_end(std::string_view text, size_t at) {
  static constexpr std::string_view k_double[] = {"->", "..", "+-", "+=", "-=", "*=", "/=", "<=", ">=", "==", "!="};
  for (std::string_view sign : k_double)
    if (text.substr(at).starts_with(sign)) return at + 2;
  return at + 1;
}

}  // namespace

std::vector<Token> scan(std::string_view text) {
  std::vector<Token> tokens;
  auto line_end = [&](size_t from) { return std::min(text.find_first_of("\r\n", from), text.size()); };
  for (size_t at = 0; at < text.size();) {
    char c = text[at];
    Mark mark = Mark::Sign;
    size_t end = at + 1;
    if (c == ' ' || c == '\t') {
      at++;
      continue;
    }
    if (c == '\n' || c == '\r') {
      mark = Mark::Newline;
    } else if (c == '#') {
      mark = Mark::Comment;
      end = line_end(at);
    } else if (c == '"') {
      mark = Mark::String;
      end = line_end(at);
      size_t close = text.find('"', at + 1);
      if (close < end) end = close + 1;
    } else if (digit(c)) {
      mark = Mark::Number;
      end = number_end(text, at);
    } else if (letter(c)) {
      mark = Mark::Word;
      while (end < text.size() && (letter(text[end]) || digit(text[end]))) end++;
    } else {
      end = sign_end(text, at);
    }
    tokens.push_back({mark, static_cast<uint32_t>(at), static_cast<uint32_t>(end), text.substr(at, end - at)});
    at = end;
  }
  return tokens;
}

size_t unit_end(std::string_view text, const std::vector<Token>& tokens, size_t at) {
  auto tight = [&](size_t i) { return i < tokens.size() && tokens[i - 1].end == tokens[i].begin; };
  size_t end = at;  // of what is known to be a unit
  for (size_t i = at; i < tokens.size() && tokens[i].mark == Mark::Word && (i == at || tight(i));) {
    size_t next = i + 1;
    if (tight(next) && tokens[next].is("^")) {
      size_t number = next + 1 + (tight(next + 1) && tokens[next + 1].is("-"));
      if (tight(number) && tokens[number].mark == Mark::Number) next = number + 1;
    }
    if (!units::parse_unit(text.substr(tokens[at].begin, tokens[next - 1].end - tokens[at].begin))) break;
    end = next;
    if (!tight(next) || !tokens[next].is("/") || !tight(next + 1)) break;
    i = next + 1;
  }
  return end;
}

Literal literal_at(std::string_view text, const std::vector<Token>& tokens, size_t at) {
  const Token& number = tokens[at];
  Literal literal{number.begin, number.end, number.text, {}};
  if (at + 1 >= tokens.size() || tokens[at + 1].mark != Mark::Word || tokens[at + 1].begin > number.end + 1) return literal;
  size_t end = unit_end(text, tokens, at + 1);
  if (end == at + 1) return literal;
  literal.end = tokens[end - 1].end;
  literal.unit = text.substr(tokens[at + 1].begin, literal.end - tokens[at + 1].begin);
  return literal;
}

}  // namespace eic::lsp
