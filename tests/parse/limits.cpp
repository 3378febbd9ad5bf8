// Each limit at -1, 0 and +1, and texts made to hang a parser.
#include <ctime>

#include "compiler/source/limits.h"
#include "tests/parse/support.h"

using namespace eic::test;
namespace source = eic::source;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr long long k_quick_ms = 1000;
#else
constexpr long long k_quick_ms = 100;
#endif

// Processor time, so that a busy machine does not fail the test.
static long long milliseconds(const std::string& text) {
  std::clock_t before = std::clock();
  Parsed parsed = parse_text(text);
  BOOST_TEST(!parsed.tree.has_value());
  return (std::clock() - before) * 1000LL / CLOCKS_PER_SEC;
}

BOOST_AUTO_TEST_SUITE(limits)

BOOST_AUTO_TEST_CASE(nesting) {
  auto nested = [](size_t depth) { return "let a = " + repeat("(", depth) + "b" + repeat(")", depth); };
  BOOST_TEST(parse_text(nested(source::k_max_nesting - 1)).clean());
  BOOST_TEST(parse_text(nested(source::k_max_nesting)).clean());
  rejects(nested(source::k_max_nesting + 1), "LimitNesting 1:265");
  auto braces = [](size_t depth) { return repeat("cell c {", depth) + repeat("}", depth); };
  BOOST_TEST(parse_text(braces(source::k_max_nesting)).clean());
  rejects(braces(source::k_max_nesting + 1), "LimitNesting 1:2056");
}

BOOST_AUTO_TEST_CASE(operators_nest_too) {
  for (std::string op : {"-", "not ", "b^", "if b then c else "}) {
    BOOST_TEST(parse_text("let a = " + repeat(op, source::k_max_nesting) + "d").clean(), op);
    Parsed refused = parse_text("let a = " + repeat(op, source::k_max_nesting + 1) + "d");
    BOOST_TEST(lines(refused.reported).starts_with("LimitNesting 1:"), op);
  }
  // What closes again does not add up.
  BOOST_TEST(parse_text("let a = " + repeat("b^2 - -c + ", 300) + "d").clean());
  BOOST_TEST(parse_text("let a = " + repeat("not b and ", 300) + "d").clean());
  BOOST_TEST(parse_text(repeat("let a = if b then c else -d^2\n", 300)).clean());
}

BOOST_AUTO_TEST_CASE(expression_tokens) {
  auto sum = [](size_t tokens) { return "let a = b" + repeat(" + b", (tokens - 1) / 2) + (tokens % 2 == 0 ? "'" : ""); };
  BOOST_TEST(parse_text(sum(source::k_max_expression_tokens - 1)).clean());
  // An even number of tokens needs a sign: - b + b …
  auto signed_sum = "let a = -b" + repeat(" + b", (source::k_max_expression_tokens - 2) / 2);
  BOOST_TEST(parse_text(signed_sum).clean());
  BOOST_TEST(lines(parse_text(sum(source::k_max_expression_tokens + 1)).reported).starts_with("LimitExpression 1:"));
  auto conductance = "channel c { conductance -b" + repeat(" + b", (source::k_max_expression_tokens - 2) / 2) + " }";
  BOOST_TEST(parse_text(conductance).clean());
  BOOST_TEST(parse_text("let a = f(" + repeat("b, ", 2046) + "b)").clean());
  BOOST_TEST(!parse_text("let a = f(" + repeat("b, ", 2047) + "b)").clean());
}

BOOST_AUTO_TEST_CASE(identifiers) {
  BOOST_TEST(parse_text("let " + repeat("x", source::k_max_identifier_bytes - 1) + " = 1").clean());
  BOOST_TEST(parse_text("let " + repeat("x", source::k_max_identifier_bytes) + " = 1").clean());
  rejects("let " + repeat("x", source::k_max_identifier_bytes + 1) + " = 1", "LimitIdentifier 1:5");
}

BOOST_AUTO_TEST_CASE(hostile_texts_are_quick) {
  for (std::string bracket : {"(", "{", "[", ")", "}", "cell c {", "let a = ((", "a = b\n", "-", "not ", "if ", "2^", "`", ";", "\"", "1.",
                              ".", "'", "5 mVV ", "4/ms ", "\u2212", "\u00f6", "param ", ","}) {
    long long took = milliseconds(repeat(bracket, 10240 / bracket.size()) + "(");
    BOOST_TEST(took < k_quick_ms, bracket << " took " << took << " ms");
  }
  BOOST_TEST(milliseconds("let a = " + repeat("(", 200)) < k_quick_ms);
  BOOST_TEST(milliseconds(repeat("cell c { let a = f(", 120)) < k_quick_ms);
}

BOOST_AUTO_TEST_CASE(an_endless_list_of_errors_ends) {
  Parsed parsed = parse_text(repeat("let 5 = 1\n", 5000));
  BOOST_TEST(parsed.reported.size() == 200u);
  BOOST_TEST(parsed.emitter.all().back().notes.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
