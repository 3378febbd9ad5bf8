// `eic explain`: what it says of cells, networks and channels, in each format, and that it builds nothing. And `eic list NAME`.
#include "tests/cli/support.h"

using namespace eic::test;

namespace {

const std::string k_exp_if = R"(synapse NMDA {
  param tau = 100 ms
  param E   = 0 mV
  state s : nS = 0 nS
  s' = -s/tau
  conductance s/(1 + exp(-0.062 mV^-1*v)/3.57)
  on event(w : nS) { s += w }
}
cell ExpIF {
  param { tau = 20 ms, R_m = 100 MOhm, E_L = -65 mV, D = 2 mV, V_T = -50 mV, b = 20 pA }
  state a : pA = 0 pA
  a' = -a/(100 ms)
  synapse nmda : NMDA {}
  v' = (E_L - v + D*exp((v - V_T)/D) + R_m*(input - a))/tau
  init v = E_L
  spike when v > -40 mV, refractory = 2 ms
  reset { v = -70 mV, a += b }
}
)";

const std::string k_channel = R"(# Slow potassium current.
# After nobody (1900).
channel KM(ion x) {
  param g       : S/m^2 | S in 0 mS/cm^2 .. 1 mS/cm^2   # maximal conductance
  param tau_max : ms
  let u = v + 35 mV
  gate p { inf = 1 / (1 + exp(-u/(10 mV)))
           tau = tau_max / (3.3*exp(u/(20 mV)) + exp(-u/(20 mV))) }
  conductance g*p
}
)";

