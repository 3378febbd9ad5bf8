// Over every model of the project, and over the same with other blanks and breaks: the style is stable, and changes nothing
// but blanks, line breaks and the commas that line breaks stand for.
#include <random>

#include "compiler/ast/print.h"
#include "compiler/format/gaps.h"
#include "tests/format/support.h"

using namespace eic;
using namespace eic::test;
using parse::Part;
using parse::Token;

namespace {

struct Read {
  std::vector<Token> tokens;
  std::string ast;
  std::vector<std::string> words, comments;  // of a quantity, the digits and the unit
};

std::string without_blanks(std::string text) {
  if (text[0] != '"') std::erase(text, ' '), std::erase(text, '\t');
  return text;
}

Read read(const std::string& text) {
  source::Source source(0, "test.eic", {}, text);
  diagnostics::Emitter emitter;
  auto layout = parse::layout(source, emitter);
  BOOST_REQUIRE_MESSAGE(layout, "does not parse:\n" << text);
  Read made{layout->tokens, ast::print(layout->ast), {}, {}};
  for (const Token& token : layout->tokens)
    made.words.push_back((token.starts_item ? "; " : "") + without_blanks(text.substr(token.begin, token.end - token.begin)));
  for (const format::Gap& gap : format::gaps(text, layout->tokens))
    for (const format::Comment& comment : gap.comments) made.comments.emplace_back(comment.text);
  return made;
}

// Formats, and compares what must stay.
std::string checked(const std::string& name, const std::string& text) {
  auto once = formatted(text);
  BOOST_REQUIRE_MESSAGE(once, name << " is refused");
  Read before = read(text), after = read(*once);
  BOOST_TEST(before.words == after.words, name);
  BOOST_TEST(before.comments == after.comments, name);
  BOOST_TEST(before.ast == after.ast, name);
  auto twice = formatted(*once);
  BOOST_REQUIRE(twice);
  BOOST_TEST(*twice == *once, name << " is not stable; first\n" << *once << "then\n" << *twice);
  for (const char* never : {"\t\n", " \n", "\r", "\n\n\n"})
    BOOST_TEST(once->find(never) == std::string::npos, name << " keeps blanks");
  BOOST_TEST((once->ends_with('\n') && !once->ends_with("\n\n") && !once->starts_with('\n')), name);
  return *once;
}

// Another text with the same tokens and comments.
class Shaker {
 public:
  explicit Shaker(unsigned seed) : random_(seed) {}

  // Blanks differ, and how lines end; where a line begins stays.
  std::string blanks(const std::string& text) { return shake(text, false); }
  // Line breaks differ as well, where the language lets them.
  std::string breaks(const std::string& text) { return shake(text, true); }

 private:
  bool chance(unsigned percent) { return random_() % 100 < percent; }
  std::string some(size_t least) {
    std::string made;
    for (size_t count = least + random_() % 3; count > 0; count--) made += chance(20) ? '\t' : ' ';
    return made;
  }
  std::string newline() { return some(0) + (chance(20) ? "\r\n" : "\n"); }

  static bool is_bracket(const Token& token) { return token.part >= Part::Comma; }
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  // Whether the two may touch: no longer number, word or sign comes of it.
  static bool may_touch(const std::string& text, const Token& left, const Token& right) {
    if (is_bracket(left) || is_bracket(right)) return true;
    bool name = left.part == Part::Word && !is_digit(text[left.begin]);
    return name && right.part == Part::Symbol;
  }

