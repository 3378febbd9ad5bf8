// What `eic check` writes: text and its closing line, JSON, and SARIF that its schema accepts.
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "compiler/diagnostics/sarif.h"
#include "tests/cli/support.h"

using namespace eic::test;
using nlohmann::json;

namespace {

// Empty, or what the schema of SARIF 2.1.0 has against it.
std::string faults(const json& log) {
  static const std::unique_ptr<valijson::Schema> schema = [] {
    std::ifstream in(EIC_ROOT "/tests/cli/schema/sarif-2.1.0.json");
    json text = json::parse(in);
    auto made = std::make_unique<valijson::Schema>();
    valijson::SchemaParser(valijson::SchemaParser::kDraft4).populateSchema(valijson::adapters::NlohmannJsonAdapter(text), *made);
    return made;
  }();
  valijson::ValidationResults results;
  valijson::Validator(valijson::Validator::kStrongTypes).validate(*schema, valijson::adapters::NlohmannJsonAdapter(log), &results);
  std::string out;
  for (valijson::ValidationResults::Error error; results.popError(error);)
    out += fmt::format("{}: {}\n", fmt::join(error.context, ""), error.description);
  return out;
}

const std::string k_wrong = "# \u00e9\u6f22\nparam a = 1 mV\nparam b = a + 0\nparam a = 2 mV\nparam tau_m = 1 ms\nparam c = tua_m + 1 ms\n";

json sarif_of(const Scratch& scratch, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"check", "--diagnostics", "sarif"});
  Ran ran = scratch.eic(arguments);
  BOOST_TEST(ran.err == "");
  return json::parse(ran.out);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(check_formats)

BOOST_AUTO_TEST_CASE(the_closing_line_counts) {
  Scratch scratch;
  scratch.write("clean.eic", "param a = 1 mV\n");
  BOOST_TEST(scratch.eic({"check", "clean.eic"}).err == "");
  scratch.write("p/a.eic", "param a = 1 mV + 1 nA\nparam b = .5\n");
  scratch.write("p/b.eic", "param a = 1 mV + 1 nA\nparam b = 1 nS + 1 mV\n");
  scratch.write("p/c.eic", "param a = 1 mV\n");
  Ran ran = scratch.eic({"check", "p"});
  BOOST_TEST(ran.err.ends_with("3 errors in 2 files; `--fix` can mend 1\n"), ran.err);
  BOOST_TEST(ran.out == "");
  scratch.write("q.eic", k_model.substr(0, k_model.find("simulate")) + "network Empty { population M : HH[0] }\nsimulate run of Empty { duration = 1 ms, dt = 0.1 ms }\n");
  Ran warned = scratch.eic({"check", "q.eic"});
  BOOST_TEST(warned.exit == 0, warned.err);
  BOOST_TEST(contains(warned.err, "warning[W0413]"), warned.err);
  BOOST_TEST(!contains(warned.err, " error"), warned.err);
  BOOST_TEST(warned.err.ends_with(" in 1 file\n"), warned.err);
}

BOOST_AUTO_TEST_CASE(a_file_that_many_import_is_reported_once) {
  Scratch scratch;
  scratch.write("p/lib.eic", "param w = 1 mV + 1 nA\n");
  for (const char* name : {"p/a.eic", "p/b.eic", "p/z.eic"}) scratch.write(name, "use \"lib.eic\" { w }\n");
  Ran ran = scratch.eic({"check", "p"});
  BOOST_TEST(ran.exit == 1);
  BOOST_TEST(ran.err.ends_with("1 error in 1 file\n"), ran.err);
  BOOST_TEST(json::parse(scratch.eic({"check", "p", "--diagnostics", "json"}).out).size() == 1u);
  BOOST_TEST(sarif_of(scratch, {"p"})["runs"][0]["results"].size() == 1u);
}

BOOST_AUTO_TEST_CASE(json_says_how_sure_a_fix_is) {
  Scratch scratch;
  scratch.write("a.eic", k_wrong);
  Ran ran = scratch.eic({"check", "--diagnostics", "json", "a.eic"});
  BOOST_TEST(ran.exit == 1);
  BOOST_TEST(ran.err == "");
  json all = json::parse(ran.out);
  std::map<std::string, bool> sure;
  for (const json& entry : all)
    for (const json& fix : entry["fixes"]) sure[entry["code"]] = fix["sure"];
  BOOST_TEST(sure.size() == 2u, ran.out);
  BOOST_TEST(sure["E0202"]);
  BOOST_TEST(!sure["E0301"]);
}

