// `eic check`: reads, checks, plans every simulation and test; runs nothing. `--fix` mends first what can be mended.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "cli/columns.h"
#include "cli/fix.h"
#include "cli/paths.h"
#include "cli/session.h"
#include "cli/sweeping/points.h"
#include "cli/version.h"
#include "compiler/diagnostics/render.h"
#include "compiler/diagnostics/sarif.h"
#include "compiler/lint/lint.h"
#include "runtime/report/format.h"
#include "compiler/plan/expectations.h"

namespace eic::cli {

using diagnostics::Certainty;
using diagnostics::Diagnostic;

namespace {

struct CheckOptions {
  Common common;
  std::vector<std::string> paths;
  std::string format = "text";
  bool fix = false, guess = false;

  bool fixes() const { return fix || guess; }
  Certainty least() const { return guess ? Certainty::Guess : Certainty::Sure; }
};

// What was found in all files: text goes out at once, the other forms at the end. A file that several models import has its
// mistakes told once.
class Findings {
 public:
  explicit Findings(const CheckOptions& options) : options_(options), sarif_(k_version) {}

  void add(const Front& front, const std::string& file) {
    count_fixes(front, file);
    for (const Diagnostic& diagnostic : front.emitter.all()) {
      const source::Source& file = front.sources.get(diagnostic.span.file);
      Key key{file.path().empty() ? file.name() : file.path().string(), diagnostic.span.begin, diagnostic.span.end,
              diagnostic.kind, diagnostic.message};
      if (!told_.insert(key).second) continue;
      files_.insert(std::get<0>(key));
      (diagnostics::info(diagnostic.kind).severity == diagnostics::Severity::Error ? errors_ : warnings_)++;
      tell(diagnostic, front.sources);
    }
    if (front.emitter.full() && options_.format == "text")
      say("eic: these are {} errors; there may be more\n", front.emitter.error_count());
    if (status_ == Ok) status_ = exit_status(front);
  }

  int finish() {
    if (options_.format == "text") sum_up();
    else if (!print_out(dumped(options_.format == "json" ? list_ : sarif_.log()))) return File;
    return status_;
  }

 private:
  using Key = std::tuple<std::string, uint32_t, uint32_t, diagnostics::Kind, std::string>;

  // By trying: not every fix leads on, and then it is not kept.
  void count_fixes(const Front& front, const std::string& file) {
    if (options_.format != "text" || options_.guess) return;
    size_t sure = options_.fix ? 0 : mended(front, file, Certainty::Sure);
    sure_ += sure;
    constexpr size_t k_most_tried = 40;  // each is a check of the whole model where it leads nowhere
    if (mendable(front, Certainty::Guess).size() > k_most_tried) untried_ = true;
    else guesses_ += mended(front, file, Certainty::Guess) - sure;
  }

  using Told = std::pair<diagnostics::Kind, std::string>;

  static std::multiset<Told> mendable(const Front& front, Certainty least) {
    std::multiset<Told> found;
    for (const Diagnostic& diagnostic : front.emitter.all()) {
      bool own = diagnostic.fixes.size() == 1 && diagnostic.fixes[0].span.file == 0;
      if (own && certainty(diagnostic, diagnostic.fixes[0], front.sources.get(0).text()) <= least)
        found.insert({diagnostic.kind, diagnostic.message});
    }
    return found;
  }

  // How many of what was found are gone after the fixes that are at least as sure.
  size_t mended(const Front& front, const std::string& file, Certainty least) const {
    std::multiset<Told> offered = mendable(front, least), left;
    if (offered.empty()) return 0;
    Fixed fixed = fix_text(file, std::string(front.sources.get(0).text()), options_.common, least);
    if (fixed.said.empty()) return 0;
    Front after;
    check_text(after, file, fixed.text, options_.common);
    for (const Diagnostic& diagnostic : after.emitter.all()) left.insert({diagnostic.kind, diagnostic.message});
    std::vector<Told> gone;
    std::set_difference(offered.begin(), offered.end(), left.begin(), left.end(), std::back_inserter(gone));
    return gone.size();
  }

  // Bytes of no character, which a message may quote, become U+FFFD.
  static std::string dumped(const nlohmann::json& value) {
    return value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  }

  void tell(const Diagnostic& diagnostic, const source::SourceSet& sources) {
    if (options_.format == "json") list_.push_back(diagnostics::render_json(diagnostic, sources));
    else if (options_.format == "sarif") sarif_.add(diagnostic, sources);
    else say("{}", diagnostics::render_text(diagnostic, sources, colour_wanted()));
  }

