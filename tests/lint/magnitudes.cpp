// L001 … L009: on both sides of each band's edges, where they point, and what they propose.
#include "tests/lint/support.h"

namespace eic::test {

namespace {

// A cell with one leak and one gated conductance; the rest of the model follows.
std::string cell(const std::string& area, const std::string& capacitance, const std::string& g_leak,
                 const std::string& g_k = "1 mS/cm^2", const std::string& reversals = "-65 mV, -90 mV") {
  size_t comma = reversals.find(", ");
  return fmt::format(R"(use std.channels {{ Leak, K_TM1991 }}
use std.synapses {{ ExpCond, ExpCurr }}
cell C {{
  {}
  capacitance = {}
  ion k {{ E = {} }}
  channel IL : Leak {{ g = {}, E = {} }}
  channel IK : K_TM1991 on k {{ g = {} }}
  synapse cond : ExpCond {{ tau = 5 ms, E = 0 mV }}
  synapse curr : ExpCurr {{ tau = 5 ms }}
  init v = -65 mV
  spike when v crosses 0 mV
}}
)",
                     area.empty() ? "" : "area = " + area, capacitance, reversals.substr(comma + 2), g_leak,
                     reversals.substr(0, comma), g_k);
}

const std::string k_area = "20000 um^2", k_capacitance = "1 uF/cm^2", k_leak = "5e-5 S/cm^2";

std::string network(const std::string& weight, const std::string& stimulus = "", const std::string& port = "cond") {
  return fmt::format(R"(
network Net {{
  population N : C[10]
  projection p : N -> N.{} {{ connect = all_to_all, weight = {}, delay = 1 ms }}
  {}
}}
simulate run of Net {{ duration = 100 ms, dt = 0.1 ms, record spikes of N }}
)",
                     port, weight, stimulus);
}

