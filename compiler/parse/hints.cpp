// What the parser adds to `expected …, found …`: the slip that is behind it, with its repair where that is plain.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/parse/errors.h"
#include "compiler/parse/words.h"
#include "compiler/units/unit.h"

namespace eic::parse {

using diagnostics::Diagnostic;
using P = grammar::EicParser;
using source::Span;

namespace {

bool is_plain_name(std::string_view text) {
  bool begins = !text.empty() && (std::isalpha(static_cast<unsigned char>(text[0])) || text[0] == '_');
  return begins && std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) || c == '_'; });
}

}  // namespace

size_t ErrorStrategy::partner(size_t at) const {
  for (size_t i = at + 1; i < tokens_.lexemes.size(); i++)
    if (tokens_.lexemes[i].depth == tokens_.lexemes[at].depth)
      return tokens_.lexemes[i].type == P::RPAREN || tokens_.lexemes[i].type == P::RBRACK || tokens_.lexemes[i].type == P::RBRACE
                 ? i
                 : 0;
  return 0;
}

size_t ErrorStrategy::last_of_item(size_t at) const {
  size_t last = at;
  uint32_t depth = tokens_.lexemes[at].depth;
  for (size_t i = at; i < tokens_.lexemes.size(); i++) {
    const Lexeme& lexeme = tokens_.lexemes[i];
    bool ends =
        lexeme.type == P::NEWLINE || lexeme.type == antlr4::Token::EOF || lexeme.type == P::COMMA || lexeme.type == P::RBRACE;
    if (lexeme.depth < depth || (ends && lexeme.depth == depth)) break;
    last = i;
  }
  return last;
}

void ErrorStrategy::hint(size_t first, size_t at, const Expectation& wanted, Diagnostic& fault) const {
  const Lexeme& found = tokens_.lexemes[at];
  bool wants_name = wanted.a_name();
  if (is_reserved(found.type) && wants_name)
    fault.help(fmt::format("`{}` is a word of the language and cannot be a name", text(found)));
  else if (wants_name && found.type == P::STRING && is_plain_name(text(found).substr(1, text(found).size() - 2))) {
    std::string plain = text(found).substr(1, text(found).size() - 2);
    fault.fix(over(at, at), plain, fmt::format("write `{}`", plain));
  } else if (wants_name && (found.type == P::NUMBER || found.type == P::QUANTITY)) {
    fault.help("a name begins with a letter or `_`");
  } else if ((wanted.has(P::STRING) && !wanted.an_expression()) && is_word(found.type)) {
    size_t end = at;
    while (end + 1 < tokens_.lexemes.size() && touch(end + 1) && tokens_.lexemes[end + 1].depth == found.depth &&
           tokens_.lexemes[end + 1].type != P::COMMA && !ends_line(end + 1))
      end++;
    std::string quoted = fmt::format("\"{}\"", written(at, end));
    fault.fix(over(at, end), quoted, fmt::format("write `{}`", quoted));
  }
  if (fault.fixes.empty() && fault.helps.empty() && first < at) hint_in_item(first, at, wanted, fault);
  if (fault.fixes.empty() && fault.helps.empty() && at > 0) hint_in_expression(first, at, wanted, fault);
}

