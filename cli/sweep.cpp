// `eic sweep`: plan every point, compile once, run what is not done yet, keep one table.
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <deque>
#include <fstream>
#include <iterator>

#include "cli/describe.h"
#include "cli/session.h"
#include "cli/signals.h"
#include "cli/sweeping/points.h"
#include "cli/sweeping/runner.h"
#include "cli/sweeping/table.h"
#include "compiler/lint/lint.h"
#include "runtime/record/csv.h"
#include "runtime/report/format.h"
#include "runtime/state/memory.h"
#include "runtime/threads/processors.h"

namespace eic::cli {

namespace {

using Clock = std::chrono::steady_clock;
using diagnostics::Kind;

struct SweepOptions {
  Common common;
  std::string file, sweep, out;
  std::optional<std::string> memory_limit;
  unsigned jobs = 0;
  bool json = false, quiet = false, no_progress = false;
};

double seconds_since(Clock::time_point began) { return std::chrono::duration<double>(Clock::now() - began).count(); }

const sema::Sweep* choose_sweep(Front& front, const std::string& name) {
  const auto& all = front.model->sweeps;
  std::vector<std::string> names;
  std::string listed;
  for (const sema::Sweep& sweep : all) {
    names.push_back(sweep.name);
    listed += (listed.empty() ? "`" : ", `") + sweep.name + "`";
    if (sweep.name == name || (name.empty() && all.size() == 1)) return &sweep;
  }
  source::Span start = all.empty() ? source::Span{0, 0, 0} : all[0].span;
  if (all.empty()) {
    std::string of = front.model->simulations.empty() ? "run" : front.model->simulations[0].name;
    front.emitter.emit(Kind::NoSweep, start, "this file has no `sweep`")
        .help(fmt::format("add `sweep s of {} {{ … }}`, with what it changes, such as `seed = 1 .. 5`", of));
  } else if (name.empty()) {
    front.emitter.emit(Kind::NoSweep, start, "this file has several sweeps: " + listed)
        .help("choose one: `--sweep " + names[0] + "`");
  } else {
    auto& diagnostic = front.emitter.emit(Kind::NoSweep, start, fmt::format("there is no sweep `{}`", name));
    auto near = diagnostics::did_you_mean(name, names);
    diagnostic.help(near ? fmt::format("did you mean `{}`?", *near) : "there is " + listed);
  }
  return nullptr;
}

// `--set` stands above all, so an axis that it sets would not move.
void refuse_set_axes(Front& front, const sema::Sweep& sweep, const Common& common) {
  for (const auto& together : sweep.axes)
    for (const sema::SweepAxis& axis : together) {
      if (axis.what != sema::SweepAxis::What::Param) continue;
      const std::string& path = front.model->params[axis.param].path;
      for (const SetOption& setting : common.settings)
        if (setting.path == path)
          front.emitter
              .emit(Kind::SweepAxisSet, axis.span, fmt::format("`--set {}=…` gives a single value to what this sweep changes", path))
              .help(fmt::format("leave it out, or run the one point: `eic run --set {}='{}'`", path, setting.value));
    }
}

struct Point {
  plan::Run run;
  KernelSet kernels;
  report::RunReport report;
  std::string folder;
};

class Sweeping {
 public:
  Sweeping(Front& front, const SweepOptions& options) : front_(front), options_(options) {}

  // All that can be wrong with the model is said before anything runs.
  bool plan(const sema::Sweep& sweep) {
    sweep_ = &sweep;
    auto began = Clock::now();
    const sema::Simulation& simulation = front_.model->simulations[sweep.simulation];
    CompileOptions options;
    options.cache = cache_folder();
    store_ = KernelStore::create(front_, simulation, options);
    if (!store_) return false;
    std::string hash = model_hash(front_.sources);
    grid_ = plan_points(front_, sweep, [&](size_t, const sema::Model& model, plan::Planned planned) {
      auto kernels = store_->kernels(front_, planned, sweep.span);
      if (!kernels) return false;
      report::RunReport report = describe_model(front_.sources, hash, model, model.simulations[sweep.simulation], planned.run);
      report.width = store_->width();
      points_.push_back({std::move(planned.run), std::move(*kernels), std::move(report), {}});
      return true;
    });
    if (!grid_) return false;
    compile_s_ = seconds_since(began);
    const plan::Run& first = points_.front().run;
    out_ = options_.out.empty() ? fmt::format("{}.{}.out", first.model, sweep.name) : options_.out;
    size_t digits = fmt::format("{}", points_.size()).size();
    for (size_t i = 0; i < points_.size(); i++) points_[i].folder = fmt::format("{}/{:0{}}", out_, i + 1, digits);
    table_.emplace(*grid_, first);
    return true;
  }

