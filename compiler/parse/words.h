// Questions about token types that several steps of this folder ask.
#pragma once
#include <cstddef>
#include <string>

#include "EicParser.h"

namespace eic::parse {

// The keywords stand together in the `tokens` of Eic.g4, the soft ones first.
inline bool is_keyword(size_t type) { return type >= grammar::EicParser::USE && type < grammar::EicParser::IF; }
inline bool is_reserved(size_t type) { return type >= grammar::EicParser::IF && type <= grammar::EicParser::FALSE; }
inline bool is_word(size_t type) {
  return is_keyword(type) || type == grammar::EicParser::WORD || type == grammar::EicParser::UNIT_WORD;
}
inline bool is_assignment(size_t type) {
  using P = grammar::EicParser;
  return type == P::ASSIGN || type == P::PLUS_ASSIGN || type == P::MINUS_ASSIGN || type == P::STAR_ASSIGN ||
         type == P::SLASH_ASSIGN;
}
inline bool is_literal(size_t type) {
  using P = grammar::EicParser;
  return type == P::NUMBER || type == P::QUANTITY || type == P::STRING || type == P::TRUE || type == P::FALSE;
}
// Something stands complete before this place, so that a `-` here subtracts.
inline bool ends_operand(size_t type) {
  using P = grammar::EicParser;
  return is_word(type) || is_literal(type) || type == P::RPAREN || type == P::RBRACK;
}
inline bool is_comparison(size_t type) {
  using P = grammar::EicParser;
  return type == P::LT || type == P::LE || type == P::GT || type == P::GE || type == P::EQ || type == P::NE;
}
inline bool is_arithmetic(size_t type) {
  using P = grammar::EicParser;
  return type == P::PLUS || type == P::MINUS || type == P::STAR || type == P::SLASH || type == P::CARET;
}

// How the language spells a keyword: its token's name in lower case.
std::string spelling(size_t keyword);

}  // namespace eic::parse