// Slips in the form of an item.
void ErrorStrategy::hint_in_item(size_t first, size_t at, const Expectation& wanted, Diagnostic& fault) const {
  const auto& lexemes = tokens_.lexemes;
  size_t item = lexemes[first].type, found = lexemes[at].type, before = lexemes[at - 1].type;
  auto replace = [&](size_t from, size_t to, const std::string& by) {
    fault.fix(over(from, to), by, fmt::format("write `{}`", by));
  };
  if (found == P::EQ && wanted.has(P::ASSIGN)) return replace(at, at, "=");
  if (found == P::ARROW && wanted.has(P::ASSIGN) && item == P::FN) return replace(at, at, "=");
  if (found == P::MINUS && wanted.has(P::ASSIGN) && touch(at) && touch(at + 1) && is_word(lexemes[at + 1].type)) {
    fault.fix(over(at, at), "_", fmt::format("in a name, write `{}_{}`", text(lexemes[at - 1]), text(lexemes[at + 1])));
    return;
  }
  bool slope = found == P::SLASH && text(lexemes[first]).starts_with('d') && text(lexemes[first]).size() > 1 &&
               text(lexemes[at + 1]) == "dt";
  if (slope && at == first + 1) return replace(first, at + 1, text(lexemes[first]).substr(1) + "'");
  if (found == P::PRIME && before == P::PRIME)
    return void(fault.help("give the first derivative a `state` of its own, whose rate is the second"));
  if (item == P::FN && found == P::LBRACE) return void(fault.help("a function is one expression: `fn f(x) = x/(1 + x)`"));
  if (found == P::DOT && wanted.has(P::COLON))
    return void(fault.help("a parameter is declared by its name alone; its path follows from where it stands"));
  bool after_colon = item == P::CELL && found == P::ASSIGN && wanted.has(P::LBRACE);  // `cell C:`, then `area = …` as a base
  if (after_colon || (found == P::COLON && wanted.has(P::LBRACE)))
    return void(fault.help("what belongs to it stands in braces: `{ … }`"));
  if (found == P::LPAREN && (wanted.has(P::LBRACK) || wanted.has(P::LBRACE)))
    if (size_t end = partner(at); end > 0) {
      bool bracket = wanted.has(P::LBRACK);
      std::string inner = end > at + 1 ? written(at + 1, end - 1) : "";
      std::string whole = bracket ? "[" + inner + "]" : " { " + inner + " }";
      fault.fix(over(at, end), whole, fmt::format("write `{}`", bracket ? whole : whole.substr(1)));
      return;
    }
  if (wanted.has(P::LBRACE) && (item == P::RESET || item == P::ON) && is_word(found)) {
    size_t end = last_of_item(at);
    return replace(at, end, "{ " + written(at, end) + " }");
  }
  if (item == P::SPIKE && found == P::IF) return replace(at, at, "when");
  if (item == P::SPIKE && found == P::REFRACTORY) {
    bool assigned = lexemes[at + 1].type == P::ASSIGN;
    fault.fix({source_.id(), lexemes[at - 1].end, lexemes[at].end}, assigned ? ", refractory" : ", refractory =",
              "write `, refractory = …`");
    return;
  }
  if (item == P::SPIKE && before != P::WHEN && is_word(found))
    return void(fault.help("`crosses` means upwards; another event is a condition: `spike when v < -20 mV`"));
  if (item == P::USE) {
    if (found == P::SLASH || (found == P::DOT && wanted.has(P::LBRACE)))
      return void(fault.help("the path of a file stands in quotes: `use \"lib/cell.eic\" { C }`"));
    if (ends_line(at)) return void(fault.help("name what you need: `use std.channels { Leak }`; `eic list` shows what there is"));
    if (found == P::STAR) return void(fault.help("names are imported one by one: `use std.channels { Leak, Na_TM1991 }`"));
  }
  if (wanted.has(P::OF) && item == P::SIMULATE) return void(fault.help("a run has a name and a network: `simulate run of Net { … }`"));
  if (wanted.has(P::OF) && item == P::TEST)
    return void(fault.help("a test has a title and a cell or simulation: `test \"fires\" of HH { … }`"));
  if (wanted.has(P::ION) && is_word(found)) {
    if (lexemes[at + 1].type == P::COMMA || lexemes[at + 1].type == P::RPAREN) {
      fault.fix({source_.id(), lexemes[at].begin, lexemes[at].begin}, "ion ", fmt::format("write `ion {}`", text(lexemes[at])));
      return;
    }
    return void(fault.help("parentheses hold ions only, `channel K(ion k)`; a parameter stands in the braces: `param g = …`"));
  }
  if ((item == P::CONDUCTANCE || item == P::CURRENT) && found == P::ASSIGN) {
    std::string word = text(lexemes[first]);
    return void(fault.help(fmt::format("`{0}` is followed by its value, without a name: `{0} g*m^3`", word)));
  }
  if (item == P::RECORD && found == P::OF) return void(fault.help("the order is `record … of … every … to …`"));
  if (item == P::RECORD && found == P::STAR)
    return void(fault.help("name the variables: `record v, INa.m of N`; `eic dump --after=model` lists them"));
  if (item == P::EXPECT && found == P::TO) return replace(at, at, "..");
  if (item == P::EXPECT && found == P::ASSIGN) {
    size_t value = lexemes[at + 1].type == P::MINUS ? at + 2 : at + 1;
    bool plain = lexemes[value].type == P::NUMBER || lexemes[value].type == P::QUANTITY;
    if (!plain || last_of_item(at) != value) return void(fault.help("compare with `in a .. b`, or with `~ a +- b`"));
    std::string whole = written(at + 1, value), unit = lexemes[value].unit.empty() ? "" : " " + lexemes[value].unit;
    replace(at, value, fmt::format("~ {} +- 0{}", whole, unit));
    return replace(at, value, fmt::format("in {0} .. {0}", whole));
  }
  if (item == P::POPULATION && (found == P::NUMBER || ends_line(at) || found == P::RBRACE))
    return void(fault.help("a population is `population N : HH[100]`, the size behind the cell"));
  if (item == P::POPULATION && wanted.has(P::COLON) && is_word(found)) {
    fault.fix({source_.id(), lexemes[at - 1].end, lexemes[at].begin}, " : ", "write `:` between name and cell");
    return;
  }
  if ((item == P::PROJECTION || item == P::STIMULUS) && (wanted.has(P::COLON) || wanted.has(P::ARROW)))
    return void(fault.help(item == P::PROJECTION ? "a projection is `projection e : From -> To.synapse { … }`"
                                                 : "a stimulus is `stimulus step -> N { … }`"));
  if (item == P::GATE && found == P::ASSIGN)
    return void(fault.help("a gate starts at its steady state; `init INa.m = …` in the cell overrules that"));
  if (is_keyword(lexemes[at].type) == false && before == P::WORD && text(lexemes[at - 1]) == "return") {
    fault.fix({source_.id(), lexemes[at - 1].begin, lexemes[at].begin}, "", "leave out `return`");
    return;
  }
}

