#include "cli/testing/run_test.h"

#include <fmt/format.h>

#include <chrono>

#include "cli/signals.h"
#include "cli/testing/judge.h"
#include "compiler/diagnostics/render.h"
#include "runtime/engine/engine.h"

namespace eic::cli {

namespace {

std::string place_of(const Front& front, source::Span span) {
  const source::Source& source = front.sources.get(span.file);
  return fmt::format("{}:{}", source.name(), source.position(span.begin).line);
}

// The test's run, recording what its expectations read and nothing else. `traces` gives, for each of them, its recording.
sema::Simulation recording_run(const sema::Test& test, std::vector<std::optional<uint32_t>>& traces) {
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

// The exit status of what went wrong; Ok when every expectation was judged.
int run_once(Front& front, const sema::Test& test, TestOutcome& outcome) {
  for (const auto& [what, span] : test.later)
    front.emitter.emit(diagnostics::Kind::NotYet, span, what + " has no meaning in this version yet")
        .help("what works today: docs/language.md");
  if (front.emitter.has_errors()) return exit_status(front);
  std::vector<std::optional<uint32_t>> traces;
  sema::Simulation run = recording_run(test, traces);
  CompileOptions options;
  options.cache = cache_folder();
  auto compiled = compile(front, run, options);
  if (!compiled) return exit_status(front);
  for (size_t i = 0; i < traces.size(); i++)
    if (traces[i] && compiled->planned.run.traces[*traces[i]].cells.size() != 1) {
      front.emitter.emit(diagnostics::Kind::CallArguments, test.expects[i].span, "a trace is of one cell")
          .help("name it: `trace(N.v, index = 0)`");
      return ModelError;
    }
  auto engine = engine::Engine::build(compiled->planned.run, compiled->kernels, {});
  if (!engine) return emit_error(front, engine.error());
  record::SpikeStore spikes;
  record::TraceStore store;
  std::vector<record::Recorder*> recorders = {&spikes, &store};
  engine::Finished finished = engine->run(recorders, {&interrupt_flag(), {}});
  if (finished.error) return emit_error(front, *finished.error);
  if (finished.outcome != record::Outcome::Complete) return 128 + interrupt_flag().load();
  plan::Values values(*front.model, {&run.params});
  outcome.expects.clear();
  int status = Ok;
  for (size_t i = 0; i < test.expects.size(); i++) {
    auto verdict = judge(test.expects[i], {compiled->planned.run, spikes, store, traces[i]}, values);
    if (!verdict) {  // the others are judged all the same
      status = std::max(status, emit_error(front, verdict.error()));
      continue;
    }
    outcome.expects.push_back({place_of(front, test.expects[i].span), test.expects[i].text, std::move(*verdict)});
  }
  return status;
}

}  // namespace

TestOutcome run_test(Front& front, const std::string& file, const sema::Test& test) {
  auto began = std::chrono::steady_clock::now();
  TestOutcome outcome;
  outcome.file = file;
  outcome.name = test.name;
  outcome.place = place_of(front, test.span);
  front.emitter = {};
  outcome.status = run_once(front, test, outcome);
  outcome.passed = outcome.status == Ok;
  for (const ExpectOutcome& expect : outcome.expects) outcome.passed = outcome.passed && expect.verdict.holds;
  if (outcome.status == Ok && !outcome.passed) outcome.status = ModelError;
  outcome.diagnostics = diagnostics::render_text(front.emitter, front.sources, colour_wanted());
  outcome.diagnostics_plain = diagnostics::render_text(front.emitter, front.sources, false);
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return outcome;
}

TestOutcome run_test(const std::string& file, const Common& common, size_t index) {
  Front front;
  if (read(front, file, common) && index < front.model->tests.size()) return run_test(front, file, front.model->tests[index]);
  TestOutcome outcome;
  outcome.file = file;
  outcome.status = exit_status(front);
  outcome.diagnostics = diagnostics::render_text(front.emitter, front.sources, colour_wanted());
  outcome.diagnostics_plain = diagnostics::render_text(front.emitter, front.sources, false);
  return outcome;
}

}  // namespace eic::cli
