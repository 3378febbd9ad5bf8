// One case for each of the lexical rules of docs/language.md: what it accepts, what it refuses, and where.
#include "tests/parse/support.h"

using namespace eic::test;

BOOST_AUTO_TEST_SUITE(lexical)

BOOST_AUTO_TEST_CASE(comments_and_separators) {
  accepts("# a\nlet a = 1 # b µ €\n\n\n  let b = 2, let c = 3,\n", "let a = 1\nlet b = 2\nlet c = 3\n");
  accepts("cell A {\n\n a = 1\n ,\n b = 2,\n\n}\ncell B { }\ncell C {}", "cell A\n  a = 1\n  b = 2\ncell B\ncell C\n");
  accepts("let a = 1\r\nlet b = 2\r\n", "let a = 1\nlet b = 2\n");
  accepts("\xEF\xBB\xBFlet a = 1", "let a = 1\n");
  rejects("let a = 1 let b = 2", "ParseExpected 1:11");
  rejects("cell A { a = 1,, b = 2 }", "ParseExpected 1:16");
  rejects("cell A { , b = 2 }", "ParseExpected 1:10");
}

BOOST_AUTO_TEST_CASE(several_items_behind_one_word) {
  accepts("param { a = 1 nS, b : mV\n c = 2 }", "param a = 1 nS\nparam b : mV\nparam c = 2\n");
  accepts("init v = -65 mV\ninit { v = -65 mV, gates = 0 }", "init v = -65 mV\ninit v = -65 mV\ninit gates = 0\n");
  rejects("param a", "ParseExpected 1:8");
}

BOOST_AUTO_TEST_CASE(newlines_within_brackets_are_blank) {
  accepts("let a = f(1,\n 2\n ,\n 3\n)\nlet b = [1,\n\n2,\n]", "let a = f(1, 2, 3)\nlet b = [1, 2]\n");
  accepts("let a = (b\n+ c\n- d)", "let a = b + c - d\n");
  rejects("let a = f(1\n2)", "ParseExpected 2:1");
}

BOOST_AUTO_TEST_CASE(lines_that_go_on) {
  for (std::string op : {"+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!="}) {
    accepts("let a = b " + op + "\n\n c", "let a = b " + op + " c\n");
    accepts("let a = b\n # why\n " + op + " c", "let a = b " + op + " c\n");
  }
  for (std::string op : {"and", "or"}) {
    accepts("let a = b " + op + "\nc", "let a = b " + op + " c\n");
    accepts("let a = b\n" + op + " c", "let a = b " + op + " c\n");
  }
  accepts("let a = b ^\n2\nlet c = d\n^2", "let a = b^2\nlet c = d^2\n");
  accepts("let a =\n1\nlet b\n= 2", "let a = 1\nlet b = 2\n");
  accepts("reset { v +=\n1, w\n+= 2 }", "reset\n  v += 1\n  w += 2\n");
  accepts("param a :\nmV\nparam b\n: mV", "param a : mV\nparam b : mV\n");
  accepts("param a : S |\nS/m^2\nparam b : S\n| S/m^2", "param a : S | S/m^2\nparam b : S | S/m^2\n");
  accepts("stimulus s ->\nN\nstimulus s\n-> N", "stimulus s -> N\nstimulus s -> N\n");
  accepts("E = 0 ..\n10\nE = 0\n.. 10", "E = 0 .. 10\nE = 0 .. 10\n");
  accepts("expect a ~\nb\nexpect a\n~ 1 +-\n2", "expect a ~ b\nexpect a ~ 1 +- 2\n");
  accepts("let a = not\nb", "let a = not b\n");
  accepts("let a = if\nb\nthen\nc\nelse\nd", "let a = if b then c else d\n");
  accepts("let a = if b then c\nelse d", "let a = if b then c else d\n");
  accepts("cell A\n{\n}\ngate m\n^3\n{ inf = 1 }", "cell A\ngate m^3\n  inf = 1\n");
  rejects("let a = b\nnot c", "ParseExpected 2:1");
}

