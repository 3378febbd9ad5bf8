// One file a recording of weights: `pre,post,weight_nS,delay_ms`, a row a synapse, as the run left them; it may be read again as
// connections. Shortest decimals that read back in the run's precision.
#include <fmt/format.h>

#include <filesystem>
#include <iterator>

#include "runtime/record/csv.h"
#include "runtime/record/step_clock.h"

namespace eic::record {
namespace {

class WeightCsv final : public FileRecorder {
 public:
  explicit WeightCsv(std::string folder) : folder_(std::move(folder)) {}

  std::optional<RunError> begin(const plan::Run& run) override {
    clock_ = StepClock(run.dt_text);
    single_ = run.single;
    for (const plan::WeightRecording& recording : run.weights) {
      const plan::Projection& projection = run.projections[recording.projection];
      const plan::Port& port = run.populations[projection.to.population].ports[projection.port];
      auto file = AtomicFile::create((std::filesystem::path(folder_) / recording.file).string());
      if (!file) {
        file.error().origin = recording.origin;
        return std::move(file.error());
      }
      file->write(fmt::format("pre,post,weight_{},delay_ms\n", port.weight_unit));
      files_.push_back(std::move(*file));
      scales_.push_back(port.weight_from_internal);
    }
    return std::nullopt;
  }

  void spikes(uint32_t, uint64_t, const Spikes&) override {}
  void sample(uint32_t, uint64_t, std::span<const double>) override {}

  void synapses(uint32_t recording, std::span<const Synapse> synapses) override {
    std::string text;
    for (const Synapse& synapse : synapses) {
      text.clear();
      const double weight = synapse.weight * scales_[recording];
      fmt::format_to(std::back_inserter(text), "{},{},", synapse.source, synapse.target);
      if (single_) fmt::format_to(std::back_inserter(text), "{},", static_cast<float>(weight));
      else fmt::format_to(std::back_inserter(text), "{},", weight);
      clock_.append_ms(text, synapse.delay);
      files_[recording].write(text += '\n');
    }
  }

  std::optional<RunError> end(Outcome outcome, uint64_t) override {
    std::optional<RunError> first;
    for (AtomicFile& file : files_) {
      auto error = file.conclude(outcome);
      if (!first) first = error;
    }
    return first;
  }

  std::vector<WrittenFile> files() const override {
    std::vector<WrittenFile> result;
    for (const AtomicFile& file : files_) result.push_back(file.written());
    return result;
  }

 private:
  std::string folder_;
  StepClock clock_;
  bool single_ = false;
  std::vector<AtomicFile> files_;
  std::vector<double> scales_;
};

}  // namespace

std::unique_ptr<FileRecorder> make_weight_csv(std::string folder) { return std::make_unique<WeightCsv>(std::move(folder)); }

}  // namespace eic::record
