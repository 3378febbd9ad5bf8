#include "cli/testing/run_test.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>

#include "cli/columns.h"
#include "cli/signals.h"
#include "cli/testing/judge.h"
#include "cli/testing/judge_cell.h"
#include "cli/testing/own_runs.h"
#include "compiler/diagnostics/render.h"
#include "compiler/plan/expectations.h"
#include "runtime/state/memory.h"

namespace eic::cli {

namespace {

using diagnostics::Kind;
using sema::Expect;
using sema::Measure;

std::string place_of(const Front& front, source::Span span) {
  const source::Source& source = front.sources.get(span.file);
  return fmt::format("{}:{}", source.name(), source.position(span.begin).line);
}

// What an expectation is judged from.
enum class Needs { Nothing, Run, OwnRuns };
Needs needs(const Expect& expect) {
  if (OwnRuns::needs(expect)) return Needs::OwnRuns;
  return expect.measure == Measure::Curve || expect.measure == Measure::Rest ? Needs::Nothing : Needs::Run;
}

// What came of one expectation with each seed.
struct Judged {
  std::optional<Verdict> failed, last;  // the first that does not hold
  std::vector<uint64_t> failed_seeds;
};

// What is recorded for expectations stands in memory as a whole.
std::optional<RunError> traces_fit(const plan::Run& run) {
  state::Budget budget(static_cast<double>(state::available_bytes()));
  for (const plan::TraceRecording& trace : run.traces) {
    double rows = static_cast<double>(run.steps / trace.every + 1);
    double row = static_cast<double>(trace.cells.size() * trace.columns.size()) * sizeof(double) + sizeof(uint64_t);
    if (auto error = budget.need(rows * row, "the trace of an expectation", trace.origin)) return error;
  }
  return std::nullopt;
}

// A test, compiled once and run with each of its seeds.
class Trial {
 public:
  Trial(Front& front, const sema::Test& test) : front_(front), test_(test), values_(*front.model, {&test.run.params}) {}

  // The exit status of what went wrong; Ok when every expectation was judged.
  int run(TestOutcome& outcome);

 private:
  int status() const { return exit_status(front_); }
  bool prepare();
  bool prepare_run();
  int run_with(uint64_t offset);
  Result<Verdict, int> judge_one(size_t index, uint64_t offset);
  void report(TestOutcome& outcome, const plan::Seeds& seeds, uint64_t first);

