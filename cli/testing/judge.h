// In: one `expect` of a test and what its run recorded. Out: whether it holds, and what was expected and got. One place
// for every form; called by run_test.h.
#pragma once
#include "cli/testing/outcome.h"
#include "compiler/plan/values.h"
#include "compiler/sema/model.h"
#include "runtime/contract/result.h"
#include "runtime/record/stores.h"

namespace eic::cli {

struct Evidence {
  const plan::Run& run;
  const record::SpikeStore& spikes;
  const record::TraceStore& traces;
  std::optional<uint32_t> trace;  // of this expectation
};

Result<Verdict, RunError> judge(const sema::Expect& expect, const Evidence& evidence, plan::Values& values);

}  // namespace eic::cli