  void sum_up() const {
    if (errors_ + warnings_ == 0) return;
    std::string found = errors_ ? report::counted(errors_, "error") : "";
    if (warnings_) found += (errors_ ? ", " : "") + report::counted(warnings_, "warning");
    std::string offers;
    if (sure_ > 0) offers = fmt::format("; `--fix` can mend {}", sure_);
    const char* joined = offers.empty() ? "; " : ", ";
    const char* more = offers.empty() ? "" : " more";
    if (untried_) offers += fmt::format("{}`--fix-guesses` may mend some{}", joined, more);
    else if (guesses_ > 0) offers += fmt::format("{}`--fix-guesses` can mend {}{}", joined, guesses_, more);
    say("{} in {}{}\n", found, report::counted(files_.size(), "file"), offers);
  }

  const CheckOptions& options_;
  std::set<Key> told_;
  size_t sure_ = 0, guesses_ = 0;  // that `--fix` and `--fix-guesses` would mend
  bool untried_ = false;           // of a file that has too many guesses to try
  std::set<std::string> files_;
  size_t errors_ = 0, warnings_ = 0;
  int status_ = Ok;
  nlohmann::json list_ = nlohmann::json::array();
  diagnostics::SarifLog sarif_;
};

// All that there is to say of a model that could be read.
void check_model(Front& front) {
  const sema::Model& model = *front.model;
  if (model.simulations.empty() && model.tests.empty()) {
    plan::Values values(model, {});
    plan::check_ranges(model, values, front.emitter);
  }
  for (const sema::Simulation& simulation : model.simulations) plan_run(front, simulation, {});
  for (const sema::Sweep& sweep : model.sweeps)
    plan_points(front, sweep, [](size_t, const sema::Model&, plan::Planned) { return true; });
  for (const sema::Test& test : model.tests) {
    plan::Values values(model, {&test.run.params});
    plan::check_expectations(model, test, values, front.emitter);
    check_columns(front, test);
    if (test.run.dt) plan_run(front, test.run, {});
  }
  if (!front.emitter.has_errors())
    lint::check({model, *front.program, front.index, front.sources}, lint::Level::Full, front.emitter);
}

}  // namespace

void check_file(Front& front, const std::string& file, const Common& common) {
  if (read(front, file, common)) check_model(front);
}

void add_roots(Front& front, const std::string& file, const Common& common) {
  std::error_code ignored;
  std::filesystem::path folder = file == "-" ? "." : std::filesystem::canonical(file, ignored).parent_path();
  front.sources.add_root(folder);
  for (const std::string& root : common.roots) front.sources.add_root(root);
}

void check_text(Front& front, const std::string& file, const std::string& text, const Common& common) {
  add_roots(front, file, common);
  if (read_model(front, shown_name(file), &text, common.settings)) check_model(front);
}

// What standard input holds, fixed, goes to standard output; what is left is found.
static bool fix_input(Findings& findings, const CheckOptions& options) {
  Front front;
  check_file(front, "-", options.common);
  std::string text(front.sources.get(0).text());
  if (text.empty()) {
    findings.add(front, "-");
    return true;
  }
  Fixed fixed = fix_text("-", std::move(text), options.common, options.least());
  for (const std::string& line : fixed.said) say("{}\n", line);
  Front left;
  check_text(left, "-", fixed.text, options.common);
  findings.add(left, "-");
  return print_out(fixed.text);
}

static int check(const CheckOptions& options) {
  bool input = std::find(options.paths.begin(), options.paths.end(), "-") != options.paths.end();
  if (input && options.fixes() && options.format != "text")
    return usage_error(
        fmt::format("the fixed text of `-` goes to standard output, and so does --diagnostics {}: choose one", options.format));
  int fixing = options.fixes() ? fix_files(options.paths, options.common, options.least()) : Ok;
  Findings findings(options);
  for (const std::string& file : model_files(options.paths)) {
    if (file == "-" && options.fixes()) {
      if (!fix_input(findings, options)) fixing = File;
      continue;
    }
    Front front;
    check_file(front, file, options.common);
    findings.add(front, file);
  }
  int status = findings.finish();
  return fixing != Ok ? fixing : status;
}

Command check_command() {
  auto options = std::make_shared<CheckOptions>();
  Command command{"check", "report every mistake in models, without running them",
                  {{"PATH", "", "files or folders; `-` is standard input", &options->paths, Completes::ModelOrFolder, {}, true},
                   {"--diagnostics", "FORMAT", "how what is wrong is written", &options->format, Completes::Words,
                    {"text", "json", "sarif"}},
                   {"--fix", "", "write the fixes that are sure into the files; of `-`, print the fixed text", &options->fix},
                   {"--fix-guesses", "", "... and those that are a guess, such as the name that was probably meant",
                    &options->guess}},
                  [options] { return check(*options); }, &options->common};
  for (Option& option : common_options(options->common)) command.options.push_back(std::move(option));
  return command;
}

}  // namespace eic::cli
