// `eic test`: every `test` of every file: a line a test, what failed in full, a closing count.
#include <fmt/format.h>

#include <chrono>
#include <regex>

#include "cli/expectation.h"
#include "cli/paths.h"
#include "cli/session.h"
#include "cli/signals.h"
#include "runtime/engine/engine.h"

namespace eic::cli {

namespace {

struct TestOptions {
  Common common;
  std::vector<std::string> paths;
  std::string filter;
};

struct Outcome {
  bool passed = false;
  int status = ModelError;       // of a failure
  std::vector<std::string> why;  // lines under the test's line
};

// The test's run, recording what its expectations read and nothing else. `traces` gives, for each of them, its recording.
sema::Simulation run_of(const sema::Test& test, std::vector<std::optional<uint32_t>>& traces) {
  sema::Simulation run = test.run;
  run.recordings.clear();
  uint32_t count = 0;
  for (const sema::Expect& expect : test.expects) {
    sema::Recording recording;
    recording.of = expect.of;
    recording.span = expect.span;
    if (expect.measure == sema::Measure::Trace) {
      recording.variables = {expect.variable};
      recording.file = fmt::format("expect {}", count);
      traces.push_back(count++);
    } else {
      recording.spikes = true;
      recording.of.cells.clear();
      recording.of.view.reset();
      traces.push_back(std::nullopt);
    }
    run.recordings.push_back(recording);
  }
  return run;
}

Outcome run_test(Front& front, const sema::Test& test) {
  Outcome outcome;
  front.emitter = {};
  auto failed = [&](int status) {
    outcome.passed = false;
    outcome.status = status;
    return outcome;
  };
  for (const auto& [what, span] : test.later)
    front.emitter.emit(diagnostics::Kind::NotYet, span, what + " has no meaning in this version yet")
        .help("what works today: docs/language.md");
  if (front.emitter.has_errors()) {
    print_diagnostics(front);
    return failed(exit_status(front));
  }
  std::vector<std::optional<uint32_t>> traces;
  sema::Simulation run = run_of(test, traces);
  CompileOptions options;
  options.cache = cache_folder();
  auto compiled = compile(front, run, options);
  if (!compiled) {
    print_diagnostics(front);
    return failed(exit_status(front));
  }
  for (size_t i = 0; i < traces.size(); i++)
    if (traces[i] && compiled->planned.run.traces[*traces[i]].cells.size() != 1) {
      front.emitter.emit(diagnostics::Kind::CallArguments, test.expects[i].span, "a trace is of one cell")
          .help("name it: `trace(N.v, index = 0)`");
      print_diagnostics(front);
      return failed(ModelError);
    }
  auto engine = engine::Engine::build(compiled->planned.run, compiled->kernels, {});
  if (!engine) return failed(report_error(front, engine.error()));
  record::SpikeStore spikes;
  record::TraceStore store;
  std::vector<record::Recorder*> recorders = {&spikes, &store};
  engine::Finished finished = engine->run(recorders, {&interrupt_flag(), {}});
  if (finished.error) return failed(report_error(front, *finished.error));
  if (finished.outcome != record::Outcome::Complete) return failed(128 + interrupt_flag().load());
  plan::Values values(*front.model, {&run.params});
  outcome.passed = true;
  for (size_t i = 0; i < test.expects.size(); i++) {
    auto verdict = judge(test.expects[i], {compiled->planned.run, spikes, store, traces[i]}, values);
    if (!verdict) return failed(report_error(front, verdict.error()));
    if (verdict->holds) continue;
    outcome.passed = false;
    source::Position at = front.sources.get(test.expects[i].span.file).position(test.expects[i].span.begin);
    outcome.why.push_back(
        fmt::format("{}:{}: expect {}", front.sources.get(test.expects[i].span.file).name(), at.line, test.expects[i].text));
    outcome.why.push_back("  expected " + verdict->expected);
    outcome.why.push_back("  got      " + verdict->got);
    if (!verdict->divergence.empty()) outcome.why.push_back("  " + verdict->divergence);
  }
  return outcome;
}

}  // namespace

static int test(const TestOptions& options) {
  std::optional<std::regex> filter;
  if (!options.filter.empty()) {
    try {
      filter.emplace(options.filter);
    } catch (const std::regex_error&) {
      return usage_error(fmt::format("--filter `{}` is not a regular expression", options.filter));
    }
  }
  size_t passed = 0, failed = 0;
  int status = Ok;
  auto fails = [&](int with) {
    failed++;
    if (status == Ok || status == ModelError) status = with == Ok ? static_cast<int>(ModelError) : with;
  };
  for (const std::string& file : model_files(options.paths)) {
    Front front;
    if (!read(front, file, options.common)) {
      print_diagnostics(front);
      if (!print_out(fmt::format("FAIL  {}  (the model has errors)\n", file))) return File;
      fails(exit_status(front));
      continue;
    }
    for (const sema::Test& test : front.model->tests) {
      if (filter && !std::regex_search(test.name, *filter)) continue;
      auto began = std::chrono::steady_clock::now();
      Outcome outcome = run_test(front, test);
      double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
      std::string line =
          fmt::format("{}  {}: {}  ({:.0f} ms)\n", outcome.passed ? "pass" : "FAIL", file, test.name, seconds * 1000);
      for (const std::string& why : outcome.why) line += "      " + why + "\n";
      if (!print_out(line)) return File;
      outcome.passed ? void(passed++) : fails(outcome.status);
      if (int signal = interrupt_flag().load()) return 128 + signal;
    }
  }
  if (passed + failed == 0) {
    fmt::print(stderr, "eic: no test found\n");
    return ModelError;
  }
  return print_out(fmt::format("{} passed, {} failed\n", passed, failed)) ? status : static_cast<int>(File);
}

Command test_command() {
  auto options = std::make_shared<TestOptions>();
  Command command{"test", "run the tests that models contain",
                  {{"PATH", "", "files or folders", &options->paths, Completes::ModelOrFolder, {}, true},
                   {"--filter", "RE", "only tests whose name matches this regular expression", &options->filter}},
                  [options] { return test(*options); }, &options->common};
  for (Option& option : common_options(options->common)) command.options.push_back(std::move(option));
  return command;
}

}  // namespace eic::cli
