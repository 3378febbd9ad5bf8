// spikes.csv: `time_ms,population,index`, a row a spike in order of time, population, index. Spikes on the grid come in that
// order; those between two grid points are sorted, block by block.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <filesystem>
#include <iterator>
#include <tuple>

#include "runtime/record/background_queue.h"
#include "runtime/record/csv.h"
#include "runtime/record/step_clock.h"

namespace eic::record {
namespace {

constexpr size_t k_block_spikes = 1 << 15;

struct Interval {
  uint64_t begin = 0, end = 0;
};

// Spikes of one population in one step.
struct Group {
  uint64_t step = 0;
  uint32_t population = 0;
  size_t count = 0;
};
// A spike of a run in which some are between grid points.
struct Timed {
  uint64_t step = 0;
  double fraction = 1;
  double time_ms = 0;
  uint32_t population = 0, cell = 0;
  auto key() const { return std::tuple(time_ms, population, cell); }
};
struct SpikeBlock {
  std::vector<Group> groups;
  std::vector<uint32_t> cells;
  std::vector<Timed> timed;  // instead of the others
  void clear() { groups.clear(); cells.clear(); timed.clear(); }
};

// A spike is printed once, however many recordings name its cell: their ranges, sorted and joined.
std::vector<Interval> joined(std::vector<Interval> intervals) {
  std::sort(intervals.begin(), intervals.end(), [](const Interval& a, const Interval& b) { return a.begin < b.begin; });
  std::vector<Interval> result;
  for (const Interval& next : intervals) {
    if (next.begin == next.end) continue;
    if (!result.empty() && next.begin <= result.back().end) result.back().end = std::max(result.back().end, next.end);
    else result.push_back(next);
  }
  return result;
}

class SpikeCsv final : public FileRecorder {
 public:
  explicit SpikeCsv(std::string folder) : folder_(std::move(folder)) {}

  std::optional<RunError> begin(const plan::Run& run) override {
    clock_ = StepClock(run.dt_text);
    recordings_ = run.spikes;
    recorded_.resize(run.populations.size());
    choose(0);
    for (const auto& population : run.populations) {
      labels_.push_back("," + population.name + ",");
      interpolated_ |= population.interpolated;
    }
    auto file = AtomicFile::create((std::filesystem::path(folder_) / k_spike_file).string());
    if (!file) return file.error();
    file_.emplace(std::move(*file));
    file_->write("time_ms,population,index\n");
    return queue_.start([this](const SpikeBlock& block) { print(block); });
  }

  void spikes(uint32_t population, uint64_t step, const Spikes& spikes) override {
    EIC_CHECK(step > last_step_ || (step == last_step_ && population >= last_population_), "spikes out of order");
    if (interpolated_ && step > last_step_ && block_.timed.size() >= k_block_spikes) put_before(step);
    last_step_ = step;
    last_population_ = population;
    if (step >= next_change_) choose(step);
    size_t before = block_.cells.size();
    for (const Interval& recorded : recorded_[population]) {
      auto first = std::lower_bound(spikes.cells.begin(), spikes.cells.end(), recorded.begin);
      auto last = std::lower_bound(first, spikes.cells.end(), recorded.end);
      if (interpolated_) {
        for (; first != last; ++first) keep(population, step, spikes, first - spikes.cells.begin());
      } else {
        block_.cells.insert(block_.cells.end(), first, last);
      }
    }
    if (block_.cells.size() == before) return;
    block_.groups.push_back({step, population, block_.cells.size() - before});
    if (block_.cells.size() >= k_block_spikes) queue_.put(block_);
  }

  void sample(uint32_t, uint64_t, std::span<const double>) override {}

  bool faulted() const override { return faulted_; }

  std::optional<RunError> end(Outcome outcome, uint64_t) override {
    if (!file_) return std::nullopt;
    if (!block_.groups.empty() || !block_.timed.empty()) queue_.put(block_);
    queue_.finish();
    return file_->conclude(outcome);
  }

  std::vector<WrittenFile> files() const override {
    return file_ ? std::vector{file_->written()} : std::vector<WrittenFile>{};
  }

