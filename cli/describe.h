// What a run has to say of itself. In: the Model, the plan, what the engine built. Out: a RunReport,
// in the order in which a run comes to know it. Called by `eic run` and `eic sweep`.
#pragma once
#include "compiler/plan/plan.h"
#include "compiler/source/source.h"
#include "runtime/engine/engine.h"
#include "runtime/record/csv.h"
#include "runtime/report/run_report.h"
#include "runtime/report/statistics.h"

namespace eic::cli {

// Model, simulation, seed, times, parameters: what decides the results.
report::RunReport describe_model(const source::SourceSet& sources, const std::string& hash, const sema::Model& model,
                                 const sema::Simulation& simulation, const plan::Run& run);
void describe_built(report::RunReport& report, const plan::Run& run, const engine::Built& built);
// How it ended, what came out, and the files that were written.
void describe_finished(report::RunReport& report, const engine::Finished& finished, const report::SpikeStatistics& statistics,
                       const std::vector<std::unique_ptr<record::FileRecorder>>& files);
// Of the texts of all files that were read.
std::string model_hash(const source::SourceSet& sources);

}  // namespace eic::cli