  std::string shake(const std::string& text, bool breaks) {
    Read original = read(text);
    std::string out;
    size_t from = 0, parens = 0;
    std::vector<size_t> outside;  // parentheses open around each open brace
    const Token* left = nullptr;
    auto with = [&](const Token* right, size_t to) {
      std::string gap = text.substr(from, to - from);
      if (gap.find_first_of("#\r\n") != std::string::npos) return out += lines(gap), void();
      bool comma = gap.find(',') != std::string::npos;
      bool item = right && right->starts_item && comma;
      bool at_brace = (left && left->part == Part::OpenBlock) || (right && right->part == Part::CloseBlock);
      if (breaks && left && right && chance(25) && (parens > 0 || item || at_brace)) {
        bool dropped = item && chance(50);
        out += (comma && !dropped ? some(0) + "," : "") + (chance(10) ? " # why" : "") + newline() + some(0);
      } else if (comma) {
        out += some(0) + "," + some(0);
      } else if (left && right) {
        bool touch = left->end == right->begin;
        out += some(touch || may_touch(text, *left, *right) ? 0 : 1);
      }
    };
    for (const Token& token : original.tokens) {
      with(&token, token.begin);
      if (token.part == Part::OpenBlock) outside.push_back(std::exchange(parens, 0));
      if (token.part == Part::CloseBlock) parens = outside.back(), outside.pop_back();
      if (token.part == Part::Call || token.part == Part::Open) parens++;
      if (token.part == Part::Close) parens--;
      out += text.substr(token.begin, token.end - token.begin);
      from = token.end;
      left = &token;
    }
    with(nullptr, text.size());
    return out;
  }

  // A gap with comments or breaks: other blanks, and more blank lines where there is one.
  std::string lines(const std::string& gap) {
    std::string out;
    for (size_t at = 0; at < gap.size();) {
      size_t end = std::min(gap.find_first_of("\r\n", at), gap.size());
      std::string line = gap.substr(at, end - at);
      bool comma = line.substr(0, line.find('#')).find(',') != std::string::npos;
      if (comma) out += some(0) + ",";
      size_t comment = line.find('#');
      if (comment != std::string::npos) out += some(0) + line.substr(comment);
      if (end < gap.size()) {
        bool blank = at > 0 && line.find_first_not_of(" \t") == std::string::npos;
        for (size_t count = blank ? 1 + random_() % 2 : 1; count > 0; count--) out += newline();
        end += gap.substr(end).starts_with("\r\n") ? 2 : 1;
      } else {
        out += some(0);
      }
      at = end;
    }
    return out;
  }

  std::mt19937 random_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(there_are_models_to_look_at) { BOOST_TEST(every_model().size() > 100u); }

BOOST_AUTO_TEST_CASE(nothing_changes_but_blanks_and_breaks) {
  for (const Model& model : every_model()) checked(model.name, model.text);
}

// Canonical: two texts that differ in blanks alone become one.
BOOST_AUTO_TEST_CASE(other_blanks_give_the_same_text) {
  Shaker shaker(1);
  for (const Model& model : every_model()) {
    std::string wanted = *formatted(model.text);
    for (int round = 0; round < 4; round++) {
      std::string shaken = shaker.blanks(model.text);
      BOOST_TEST(read(shaken).words == read(model.text).words, model.name << " was shaken wrongly\n" << shaken);
      BOOST_TEST(*formatted(shaken) == wanted, model.name << " differs for\n" << shaken);
    }
  }
}

BOOST_AUTO_TEST_CASE(other_breaks_are_stable) {
  Shaker shaker(2);
  for (const Model& model : every_model())
    for (int round = 0; round < 4; round++) {
      std::string shaken = shaker.breaks(model.text);
      BOOST_TEST(read(shaken).words == read(model.text).words, model.name << " was shaken wrongly\n" << shaken);
      checked(model.name, shaken);
    }
}

BOOST_AUTO_TEST_CASE(what_has_errors_is_refused) {
  for (const char* text :
       {"", "# nothing\n", "param\n", "cell C {\n", "param a = 5 mVV\n", "param a = \xff\n", "}\n", "param a = \"x\n"}) {
    source::Source source(0, "test.eic", {}, text);
    diagnostics::Emitter emitter;
    BOOST_TEST(!format::format(source, emitter).has_value(), text);
    BOOST_TEST(emitter.has_errors(), text);
  }
}
