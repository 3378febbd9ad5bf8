// The table of words against the grammar and the other tables of the language.
#include "cli/lsp/words.h"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

using namespace eic::lsp;

namespace {

std::string file(const std::string& name) {
  std::ifstream in(EIC_ROOT "/" + name);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_keyword_is_explained) {
  std::string grammar = file("grammar/Eic.g4");
  size_t from = grammar.find("tokens {") + 8;
  std::string names = grammar.substr(from, grammar.find('}', from) - from);
  size_t count = 0;
  static const std::regex name("[A-Z]+");
  for (std::sregex_iterator it(names.begin(), names.end(), name), end; it != end; ++it) {
    std::string word = it->str();
    if (word == "QUANTITY") continue;
    for (char& c : word) c = static_cast<char>(std::tolower(c));
    BOOST_TEST((find_word(word, Group::Item) || find_word(word, Group::Clause)), word << " is in no group of keywords");
    count++;
  }
  BOOST_TEST(count > 40u);
}

BOOST_AUTO_TEST_CASE(every_rule_and_section_exists) {
#define EIC_RULE(kind, name, argument, random) BOOST_TEST(find_word(name, Group::Rule), name);
#include "runtime/contract/rules.def"
#undef EIC_RULE
  std::string language = file("docs/language.md");
  for (const WordInfo& info : words())
    BOOST_TEST(language.find("\n## " + std::string(info.section) + "\n") != std::string::npos,
               info.word << ": no section " << info.section);
}
