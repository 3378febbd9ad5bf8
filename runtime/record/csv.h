// In: a plan and an output folder. Out: the Recorders that write its CSV files (docs/promises.md, Files), each from a writer
// thread. Called by `eic run`; the engine feeds them.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "runtime/record/atomic_file.h"
#include "runtime/record/recorder.h"

namespace eic::record {

class FileRecorder : public Recorder {
 public:
  // After end(): what was written, under the names that stand.
  virtual std::vector<WrittenFile> files() const = 0;
};

inline constexpr const char* k_spike_file = "spikes.csv";
inline constexpr const char* k_report_file = "run.json";

std::unique_ptr<FileRecorder> make_spike_csv(std::string folder);
std::unique_ptr<FileRecorder> make_trace_csv(std::string folder);
std::unique_ptr<FileRecorder> make_weight_csv(std::string folder);
// Those that the plan asks for.
std::vector<std::unique_ptr<FileRecorder>> csv_recorders(const plan::Run& run, const std::string& folder);

}  // namespace eic::record