 private:
  // What is kept from `step` on, and until when that holds.
  void choose(uint64_t step) {
    next_change_ = UINT64_MAX;
    for (auto& intervals : recorded_) intervals.clear();
    for (const plan::SpikeRecording& recording : recordings_)
      for (const plan::Steps& span : recording.during) {
        if (step >= span.end) continue;
        next_change_ = std::min(next_change_, step < span.begin ? span.begin : span.end);
        if (step >= span.begin) recorded_.at(recording.of.population).push_back({recording.of.begin, recording.of.end});
      }
    for (auto& intervals : recorded_) intervals = joined(std::move(intervals));
  }

  void keep(uint32_t population, uint64_t step, const Spikes& spikes, size_t i) {
    double fraction = spikes.fractions.empty() ? 1 : spikes.fractions[i];
    block_.timed.push_back({step, fraction, clock_.ms(step, fraction), population, spikes.cells[i]});
  }

  // All but those at the very begin of `step`, which are sorted with its own.
  void put_before(uint64_t step) {
    auto first = std::stable_partition(block_.timed.begin(), block_.timed.end(),
                                       [begin = clock_.ms(step)](const Timed& spike) { return spike.time_ms < begin; });
    std::vector<Timed> rest(first, block_.timed.end());
    block_.timed.erase(first, block_.timed.end());
    queue_.put(block_);
    block_.timed = std::move(rest);
  }

  void print_timed(std::vector<Timed> spikes) {
    std::sort(spikes.begin(), spikes.end(), [](const Timed& a, const Timed& b) { return a.key() < b.key(); });
    for (const Timed& spike : spikes) {
      if (spike.fraction >= 1) {
        clock_.append_ms(text_, spike.step + 1);
      } else if (spike.fraction <= 0) {
        clock_.append_ms(text_, spike.step);
      } else {
        char buffer[64];
        text_.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, spike.time_ms).ptr);
      }
      text_ += labels_[spike.population];
      fmt::format_int index(spike.cell);
      text_.append(index.data(), index.size()) += '\n';
    }
  }

  void print(const SpikeBlock& block) {
    text_.clear();
    if (!block.timed.empty()) print_timed(block.timed);
    const uint32_t* cell = block.cells.data();
    for (const Group& group : block.groups) {
      row_.clear();
      clock_.append_ms(row_, group.step + 1);
      row_ += labels_[group.population];
      for (size_t i = 0; i < group.count; ++i, ++cell) {
        fmt::format_int index(*cell);
        text_.append(row_).append(index.data(), index.size()) += '\n';
      }
    }
    file_->write(text_);
    faulted_ = file_->faulted();
  }

  std::string folder_;
  StepClock clock_;
  std::vector<plan::SpikeRecording> recordings_;
  std::vector<std::vector<Interval>> recorded_;  // by population, until next_change_
  uint64_t next_change_ = 0;
  std::vector<std::string> labels_;              // ",N,"
  bool interpolated_ = false;                    // some population's spikes are
  uint64_t last_step_ = 0;
  uint32_t last_population_ = 0;
  SpikeBlock block_;
  std::string text_, row_;  // the writer thread's
  std::optional<AtomicFile> file_;
  std::atomic<bool> faulted_ = false;
  BackgroundQueue<SpikeBlock> queue_;  // last: its thread ends before what it uses
};

}  // namespace

std::unique_ptr<FileRecorder> make_spike_csv(std::string folder) { return std::make_unique<SpikeCsv>(std::move(folder)); }

std::vector<std::unique_ptr<FileRecorder>> csv_recorders(const plan::Run& run, const std::string& folder) {
  std::vector<std::unique_ptr<FileRecorder>> recorders;
  if (!run.spikes.empty()) recorders.push_back(make_spike_csv(folder));
  if (!run.traces.empty()) recorders.push_back(make_trace_csv(folder));
  if (!run.weights.empty()) recorders.push_back(make_weight_csv(folder));
  return recorders;
}

}  // namespace eic::record
