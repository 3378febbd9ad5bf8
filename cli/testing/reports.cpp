#include "cli/testing/reports.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <map>
#include <nlohmann/json.hpp>

#include "compiler/diagnostics/terminal.h"
#include "runtime/report/format.h"
#include "runtime/report/svg.h"

namespace eic::cli {

namespace {

std::string painted(const char* code, const std::string& text, bool colour) {
  return colour ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
}

std::string name_of(const TestOutcome& outcome) { return outcome.name.empty() ? "(the model has errors)" : outcome.name; }

std::string failure_text(const TestOutcome& outcome, const std::string& indent) {
  std::string out;
  for (const ExpectOutcome& expect : outcome.expects) {
    if (expect.verdict.holds) continue;
    out += fmt::format("{0}{1}: expect {2}\n{0}  expected {3}\n{0}  got      {4}\n", indent, diagnostics::printable(expect.place),
                       diagnostics::printable(expect.text),
                       expect.verdict.expected, expect.verdict.got);
    if (!expect.verdict.divergence.empty()) out += fmt::format("{}  {}\n", indent, expect.verdict.divergence);
    if (!expect.picture.empty()) out += fmt::format("{}  drawn in {}\n", indent, expect.picture);
  }
  return out;
}

// XML 1.0 has no way to write most control characters.
std::string xml(const std::string& text) {
  std::string out = report::escaped(text);
  std::erase_if(out, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; });
  return out;
}
// Of an xs:token: one line, no double blanks.
std::string token(const std::string& text) {
  std::string out;
  for (char c : xml(text))
    if (c != ' ' && c != '\n') out += c;
    else if (!out.empty() && out.back() != ' ') out += ' ';
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out.empty() ? "-" : out;
}

std::string host_name() {
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 && name[0] ? name : "localhost";
}

// `models/std/hh.eic` → `models.std.hh`
std::string class_name(std::string file) {
  if (file.ends_with(".eic")) file.resize(file.size() - 4);
  for (char& c : file)
    if (c == '/') c = '.';
  file.erase(0, file.find_first_not_of('.'));
  return file.empty() ? "model" : file;
}

std::string case_of(const TestOutcome& outcome) {
  std::string head = fmt::format("    <testcase name=\"{}\" classname=\"{}\" time=\"{:.6f}\"", token(name_of(outcome)),
                                 token(class_name(outcome.file)), outcome.seconds);
  if (outcome.passed) return head + "/>\n";
  bool judged = !outcome.expects.empty();
  const char* what = judged ? "failure" : "error";
  std::string first = "the test did not run";
  for (const ExpectOutcome& expect : outcome.expects)
    if (!expect.verdict.holds) {
      first = "expect " + expect.text;
      break;
    }
  return fmt::format("{}>\n      <{} message=\"{}\" type=\"{}\">{}</{}>\n    </testcase>\n", head, what, xml(first),
                     judged ? "expectation" : "diagnostic", xml(failure_text(outcome, "") + outcome.diagnostics_plain), what);
}

}  // namespace

std::string text_of(const TestOutcome& outcome, bool colour) {
  std::string seeds;
  if (outcome.seeds > 1) seeds = fmt::format(", {} of {} seeds", outcome.seeds_passed, outcome.seeds);
  return fmt::format("{}  {}: {}  ({}{})\n", outcome.passed ? painted("32", "pass", colour) : painted("1;31", "FAIL", colour),
                     diagnostics::printable(outcome.file), diagnostics::printable(name_of(outcome)),
                     report::seconds_text(outcome.seconds), seeds) +
         (outcome.passed ? "" : failure_text(outcome, "      "));
}

std::string closing_line(const std::vector<TestOutcome>& outcomes, double seconds, bool colour) {
  auto passed = static_cast<size_t>(std::count_if(outcomes.begin(), outcomes.end(), [](const TestOutcome& o) { return o.passed; }));
  size_t failed = outcomes.size() - passed;
  return fmt::format("{}, {}  ({})\n", painted("32", fmt::format("{} passed", passed), colour && passed > 0),
                     painted("1;31", fmt::format("{} failed", failed), colour && failed > 0), report::seconds_text(seconds));
}

std::string junit_of(const std::vector<TestOutcome>& outcomes, std::chrono::system_clock::time_point began) {
  std::vector<std::string> files;
  std::map<std::string, std::vector<const TestOutcome*>> of;
  for (const TestOutcome& outcome : outcomes) {
    if (!of.count(outcome.file)) files.push_back(outcome.file);
    of[outcome.file].push_back(&outcome);
  }
  std::string when = fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::gmtime(std::chrono::system_clock::to_time_t(began)));
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (size_t id = 0; id < files.size(); id++) {
    size_t failures = 0, errors = 0;
    double seconds = 0;
    std::string cases, said;
    for (const TestOutcome* outcome : of[files[id]]) {
      if (!outcome->passed) (outcome->expects.empty() ? errors : failures)++;
      seconds += outcome->seconds;
      cases += case_of(*outcome);
      said += outcome->diagnostics_plain;
    }
    out += fmt::format(
        "  <testsuite id=\"{}\" package=\"eic\" name=\"{}\" timestamp=\"{}\" hostname=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\""
        " time=\"{:.6f}\">\n    <properties/>\n{}    <system-out/>\n    <system-err>{}</system-err>\n  </testsuite>\n",
        id, token(files[id]), when, token(host_name()), of[files[id]].size(), failures, errors, seconds, cases, xml(said));
  }
  return out + "</testsuites>\n";
}

nlohmann::json json_of(const std::vector<TestOutcome>& outcomes, double seconds) {
  nlohmann::json tests = nlohmann::json::array();
  size_t passed = 0;
  for (const TestOutcome& outcome : outcomes) {
    passed += outcome.passed;
    nlohmann::json expects = nlohmann::json::array();
    for (const ExpectOutcome& expect : outcome.expects) {
      const Verdict& verdict = expect.verdict;
      expects.push_back({{"place", expect.place}, {"text", expect.text}, {"holds", verdict.holds}, {"expected", verdict.expected},
                         {"got", verdict.got}, {"divergence", verdict.divergence}, {"picture", expect.picture}});
    }
    tests.push_back({{"file", outcome.file}, {"name", outcome.name}, {"place", outcome.place}, {"passed", outcome.passed},
                     {"seconds", outcome.seconds}, {"seeds", outcome.seeds}, {"seeds_passed", outcome.seeds_passed},
                     {"expects", expects}, {"diagnostics", outcome.diagnostics_plain}});
  }
  return {{"passed", passed}, {"failed", outcomes.size() - passed}, {"seconds", seconds}, {"tests", tests}};
}

}  // namespace eic::cli