BOOST_AUTO_TEST_CASE(sarif_is_valid_and_says_where) {
  Scratch scratch;
  scratch.write("s p\u00e9/a.eic", k_wrong);
  json log = sarif_of(scratch, {"s p\u00e9"});
  BOOST_TEST(faults(log) == "");
  const json& run = log["runs"][0];
  BOOST_TEST(run["columnKind"] == "unicodeCodePoints");
  BOOST_TEST(run["tool"]["driver"]["name"] == "eic");
  BOOST_TEST(run["results"].size() == 3u);
  std::set<std::string> codes;
  for (const json& result : run["results"]) {
    std::string code = result["ruleId"];
    codes.insert(code);
    const json& rule = run["tool"]["driver"]["rules"][result["ruleIndex"].get<size_t>()];
    BOOST_TEST(rule["id"] == code);
    BOOST_TEST(rule["help"]["markdown"] == "[" + code + "](docs/errors/" + code + ".md)");
    BOOST_TEST(result["level"] == "error");
    BOOST_TEST(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "s%20p%C3%A9/a.eic");
    const json region = result["locations"][0]["physicalLocation"]["region"];
    if (code == "E0202") {
      BOOST_TEST((region["startLine"] == 3 && region["startColumn"] == 15 && region["endLine"] == 3 && region["endColumn"] == 16), region);
      const json& change = result["fixes"][0]["artifactChanges"][0];
      BOOST_TEST(change["artifactLocation"]["uri"] == "s%20p%C3%A9/a.eic");
      BOOST_TEST(change["replacements"][0]["insertedContent"]["text"] == "0 mV");
      BOOST_TEST(change["replacements"][0]["deletedRegion"]["startColumn"] == 15);
    }
    if (code == "E0302") BOOST_TEST(result["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 2);
  }
  BOOST_TEST((codes == std::set<std::string>{"E0202", "E0301", "E0302"}), fmt::format("{}", fmt::join(codes, " ")));
}

BOOST_AUTO_TEST_CASE(columns_of_sarif_count_characters) {
  Scratch scratch;
  scratch.write("a.eic", "param a = (\u6f22 + \u00a05 mV)\n");
  json log = sarif_of(scratch, {"a.eic"});
  BOOST_TEST(faults(log) == "");
  std::set<int> columns;
  for (const json& result : log["runs"][0]["results"]) columns.insert(result["locations"][0]["physicalLocation"]["region"]["startColumn"].get<int>());
  BOOST_TEST((columns == std::set<int>{12, 16}), log.dump(1));
}

BOOST_AUTO_TEST_CASE(sarif_of_all_wrong_models_is_valid) {
  Scratch scratch;
  BOOST_TEST(faults(sarif_of(scratch, {"m.eic"})) == "");
  BOOST_TEST(faults(sarif_of(scratch, {EIC_ROOT "/models"})) == "");
  json log = sarif_of(scratch, {EIC_ROOT "/tests/errors"});
  BOOST_TEST(faults(log) == "");
  BOOST_TEST(log["runs"][0]["results"].size() >= 200u);
  std::string uri = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
  BOOST_TEST(uri.starts_with("file:///"));
  scratch.write("latin.eic", "param \xe9 = 1\n");
  BOOST_TEST(faults(sarif_of(scratch, {"latin.eic", "gone.eic"})) == "");
  // and the schema is not one that takes anything
  log["runs"][0]["results"][0].erase("message");
  BOOST_TEST(faults(log) != "");
}

BOOST_AUTO_TEST_CASE(every_kind_has_a_title) {
  for (size_t i = 0; i < eic::diagnostics::kind_count(); i++) {
    auto kind = static_cast<eic::diagnostics::Kind>(i);
    const auto& about = eic::diagnostics::info(kind);
    BOOST_TEST(about.title.size() > 10u, about.name << " has no title in compiler/diagnostics/kinds.def");
    BOOST_TEST(eic::diagnostics::help_page(kind) == (about.code[0] == 'L' ? "docs/lint.md#l" + std::string(about.code.substr(1)) : "docs/errors/" + std::string(about.code) + ".md"));
  }
}

BOOST_AUTO_TEST_SUITE_END()
