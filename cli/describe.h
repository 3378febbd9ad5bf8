// What a run has to say of itself before its results: in: the Model, the plan, what the engine built. Out: a RunReport with all
// but the outcome, and what of it is known without building. Called by `eic run` and `eic sweep`.
#pragma once
#include "compiler/plan/plan.h"
#include "compiler/source/source.h"
#include "runtime/engine/engine.h"
#include "runtime/report/run_report.h"

namespace eic::cli {

// Model, simulation, seed, times, parameters: what decides the results.
report::RunReport describe_model(const source::SourceSet& sources, const std::string& hash, const sema::Model& model,
                                 const sema::Simulation& simulation, const plan::Run& run);
void describe_built(report::RunReport& report, const plan::Run& run, const engine::Built& built);
// Of the texts of all files that were read.
std::string model_hash(const source::SourceSet& sources);

}  // namespace eic::cli