BOOST_AUTO_TEST_CASE(lines_that_begin_wrongly) {
  rejects("let a = b\n(c)", "ParseJoinLines 2:1", "let a = b (c)");
  rejects("let a = b\n[c]\nlet d = 1", "ParseJoinLines 2:1", "let a = b [c]\nlet d = 1");
  rejects("let a = b\n5 mV\nlet d = 1", "ParseJoinLines 2:1", "let a = b 5 mV\nlet d = 1");
  rejects("let a = 1 # why\n(c)\nlet 5 = 2", "ParseJoinLines 2:1; ParseExpected 3:5");
}

BOOST_AUTO_TEST_CASE(numbers) {
  accepts("let a = [0, 007, 1.5, 1e3, 1E-3, 2.5e+10]", "let a = [0, 007, 1.5, 1e3, 1E-3, 2.5e+10]\n");
  accepts("E = 0..3200\nI = 1.5..2", "E = 0 .. 3200\nI = 1.5 .. 2\n");
  rejects("let a = 1.", "ParseBadNumber 1:9", "let a = 1.0");
  rejects("let a = 1.e-5 + b", "ParseBadNumber 1:9", "let a = 1.0e-5 + b");
  rejects("let a = 1. mV", "ParseBadNumber 1:9", "let a = 1.0 mV");
  rejects("let a = .5", "ParseBadNumber 1:9", "let a = 0.5");
  rejects("let a = 1.2.3", "ParseBadNumber 1:9");
}

BOOST_AUTO_TEST_CASE(number_and_unit_are_one_token) {
  accepts("let a = 100 mS/cm^2 + 0.32 ms^-1/mV + 5ms + 5\tms", "let a = 100 mS/cm^2 + 0.32 ms^-1/mV + 5 ms + 5 ms\n");
  accepts("let a = 3 ms*tau\nlet b = 1 nS*m^3*h", "let a = 3 ms * tau\nlet b = 1 nS * m^3 * h\n");
  accepts("let a = 5 mV/s\nlet b = 5 mV / s\nlet c = 5 mV/sigma", "let a = 5 mV/s\nlet b = 5 mV / s\nlet c = 5 mV / sigma\n");
  accepts("let a = 5 mV/s.x\nlet b = 5 mV/s(1)\nlet c = 5 m^2*s", "let a = 5 mV / s.x\nlet b = 5 mV / s(1)\nlet c = 5 m^2 * s\n");
  accepts("let a = 2/m\nlet b = 2 / m", "let a = 2 / m\nlet b = 2 / m\n");
  accepts("let a = 5 mV^2.5", "let a = (5 mV)^2.5\n");
  accepts("let a = 5 m/s/s^-2", "let a = 5 m/s/s^-2\n");
  accepts("let a = 5 uA + 5 µA + 5 \u03bcA + 5 MOhm + 5 M\u2126 + 5 M\u03a9",
          "let a = 5 uA + 5 µA + 5 \u03bcA + 5 MOhm + 5 M\u2126 + 5 M\u03a9\n");
  rejects("let a = 5  mV", "ParseBadNumber 1:10", "let a = 5 mV");
  rejects("let a = 5 ms*", "ParseExpected 1:14");
}

BOOST_AUTO_TEST_CASE(words_behind_numbers_that_are_no_units) {
  rejects("let a = 5 mVV", "ParseUnknownUnit 1:11");
  rejects("let a = 5 min\nlet b = 1 h", "ParseUnknownUnit 1:11; ParseUnknownUnit 2:11");
  rejects("let a = 100 mS/cm2", "ParseUnknownUnit 1:16", "let a = 100 mS/cm^2");
  rejects("let a = 100 cm2", "ParseUnknownUnit 1:13", "let a = 100 cm^2");
  rejects("param tau = 1 ms\nlet a = 2 tau", "ParseUnknownUnit 2:11", "param tau = 1 ms\nlet a = 2*tau");
  accepts("let cm2 = 1\nlet a = 100 mS/cm2", "let cm2 = 1\nlet a = 100 mS / cm2\n");
  rejects("let a = 5 mv", "ParseUnknownUnit 1:11", "let a = 5 mV");
  BOOST_TEST(parse_text("param a : mVV").emitter.all()[0].helps[0] == "did you mean `mV`?");
  rejects("param a : mVV\nparam b : S/cm2", "ParseUnknownUnit 1:11; ParseUnknownUnit 2:13");
}

