// In: everything a run has to say, filled by the command from the plan, the engine and the statistics. Out: the JSON with
// stable keys (docs/promises.md, Commands) and the summary that people read. Plain data; nothing is computed twice.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "runtime/record/atomic_file.h"
#include "runtime/report/profile.h"
#include "runtime/report/statistics.h"

namespace eic::report {

struct DegreeRange {
  uint64_t least = 0, most = 0;
};
// Where a plasticity rule keeps its states, and what that takes; synapses are counted with target and weight.
struct RuleReport {
  std::string rule;
  std::vector<std::string> of_synapse, of_source, of_target;
  double bytes_a_synapse = 0;
  uint64_t bytes = 0;  // besides targets and weights
};
struct ProjectionReport {
  std::string name, from, to;  // "e", "N.E", "N.exc"
  uint64_t synapses = 0;
  DegreeRange in, out;
  uint64_t autapses = 0, multapses = 0;
  double delay_ms = 0, delay_sd_ms = 0;  // mean
  double delay_clipped = 0;              // share that was raised to one step
  std::optional<RuleReport> plasticity;
};
struct ParameterReport {
  std::string path, value;  // "w_exc", "6 nS": resolved, as the run used it
};

struct PhaseReport {
  std::string name;
  double from_ms = 0, to_ms = 0;
};

struct RunReport {
  std::string model, simulation, method, model_hash, version;
  uint64_t seed = 1;
  double dt_ms = 0, duration_ms = 0;  // as asked for
  bool single = false, single_weights = false;
  unsigned threads = 1, width = 1;
  uint64_t cells = 0, synapses = 0, bytes = 0;  // bytes of state, connections and buffers
  double compile_s = 0, build_s = 0, run_s = 0;
  record::Outcome outcome = record::Outcome::Complete;
  uint64_t steps = 0, steps_planned = 0;  // taken, asked for
  uint64_t spikes = 0;
  std::vector<NamedMeasures> populations;  // SpikeStatistics::results()
  std::vector<ProjectionReport> projections;
  std::vector<PhaseReport> phases;
  std::vector<ParameterReport> parameters;
  std::vector<record::WrittenFile> files;
  std::optional<ProfileReport> profile;  // where it was asked for
};

nlohmann::ordered_json to_json(const RunReport& report);
// What run.json and --json print: to_json, indented, with a line end.
std::string json_text(const RunReport& report);
// At most 80 columns for names of usual length.
std::string to_text(const RunReport& report);

}  // namespace eic::report
