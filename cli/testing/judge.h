// In: one `expect` of a test and what its run recorded. Out: whether it holds, and what was expected and got. Called by
// run_test.h; the forms that need more than that one run are in judge_cell.h and own_runs.h.
#pragma once
#include "cli/testing/compare.h"
#include "runtime/record/stores.h"

namespace eic::cli {

struct Evidence {
  const plan::Run& run;
  const record::SpikeStore& spikes;
  const record::TraceStore& traces;
  std::optional<uint32_t> trace;  // of this expectation
};

struct Cells {
  uint32_t population = 0;
  report::CellRange range;
};
Cells cells_of(const sema::Expect& expect, const plan::Run& run);

Result<Verdict, RunError> judge(const sema::Expect& expect, const Evidence& evidence, plan::Values& values);

// judge_files.cpp
Result<Verdict, RunError> judge_spike_times(const sema::Expect& expect, const Evidence& evidence, const Cells& cells,
                                            const report::Window& window, double tolerance);
Result<Verdict, RunError> judge_spikes(const sema::Expect& expect, const Evidence& evidence, const Cells& cells,
                                       const report::Window& window, double tolerance);
Result<Verdict, RunError> judge_trace(const sema::Expect& expect, const Evidence& evidence, const report::Window& window,
                                      double tolerance);

}  // namespace eic::cli