void check_codes(const std::string& text, const std::string& expected) {
  Linted linted(text);
  BOOST_CHECK_MESSAGE(linted.codes() == expected, "expected `" << expected << "`, got\n" << linted.text() << text);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(magnitudes)

BOOST_AUTO_TEST_CASE(a_sound_cell_is_silent) { check_codes(cell(k_area, k_capacitance, k_leak) + network("6 nS"), ""); }

// C = 200 pF: τ_m by the leak alone, no density.
BOOST_AUTO_TEST_CASE(time_constant) {
  auto text = [](const char* g, const char* c = "200 pF") { return cell("", c, g, "10 nS"); };
  check_codes(text("1 nS"), "");  // 200 ms
  check_codes(text("0.999 nS"), "L001");
  check_codes(text("200 nS"), "");  // 1 ms
  check_codes(text("200.2 nS"), "L001");
  Linted slow(text("10 pS"));
  BOOST_CHECK_EQUAL(slow.codes(), "L001 L002");
  const auto& diagnostic = slow.only("L001");
  BOOST_CHECK_EQUAL(slow.at(diagnostic), "10 pS");
  BOOST_CHECK_EQUAL(diagnostic.message, "the membrane time constant of `C` is 20 s: those of neurons lie between 1 and 200 ms");
  BOOST_REQUIRE_EQUAL(diagnostic.fixes.size(), 1u);
  BOOST_CHECK_EQUAL(diagnostic.fixes[0].replacement, "10 nS");
  BOOST_CHECK(slow.only("L002").fixes.empty());
}

BOOST_AUTO_TEST_CASE(resistance) {
  auto text = [](const char* g, const char* c) { return cell("", c, g, "1 nS"); };
  check_codes(text("1 uS", "20 nF"), "");  // 1 MΩ, 20 ms
  check_codes(text("1.01 uS", "20 nF"), "L002");
  check_codes(text("0.05 nS", "1 pF"), "");  // 20 GΩ
  check_codes(text("0.0499 nS", "1 pF"), "L002");
  Linted low(text("2 uS", "20 nF"));
  BOOST_CHECK_EQUAL(low.only("L002").message,
                    "the input resistance of `C` is 500 kΩ: those of neurons lie between 1 MΩ and 20 GΩ");
}

BOOST_AUTO_TEST_CASE(capacitance) {
  auto text = [](const char* c) { return cell(k_area, c, k_leak); };
  check_codes(text("0.5 uF/cm^2"), "");
  check_codes(text("0.499 uF/cm^2"), "L003");
  check_codes(text("2 uF/cm^2"), "");
  check_codes(text("400.4 pF"), "L003");
  Linted wrong(text("1 mF/cm^2"));
  BOOST_CHECK_EQUAL(wrong.codes(), "L001 L003");
  BOOST_CHECK_EQUAL(wrong.at(wrong.only("L003")), "1 mF/cm^2");
  BOOST_CHECK_EQUAL(wrong.at(wrong.only("L001")), "1 mF/cm^2");  // what is to blame for both
  BOOST_CHECK_EQUAL(wrong.only("L003").message, "the membrane of `C` has 1000 uF/cm^2: those of cells have 0.5 to 2 uF/cm^2");
  BOOST_CHECK_EQUAL(wrong.only("L003").fixes.at(0).replacement, "1 uF/cm^2");
  BOOST_CHECK_EQUAL(Linted(text("200 nF")).only("L003").fixes.at(0).replacement, "200 pF");
}

BOOST_AUTO_TEST_CASE(densities) {
  auto leak = [](const char* c, const char* g) { return cell(k_area, c, g); };
  check_codes(leak("1 uF/cm^2", "1e-3 S/cm^2"), "");
  check_codes(leak("2 uF/cm^2", "1.01 mS/cm^2"), "L004");
  check_codes(leak("0.5 uF/cm^2", "2.6e-6 S/cm^2"), "");
  Linted small(leak("0.5 uF/cm^2", "0.999e-6 S/cm^2"));
  BOOST_CHECK_EQUAL(small.codes(), "L004 L001");  // 500 ms
  auto gated = [](const char* g) { return cell(k_area, k_capacitance, k_leak, g); };
  check_codes(gated("0.01 mS/cm^2"), "");
  check_codes(gated("9.99 uS/cm^2"), "L004");
  check_codes(gated("1 S/cm^2"), "");
  check_codes(gated("0 S/cm^2"), "");  // switched off
  Linted wrong(gated("30 nS/cm^2"));
  const auto& diagnostic = wrong.only("L004");
  BOOST_CHECK_EQUAL(wrong.at(diagnostic), "30 nS/cm^2");
  BOOST_CHECK_EQUAL(diagnostic.message,
                    "`IK` with all its gates open has 3e-8 S/cm^2: gated conductances lie between 1e-5 and 1 S/cm^2");
  BOOST_CHECK_EQUAL(diagnostic.fixes.at(0).replacement, "30 mS/cm^2");
}

// A total is compared as the density that it makes.
BOOST_AUTO_TEST_CASE(total_on_an_area) {
  Linted linted(cell(k_area, k_capacitance, "10 uS"));
  BOOST_CHECK_EQUAL(linted.codes(), "L004 L001 L002");
  BOOST_CHECK_EQUAL(linted.only("L004").fixes.at(0).replacement, "10 nS");
}

BOOST_AUTO_TEST_CASE(order_of_reversals) {
  auto text = [](const char* reversals) { return cell(k_area, k_capacitance, k_leak, "1 mS/cm^2", reversals); };
  check_codes(text("-90 mV, -90 mV"), "");
  Linted below(text("-90.1 mV, -90 mV"));
  BOOST_CHECK_EQUAL(below.codes(), "L005");
  BOOST_CHECK_EQUAL(below.only("L005").message,
                    "the leak's reversal potential, -90.1 mV, is below potassium's E_K, -90 mV: E_K < E_leak < E_Na in neurons");
  Linted sign(fmt::format("use std.channels {{ Na_TM1991 }}\n{}", [&] {
    std::string whole = text("65 mV, -90 mV");
    whole.replace(whole.find("  init v"), 0, "  ion na { E = 50 mV }\n  channel INa : Na_TM1991 on na { g = 100 mS/cm^2 }\n");
    return whole;
  }()));
  BOOST_CHECK_EQUAL(sign.codes("L005"), "L005");
  BOOST_CHECK_EQUAL(sign.at(sign.only("L005")), "65 mV");
  BOOST_CHECK_EQUAL(sign.only("L005").fixes.at(0).replacement, "-65 mV");
}

// g·τ/C is small: the bound is 65 mV·(1 − exp(−w·5 ms/200 pF)), 20 mV at 14.71 nS.
BOOST_AUTO_TEST_CASE(one_event) {
  auto text = [](const char* weight, const char* port = "cond") {
    return cell(k_area, k_capacitance, "1e-5 S/cm^2") + network(weight, "", port);
  };
  check_codes(text("14.70 nS"), "");
  Linted over(text("14.72 nS"));
  BOOST_CHECK_EQUAL(over.codes(), "L006");
  BOOST_CHECK_EQUAL(over.at(over.only("L006")), "14.72 nS");
  check_codes(text("800 pA", "curr"), "");  // w·τ/C
  check_codes(text("801 pA", "curr"), "L006");
  check_codes(text("-801 pA", "curr"), "L006");
  BOOST_CHECK_EQUAL(Linted(text("6 uS")).only("L006").fixes.at(0).replacement, "6 nS");
  check_codes(text("lognormal(14 nS, 10 nS)"), "");  // by the mean
}

BOOST_AUTO_TEST_CASE(constant_drive) {
  auto text = [](const std::string& what) {
    return cell(k_area, k_capacitance, k_leak) + network("1 nS", "stimulus step -> N { " + what + " }");
  };
  check_codes(text("amplitude = 1.15 nA"), "");  // -65 mV + 115 mV
  Linted over(text("amplitude = 1.16 nA"));
  BOOST_CHECK_EQUAL(over.codes(), "L009");
  BOOST_CHECK_EQUAL(over.at(over.only("L009")), "1.16 nA");
  check_codes(text("amplitude = 10 nA, from = 10 ms, to = 12 ms"), "");  // a kick: it ends before the leak matters
  check_codes(text("amplitude = -5 nA"), "");
  check_codes(text("amplitude = 0.8 nA }\n  stimulus more : step -> N { amplitude = 0.4 nA"), "L009 L009");
}

// The quadratic cell of Izhikevich: its slope reaches -11 per ms at -100 mV, and 13 at 50 mV is no time constant.
BOOST_AUTO_TEST_CASE(step_of_what_is_not_linear) {
  auto text = [](const char* dt) {
    return fmt::format(R"(
cell Q {{
  v' = (v + 60 mV)*(v + 40 mV)/(10 mV)/(1 ms)
  init v = -60 mV
  spike when v crosses 30 mV
  reset {{ v = -60 mV }}
}}
network Net {{ population N : Q[1] }}
simulate run of Net {{ duration = 10 ms, dt = {}, record v of N }}
)",
                       dt);
  };
  check_codes(text("0.05 ms"), "");  // slope -10 per ms at -100 mV
  Linted over(text("0.1 ms"));
  BOOST_CHECK_EQUAL(over.codes(), "L007");
  BOOST_CHECK_EQUAL(over.at(over.only("L007")), "0.1 ms");
  BOOST_CHECK_EQUAL(over.only("L007").message,
                    "a dt of 0.1 ms is more than half the fastest time constant of `v`, 0.1 ms at -100 mV");
}

