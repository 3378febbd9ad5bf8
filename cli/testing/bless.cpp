#include "cli/testing/bless.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "cli/rewrite.h"
#include "cli/signals.h"
#include "cli/testing/rewrite_csv.h"
#include "runtime/report/format.h"

namespace eic::cli {

namespace {

// Errors and warnings of the model, the lint's included: a reference is worth what its model is.
bool fit_to_bless(const std::string& file, const Common& common) {
  Front front;
  check_file(front, file, common);
  if (front.emitter.all().empty()) return true;
  print_diagnostics(front);
  say("eic: {} is not blessed: mend what is said above, or allow it with its reason\n", file);
  return false;
}

// Why this expectation's file stays as it is; nothing once it is written.
std::optional<std::string> renew(const ExpectOutcome& expect) {
  const Curves& curves = *expect.verdict.curves;
  auto finite = [](const std::vector<double>& values) { return std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); }); };
  if (!finite(curves.got_x) || !finite(curves.got_y)) return "the run gave values that are no numbers";
  if (curves.file.ends_with(".gz")) return "a compressed file is not rewritten";
  if (curves.points && curves.window) return "it compares a window of time, and the file's other rows are nobody's";
  std::ifstream in(curves.file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) return "it cannot be read";
  Result<Rewritten, std::string> made =
      !curves.points          ? rewrite_column(text.str(), curves.x_column, curves.y_column, curves.got_x, curves.got_y)
      : curves.y_column.empty() ? rewrite_rows(text.str(), {curves.x_column}, {curves.got_x})
                              : rewrite_rows(text.str(), {curves.x_column, curves.y_column}, {curves.got_x, curves.got_y});
  if (!made) return made.error();
  if (auto fault = rewrite(curves.file, made->text)) return fault->message;
  std::string change = curves.points ? "" : fmt::format(", `{}` by at most {} (at {})", curves.y_column, report::significant(made->largest, 3), made->largest_at);
  fmt::print("blessed  {}: {} of {} changed{}\n", curves.file, made->changed, report::counted(made->rows, "row"), change);
  return std::nullopt;
}

}  // namespace

int bless(const std::vector<TestJob>& jobs, const Common& common, unsigned threads) {
  std::map<std::string, bool> fit;
  std::set<std::pair<std::string, std::string>> renewed;  // file, column
  size_t written = 0, left = 0;
  run_tests(jobs, common, threads, [&](TestOutcome& outcome) {
    if (outcome.passed) return true;
    if (outcome.expects.empty()) {
      say("{}", outcome.diagnostics);
      left++;
      return true;
    }
    auto [known, fresh] = fit.try_emplace(outcome.file, true);
    if (fresh) known->second = fit_to_bless(outcome.file, common);
    for (const ExpectOutcome& expect : outcome.expects) {
      if (expect.verdict.holds) continue;
      std::optional<std::string> why;
      if (!known->second) why = "its model has warnings or errors";
      else if (outcome.seeds > 1) why = "it is of several seeds";
      else if (!expect.verdict.curves) why = "it is no comparison with a file: mend the model or the expectation";
      else if (!renewed.emplace(expect.verdict.curves->file, expect.verdict.curves->y_column).second)
        why = "another expectation has just renewed the same column, with other values";
      else why = renew(expect);
      if (!why) written++;
      else {
        left++;
        fmt::print("left     {}: expect {}\n           {}\n", expect.place, expect.text, *why);
      }
    }
    return true;
  });
  if (int signal = interrupt_flag().load()) return 128 + signal;
  return print_out(fmt::format("{} rewritten, {} left as they were\n", report::counted(written, "comparison"), left)) ? (left > 0 ? ModelError : Ok)
                                                                                                                    : File;
}

}  // namespace eic::cli