  int run() {
    auto began = Clock::now();
    double memory = state::available_bytes();
    if (options_.memory_limit) {
      auto bytes = bytes_option("--memory-limit", *options_.memory_limit);
      if (!bytes) return Usage;
      memory = std::min(memory, static_cast<double>(*bytes));
    }
    if (auto fault = record::create_folder(out_)) return report_error(front_, *fault);
    std::vector<SweepJob> jobs;
    for (size_t i = 0; i < points_.size(); i++) {
      Point& point = points_[i];
      if (take_up(i)) continue;
      point.report.compile_s = compile_s_;
      jobs.push_back({i, &point.run, &point.kernels, point.report, point.folder});
    }
    done_before_ = points_.size() - jobs.size();
    to_do_ = jobs.size();
    threads_ = options_.jobs ? options_.jobs : threads::processors();
    bool progress = !options_.quiet && !options_.no_progress && isatty(STDERR_FILENO);
    SweepRunner runner(std::move(jobs), memory);
    runner.run(
        threads_, [&](SweepOutcome outcome) { take(std::move(outcome)); },
        [&](size_t running) {
          if (progress) show(running, seconds_since(began));
        });
    if (shown_) say("\r\x1b[K");
    wall_s_ = seconds_since(began);
    return conclude();
  }

 private:
  // What a complete run of the same point has left.
  bool take_up(size_t i) {
    using nlohmann::json;
    const Point& point = points_[i];
    std::ifstream file(point.folder + "/" + record::k_report_file, std::ios::binary);
    json found = json::parse(std::string(std::istreambuf_iterator<char>(file), {}), nullptr, false), wanted = report::to_json(point.report);
    if (!found.is_object()) return false;
    for (const char* key : {"model", "simulation", "seed", "dt_ms", "duration_ms", "precision", "method", "parameters", "model_hash", "version", "outcome"})
      if (!found.contains(key) || found[key] != wanted[key]) return false;
    if (!found.contains("files") || !found["files"].is_array()) return false;
    for (const json& written : found["files"]) {
      std::error_code ignored;
      std::filesystem::path name = written.is_string() ? std::filesystem::path(written.get<std::string>()).filename() : "";
      if (name.empty() || !std::filesystem::is_regular_file(point.folder / name, ignored)) return false;
    }
    table_->set(i, "complete", found);
    return true;
  }

  void take(SweepOutcome outcome) {
    if (outcome.outcome == record::Outcome::Interrupted && !outcome.error) return;
    ended_++;
    auto report = nlohmann::json::parse(outcome.json, nullptr, false);
    table_->set(outcome.point, outcome.error ? "failed" : "complete", report.is_object() ? report : nlohmann::json::object());
    if (outcome.error) faults_.emplace(outcome.point, std::move(*outcome.error));
    constexpr double k_between_tables_s = 0.5;  // ten thousand points would write it ten thousand times
    if (last_table_ && seconds_since(*last_table_) < k_between_tables_s) return;
    write_table();
    last_table_ = Clock::now();
  }

  void write_table() {
    auto fault = record::write_file(out_ + "/" + k_table, table_->csv());
    if (fault && !table_fault_) table_fault_ = std::move(fault);
  }

  void show(size_t running, double seconds) {
    if (seconds < 0.3) return;
    std::string left = ended_ > 0 && to_do_ > ended_
                           ? fmt::format("  {} left", report::seconds_text(seconds / static_cast<double>(ended_) * static_cast<double>(to_do_ - ended_)))
                           : "";
    say("\r\x1b[K{:3d} %  {} of {} points, {} running{}", (done_before_ + ended_) * 100 / points_.size(), done_before_ + ended_,
        points_.size(), running, left);
    std::fflush(stderr);
    shown_ = true;
  }

  std::string name_of(size_t i) const {
    std::string values;
    for (size_t a = 0; a < grid_->axes.size(); a++)
      values += fmt::format("{}{} = {}", a ? ", " : "", grid_->axes[a]->path, plan::shown(grid_->points[i][a], *grid_->axes[a]));
    return fmt::format("point {} ({})", i + 1, values);
  }

