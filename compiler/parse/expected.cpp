#include "compiler/parse/expected.h"

#include <fmt/format.h>

#include <algorithm>

#include "EicParser.h"
#include "antlr4-runtime.h"
#include "compiler/parse/words.h"

namespace eic::parse {

using P = grammar::EicParser;

namespace {

constexpr size_t k_end_of_file = antlr4::Token::EOF;
constexpr size_t k_most_listed = 6;

const antlr4::dfa::Vocabulary& vocabulary() {
  static const P parser(nullptr);
  return parser.getVocabulary();
}

std::string literal(size_t type) {
  if (is_keyword(type) || is_reserved(type)) return spelling(type);
  if (type == P::PRIME) return "'";  // ANTLR keeps its backslash
  std::string quoted = vocabulary().getLiteralName(type);
  return quoted.size() > 2 ? quoted.substr(1, quoted.size() - 2) : quoted;
}

class Describer {
 public:
  explicit Describer(Expectation expected)
      : expression_(expected.an_expression()), set_(std::move(expected.types)), item_(expected.item), enclosing_(expected.enclosing) {}

  std::string run() {
    drop_foreign_closers();
    bool operators = has(P::STAR) && has(P::PLUS);
    take_groups();
    if (operators) drop_operators();
    drop_assignments();
    drop_unless_alone({P::DOT});
    if (has(P::NEWLINE)) drop_unless_alone({P::SLASH, P::CARET});
    list_rest();
    if (said_.empty() && operators) said_.push_back("an operator");
    return joined();
  }

 private:
  bool has(size_t type) const { return set_.contains(type); }
  void drop(std::initializer_list<size_t> types) {
    for (size_t type : types) set_.erase(type);
  }
  void drop_names() {
    std::erase_if(set_, [](size_t type) { return is_word(type); });
  }
  void drop_unless_alone(std::initializer_list<size_t> types) {
    std::set<size_t> rest = set_;
    for (size_t type : types) rest.erase(type);
    if (!rest.empty() || !said_.empty()) set_ = std::move(rest);
  }

  // Prediction looks past the end of a rule without knowing who called it, and so offers every closer.
  void drop_foreign_closers() {
    if (enclosing_ != P::LPAREN) drop({P::RPAREN});
    if (enclosing_ != P::LBRACK) drop({P::RBRACK});
    if (enclosing_ != P::LBRACE) drop({P::RBRACE});
    if (enclosing_ == P::LPAREN || enclosing_ == P::LBRACK) drop({P::NEWLINE, k_end_of_file});
  }

  void take_groups() {
    if (item_) {
      said_.push_back("an item such as `param`, `cell` or `name = value`");
      set_.clear();
    } else if (expression_) {
      said_.push_back("an expression");
      drop_names();
      drop({P::NUMBER, P::QUANTITY, P::STRING, P::TRUE, P::FALSE, P::LPAREN,
            P::LBRACK, P::MINUS, P::NOT, P::IF});
    } else if (has(P::UNIT_WORD)) {
      said_.push_back("a unit");
      drop_names();
      drop({P::NUMBER});
    } else if (has(P::WORD)) {
      said_.push_back("a name");
      drop_names();
    }
  }

  void drop_operators() {
    for (auto it = set_.begin(); it != set_.end();)
      it = is_arithmetic(*it) || is_comparison(*it) || *it == P::AT ? set_.erase(it) : std::next(it);
    drop({P::AND, P::OR, P::RANGE, P::PLUS_MINUS, P::DOT, P::LPAREN, P::LBRACK});
  }

  // `+=` is possible where a setting is; of all its continuations `=` is the one to name, and only without better ones.
  void drop_assignments() {
    if (!has(P::PLUS_ASSIGN)) return;
    drop({P::PLUS_ASSIGN, P::MINUS_ASSIGN, P::STAR_ASSIGN, P::SLASH_ASSIGN, P::DOT, P::PRIME});
    drop_unless_alone({P::ASSIGN});
  }

  void list_rest() {
    bool line = has(P::NEWLINE), file = has(k_end_of_file), comma = has(P::COMMA);
    if (line) drop({k_end_of_file, P::RBRACE});
    drop({P::NEWLINE, k_end_of_file, P::COMMA});
    for (size_t type : set_) {
      if (type == P::NUMBER) said_.push_back("a number");
      else if (type == P::STRING) said_.push_back("a text in quotes");
      else if (type != P::QUANTITY) said_.push_back(fmt::format("`{}`", literal(type)));
    }
    if (said_.size() > k_most_listed) said_.resize(k_most_listed);
    if (comma) said_.push_back("`,`");
    if (line) said_.push_back("end of line");
    else if (file) said_.push_back("end of file");
  }

  std::string joined() const {
    std::string text;
    for (size_t i = 0; i < said_.size(); i++) text += (i == 0 ? "" : i + 1 < said_.size() ? ", " : " or ") + said_[i];
    return text;
  }

  bool expression_;
  std::set<size_t> set_;
  bool item_;
  size_t enclosing_;
  std::vector<std::string> said_;
};

}  // namespace

bool Expectation::an_expression() const { return has(P::NUMBER) && has(P::LPAREN) && has(P::MINUS); }
bool Expectation::a_name() const { return !item && !an_expression() && !has(P::UNIT_WORD) && has(P::WORD); }

std::string describe(Expectation expected) { return Describer(std::move(expected)).run(); }

std::vector<std::string> keywords() {
  std::vector<std::string> words;
  for (size_t type = P::USE; is_keyword(type); type++) words.push_back(spelling(type));
  return words;
}

std::string spelling(size_t keyword) {
  std::string word = vocabulary().getSymbolicName(keyword);
  for (char& letter : word) letter = static_cast<char>(letter | 0x20);
  return word;
}

}  // namespace eic::parse
