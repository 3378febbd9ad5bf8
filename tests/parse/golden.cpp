// tests/parse/golden/*.eic give the *.ast beside them. EIC_BLESS=1 rewrites these. A printed expression reads back as itself.
#include <cstdlib>
#include <filesystem>

#include "tests/parse/support.h"

using namespace eic::test;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(golden)

BOOST_AUTO_TEST_CASE(texts_give_their_asts) {
  size_t seen = 0;
  for (const auto& entry : fs::directory_iterator(EIC_ROOT "/tests/parse/golden")) {
    if (entry.path().extension() != ".eic") continue;
    seen++;
    Parsed parsed = parse_text(read_file(entry.path()));
    BOOST_TEST(lines(parsed.reported) == "", entry.path());
    fs::path expected = fs::path(entry.path()).replace_extension(".ast");
    if (std::getenv("EIC_BLESS")) std::ofstream(expected, std::ios::binary) << parsed.ast;
    BOOST_TEST(parsed.ast == read_file(expected), entry.path() << " gives\n" << parsed.ast);
  }
  BOOST_TEST(seen >= 3u);
}

BOOST_AUTO_TEST_CASE(long_sums_and_products_are_no_deep_recursion) {
  Parsed parsed = parse_text("let a = b" + repeat(" + b", 2000) + "\nlet c = d" + repeat("*d", 2000));
  BOOST_REQUIRE(parsed.clean());
  BOOST_TEST(parsed.ast.size() > 15000u);
}

BOOST_AUTO_TEST_CASE(printed_expressions_read_back) {
  for (std::string text : {"a - (b - c)", "(a + b) * c", "-(a + b)", "(-a)^2", "a^-b^c", "(a^b)^c", "not (a and b)",
                           "(a < b) == c", "(if a then b else c) * 2", "a / (b * c)", "-a * -b", "f(x = -1 mV, [1, 2 .. 3])",
                           "not a < b", "(not a) == b", "(5 mV)^2", "5 mV^2"}) {
    eic::source::SourceSet sources;
    eic::diagnostics::Emitter emitter;
    auto once = eic::parse::parse_expression(sources.add_text("once", text), emitter);
    BOOST_REQUIRE_MESSAGE(once, text);
    BOOST_TEST(eic::ast::print(*once) == text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