  int conclude() {
    int status = Ok;
    write_table();
    for (const auto& [point, fault] : faults_) {
      say("eic: {} failed\n", name_of(point));
      front_.emitter = {};
      int own = report_error(front_, fault);
      if (status == Ok) status = own;
    }
    if (table_fault_) status = report_error(front_, *table_fault_);
    bool stopped = done_before_ + ended_ < points_.size();
    if (stopped) {
      say("eic: interrupted after {} of {} points; the same command goes on from there\n", done_before_ + ended_, points_.size());
      status = 128 + interrupt_flag().load();
    }
    bool printed = options_.json ? print_out(summary().dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n")
                                 : options_.quiet || print_out(text());
    return printed || status != Ok ? status : static_cast<int>(File);
  }

  nlohmann::ordered_json summary() const {
    const Point& first = points_.front();
    return {{"model", first.run.model},
            {"sweep", sweep_->name},
            {"simulation", first.run.simulation},
            {"points", points_.size()},
            {"done_before", done_before_},
            {"done", ended_ - faults_.size()},
            {"failed", faults_.size()},
            {"jobs", threads_},
            {"compiles", store_->compiles()},
            {"compile_s", compile_s_},
            {"wall_s", wall_s_},
            {"rows", table_->json()},
            {"files", nlohmann::ordered_json::array({out_ + "/" + k_table})},
            {"model_hash", first.report.model_hash},
            {"version", first.report.version}};
  }

  std::string text() const {
    const plan::Run& first = points_.front().run;
    std::string out = fmt::format("{} · {} of {} · {}\n\n{}\n", first.model, sweep_->name, first.simulation,
                                  report::counted(points_.size(), "point"), table_->text());
    out += fmt::format("  ran     {} in {}, {} at once", report::counted(ended_, "point"), report::seconds_text(wall_s_), threads_);
    if (done_before_ > 0) out += fmt::format("; {} done before", report::counted(done_before_, "point"));
    out += fmt::format("\n          compiled {} in {}\n", store_->compiles() == 1 ? "once" : fmt::format("{} times", store_->compiles()),
                       report::seconds_text(compile_s_));
    return out + fmt::format("  files   {}/{}\n", out_, k_table);
  }

  static constexpr const char* k_table = "sweep.csv";

  Front& front_;
  const SweepOptions& options_;
  const sema::Sweep* sweep_ = nullptr;
  std::optional<KernelStore> store_;
  std::optional<plan::SweepGrid> grid_;
  std::deque<Point> points_;
  std::optional<SweepTable> table_;
  std::map<size_t, RunError> faults_;
  std::optional<RunError> table_fault_;
  std::optional<Clock::time_point> last_table_;
  std::string out_;
  unsigned threads_ = 1;
  size_t done_before_ = 0, ended_ = 0, to_do_ = 0;
  double compile_s_ = 0, wall_s_ = 0;
  bool shown_ = false;
};

int sweep(const SweepOptions& options) {
  Front front;
  const sema::Sweep* sweep = read(front, options.file, options.common) ? choose_sweep(front, options.sweep) : nullptr;
  if (sweep) refuse_set_axes(front, *sweep, options.common);
  Sweeping sweeping(front, options);
  bool planned = sweep && !front.emitter.has_errors() && sweeping.plan(*sweep);
  if (planned) lint::check({*front.model, *front.program, front.index, front.sources}, lint::Level::Quick, front.emitter);
  print_diagnostics(front);
  if (!planned || front.emitter.has_errors()) return exit_status(front);
  front.emitter = {};
  return sweeping.run();
}

}  // namespace

Command sweep_command() {
  auto o = std::make_shared<SweepOptions>();
  Command command{
      "sweep", "run a simulation for every point of a `sweep`, in parallel",
      {{"FILE", "", "the model; `-` is standard input", &o->file, Completes::Model, {}, true},
       {"--sweep", "NAME", "which `sweep`, where the file has several", &o->sweep},
       {"--out", "DIR", "folder of the points and of sweep.csv (default: <model>.<sweep>.out)", &o->out, Completes::Folder},
       {"--jobs", "N", "points at once (default: one a processor)", &o->jobs, Completes::Nothing, {}, false, false, 1, 1024},
       {"--memory-limit", "BYTES", "of all points together: what does not fit waits, such as `4 GB`", &o->memory_limit},
       {"--json", "", "print the table as JSON", &o->json},
       {"--quiet", "", "print neither table nor progress", &o->quiet},
       {"--no-progress", "", "no progress line", &o->no_progress}},
      [o] { return sweep(*o); },
      &o->common,
      "What is done is not done again: the same command goes on where it was interrupted. `eic run --set` of a point's\n"
      "values gives the same bits."};
  for (Option& option : common_options(o->common)) command.options.push_back(std::move(option));
  command.interruptible = true;
  return command;
}

}  // namespace eic::cli
