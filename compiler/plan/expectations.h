// What is wrong with the numbers of a test before anything is run: parameters outside their ranges, ranges and tolerances that
// nothing fits into, seeds that cannot be counted, and expectations that hold whatever the model does. Called by `eic check` and
// `eic test`.
#pragma once
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/values.h"

namespace eic::plan {

// `values` with the layers of the test's run.
void check_expectations(const sema::Model& model, const sema::Test& test, Values& values, diagnostics::Emitter& emitter);

// `pass in k of n seeds`; 1 of 1 where the test does not say.
struct Seeds {
  uint64_t passes = 1, of = 1;
};
Seeds seeds(const sema::Test& test, Values& values);

}  // namespace eic::plan
