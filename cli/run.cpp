// `eic run`: compile, build, run, record, report.
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>

#include "cli/describe.h"
#include "cli/positions.h"
#include "cli/profile.h"
#include "cli/session.h"
#include "cli/signals.h"
#include "compiler/lint/lint.h"
#include "runtime/engine/engine.h"
#include "runtime/record/csv.h"
#include "runtime/record/stores.h"
#include "runtime/report/progress.h"
#include "runtime/report/raster.h"
#include "runtime/report/run_report.h"

namespace eic::cli {

namespace {

struct RunOptions {
  Common common;
  std::string file, simulation, out, raster;
  std::optional<std::string> seed, dt, duration, precision, memory_limit, time_limit;
  unsigned threads = 0, width = 0;
  bool pin = false, single_weights = false, profile = false, json = false, quiet = false, no_progress = false, gdb = false,
       perf = false;
};

class ProgressLine {
 public:
  ProgressLine(bool on, double dt_ms) : on_(on), dt_ms_(dt_ms), began_(std::chrono::steady_clock::now()) {}
  ~ProgressLine() { clear(); }
  void show(uint64_t done, uint64_t steps) {
    double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
    if (!on_ || seconds < 0.3) return;
    say("\r\x1b[K{}", report::progress_line({done, steps, dt_ms_, seconds, 0}));
    std::fflush(stderr);
    shown_ = true;
  }
  void clear() {
    if (shown_) say("\r\x1b[K");
    shown_ = false;
  }