size_t count(const std::string& text, const std::string& part) {
  size_t n = 0;
  for (size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) n++;
  return n;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(explain, Scratch)

BOOST_AUTO_TEST_CASE(a_cell_has_its_equations_and_what_follows) {
  Ran ran = eic({"explain", EIC_ROOT "/models/cobahh.eic", "HH"});
  BOOST_TEST(ran.exit == 0);
  BOOST_TEST(ran.err == "");
  for (const char* part :
       {"capacitance*v' = input - INa.i - IK.i - IL.i - exc.i - inh.i    [nA]", "i       = g*m^3*h*area*(v - na.E)    [nA]",
        "reverses at 50 mV", "w       = v - V_sh    [mV]", "m'      = alpha*(1 - m) - beta*m    [ms^-1]",
        "alpha = 0.32 ms^-1/mV*(13 mV - w)/(exp((13 mV - w)/4 mV) - 1)", "capacitance C               200 pF",
        "input resistance R_in       100 MOhm", "membrane time constant τ_m  20 ms", "resting state               none",
        "rate without input          13.4 Hz", "INa.g        100 mS/cm^2"})
    BOOST_TEST(contains(ran.out, part), part << " is not in " << ran.out);
  BOOST_TEST(!contains(ran.out, "HH.INa"));
  BOOST_TEST(!contains(ran.out, "Network"));
}

BOOST_AUTO_TEST_CASE(frozen_terms_are_named) {
  write("e.eic", k_exp_if);
  Ran ran = eic({"explain", "e.eic"});
  BOOST_TEST(ran.exit == 0);
  BOOST_TEST(contains(ran.out, "not linear in `v`: the slope of `exp((v - V_T)/D)`"));
  BOOST_TEST(!contains(ran.out, "not linear in `a`"));
  BOOST_TEST(contains(ran.out, "reset: a = a + b    [pA]"));
  BOOST_TEST(contains(ran.out, "Refractory for 2 ms"));
}

BOOST_AUTO_TEST_CASE(a_network_is_counted_and_not_built) {
  std::string model = k_model;
  for (auto [from, to] : {std::pair{"HH[100] { E = 0 .. 80, I = 80 .. 100 }",
                                    "HH[2000000000] { E = 0 .. 1600000000, I = 1600000000 .. 2000000000 }"},
                          std::pair{"fixed_outdegree(5)", "fixed_outdegree(1000)"}})
    model.replace(model.find(from), std::string(from).size(), to);
  write("big.eic", model);
  Ran ran = eic({"explain", "big.eic", "Small"});
  BOOST_TEST(ran.exit == 0, ran.err);
  BOOST_TEST(ran.seconds < 2);
  BOOST_TEST(contains(ran.out, "500 steps of 0.1 ms"));
  BOOST_TEST(contains(ran.out, "1600000000000 synapses"));
  BOOST_TEST(contains(ran.out, "TB"));
}

BOOST_AUTO_TEST_CASE(html_is_well_formed_and_draws_each_gate) {
  Ran ran = eic({"explain", "m.eic", "--format", "html"});
  BOOST_TEST(ran.exit == 0);
  BOOST_TEST(count(ran.out, "<svg ") == 6u);  // m, h, n: steady state and time constant
  BOOST_TEST(contains(ran.out, "INa.m: steady state"));
  BOOST_TEST(!contains(ran.out, "nan"));
  write("m.html", ran.out);
  BOOST_TEST(std::system(fmt::format("xmllint --noout '{}'", (path / "m.html").string()).c_str()) == 0);
}

BOOST_AUTO_TEST_CASE(markdown_and_latex_have_the_equations) {
  write("e.eic", k_exp_if);
  Ran markdown = eic({"explain", "e.eic", "--format", "markdown"});
  BOOST_TEST(markdown.exit == 0);
  BOOST_TEST(contains(markdown.out, "$$ \\frac{\\mathrm{d}v}{\\mathrm{d}t} = \\frac{E_{\\mathrm{L}} - v"));
  BOOST_TEST(contains(markdown.out, "| resting state | -65 mV |"));
  BOOST_TEST(count(markdown.out, "$$") % 2 == 0u);
  Ran latex = eic({"explain", "m.eic", "--format", "latex"});
  BOOST_TEST(latex.exit == 0);
  BOOST_TEST(contains(latex.out, "\\[ C \\frac{\\mathrm{d}v}{\\mathrm{d}t} = I_{\\mathrm{input}} - I_{\\mathrm{INa}}"));
  for (auto [open, close] :
       {std::pair{"{", "}"}, std::pair{"\\[", "\\]"}, std::pair{"\\left(", "\\right)"}, std::pair{"\\begin{", "\\end{"}})
    BOOST_TEST(count(latex.out, open) == count(latex.out, close), open);
  BOOST_TEST(std::all_of(latex.out.begin(), latex.out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_explained_is_said) {
  Ran other = eic({"explain", "m.eic", "Smal"});
  BOOST_TEST(other.exit == 2);
  BOOST_TEST(contains(other.err, "did you mean `Small`?"));
  write("bad.eic", "param a = 1 mV + 1 nA\n");
  BOOST_TEST(eic({"explain", "bad.eic"}).exit == 1);
  write("none.eic", "param a = 1 mV\n");
  Ran none = eic({"explain", "none.eic"});
  BOOST_TEST(none.exit == 0);
  BOOST_TEST(contains(none.out, "neither cells nor networks"));
  Ran empty = eic({"explain", "none.eic", "K"});
  BOOST_TEST(empty.exit == 2);
  BOOST_TEST(empty.err == "eic: none.eic has no cell, network, channel, synapse or rule `K`, and none of another name\n");
  BOOST_TEST(eic({"explain", "m.eic", "--format", "pdf"}).exit == 2);
}

BOOST_AUTO_TEST_CASE(a_channel_is_explained_without_a_cell) {
  write("lib/KM.eic", k_channel);
  Ran ran = eic({"explain", "lib/KM.eic", "KM"});
  BOOST_TEST(ran.exit == 0, ran.err);
  for (const char* part :
       {"Channel KM(ion x)\n=================\n  Slow potassium current. After nobody (1900).\n",
        "g          S/m^2 or S  none: to be given  0 mS/cm^2 .. 1 mS/cm^2  maximal conductance", "parameter  unit ",
        "A conductance in S is\n  taken as the total.", "tau_max    ms", "i     = g*p*(v - x.E)    [uA/cm^2]",
        "p'    = (inf - p)/tau", "  tau = tau_max/(3.3*exp(u/20 mV) + exp(-u/20 mV))",
        "With `tau_max = 1 ms`, which the declaration leaves open"})
    BOOST_TEST(contains(ran.out, part), part << " is not in " << ran.out);
  for (const char* made : {"_alone", "Cell ", "um^2", "36 degC", "reverses at"})  // of the cell that nobody wrote
    BOOST_TEST(!contains(ran.out, made), made << " in " << ran.out);
  BOOST_TEST(contains(ran.out, "\n  -40 mV   0.3775    0.2595\n"), ran.out);  // 1/(1 + e^0.5), 1/(3.3 e^-0.25 + e^0.25)
  BOOST_TEST(eic({"explain", "lib/KM.eic"}).out == ran.out);
  Ran slow = eic({"explain", "lib/KM.eic", "KM", "--set", "tau_max=4300 ms"});
  BOOST_TEST(contains(slow.out, "With `tau_max = 4300 ms`"), slow.out + slow.err);
  write("in.eic", "use \"lib/KM.eic\" { KM as M }\n");
  BOOST_TEST(contains(eic({"explain", "in.eic", "M"}).out, "i     = g*p*(v - x.E)    [uA/cm^2]"));
  Ran html = eic({"explain", "lib/KM.eic", "--format", "html"});
  BOOST_TEST(count(html.out, "<svg ") == 2u);
  write("k.html", html.out);
  BOOST_TEST(std::system(fmt::format("xmllint --noout '{}'", (path / "k.html").string()).c_str()) == 0);
  Ran wrong = eic({"explain", "lib/KM.eic", "KN"});
  BOOST_TEST(wrong.exit == 2);
  BOOST_TEST(contains(wrong.err, "did you mean `KM`?"), wrong.err);
}

// A test of a channel makes a cell around it: nobody wrote that.
BOOST_AUTO_TEST_CASE(cells_that_tests_made_are_not_shown) {
  std::string tests = "test \"a\" of KM { tau_max = 1 s, expect curve(p.inf, at = -35 mV) ~ 0.5 +- 1e-9 }\n";
  write("k.eic", k_channel + tests + "test \"b\" of KM { tau_max = 2 s, expect curve(p.inf, at = -35 mV) ~ 0.5 +- 1e-9 }\n");
  Ran ran = eic({"explain", "k.eic"});
  BOOST_TEST(ran.exit == 0, ran.err);
  BOOST_TEST(!contains(ran.out, "Cell "));
  BOOST_TEST(count(ran.out, "Channel KM(ion x)") == 1u);
  BOOST_TEST(contains(ran.out, "tau_max = 1 ms"));
}

BOOST_AUTO_TEST_CASE(dt_comes_with_advice) {
  Ran ran = eic({"explain", "m.eic", "HH"});
  BOOST_TEST(contains(ran.out, "halve dt and compare"), ran.out);
  BOOST_TEST(contains(ran.out, "--dt '0.05 ms'"), ran.out);
  BOOST_TEST(contains(ran.out, "exponential Euler"), ran.out);
  std::string model = k_model;
  model.replace(model.find("exp_euler"), std::string("exp_euler").size(), "rk4");
  write("rk4.eic", model);
  Ran other = eic({"explain", "rk4.eic", "HH"});
  BOOST_TEST(contains(other.out, "the method `rk4`, of order 4"), other.out);
  BOOST_TEST(!contains(other.out, "stepped as"), other.out);
  BOOST_TEST(!contains(other.out, "exponential Euler"), other.out);
}

BOOST_AUTO_TEST_CASE(every_name_of_the_library_is_told) {
  Ran overview = eic({"list"});
  BOOST_TEST(contains(overview.out, "eic list NAME"));
  for (const auto& entry : fs::recursive_directory_iterator(EIC_ROOT "/models/std")) {
    if (entry.path().extension() != ".eic") continue;
    std::string name = entry.path().stem(), part = entry.path().parent_path().filename();
    Ran ran = eic({"list", name}), text = eic({"list", name, "--text"}), explained = eic({"explain", "std." + part + "." + name});
    BOOST_TEST(ran.exit == 0);
    BOOST_TEST(contains(ran.out, "use std." + part + " { " + name + " }"), ran.out);
    BOOST_TEST(contains(ran.out, "doi:"), ran.out);
    BOOST_TEST(contains(ran.out, "models/std/" + part + "/" + name + ".eic"), ran.out);
    std::ifstream in(entry.path());
    BOOST_TEST(text.out == std::string(std::istreambuf_iterator<char>(in), {}));
    BOOST_TEST(explained.exit == 0, explained.err);
  }
  Ran sodium = eic({"list", "Na_TM1991"});
  for (const char* part : {"Channel Na_TM1991(ion x)", "V_sh       mV          -63 mV ", "0 mS/cm^2 .. 1 S/cm^2",
                           "shift of all rates", "conductance g * m^3 * h; gates m^3 (alpha, beta), h (alpha, beta)"})
    BOOST_TEST(contains(sodium.out, part), part << " is not in " << sodium.out);
  BOOST_TEST(eic({"explain", "std.channels.Na_TM1992"}).exit == 1);
}

BOOST_AUTO_TEST_CASE(the_example_is_the_one_of_the_readme_and_runs_alone) {
  Ran ran = eic({"list", "--example"});
  write("cobahh.eic", ran.out);
  BOOST_TEST(eic({"check", "cobahh.eic"}).exit == 0);
  std::ifstream in(EIC_ROOT "/README.md");
  std::string readme(std::istreambuf_iterator<char>(in), {});
  BOOST_TEST(contains(readme, "```eic\n" + ran.out + "```"));
}

BOOST_AUTO_TEST_CASE(values_are_those_that_a_run_would_have) {
  BOOST_TEST(eic({"explain", "m.eic", "HH", "--set", "HH.INa.g=-1 S/cm^2"}).exit == 1);
  std::string model = k_model;  // the same synapse into a leak twice as large: a smaller potential
  model.replace(model.find("  projection e"), 0, "  population M : HH[5] { IL.g = 1e-4 S/cm^2 }\n  projection other : N.E -> M.exc { connect = fixed_outdegree(5), weight = w, delay = 0.1 ms }\n");
  write("two.eic", model);
  Ran ran = eic({"explain", "two.eic", "HH"});
  BOOST_TEST(ran.exit == 0, ran.err);
  auto psp = [&](const std::string& name) {
    size_t line = ran.out.find("Small." + name);
    BOOST_REQUIRE(line != std::string::npos);
    size_t weight = ran.out.find("20 nS", line) + 5;
    return std::strtod(ran.out.c_str() + weight, nullptr);
  };
  BOOST_TEST(psp("e") > 1.05 * psp("other"));
  BOOST_TEST(psp("other") > 0);
}

BOOST_AUTO_TEST_SUITE_END()