BOOST_AUTO_TEST_CASE(units_after_a_colon) {
  accepts("param a : S / m ^ 2 | ms ^ -1 = 1 nS", "param a : S/m^2 | ms^-1 = 1 nS\n");
  accepts("param a : 1\nstate s : 1 = 0\nparam b : m in 0 m .. 1 m", "param a : 1\nstate s : 1 = 0\nparam b : m in 0 m .. 1 m\n");
  accepts("param a : um^2/ms\nparam b : mS/cm^2/ms^-1 | ms^-1/mV = 1 mS/cm^2/ms^-1", "param a : um^2/ms\nparam b : mS/cm^2/ms^-1 | ms^-1/mV = 1 mS/cm^2/ms^-1\n");
  rejects("param a : 2", "ParseUnknownUnit 1:11");
  rejects("param a : = 3", "ParseExpected 1:11");
  rejects("param a : 1/ms", "ParseReciprocalUnit 1:11", "param a : ms^-1");
}

BOOST_AUTO_TEST_CASE(reciprocals) {
  rejects("let a = 4/ms", "ParseReciprocalUnit 1:9", "let a = 4 ms^-1");
  rejects("let a = 4/ms/mV*b", "ParseReciprocalUnit 1:9", "let a = 4 ms^-1/mV*b");
  rejects("let a = 4/cm^2", "ParseReciprocalUnit 1:9", "let a = 4 cm^-2");
  accepts("param ms = 1 nS\nlet a = 4/ms", "param ms = 1 nS\nlet a = 4 / ms\n");
  accepts("fn f(nm, x) = 4/nm", "fn f(nm, x) = 4 / nm\n");
  accepts("let a = 4/s + 4/C + 4/tau", "let a = 4 / s + 4 / C + 4 / tau\n");
}

BOOST_AUTO_TEST_CASE(degrees_celsius_take_their_sign) {
  accepts("temperature = -10 degC", "temperature = -10 degC\n");
  Parsed parsed = parse_text("temperature = -10 degC");
  const auto& value = *std::get<eic::ast::Setting>(parsed.tree->items[0].node).binding.value;
  BOOST_TEST(value.text == "-10");
  BOOST_CHECK(value.kind == eic::ast::ExprKind::Number && value.unit.celsius);
  accepts("let a = b - 10 degC", "let a = b - 10 degC\n");
  Parsed plain = parse_text("let a = -10 mV");
  BOOST_CHECK(std::get<eic::ast::Let>(plain.tree->items[0].node).value->kind == eic::ast::ExprKind::Unary);
}

BOOST_AUTO_TEST_CASE(typographic_signs) {
  rejects("let a = b \u2212 c", "ParseTypographicMinus 1:11", "let a = b - c");
  rejects("let a = \u20135 mV", "ParseTypographicMinus 1:9", "let a = -5 mV");
  rejects("let a = 2 ms^\u22121", "ParseTypographicMinus 1:14", "let a = 2 ms^-1");
  rejects("let a = b \u00d7 c", "ParseBadCharacter 1:11", "let a = b * c");
  rejects("let a = 5\u00a0mV", "ParseBadCharacter 1:10", "let a = 5 mV");
}

BOOST_AUTO_TEST_CASE(characters_outside_the_language) {
  rejects("let a = 1;\nlet b = 2", "ParseBadCharacter 1:10", "let a = 1\nlet b = 2");
  rejects("let a = 1; let b = 2", "ParseBadCharacter 1:10", "let a = 1, let b = 2");
  rejects("let a = b && !c || d", "ParseBadCharacter 1:11; ParseBadCharacter 1:14; ParseBadCharacter 1:17",
          "let a = b and !c || d");
  rejects("let a = b ** 2", "ParseBadCharacter 1:11", "let a = b ^ 2");
  rejects("let gr\u00f6\u00dfe = 1\nlet 5 = 2", "ParseBadCharacter 1:7; ParseExpected 2:5");
  rejects("let a = b % c", "ParseBadCharacter 1:11");
  rejects("let a = $b", "ParseBadCharacter 1:9");
  rejects("let kΩ = 1", "ParseExpected 1:5");
}

