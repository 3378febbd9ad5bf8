// What is offered where, in texts that are being written: `|` is the cursor.
#include "cli/lsp/features.h"
#include "tests/lsp/client.h"

using namespace eic::test;
using eic::lsp::Document;

namespace {

const std::string k_before = R"(use std.channels { Na_TM1991, Leak }
use std.synapses { ExpCond }
param g_leak = 5e-5 S/cm^2
param w : nS
fn twice(x) = 2*x
channel KM(ion x) {
  param g : S/m^2 | S
  param V_half = -35 mV
  let u = v - V_half
  gate n { inf = 0.5, tau = 5 ms }
  conductance g*n
}
cell HH {
  area = 20000 um^2
  ion na { E = 50 mV }
  channel INa : Na_TM1991 on na { g = 100 mS/cm^2 }
  synapse exc : ExpCond { tau = 5 ms, E = 0 mV }
  state z : nA = 0 nA
)";
const std::string k_net = R"(}
network Net {
  population N : HH[100] { E = 0 .. 80 }
)";
const std::string k_run = R"(}
simulate run of Net {
  duration = 100 ms, dt = 0.1 ms
)";
const std::string k_test = R"(}
test "t" of run {
)";

std::vector<std::string> labels(std::string text, bool asked = true) {
  size_t cursor = text.find('|');
  while (text.compare(cursor, 3, "| S") == 0) cursor = text.find('|', cursor + 1);  // of `S/m^2 | S`
  text.erase(cursor, 1);
  Document document;
  document.uri = "file:///nowhere/m.eic";
  document.path = "/nowhere/m.eic";
  document.set_text(eic::lsp::Text(text));  // and not looked at by the checker
  std::vector<std::string> out;
  json list = eic::lsp::completion(document, static_cast<uint32_t>(cursor), asked);
  for (const json& item : list["items"]) out.push_back(item["label"]);
  return out;
}

// These come first, in this order.
void begins(const std::string& text, const std::vector<std::string>& wanted, bool asked = true) {
  auto got = labels(text, asked);
  std::vector<std::string> first(got.begin(), got.begin() + static_cast<long>(std::min(got.size(), wanted.size())));
  BOOST_TEST_CONTEXT(text.substr(text.size() > 60 ? text.size() - 60 : 0))
  BOOST_TEST(first == wanted, boost::test_tools::per_element());
}
void is(const std::string& text, const std::vector<std::string>& wanted, bool asked = true) {
  BOOST_TEST_CONTEXT(text.substr(text.size() > 60 ? text.size() - 60 : 0))
  BOOST_TEST(labels(text, asked) == wanted, boost::test_tools::per_element());
}
void holds(const std::string& text, const std::vector<std::string>& wanted, const std::vector<std::string>& unwanted) {
  auto got = labels(text);
  std::set<std::string> all(got.begin(), got.end());
  for (const std::string& word : wanted)
    BOOST_TEST(all.contains(word), text.substr(text.size() > 60 ? text.size() - 60 : 0) << " has no " << word);
  for (const std::string& word : unwanted)
    BOOST_TEST(!all.contains(word), text.substr(text.size() > 60 ? text.size() - 60 : 0) << " has " << word);
}

}  // namespace

BOOST_AUTO_TEST_CASE(units_of_the_dimension_that_is_meant_come_first) {
  begins(k_before + "  channel IM : KM on na { g = 5 |", {"S/cm^2", "nS", "S/m^2", "S"}, false);
  begins(k_before + "  channel IM : KM on na { g = 5 mS/c|", {"S/cm^2", "nS", "S/m^2"});
  begins(k_before + "  capacitance = 1 |", {"uF/cm^2"});
  begins(k_before + "  temperature = 36 |", {"degC", "K"});
  begins(k_before + "  spike when v crosses -20 |", {"mV", "V"});
  begins(k_before + "  spike when v crosses -20 mV, refractory = 2 |", {"ms", "s"});
  begins(k_before + "  init v = 5 |", {"mV"});
  begins("param tau : ms = 5 |", {"ms", "s"});
  begins("param tau : |", {"mV", "ms"});
  begins("param g : S/m^2 | S |", {}, false);
  begins("channel C { gate m { tau = 5 |", {"ms"});
  begins(k_before + k_net + "  projection p : N -> N.exc { delay = 1 |", {"ms"});
  begins(k_before + k_net + k_run + "  HH.INa.g = 5 |", {"S/cm^2", "nS"});
  begins(k_before + k_net + k_run + "  HH.na.E = 5 |", {"mV"});
  begins(k_before + k_net + k_run + "  record v of N every 5 |", {"ms"});
  begins(k_before + k_net + k_run + k_test + "  expect rate(N) in 10 |", {"Hz"});
  holds("param a = 1 |", {"mV", "nS", "degC", "S/cm^2", "kHz"}, {"1"});
  is(k_before + k_net + "  population M : HH[5] { E = 0 |", {}, false);  // a plain number was meant
  is("param a = 12|", {});
}

