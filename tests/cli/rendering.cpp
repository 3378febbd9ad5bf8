// Where the caret stands in text: under wide, combining and invisible characters, tabs, long lines, and spans of many lines.
#include "compiler/diagnostics/render.h"
#include "compiler/diagnostics/terminal.h"
#include "tests/cli/support.h"

using namespace eic::test;
using eic::diagnostics::columns;
using eic::diagnostics::printable;

namespace {

// What is said of `marked` in `text`, without the first line.
std::string excerpt(const std::string& text, const std::string& marked, bool colour = false) {
  eic::source::SourceSet sources;
  const auto& source = sources.add_text("m.eic", text);
  auto begin = static_cast<uint32_t>(text.find(marked));
  eic::diagnostics::Emitter emitter;
  emitter.emit(eic::diagnostics::Kind::NameUnknown, {source.id(), begin, begin + static_cast<uint32_t>(marked.size())}, "wrong").with_label("here");
  std::string out = eic::diagnostics::render_text(emitter.all()[0], sources, colour);
  return out.substr(out.find('\n') + 1);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rendering)

BOOST_AUTO_TEST_CASE(characters_take_the_columns_that_terminals_give_them) {
  BOOST_TEST(columns("abc") == 3u);
  BOOST_TEST(columns("\u00b5\u03a9") == 2u);
  BOOST_TEST(columns("\u6f22\u5b57") == 4u);
  BOOST_TEST(columns("\U0001f9e0") == 2u);
  BOOST_TEST(columns("e\u0301") == 1u);
  BOOST_TEST(printable("a\tb\x01\x7f") == "a b..");
  BOOST_TEST(printable("a\u202eb\u200bc\u2028") == "a.b.c.");
  BOOST_TEST(printable("caf\xe9 \xe6\xbc") == "caf. ..");
}

BOOST_AUTO_TEST_CASE(the_caret_stands_under_its_term) {
  BOOST_TEST(excerpt("a = b + c", "b") == " 1 | a = b + c\n   |     ^ here\n");
  BOOST_TEST(excerpt("\ta = b", "b") == " 1 |  a = b\n   |      ^ here\n");
  BOOST_TEST(excerpt("\"\u6f22\u5b57\" b", "b") == " 1 | \"\u6f22\u5b57\" b\n   |        ^ here\n");
  BOOST_TEST(excerpt("x \u6f22\u5b57", "\u6f22\u5b57") == " 1 | x \u6f22\u5b57\n   |   ^^^^ here\n");
  BOOST_TEST(excerpt("e\u0301e\u0301 b", "b") == " 1 | e\u0301e\u0301 b\n   |    ^ here\n");
  BOOST_TEST(excerpt("a = b\r\nc", "b") == " 1 | a = b\n   |     ^ here\n");
  BOOST_TEST(excerpt("a =", "") == " 1 | a =\n   | ^ here\n");
}

BOOST_AUTO_TEST_CASE(a_span_of_several_lines_shows_its_first_and_last) {
  BOOST_TEST(excerpt("x = a +\n    b\ny", "a +\n    b") == " 1 | x = a +\n   |     ^^^\n 2 |     b\n   |     ^ here\n");
  std::string ten = "1\n2\n3\n4\n5\n6\n7\n8\nf(\n  x\n  y\n)\n";
  BOOST_TEST(excerpt(ten, "f(\n  x\n  y\n)") == "  9 | f(\n    | ^^\n    | \u2026\n 12 | )\n    | ^ here\n");
  BOOST_TEST(excerpt("a b\nc\n", "b\n") == " 1 | a b\n   |   ^ here\n");
}

BOOST_AUTO_TEST_CASE(a_long_line_is_cut_between_characters) {
  std::string line;
  for (int i = 0; i < 200; i++) line += "\u00b5 ";
  std::string said = excerpt(line + "b" + line, "b");
  std::string shown = said.substr(5, said.find('\n') - 5), marks = said.substr(said.find('\n') + 1);
  BOOST_TEST(shown.starts_with("\u2026"));
  BOOST_TEST(!contains(shown, "."));
  BOOST_TEST(columns(shown.substr(0, shown.find('b'))) == marks.find('^') - 5);
}

BOOST_AUTO_TEST_CASE(colour_changes_nothing_but_colour) {
  std::string plain = excerpt("x = \u6f22 + b", "\u6f22"), painted = excerpt("x = \u6f22 + b", "\u6f22", true), bare;
  for (size_t at = 0; at < painted.size(); at++)
    if (painted[at] == '\x1b') at = painted.find('m', at);
    else bare += painted[at];
  BOOST_TEST(bare == plain);
  BOOST_TEST(painted != plain);
}

BOOST_AUTO_TEST_SUITE_END()