 private:
  bool on_, shown_ = false;
  double dt_ms_;
  std::chrono::steady_clock::time_point began_;
};

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Of the command so far, for `--profile`.
struct Spent {
  Clock::time_point began = Clock::now();
  double read_s = 0;
};

report::ProfileReport profile_of(const Spent& spent, const Compiled& compiled, const engine::Built& built,
                                 const engine::Finished& finished, double whole_run_s) {
  report::ProfileReport profile = describe_profile(compiled, built, finished.profile);
  profile.read_s = spent.read_s;
  profile.plan_s = compiled.plan_seconds;
  profile.compile_s = compiled.seconds - compiled.plan_seconds;
  profile.build_s = built.build_s;
  profile.files_s = whole_run_s - finished.run_s;
  return profile;
}

std::string out_folder(const RunOptions& options, const std::string& model) {
  return options.out.empty() ? model + ".out" : options.out;
}

// The embedded files that were read, for debuggers to show, into `library/` of the run's folder.
std::optional<RunError> write_library(const source::SourceSet& sources, const std::filesystem::path& folder) {
  for (uint32_t id = 0; id < sources.size(); id++) {
    const source::Source& source = sources.get(id);
    if (!source.path().empty() || !source.name().starts_with("std/")) continue;
    std::filesystem::path place = folder / source.name();
    if (auto fault = record::create_folder(place.parent_path())) return fault;
    if (auto fault = record::write_file(place, source.text())) return fault;
  }
  return std::nullopt;
}

std::optional<RunError> perf_folder_fault() {
  std::string folder = jit::perf_folder();
  auto fault = record::create_folder(folder);
  if (!fault && access(folder.c_str(), W_OK) != 0)
    fault = RunError{RunError::Kind::FileUnwritable, fmt::format("`{}` cannot be written: {}", folder, std::strerror(errno))};
  if (fault) fault->help = "`--perf` writes there what `perf inject --jit` reads; `JITDUMPDIR` names another folder";
  return fault;
}

// What `run` does once the model is compiled.
int execute(Front& front, const sema::Simulation& simulation, const Compiled& compiled, const RunOptions& options,
            const engine::Options& limits, const Spent& spent) {
  const plan::Run& run = compiled.planned.run;
  auto engine = engine::Engine::build(run, compiled.kernels, limits);
  if (!engine && interrupt_flag().load() != 0) {
    say("eic: {}\n", engine.error().message);
    return 128 + interrupt_flag().load();
  }
  if (!engine) return report_error(front, engine.error());
  std::string folder = out_folder(options, run.model);
  if (auto fault = record::create_folder(folder)) return report_error(front, *fault);
  auto files = record::csv_recorders(run, folder);
  report::SpikeStatistics statistics;
  record::SpikeStore store;
  std::vector<record::Recorder*> recorders = {&statistics};
  for (auto& file : files) recorders.push_back(file.get());
  if (!options.raster.empty()) recorders.push_back(&store);

  ProgressLine line(!options.quiet && !options.no_progress && isatty(STDERR_FILENO), run.dt);
  engine::Hooks hooks{&interrupt_flag(), [&](uint64_t done, uint64_t steps) { line.show(done, steps); }};
  const Clock::time_point run_began = Clock::now();
  engine::Finished finished = engine->run(recorders, hooks);
  const double whole_run_s = seconds_since(run_began);
  line.clear();

  report::RunReport report = describe_model(front.sources, model_hash(front.sources), *front.model, simulation, run);
  report.width = compiled.jit->width();
  report.single_weights = limits.single_weights;
  report.compile_s = compiled.seconds;
  describe_built(report, run, engine->built());
  describe_finished(report, finished, statistics, files);
  int status = Ok;
  if (auto fault = write_positions(run, folder, report.files)) status = report_error(front, *fault);
  if (!options.raster.empty()) {
    if (auto fault = record::write_file(options.raster, report::raster_svg(store, {run.model, run.simulation, run.seed})))
      status = report_error(front, *fault);
    else report.files.push_back({options.raster, std::filesystem::file_size(options.raster)});
  }
  std::string report_file = folder + "/" + record::k_report_file;
  report.files.push_back({report_file, 0});
  if (options.profile) {
    report.profile = profile_of(spent, compiled, engine->built(), finished, whole_run_s);
    report.profile->total_s = seconds_since(spent.began);
  }
  std::string json = report::json_text(report);
  if (auto fault = record::write_file(report_file, json)) {
    if (!finished.error) status = report_error(front, *fault);
  }
  if (finished.error) status = report_error(front, *finished.error);
  if (finished.outcome == record::Outcome::Interrupted && !finished.error) {
    say("eic: interrupted after {} of {} steps; what was recorded is kept under names that say so\n",
               finished.steps, run.steps);
    status = 128 + interrupt_flag().load();
  }
  bool printed = options.json ? print_out(json) : options.quiet || print_out(report::to_text(report));
  return printed || status != Ok ? status : static_cast<int>(File);
}

}  // namespace

static int run(const RunOptions& options) {
  Spent spent;
  CompileOptions compile_options;
  engine::Options limits;
  limits.interrupt = &interrupt_flag();
  limits.single_weights = options.single_weights;
  if (!options.raster.empty() && !options.raster.ends_with(".svg"))
    return usage_error(fmt::format("--raster writes SVG: name it *.svg, not `{}`", options.raster));
  if (!width_option(options.width) || !precision_option(options.precision, compile_options.choices.single)) return Usage;
  compile_options.width = options.width;
  limits.threads = options.threads;
  limits.pin = options.pin;
  limits.profile = options.profile;
  compile_options.cache = cache_folder();
  if (options.dt && !(compile_options.choices.dt = time_option("--dt", *options.dt))) return Usage;
  if (options.duration && !(compile_options.choices.duration = time_option("--duration", *options.duration))) return Usage;
  if (options.seed && !(compile_options.choices.seed = count_option("--seed", *options.seed))) return Usage;
  if (options.memory_limit) {
    auto bytes = bytes_option("--memory-limit", *options.memory_limit);
    if (!bytes) return Usage;
    limits.memory_limit = *bytes;
  }
  if (options.time_limit) {
    auto time = time_option("--time-limit", *options.time_limit);
    if (!time) return Usage;
    limits.time_limit_s = static_cast<double>(time->mantissa) * std::pow(10.0, time->exponent);
  }
  Front front;
  const sema::Simulation* simulation =
      read(front, options.file, options.common) ? choose_simulation(front, options.simulation) : nullptr;
  spent.read_s = seconds_since(spent.began);
  if (simulation && (options.gdb || options.perf)) {
    compile_options.gdb = options.gdb;
    compile_options.perf = options.perf;
    compile_options.texts = std::filesystem::absolute(out_folder(options, front.model->name)) / "library";
    auto fault = write_library(front.sources, compile_options.texts);
    if (!fault && options.perf) fault = perf_folder_fault();
    if (fault) return report_error(front, *fault);
  }
  auto compiled = simulation ? compile(front, *simulation, compile_options) : std::nullopt;
  if (compiled && !options.raster.empty() && compiled->planned.run.spikes.empty()) {
    front.emitter
        .emit(diagnostics::Kind::NotRecorded, simulation->span,
              "`--raster` draws recorded spikes, but this simulation records none")
        .help("add `record spikes of …`");
    compiled.reset();
  }
  if (compiled) lint::check({*front.model, *front.program, front.index, front.sources}, lint::Level::Quick, front.emitter);
  print_diagnostics(front);
  if (!compiled || front.emitter.has_errors()) return exit_status(front);
  front.emitter = {};  // warnings are said; what the run reports comes alone
  return execute(front, *simulation, *compiled, options, limits, spent);
}

Command run_command() {
  auto o = std::make_shared<RunOptions>();
  Command command{
      "run", "compile a model and run one of its simulations",
      {{"FILE", "", "the model; `-` is standard input", &o->file, Completes::Model, {}, true},
       {"--sim", "NAME", "which `simulate`, where the file has several", &o->simulation, Completes::Simulation},
       {"--out", "DIR", "folder of the recordings (default: <model>.out)", &o->out, Completes::Folder},
       {"--raster", "FILE.svg", "draw the recorded spikes", &o->raster, Completes::File},
       {"--seed", "N", "seed of all draws", &o->seed},
       {"--dt", "TIME", "time step, such as '0.05 ms'", &o->dt},
       {"--duration", "TIME", "biological time, such as '1 s'", &o->duration},
       {"--precision", "P", "floating point numbers of the run", &o->precision, Completes::Words, {"single", "double"}},
       {"--single-weights", "", "keep weights that differ from synapse to synapse in single precision", &o->single_weights},
       {"--threads", "N", "threads (default: as many as are faster); the results do not depend on it", &o->threads, Completes::Nothing, {}, false, false, 1, 4096},
       {"--pin", "", "bind each thread to a processor", &o->pin},
       {"--width", "N", "cells a vector (default: what suits the CPU); the results do not depend on it", &o->width},
       {"--memory-limit", "BYTES", "refuse what needs more, such as '4 GB'", &o->memory_limit},
       {"--time-limit", "TIME", "stop after this wall time, such as '60 s'", &o->time_limit},
       {"--profile", "", "say where the time of the run went", &o->profile},
       {"--gdb", "", "show gdb the kernels, with their lines in the model", &o->gdb},
       {"--perf", "", "show perf the kernels, with their lines in the model", &o->perf},
       {"--json", "", "print the summary as one JSON object", &o->json},
       {"--quiet", "", "print no summary and no progress", &o->quiet},
       {"--no-progress", "", "no progress line", &o->no_progress}},
      [o] { return run(*o); },
      &o->common};
  for (Option& option : common_options(o->common)) command.options.push_back(std::move(option));
  command.interruptible = true;
  return command;
}

}  // namespace eic::cli