  Front& front_;
  const sema::Test& test_;
  plan::Values values_;
  std::optional<Compiled> compiled_;  // of the run that most expectations share
  std::vector<std::optional<uint32_t>> traces_;
  std::vector<bool> judgeable_;
  std::vector<std::unique_ptr<OwnRuns>> own_;
  std::optional<record::SpikeStore> spikes_;
  std::optional<record::TraceStore> store_;
  std::vector<Judged> judged_;
};

// The test's run, recording what its expectations read and nothing else.
bool Trial::prepare_run() {
  sema::Simulation run = test_.run;
  run.recordings.clear();
  uint32_t count = 0;
  for (size_t i = 0; i < test_.expects.size(); i++) {
    const Expect& expect = test_.expects[i];
    if (needs(expect) != Needs::Run) continue;
    sema::Recording recording;
    recording.of = expect.of;
    recording.span = expect.span;
    if (!expect.variable.empty()) {
      recording.variables = {expect.variable};
      recording.file = fmt::format("expect {}", count);
      traces_[i] = count++;
    } else {
      recording.spikes = true;
      recording.of.cells.clear();
      recording.of.view.reset();
    }
    run.recordings.push_back(recording);
  }
  CompileOptions options;
  options.cache = cache_folder();
  compiled_ = compile(front_, run, options);
  if (!compiled_) return false;
  if (auto error = traces_fit(compiled_->planned.run)) {
    emit_error(front_, *error);
    return false;
  }
  for (size_t i = 0; i < test_.expects.size(); i++) {
    if (!traces_[i] || test_.expects[i].measure != Measure::Trace) continue;
    size_t cells = compiled_->planned.run.traces[*traces_[i]].cells.size();
    if (cells == 1) continue;
    judgeable_[i] = false;
    const Expect& expect = test_.expects[i];
    front_.emitter
        .emit(Kind::CallArguments, expect.span, fmt::format("`{}` has {} cells, a trace is of one", expect.of.text, cells))
        .help(fmt::format("name it: `trace({}.{}, index = 0)`", expect.of.text, expect.variable));
  }
  return true;
}

bool Trial::prepare() {
  traces_.resize(test_.expects.size());
  judgeable_.resize(test_.expects.size(), true);
  judged_.resize(test_.expects.size());
  own_.resize(test_.expects.size());
  bool shared = false;
  for (const Expect& expect : test_.expects) shared = shared || needs(expect) == Needs::Run;
  if (shared && !prepare_run()) return false;
  plan::check_expectations(*front_.model, test_, values_, front_.emitter);
  std::vector<bool> readable = check_columns(front_, test_);
  if (!compiled_ && front_.emitter.has_errors()) return false;
  for (size_t i = 0; i < test_.expects.size(); i++) {
    if (needs(test_.expects[i]) != Needs::OwnRuns) continue;
    own_[i] = OwnRuns::make(front_, test_, test_.expects[i], values_, own_);
    judgeable_[i] = own_[i] != nullptr;
  }
  for (size_t i = 0; i < readable.size(); i++)
    if (!readable[i]) judgeable_[i] = false;
  return true;
}

Result<Verdict, int> Trial::judge_one(size_t index, uint64_t offset) {
  const Expect& expect = test_.expects[index];
  if (own_[index]) return own_[index]->judge(offset, values_);
  if (expect.measure == Measure::Rest) return judge_rest(expect, *front_.model, test_, values_);
  auto verdict = expect.measure == Measure::Curve
                     ? judge_curve(expect, *front_.model, test_, values_)
                     : judge(expect, {compiled_->planned.run, *spikes_, *store_, traces_[index]}, values_);
  if (!verdict) return Failure{emit_error(front_, verdict.error())};
  return std::move(*verdict);
}

// One seed. An expectation that cannot be judged keeps none of the others from being judged.
int Trial::run_with(uint64_t offset) {
  if (compiled_) {
    plan::Run& run = compiled_->planned.run;
    uint64_t own = run.seed;
    run.seed += offset;
    spikes_.emplace();
    store_.emplace();
    std::vector<record::Recorder*> recorders = {&*spikes_, &*store_};
    int status = run_plan(front_, run, compiled_->kernels, recorders);
    run.seed = own;
    if (status != Ok) return status;
  }
  int status = Ok;
  for (size_t i = 0; i < test_.expects.size(); i++) {
    if (!judgeable_[i]) continue;
    bool anew = needs(test_.expects[i]) != Needs::Nothing || !judged_[i].last;  // what needs no run knows no seed
    auto verdict = anew ? judge_one(i, offset) : Result<Verdict, int>(*judged_[i].last);
    if (!verdict) {
      status = std::max(status, verdict.error());
      continue;
    }
    if (!verdict->holds) {
      judged_[i].failed_seeds.push_back(offset);
      if (!judged_[i].failed) judged_[i].failed = *verdict;
    }
    judged_[i].last = std::move(*verdict);
  }
  return status;
}

int Trial::run(TestOutcome& outcome) {
  if (!prepare()) return status();
  bool sound = !front_.emitter.has_errors();  // else what can be judged is judged, once
  plan::Seeds seeds = sound ? plan::seeds(test_, values_) : plan::Seeds{};
  uint64_t first = test_.run.seed ? static_cast<uint64_t>(values_.number(*test_.run.seed)) : plan::Run{}.seed;
  outcome.seeds = seeds.of;
  std::vector<std::optional<Verdict>> passing(judged_.size());
  for (uint64_t offset = 0; offset < seeds.of; offset++) {
    if (int stopped = run_with(offset); stopped != Ok) {
      report(outcome, {1, 1}, first);
      return stopped;
    }
    bool passed = true;
    for (const Judged& judged : judged_) passed = passed && (!judged.last || judged.last->holds);
    if (!passed) continue;
    outcome.seeds_passed++;
    for (size_t i = 0; i < judged_.size(); i++) passing[i] = judged_[i].last;
  }
  outcome.passed = sound && outcome.seeds_passed >= seeds.passes;
  if (outcome.passed && outcome.seeds_passed > 0)
    for (size_t i = 0; i < judged_.size(); i++) judged_[i] = {std::nullopt, std::move(passing[i]), {}};
  report(outcome, seeds, first);
  return status();
}

// Of each expectation the first verdict that does not hold, else the last; with several seeds, also which fail.
void Trial::report(TestOutcome& outcome, const plan::Seeds& seeds, uint64_t first) {
  for (size_t i = 0; i < judged_.size(); i++) {
    Judged& judged = judged_[i];
    if (!judged.last) continue;
    Verdict verdict = judged.failed ? std::move(*judged.failed) : std::move(*judged.last);
    if (seeds.of > 1 && !judged.failed_seeds.empty()) {
      for (uint64_t& seed : judged.failed_seeds) seed += first;
      verdict.divergence +=
          fmt::format("{}this is seed {}; of the seeds {} .. {} it fails with {}; {} of {} seeds passed, {} must",
                      verdict.divergence.empty() ? "" : "; ", judged.failed_seeds[0], first, first + seeds.of - 1,
                      fmt::join(judged.failed_seeds, ", "), outcome.seeds_passed, seeds.of, seeds.passes);
    }
    outcome.expects.push_back({place_of(front_, test_.expects[i].span), test_.expects[i].text, std::move(verdict)});
  }
}

void finish(TestOutcome& outcome, const Front& front) {
  outcome.diagnostics = diagnostics::render_text(front.emitter, front.sources, colour_wanted());
  outcome.diagnostics_plain = diagnostics::render_text(front.emitter, front.sources, false);
}

}  // namespace

TestOutcome run_test(Front& front, const std::string& file, const sema::Test& test) {
  auto began = std::chrono::steady_clock::now();
  TestOutcome outcome;
  outcome.file = file;
  outcome.name = test.name;
  outcome.place = place_of(front, test.span);
  front.emitter = {};
  try {
    outcome.status = Trial(front, test).run(outcome);
  } catch (const std::bad_alloc&) {  // in a thread of its own, where nobody else would catch it
    front.emitter.emit(Kind::LimitMemory, test.span, "the memory that this process may take is used up");
    outcome.status = Limit;
  }
  outcome.passed = outcome.passed && outcome.status == Ok;
  if (outcome.status == Ok && !outcome.passed) outcome.status = ModelError;
  finish(outcome, front);
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return outcome;
}

TestOutcome run_test(const std::string& file, const Common& common, size_t index) {
  Front front;
  if (read(front, file, common) && index < front.model->tests.size()) return run_test(front, file, front.model->tests[index]);
  TestOutcome outcome;
  outcome.file = file;
  outcome.status = exit_status(front);
  finish(outcome, front);
  return outcome;
}

}  // namespace eic::cli