// Slips within an expression, and what follows one.
void ErrorStrategy::hint_in_expression(size_t first, size_t at, const Expectation& wanted, Diagnostic& fault) const {
  const auto& lexemes = tokens_.lexemes;
  size_t found = lexemes[at].type, before = lexemes[at - 1].type;
  bool operand = ends_operand(before);
  Span gap{source_.id(), lexemes[at - 1].end, lexemes[at].begin};
  if (found == P::IF && wanted.an_expression())
    return void(fault.help("an `if` within an expression stands in parentheses"));
  if (found == P::IF && operand) return void(fault.help("a choice is written `if … then … else …`"));
  if (found == P::LBRACE && wanted.has(P::THEN))
    return void(fault.help("a choice has no braces: `if … then … else …`"));
  if (wanted.has(P::ELSE)) {
    if (is_word(found) && (text(lexemes[at]) == "elif" || text(lexemes[at]) == "elseif"))
      fault.fix(over(at, at), "else if", "write `else if`");
    else if (ends_line(at)) fault.help("an `if` has both branches: `if … then … else …`");
    return;
  }
  if (found == P::COLON && enclosing(at) == P::LBRACK) return void(fault.fix(over(at, at), " .. ", "write `..`"));
  bool after_comma = before == P::COMMA && at >= 2 && lexemes[at - 2].type == P::NUMBER && touch(at) && touch(at - 1);
  if (after_comma && (found == P::NUMBER || found == P::QUANTITY)) {
    std::string whole = text(lexemes[at - 2]) + "." + written(at, at);
    fault.fix(over(at - 1, at - 1), ".", fmt::format("write `{}`", whole));
    return;
  }
  bool digits =
      before == P::NUMBER && (found == P::NUMBER || found == P::QUANTITY) && lexemes[at].number_end == lexemes[at].begin + 3;
  if (digits && gap.end - gap.begin == 1) {
    fault.fix(gap, "", fmt::format("write `{}{}`", text(lexemes[at - 1]), text(lexemes[at])));
    return;
  }
  if ((found == P::LPAREN || found == P::LBRACK) && operand) {
    size_t end = partner(at);
    bool unit = end == at + 2 && before == P::NUMBER && units::find_word(text(lexemes[at + 1]));
    if (unit) {
      fault.fix({source_.id(), lexemes[at - 1].end, lexemes[end].end}, " " + text(lexemes[at + 1]),
                fmt::format("write `{} {}`", text(lexemes[at - 1]), text(lexemes[at + 1])));
      return;
    }
    bool called =
        found == P::LPAREN && is_word(before) && at >= 3 && lexemes[at - 2].type == P::DOT && is_word(lexemes[at - 3].type);
    if (called) {
      size_t begin = at - 1;
      while (begin >= 2 && lexemes[begin - 1].type == P::DOT) begin -= 2;
      fault.fix(over(begin, at - 1), text(lexemes[at - 1]), fmt::format("write `{}(…)`", text(lexemes[at - 1])));
      return;
    }
    if (found == P::LPAREN && !is_word(before)) fault.fix(gap, "*", "to multiply, write `*`");
    return;
  }
  // an item on the line of another
  bool next_item = operand && is_word(found) && at + 1 < lexemes.size() &&
                   (is_assignment(lexemes[at + 1].type) || lexemes[at + 1].type == P::PRIME);
  bool listed = wanted.has(P::COMMA);
  if (next_item && listed && first < at) fault.fix(gap, ", ", "write `,` between two items");
}

}  // namespace eic::parse
