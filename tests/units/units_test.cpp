#include <boost/test/unit_test.hpp>

#include "compiler/units/quantity.h"

using namespace eic::units;

static double internal(const char* digits, const char* unit) {
  auto parsed = parse_unit(unit);
  BOOST_REQUIRE_MESSAGE(parsed, unit);
  auto value = to_internal(digits, *parsed);
  BOOST_REQUIRE_MESSAGE(value, digits);
  return *value;
}

BOOST_AUTO_TEST_CASE(internal_set_is_coherent) {
  for (const char* one : {"ms", "mV", "nA", "uS", "nF", "um", "amol", "K", "mM", "um^2", "nA/mV", "nF/ms"}) BOOST_TEST(internal("1", one) == 1.0, one);
}

BOOST_AUTO_TEST_CASE(literals_round_once) {
  BOOST_TEST(internal("100", "mS/cm^2") == 1e-3);
  BOOST_TEST(internal("5e-5", "S/cm^2") == 5e-7);
  BOOST_TEST(internal("0.32", "ms^-1/mV") == 0.32);
  BOOST_TEST(internal("67", "nS") == 0.067);
  BOOST_TEST(internal("20000", "um^2") == 20000.0);
  BOOST_TEST(internal("1", "uF/cm^2") == 1e-5);
  BOOST_TEST(internal("0.1", "s") == 100.0);
  BOOST_TEST(internal(".1234567890123456789012345678901234567890123", "mV") == .1234567890123456789012345678901234567890123);
  BOOST_TEST(!to_internal("1e400", *parse_unit("mV")).has_value());
}

BOOST_AUTO_TEST_CASE(degrees_celsius_are_affine) {
  BOOST_TEST(internal("36", "degC") == 309.15);
  BOOST_TEST(internal("-10", "degC") == 263.15);
  BOOST_TEST(!parse_unit("degC/ms").has_value());
}

BOOST_AUTO_TEST_CASE(words_and_prefixes) {
  for (const char* word : {"min", "h", "d", "t", "in", "at", "aS", "mVV", "cV", "", "cm2", "1/ms"}) BOOST_TEST(!parse_unit(word).has_value(), word);
  BOOST_TEST((parse_unit("µS")->dimension == parse_unit("uS")->dimension));
  BOOST_TEST(parse_unit("μm")->scale == -6);
  BOOST_TEST((parse_unit("MΩ")->dimension == parse_unit("MOhm")->dimension));
  BOOST_TEST((parse_unit("MΩ")->scale == 6));
  BOOST_TEST(find_word("amol").has_value());
  BOOST_TEST(!find_word("aV").has_value());
  BOOST_TEST((parse_unit("V/A")->dimension == parse_unit("Ohm")->dimension));
  BOOST_TEST((parse_unit("A/V")->dimension == parse_unit("S")->dimension));
  BOOST_TEST((parse_unit("C/V")->dimension == parse_unit("F")->dimension));
}

BOOST_AUTO_TEST_CASE(every_word_of_the_table_is_found) {
  for (const std::string& word : all_words()) BOOST_TEST(find_word(word).has_value(), word);
}

BOOST_AUTO_TEST_CASE(printing) {
  BOOST_TEST(print(0.05, parse_unit("nS")->dimension) == "50 nS");
  BOOST_TEST(print(-63, parse_unit("mV")->dimension) == "-63 mV");
  BOOST_TEST(describe(parse_unit("mV")->dimension) == "a voltage");
  BOOST_TEST(describe(parse_unit("mV")->dimension * parse_unit("mM")->dimension) == "in mV*amol/um^3");
  BOOST_TEST(usual_unit((parse_unit("nA")->dimension * parse_unit("pF")->dimension)) == "nA^2*ms/mV");
  BOOST_TEST(usual_unit(parse_unit("mV")->dimension.power(1, 2)) == "mV^(1/2)");
}

BOOST_AUTO_TEST_CASE(times_are_exact_rationals) {
  auto ratio = [](const char* a, const char* ua, const char* b, const char* ub) { return whole_ratio(*to_decimal(a, *parse_unit(ua)), *to_decimal(b, *parse_unit(ub))); };
  BOOST_TEST(*ratio("1", "s", "0.1", "ms") == 10000);
  BOOST_TEST(*ratio("0.1", "ms", "0.1", "ms") == 1);
  BOOST_TEST(!ratio("0.25", "ms", "0.1", "ms").has_value());
  BOOST_TEST(*ratio("0.3", "ms", "0.1", "ms") == 3);
  BOOST_TEST(*ratio("0", "ms", "0.1", "ms") == 0);
  BOOST_TEST(*ratio("100", "ms", "12.5", "us") == 8000);
  BOOST_TEST(!ratio("1", "ms", "0", "ms").has_value());
}
