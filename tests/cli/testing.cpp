// `eic test` as a process: what it prints and writes, in which order, and how it ends.
#include <nlohmann/json.hpp>

#include "tests/cli/support.h"

using namespace eic::test;

namespace {

// A passive cell under 0.1 nA, its exact trace (tau 20 ms, 10 mV in the end) as the reference.
const std::string k_passive = R"(use std.channels { Leak }
param g = 10 nS
cell P {
  capacitance = 200 pF
  channel IL : Leak { g = g, E = -65 mV }
  init v = -65 mV
}
test "charges" of P {
  stimulus step -> P { amplitude = 0.1 nA }
  duration = 5 ms, dt = 1 ms
  expect trace(v) ~ csv("ref.csv") within max 1 uV
}
test "stays below -50 mV" of P { duration = 5 ms, dt = 1 ms, expect trace(v) < -50 mV }
)";
const std::string k_exact = R"(# by hand: -65 + 10 (1 - exp(-t/20))
time_ms,v_mV,remark
0,-65,start
1,-64.51229424500714,a
2,-64.04837418035959,b
3,-63.60707976425058,c
4,-63.18730753077982,d
5,-62.78800783071405,e
)";

struct Models : Scratch {
  Models() {
    write("p.eic", k_passive);
    write("ref.csv", k_exact);
  }
  // The third sample 0.25 mV off.
  void spoil() const {
    std::string text = k_exact;
    text.replace(text.find("-64.04837418035959"), 18, "-64.29837418035959");
    write("ref.csv", text);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(testing, Models)

BOOST_AUTO_TEST_CASE(a_line_a_test_and_a_closing_count) {
  Ran ran = eic({"test", "p.eic"});
  BOOST_TEST(ran.exit == 0);
  BOOST_TEST(ran.out.starts_with("pass  p.eic: charges  ("));
  BOOST_TEST(contains(ran.out, "pass  p.eic: stays below -50 mV  ("));
  BOOST_TEST(contains(ran.out, "2 passed, 0 failed  ("));
  BOOST_TEST(lines_of(ran.out) == 3u);
  BOOST_TEST(!fs::exists(path / "eic-test.out"));
  Ran one = eic({"test", "p.eic", "--filter", "^char"});
  BOOST_TEST(contains(one.out, "1 passed, 0 failed"));
  BOOST_TEST(eic({"test", "p.eic", "--filter", "nothing like it"}).exit == 1);
}

BOOST_AUTO_TEST_CASE(a_failure_says_where_and_draws_it) {
  spoil();
  Ran ran = eic({"test", "p.eic"});
  BOOST_TEST(ran.exit == 1);
  BOOST_TEST(contains(ran.out, "FAIL  p.eic: charges"));
  BOOST_TEST(contains(ran.out, "p.eic:11: expect trace(v) ~ csv(\"ref.csv\") within max 1 uV"));
  BOOST_TEST(contains(ran.out, "expected "));
  BOOST_TEST(contains(ran.out, "got "));
  BOOST_TEST(contains(ran.out, "first at 2 ms"));
  BOOST_TEST(contains(ran.out, "drawn in eic-test.out/p.charges.1.svg"));
  BOOST_TEST(contains(ran.out, "1 passed, 1 failed"));
  std::string picture = read("eic-test.out/p.charges.1.svg");
  BOOST_TEST(contains(picture, "time (ms)"));
  BOOST_TEST(contains(picture, "v (mV)"));
  BOOST_TEST(contains(picture, ">expected</text>"));
  BOOST_TEST(std::system(fmt::format("xmllint --noout '{}'", (path / "eic-test.out/p.charges.1.svg").string()).c_str()) == 0);
}

BOOST_AUTO_TEST_CASE(pictures_that_cannot_be_written_are_no_failure_of_the_model) {
  spoil();
  write("file", "");
  Ran ran = eic({"test", "p.eic", "--pictures", "file/below"});
  BOOST_TEST(ran.exit == 1);
  BOOST_TEST(contains(ran.err, "the picture of a failure cannot be written"));
  BOOST_TEST(contains(ran.out, "1 passed, 1 failed"));
}

BOOST_AUTO_TEST_CASE(order_does_not_depend_on_threads) {
  for (int i = 0; i < 12; i++) write(fmt::format("m/{:02}.eic", i), i == 7 ? "param a = 1 mV + 1 nA\n" : k_passive);
  write("m/ref.csv", k_exact);
  auto stripped = [&](const std::string& threads) {
    Ran ran = eic({"test", "m", "--threads", threads});
    BOOST_TEST(ran.exit == 1);
    std::string names;
    for (size_t at = 0, end; (end = ran.out.find('\n', at)) != std::string::npos; at = end + 1)
      names += ran.out.substr(at, ran.out.find("  (", at) - at) + "\n";
    return names;
  };
  std::string one = stripped("1");
  BOOST_TEST(one == stripped("4"));
  BOOST_TEST(lines_of(one) == 24u);
  BOOST_TEST(contains(one, "FAIL  m/07.eic: (the model has errors)"));
}

BOOST_AUTO_TEST_CASE(junit_is_valid_and_tells_failures_from_errors) {
  spoil();
  write("bad <&> \"model\".eic", "param a = 1 mV + 1 nA\n");
  Ran ran = eic({"test", "p.eic", "bad <&> \"model\".eic", "--junit", "report.xml"});
  BOOST_TEST(ran.exit == 1);
  std::string xml = read("report.xml");
  BOOST_TEST(contains(xml, "tests=\"2\" failures=\"1\" errors=\"0\""));
  BOOST_TEST(contains(xml, "tests=\"1\" failures=\"0\" errors=\"1\""));
  BOOST_TEST(contains(xml, "<failure message=\"expect trace(v)"));
  std::string validate = fmt::format("xmllint --noout --schema '{}/tests/cli/data/JUnit.xsd' '{}' 2>/dev/null", EIC_ROOT,
                                     (path / "report.xml").string());
  BOOST_TEST(std::system(validate.c_str()) == 0);
  write("wrong.xml", xml.replace(xml.find("tests=\"2\""), 9, "tests=\"?\""));
  BOOST_TEST(std::system(fmt::format("xmllint --noout --schema '{}/tests/cli/data/JUnit.xsd' '{}' 2>/dev/null", EIC_ROOT,
                                     (path / "wrong.xml").string())
                             .c_str()) != 0);
  BOOST_TEST(eic({"test", "p.eic", "--junit", "no/such/folder.xml"}).exit == 5);
}

BOOST_AUTO_TEST_CASE(json_holds_every_verdict) {
  spoil();
  Ran ran = eic({"test", "p.eic", "--json"});
  BOOST_TEST(ran.exit == 1);
  auto report = nlohmann::json::parse(ran.out);
  BOOST_TEST(report["passed"] == 1);
  BOOST_TEST(report["failed"] == 1);
  BOOST_TEST(report["tests"][0]["expects"][0]["holds"] == false);
  BOOST_TEST(report["tests"][0]["expects"][0]["picture"] == "eic-test.out/p.charges.1.svg");
  BOOST_TEST(report["tests"][1]["passed"] == true);
}

BOOST_AUTO_TEST_CASE(bless_rewrites_what_was_compared_and_nothing_else) {
  spoil();
  Ran ran = eic({"test", "p.eic", "--bless"});
  BOOST_TEST(ran.exit == 0, ran.out << ran.err);
  BOOST_TEST(contains(ran.out, "ref.csv: "));
  BOOST_TEST(contains(ran.out, "`v_mV` by at most 0.25"));
  std::string text = read("ref.csv");
  BOOST_TEST(text.starts_with("# by hand: -65 + 10 (1 - exp(-t/20))\ntime_ms,v_mV,remark\n0,-65,start\n"));
  BOOST_TEST(contains(text, ",b\n"));
  BOOST_TEST(eic({"test", "p.eic"}).exit == 0);
  Ran again = eic({"test", "p.eic", "--bless"});
  BOOST_TEST(again.exit == 0);
  BOOST_TEST(contains(again.out, "0 comparisons rewritten"));
}

BOOST_AUTO_TEST_CASE(bless_refuses_a_model_that_the_lint_warns_of) {
  spoil();
  std::string before = read("ref.csv"), model = k_passive;
  model.replace(model.find("10 nS"), 5, "10 pS");  // 10^3 too small: R_in = 100 GΩ
  write("p.eic", model);
  Ran ran = eic({"test", "p.eic", "--bless"});
  BOOST_TEST(ran.exit == 1);
  BOOST_TEST(contains(ran.err, "warning[L00"));
  BOOST_TEST(contains(ran.out, "left     "));
  BOOST_TEST(read("ref.csv") == before);
}

BOOST_AUTO_TEST_CASE(mutate_finds_what_no_expectation_notices) {
  std::string model = k_passive;
  model.replace(model.find("param g"), 0, "param idle = 0.1 nA\n");
  model +=
      "test \"idle\" of P { stimulus step -> P { amplitude = idle, from = 4 ms }, duration = 5 ms, dt = 1 ms, expect trace(v, to "
      "= 3 ms) < -50 mV }\n";
  write("p.eic", model);
  Ran ran = eic({"test", "p.eic", "--mutate", "--json"});
  BOOST_TEST(ran.exit == 0, ran.err);
  auto report = nlohmann::json::parse(ran.out);
  bool idle = false, leak = false;
  for (const auto& param : report["parameters"]) {
    if (param["path"] == "idle") {
      idle = true;
      BOOST_TEST(param["noticed_at_10_percent"] == 0);
      BOOST_TEST(param["reason"] == "what is measured did not change, at 1 % nor at 10 %");
    }
    if (param["path"] == "g") leak = param["noticed_at_1_percent"] == 1;
  }
  BOOST_TEST(idle);
  BOOST_TEST(leak);
  BOOST_TEST(report["expectations"][0]["noticed"] == true);
  BOOST_TEST(report["expectations"][1]["noticed"] == false);
  Ran text = eic({"test", "p.eic", "--mutate"});
  BOOST_TEST(contains(text.out, "parameters that no expectation notices at 10 %:\n  idle: what is measured did not change"));
  BOOST_TEST(contains(text.out, "expectations that no mutant makes fail:\n"));
  spoil();
  Ran failing = eic({"test", "p.eic", "--mutate"});
  BOOST_TEST(failing.exit == 1);
  BOOST_TEST(contains(failing.err, "eic: `charges` of p.eic fails as it stands: there is nothing to mutate\n"), failing.err);
  write("p.eic", k_passive + "param broken = 1 mV + 1 nA\n");
  Ran broken = eic({"test", "p.eic", "--mutate"});
  BOOST_TEST(broken.exit == 1);
  BOOST_TEST(contains(broken.err, "p.eic:14:23: error[E0201]"), broken.err);
  BOOST_TEST(contains(broken.err, "eic: p.eic has errors: there is nothing to mutate\n"), broken.err);
}

// Legend and axis label stand outside of what is drawn, however wide the numbers.
BOOST_AUTO_TEST_CASE(a_picture_hides_no_curve) {
  spoil();
  eic({"test", "p.eic"});
  std::string svg = read("eic-test.out/p.charges.1.svg");
  BOOST_REQUIRE(!svg.empty());
  auto number = [&](size_t at) { return std::stod(svg.substr(at)); };
  double top = 1e9;
  for (size_t at = 0; (at = svg.find("<path class=\"grid\" d=\"M", at)) != std::string::npos; at++)
    top = std::min(top, number(svg.find(' ', at + 22) + 1));
  BOOST_TEST(top < 200);
  double left = 1e9, widest = 0;
  for (size_t at = 0; (at = svg.find("<text class=\"y\" x=\"", at)) != std::string::npos; at++) {
    left = number(at + 19);
    size_t begin = svg.find('>', at) + 1;
    widest = std::max(widest, static_cast<double>(svg.find('<', begin) - begin));
  }
  BOOST_TEST(widest >= 5);             // "-64.2"
  BOOST_TEST(left - 7 * widest > 20);  // the label's letters end there
  size_t keys = 0;
  for (size_t at = 0; (at = svg.find("<text class=\"key\" x=\"", at)) != std::string::npos; at++, keys++)
    BOOST_TEST(number(svg.find("y=\"", at) + 3) < top);
  BOOST_TEST(keys == 2u);
}

BOOST_AUTO_TEST_CASE(pictures_of_two_files_do_not_meet) {
  for (const char* folder : {"a", "b"}) {
    write(std::string(folder) + "/p.eic", k_passive);
    std::string text = k_exact;
    text.replace(text.find("-64.04837418035959"), 18, "-64.29837418035959");
    write(std::string(folder) + "/ref.csv", text);
  }
  BOOST_TEST(eic({"test", "a", "b"}).exit == 1);
  BOOST_TEST((names("eic-test.out") == std::set<std::string>{"a_p.charges.1.svg", "b_p.charges.1.svg"}));
}

BOOST_AUTO_TEST_CASE(bless_keeps_what_it_may_not_or_should_not_write) {
  spoil();
  std::string before = read("ref.csv");
  fs::permissions(path / "ref.csv", fs::perms(0444));
  Ran locked = eic({"test", "p.eic", "--bless"});
  BOOST_TEST(locked.exit == 1);
  BOOST_TEST(contains(locked.out, "read-only"));
  BOOST_TEST(read("ref.csv") == before);
  fs::permissions(path / "ref.csv", fs::perms(0644));
  std::string twice = k_passive;
  twice += "test \"again\" of P { stimulus step -> P { amplitude = 0.2 nA }, duration = 5 ms, dt = 1 ms, expect trace(v) ~ csv(\"ref.csv\") within max 1 uV }\n";
  write("p.eic", twice);
  Ran both = eic({"test", "p.eic", "--bless"});
  BOOST_TEST(both.exit == 1);
  BOOST_TEST(contains(both.out, "another expectation has just renewed the same column"));
}

BOOST_AUTO_TEST_CASE(options_that_do_not_go_together_are_2) {
  for (std::vector<std::string> wrong : std::vector<std::vector<std::string>>{
           {"--bless", "--mutate"}, {"--bless", "--json"}, {"--bless", "--junit", "j.xml"}, {"--mutate", "--junit", "j.xml"}}) {
    wrong.insert(wrong.begin(), {"test", "p.eic"});
    BOOST_TEST(eic(wrong).exit == 2);
  }
  BOOST_TEST(eic({"test", "-"}).exit == 2);
}

BOOST_AUTO_TEST_CASE(a_trace_that_memory_cannot_hold_is_refused_before_it_is_recorded) {
  std::string model = k_passive;
  model += "test \"long\" of P { duration = 1000000000 s, dt = 1 ms, expect trace(v) < -50 mV }\n";
  write("p.eic", model);
  Ran ran = eic({"test", "p.eic"});
  BOOST_TEST(ran.exit == 1);
  BOOST_TEST(ran.seconds < 5);
  BOOST_TEST(contains(ran.err, "error[E0508]"));
  BOOST_TEST(contains(ran.out, "2 passed, 1 failed"));
}

BOOST_AUTO_TEST_CASE(a_parameter_that_is_a_size_is_not_called_refused) {
  std::string model = k_passive;
  model.replace(model.find("param g"), 0, "param n = 10\n");
  model += "network Net { population N : P[n] }\ntest \"size\" of Net { duration = 1 ms, dt = 1 ms, expect trace(N.v, index = 0) < -50 mV }\n";
  write("p.eic", model);
  auto report = nlohmann::json::parse(eic({"test", "p.eic", "--mutate", "--json"}).out);
  for (const auto& param : report["parameters"])
    if (param["path"] == "n") BOOST_TEST(param["reason"] == "what is measured did not change, at 1 % nor at 10 %");
}

BOOST_AUTO_TEST_SUITE_END()
