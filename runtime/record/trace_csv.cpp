// One file a trace recording: `time_ms,v[0]_mV,v[100]_mV`, a row a sample, the start included; shortest decimals that read
// back in the run's precision.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <iterator>
#include <set>

#include "runtime/record/background_queue.h"
#include "runtime/record/csv.h"
#include "runtime/record/step_clock.h"

namespace eic::record {
namespace {

namespace fs = std::filesystem;
constexpr size_t k_block_values = 1 << 15;

struct Row {
  uint32_t trace = 0;
  uint64_t step = 0;
};
struct TraceBlock {
  std::vector<Row> rows;
  std::vector<double> values;  // of the rows, one after another
  void clear() { rows.clear(); values.clear(); }
};

struct TraceFile {
  AtomicFile file;
  size_t cells = 0;
  std::vector<double> scales;  // one a variable, from internal to the printed unit
};

std::string header(const plan::Run& run, const plan::TraceRecording& trace) {
  std::string text = "time_ms";
  for (size_t i = 0; i < trace.columns.size(); ++i) {
    const plan::TraceVariable column = plan::variable_of(run, trace, i);
    for (uint64_t cell : trace.cells)
      fmt::format_to(std::back_inserter(text), ",{}[{}]{}{}", column.name, cell, column.unit.empty() ? "" : "_", column.unit);
  }
  return text += '\n';
}

bool leaves_folder(const fs::path& file) {
  return file.is_absolute() || std::find(file.begin(), file.end(), "..") != file.end();
}

class TraceCsv final : public FileRecorder {
 public:
  explicit TraceCsv(std::string folder) : folder_(std::move(folder)) {}

  std::optional<RunError> begin(const plan::Run& run) override {
    clock_ = StepClock(run.dt_text);
    single_ = run.single;
    std::set<fs::path> names{k_report_file};
    if (!run.spikes.empty()) names.insert(k_spike_file);
    for (const auto& trace : run.traces) {
      EIC_CHECK(names.insert(fs::path(trace.file).lexically_normal()).second, "two recordings share a file");
      if (auto error = open(run, trace)) return error;
    }
    return queue_.start([this](const TraceBlock& block) { print(block); });
  }

  void spikes(uint32_t, uint64_t, const Spikes&) override {}

  void sample(uint32_t trace, uint64_t row_step, std::span<const double> values) override {
    EIC_CHECK(values.size() == traces_[trace].cells * traces_[trace].scales.size(), "a sample has not its file's columns");
    block_.rows.push_back({trace, row_step});
    block_.values.insert(block_.values.end(), values.begin(), values.end());
    if (block_.values.size() >= k_block_values) queue_.put(block_);
  }

  bool faulted() const override { return faulted_; }

  std::optional<RunError> end(Outcome outcome, uint64_t) override {
    if (!block_.rows.empty()) queue_.put(block_);
    queue_.finish();
    std::optional<RunError> first;
    for (TraceFile& trace : traces_) {
      auto error = trace.file.conclude(outcome);
      if (!first) first = error;
    }
    return first;
  }

  std::vector<WrittenFile> files() const override {
    std::vector<WrittenFile> result;
    for (const TraceFile& trace : traces_) result.push_back(trace.file.written());
    return result;
  }

 private:
  std::optional<RunError> open(const plan::Run& run, const plan::TraceRecording& trace) {
    fs::path name(trace.file);
    if (leaves_folder(name))
      return RunError{RunError::Kind::FileUnwritable, fmt::format("`{}` lies outside the output folder", trace.file),
                      "name a file without `..` or a leading `/`; `--out` chooses the folder", trace.origin};
    fs::path path = fs::path(folder_) / name;
    std::optional<RunError> error;
    if (name.has_parent_path()) error = create_folder(path.parent_path().string());
    if (!error) {
      auto file = AtomicFile::create(path.string());
      if (file) {
        file->write(header(run, trace));
        traces_.push_back({std::move(*file), trace.cells.size(), {}});
      } else {
        error = file.error();
      }
    }
    if (error) {
      error->origin = trace.origin;
      return error;
    }
    for (size_t i = 0; i < trace.columns.size(); ++i) traces_.back().scales.push_back(plan::variable_of(run, trace, i).from_internal);
    return std::nullopt;
  }

  void print(const TraceBlock& block) {
    const double* value = block.values.data();
    for (const Row& row : block.rows) {
      TraceFile& trace = traces_[row.trace];
      text_.clear();
      clock_.append_ms(text_, row.step);
      for (double scale : trace.scales)
        for (size_t i = 0; i < trace.cells; ++i, ++value) print_value(*value * scale);
      text_ += '\n';
      trace.file.write(text_);
      if (trace.file.faulted()) faulted_ = true;
    }
  }

  void print_value(double value) {
    text_ += ',';
    if (single_) fmt::format_to(std::back_inserter(text_), FMT_STRING("{}"), static_cast<float>(value));
    else fmt::format_to(std::back_inserter(text_), FMT_STRING("{}"), value);
  }

  std::string folder_;
  StepClock clock_;
  bool single_ = false;
  TraceBlock block_;
  std::string text_;  // the writer thread's
  std::vector<TraceFile> traces_;
  std::atomic<bool> faulted_ = false;
  BackgroundQueue<TraceBlock> queue_;  // last: its thread ends before what it uses
};

}  // namespace

std::unique_ptr<FileRecorder> make_trace_csv(std::string folder) { return std::make_unique<TraceCsv>(std::move(folder)); }

}  // namespace eic::record
