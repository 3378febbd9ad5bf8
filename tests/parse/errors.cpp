// What the parser says: in the user's terms, at the right place, once for each mistake, and on with the next item.
#include "tests/parse/support.h"

using namespace eic::test;

BOOST_AUTO_TEST_SUITE(errors)

BOOST_AUTO_TEST_CASE(messages_speak_the_users_language) {
  BOOST_TEST(message("param a mV") == "expected `:` or `=`, found `mV`");
  BOOST_TEST(message("param a : }") == "`}` closes nothing");
  BOOST_TEST(message("cell c { param a : }") == "expected a unit, found `}`");
  BOOST_TEST(message("cell c { a = }") == "expected an expression, found `}`");
  BOOST_TEST(message("cell c {\n  let a = (b + c) d\n}") == "expected `,` or end of line, found `d`");
  BOOST_TEST(message("cell c {\n  let a = if b then c\n}") == "expected `else`, found end of line");
  BOOST_TEST(message("let a = f(b c)") == "expected `)` or `,`, found `c`");
  BOOST_TEST(message("let a = [b c]") == "expected `]` or `,`, found `c`");
  BOOST_TEST(message("let 5 = 3") == "expected a name, found `5`");
  BOOST_TEST(message("let a 5 mV") == "expected `=`, found `5 mV`");
  BOOST_TEST(message("test of x {}") == "expected a text in quotes, found `of`");
  BOOST_TEST(message("= 3") == "expected an item such as `param`, `cell` or `name = value`, found `=`");
  BOOST_TEST(message("network A") == "expected `{`, found end of file");
  BOOST_TEST(message("gate m^n { }") == "expected a number, found `n`");
  BOOST_TEST(message("reset { let a = 1 }") == "expected a setting `name = value`, found `let`");
  BOOST_TEST(message("expect a") == "this expectation compares nothing");
  BOOST_TEST(message("use std.channels") == "expected `{`, found end of file");
  BOOST_TEST(message("spike v > 3 mV") == "expected `when`, found `v`");
  BOOST_TEST(message("let a = \"abc\" \"a very long text that nobody wants to read twice\"").find('\xE2') != std::string::npos);
}

BOOST_AUTO_TEST_CASE(hints) {
  BOOST_TEST(parse_text("let if = 3").emitter.all()[0].helps[0] == "`if` is a word of the language and cannot be a name");
  rejects("cell c {\n  chanel INa : Na { g = 1 nS }\n}", "ParseExpected 2:3", "cell c {\n  channel INa : Na { g = 1 nS }\n}");
  rejects("let a = b + if c then d else e", "ParseExpected 1:13");
  BOOST_TEST(parse_text("let a = b + if c then d else e").emitter.all()[0].helps.size() == 1u);
}

BOOST_AUTO_TEST_CASE(several_errors_in_one_file) {
  rejects(R"(cell HH {
  area = 20000 um^2 foo
  capacitance 1 uF/cm^2
  channel INa : Na on { g = 100 mS/cm2 }
  channel IL : Leak { g = 5 mVV, E = , tau = 3 ms ms }
  state s : mVV = 0
  let good = 1
  let y = f(a,, b) +
    more
  gate m^2.5 { inf = 3, let x = 4 }
}
let 5 = 3
cell Ok { x = 1 }
expect a
let z = a < b < c
)",
          "ParseExpected 2:21; ParseExpected 3:15; ParseExpected 4:23; ParseUnknownUnit 4:36; ParseUnknownUnit 5:29; "
          "ParseExpected 5:38; ParseExpected 5:51; ParseUnknownUnit 6:13; ParseExpected 8:15; ParseBadNumber 10:10; "
          "ParseExpected 10:25; ParseExpected 12:5; ParseExpected 14:8; ParseChainedComparison 15:15");
}

BOOST_AUTO_TEST_CASE(a_failed_head_takes_its_block_along) {
  rejects("cell {\n  let a = 1\n  area = 3\n}\nlet 5 = 1", "ParseExpected 1:6; ParseExpected 5:5");
  rejects("population N : HH { E = 0 .. 3 }\nlet a = 1", "ParseExpected 1:19");
  rejects("record v, INa.m fo N, every = 3", "ParseExpected 1:17");
}

BOOST_AUTO_TEST_CASE(brackets_without_partner) {
  rejects("cell A {\n  let a = 1\n\ncell B {\n}\n", "ParseUnclosed 1:8");
  rejects("cell A {\n  gate m {\n    inf = 1\n  conductance g\n}\nlet a = 1\n", "ParseUnclosed 1:8");
  Parsed parsed = parse_text("cell A {\n  gate m {\n    inf = 1\n  conductance g\n}\nlet a = 1\n");
  BOOST_REQUIRE(parsed.emitter.all()[0].notes.size() == 2u);
  BOOST_TEST(parsed.emitter.all()[0].notes[0].span->begin == 18u);
  rejects("cell A {\n  let a = f(1, 2\n  let b = 3\n}\nlet c = 2", "ParseUnclosed 2:12");
  rejects("let a = f(1, [2)\nlet 5 = 2", "ParseUnclosed 1:14");
  rejects("let a = 1)\nlet b = 2", "ParseUnclosed 1:10");
  rejects("cell A { }\n}\n", "ParseUnclosed 2:1");
  // What is wrong before the bracket is still said.
  rejects("let 5 = 1\ncell A {", "ParseExpected 1:5; ParseUnclosed 2:8");
}

BOOST_AUTO_TEST_CASE(expressions_alone) {
  eic::source::SourceSet sources;
  eic::diagnostics::Emitter emitter;
  auto value = eic::parse::parse_expression(sources.add_text("--set", " 100 mS/cm^2*2 "), emitter);
  BOOST_REQUIRE(value);
  BOOST_TEST(eic::ast::print(*value) == "100 mS/cm^2 * 2");
  for (std::string wrong : {"", "1 +", "a b", "a = 1", "5 mVV", "(1", "a\nb"}) {
    eic::diagnostics::Emitter faults;
    const auto& source = sources.add_text("--set", wrong);
    BOOST_TEST(!eic::parse::parse_expression(source, faults), wrong);
    BOOST_TEST(faults.error_count() == 1u, wrong << ": " << lines(reports(source, faults)));
  }
}

BOOST_AUTO_TEST_SUITE_END()