BOOST_AUTO_TEST_CASE(parameters_that_are_not_given_yet) {
  is(k_before + "  channel IM : KM on na { |", {"g", "V_half"}, false);
  is(k_before + "  channel IM : KM on na { g = 5 nS, | }\n}", {"V_half"}, false);
  is(k_before + "  channel IL : Leak { E = -60 mV\n  |", {"g"});
  is(k_before + "  synapse i : ExpCond { |", {"tau", "E"}, false);
  holds(k_before + k_net + "  population M : HH[5] { |", {"INa.g", "exc.tau", "na.E", "area", "init"}, {"population", "g"});
  holds(k_before + k_net + k_run + "  |", {"HH.INa.g", "HH.na.E", "w", "method", "record"}, {"duration", "cell"});
}

BOOST_AUTO_TEST_CASE(items_of_a_block) {
  holds("|", {"use", "param", "cell", "test"}, {"gate", "population", "area"});
  holds(k_before + "  |", {"capacitance", "channel", "ion", "spike", "z'"}, {"area", "gate", "network"});
  holds(k_before + k_net + "  |", {"population", "projection", "stimulus"}, {"cell", "gate"});
  holds("channel C {\n  |", {"param", "gate", "conductance", "let"}, {"ion", "spike"});
  holds("channel C {\n  gate m { |", {"alpha", "beta", "inf", "tau"}, {"gate"});
  holds("channel C {\n  gate m { alpha = 1 ms^-1, | }\n}", {"beta"}, {"alpha"});
  holds(k_before + k_net + "  projection p : N -> N.exc { connect = all_to_all, | }", {"weight", "delay"}, {"connect"});
  holds(k_before + "\ncell Next {\n  |", {"area", "channel"}, {"z'"});  // the block before is not closed
}

BOOST_AUTO_TEST_CASE(names_of_a_place) {
  is("use std.|", {"channels", "neurons", "plasticity", "pools", "synapses"});
  holds("use std.channels { |", {"Leak", "Na_TM1991"}, {"ExpCond"});
  holds("use std.channels { Leak, | }", {"Na_TM1991"}, {"Leak"});
  is(k_before + "  channel IM : |", {"KM", "Na_TM1991", "Leak"}, false);
  is(k_before + "  synapse i : |", {"ExpCond"}, false);
  is(k_before + "  channel IM : KM on |", {"na"}, false);
  is(k_before + "}\nnetwork Q {\n  population P : |", {"HH"}, false);
  is(k_before + k_net + "  projection p : N -> |", {"N"}, false);
  is(k_before + k_net + "  projection p : N -> N.|", {"E", "exc"}, false);
  is(k_before + k_net + "  projection p : N -> N.exc { connect = |",
     {"bernoulli", "fixed_indegree", "fixed_outdegree", "fixed_total", "one_to_one", "all_to_all", "csv"}, false);
  is(k_before + k_net + "  stimulus |",
     {"step", "pulses", "ramp", "sine", "ou_noise", "waveform", "clamp", "poisson", "spike_times"}, false);
  is(k_before + k_net + "}\nsimulate r of |", {"Net"}, false);
  is(k_before + k_net + k_run + "}\ntest \"t\" of |", {"run", "HH", "KM", "Na_TM1991", "Leak"}, false);
  holds(k_before + k_net + k_run + "  record |", {"spikes", "nothing", "v", "INa", "exc", "z"}, {"g"});
  holds(k_before + k_net + k_run + "  record v, |", {"INa", "z"}, {"record", "duration"});
  holds(k_before + k_net + k_run + "  record INa.|", {"m", "h", "i", "w"}, {"n"});
  is(k_before + k_net + k_run + "  record v of |", {"N"}, false);
  holds(k_before + k_net + k_run + k_test + "  expect |", {"rate", "cv_isi", "trace", "spike_times"}, {"v"});
  holds(k_before + k_net + k_run + k_test + "  expect rate(|", {"N"}, {});
  holds(k_before + k_net + k_run + "  HH.|", {"INa", "na", "area"}, {"HH"});
  is(k_before + k_net + k_run + "  HH.na.|", {"E"});
}

BOOST_AUTO_TEST_CASE(names_in_expressions) {
  holds(k_before + "  let q = 2*|", {"z", "g_leak", "w", "twice", "exp", "v", "area"}, {"V_half", "HH", "Leak"});
  holds("channel C {\n  param g : S\n  let u = v\n  gate m { inf = |", {"g", "u", "m", "exp"}, {});
  is(k_before + "  let q = |", {}, false);  // a blank was typed: nobody asked
  is("# a comment |", {});
  is("test \"|", {});
  is("use \"lib/|", {});
}