BOOST_AUTO_TEST_CASE(keywords_are_soft) {
  // The list is read from the grammar, so that a keyword added there is tested here.
  std::string grammar = read_file(EIC_ROOT "/grammar/Eic.g4");
  std::string tokens = grammar.substr(grammar.find("tokens {"));
  std::vector<std::string> soft, hard;
  std::stringstream stream(tokens.substr(8, tokens.find('}') - 8));
  for (std::string word; stream >> word && word != "QUANTITY";) {
    while (!word.empty() && word.back() == ',') word.pop_back();
    for (char& letter : word) letter = static_cast<char>(std::tolower(letter));
    (word == "if" || !hard.empty() ? hard : soft).push_back(word);
  }
  BOOST_TEST(soft.size() == 45u);
  BOOST_TEST(hard.size() == 8u);
  for (const std::string& word : soft) {
    std::string items = fmt::format("param {0} = {0}.{0}\n{0} = 1\n{0}' = {0}\n{0}.{0} += 1\n", word);
    accepts(items, items);
    accepts("cell c { " + word + " = 0 .. 1, let " + word + " = f(" + word + " = 2, " + word + ") }",
            "cell c\n  " + word + " = 0 .. 1\n  let " + word + " = f(" + word + " = 2, " + word + ")\n");
  }
  for (const std::string& word : hard) rejects("param " + word + " = 1", "ParseExpected 1:7");
}

BOOST_AUTO_TEST_CASE(plus_minus_is_tight) {
  accepts("expect convergence(dt) ~ 1 +- 0.1", "expect convergence(dt) ~ 1 +- 0.1\n");
  accepts("let a = 1 + -b", "let a = 1 + -b\n");
  rejects("let a = 1 +- b", "ParseExpected 1:11");
}

BOOST_AUTO_TEST_CASE(precedence) {
  accepts("let a = -2^2\nlet b = (-2)^2\nlet c = 2^-1\nlet d = 2^3^2\nlet e = (2^3)^2",
          "let a = -2^2\nlet b = (-2)^2\nlet c = 2^-1\nlet d = 2^3^2\nlet e = (2^3)^2\n");
  accepts("let a = (b - (c - d)) - e\nlet f = (b/c)/(d/e)\nlet g = (b + c)*d",
          "let a = b - (c - d) - e\nlet f = b / c / (d / e)\nlet g = (b + c) * d\n");
  accepts("let a = not (b < c) and (d or e) and not f", "let a = not b < c and (d or e) and not f\n");
  accepts("let a = -b*c\nlet d = -(b*c)", "let a = -b * c\nlet d = -(b * c)\n");
  accepts("let a = if (b) then c else if d then e else f\nlet g = (if b then c else d) + 1",
          "let a = if b then c else if d then e else f\nlet g = (if b then c else d) + 1\n");
  rejects("let a = b < c < d", "ParseChainedComparison 1:15", "let a = b < c and c < d");
  accepts("let a = (b < c) == (d < e)", "let a = (b < c) == (d < e)\n");
}

BOOST_AUTO_TEST_CASE(strings) {
  accepts("use \"lib/größe.eic\" { D }", "use \"lib/größe.eic\" { D }\n");
  rejects("use \"lib { D }\nlet 5 = 2", "ParseUnclosedString 1:5; ParseExpected 2:5");
}

BOOST_AUTO_TEST_CASE(files_that_are_no_text) {
  rejects("", "ParseEmptyFile 1:1");
  rejects("# only\n\n # comments", "ParseEmptyFile 1:1");
  rejects(std::string("let a = 1\n\0let", 14), "ParseNotText 2:1");
  rejects("let a = \xff", "ParseNotText 1:9");
  rejects("let a = \xc0\x80", "ParseNotText 1:9");
  rejects("# \xed\xa0\x80", "ParseNotText 1:3");
  rejects("# \xe2\x82", "ParseNotText 1:3");
}

BOOST_AUTO_TEST_CASE(positions_are_bytes) {
  Parsed parsed = parse_text("# µ\nlet abc = 5 µm");
  const auto& let = std::get<eic::ast::Let>(parsed.tree->items[0].node);
  BOOST_TEST(let.name.span.begin == 9u);
  BOOST_TEST(let.value->span.begin == 15u);
  BOOST_TEST(let.value->span.end == 20u);
  BOOST_TEST(parsed.tree->items[0].keyword.end == 8u);
  rejects("let µa = 5 µm", "ParseExpected 1:5");
}

BOOST_AUTO_TEST_SUITE_END()