BOOST_AUTO_TEST_CASE(resting_state) {
  auto text = [](const char* rest) {
    return fmt::format(
        "cell L {{ v' = ({} - v)/(20 ms)\n init v = -65 mV\n spike when v crosses -50 mV\n reset {{ v = -65 mV }} }}", rest);
  };
  check_codes(text("-50.01 mV"), "");
  Linted tonic(text("-49.99 mV"));
  BOOST_CHECK_EQUAL(tonic.codes(), "L008");
  BOOST_CHECK_EQUAL(tonic.at(tonic.only("L008")), "L");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(flagship)

// As text, without its `allow`s and without tests, whose files are read from the model's folder.
static std::string bare(const char* path) {
  source::SourceSet sources;
  auto loaded = sources.load(std::string(EIC_ROOT) + "/" + path, path);
  BOOST_REQUIRE(loaded);
  std::string text;
  for (uint32_t line = 1; line <= (*loaded)->line_count(); line++) {
    std::string_view one = (*loaded)->line(line);
    if (one.starts_with("test ")) break;
    if (!one.starts_with("  allow(")) text += std::string(one) + "\n";
  }
  return text;
}

BOOST_AUTO_TEST_CASE(corrected) {
  Linted linted(bare("models/cobahh.eic"));
  BOOST_CHECK_EQUAL(linted.codes(), "L008");
  BOOST_CHECK_EQUAL(linted.only("L008").message, "`HH` has no resting state: without input it fires at about 14 Hz");
  BOOST_TEST_MESSAGE(linted.text());
}

BOOST_AUTO_TEST_CASE(tutorial) {
  Linted linted(bare("models/cobahh_tutorial.eic"));
  BOOST_TEST_MESSAGE(linted.text());
  BOOST_CHECK_EQUAL(linted.codes(), "L004 L001 L002 L008");
  const auto& diagnostic = linted.only("L004");
  BOOST_CHECK_EQUAL(linted.at(diagnostic), "5 nS/cm^2");
  BOOST_CHECK_EQUAL(diagnostic.message, "the leak `IL` has 5e-9 S/cm^2: leaks lie between 1e-6 and 1e-3 S/cm^2");
  BOOST_REQUIRE_EQUAL(diagnostic.fixes.size(), 1u);
  BOOST_CHECK_EQUAL(diagnostic.fixes[0].replacement, "5e-5 S/cm^2");
  BOOST_CHECK_EQUAL(linted.only("L001").message,
                    "the membrane time constant of `HH` is 200 s: those of neurons lie between 1 and 200 ms");
  BOOST_CHECK_EQUAL(linted.only("L002").message,
                    "the input resistance of `HH` is 1 TΩ: those of neurons lie between 1 MΩ and 20 GΩ");
  BOOST_CHECK(linted.text().find("τ_m = C/g = 200 s and R_in = 1/g = 1 TΩ") != std::string::npos);
  // what it proposes leaves nothing but the drive
  BOOST_CHECK_EQUAL(Linted(linted.fixed()).codes(), "L008");
}

// Each in its block: nothing is said, and no `allow` is idle.
BOOST_AUTO_TEST_CASE(allowed) {
  for (const char* path : {"models/cobahh.eic", "models/cobahh_tutorial.eic"}) {
    Linted linted("", std::string(EIC_ROOT) + "/" + path);
    BOOST_CHECK_EQUAL(linted.text(), "");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace eic::test
