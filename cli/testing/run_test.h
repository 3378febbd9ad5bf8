// In: a model's file and which of its tests. Out: what came of it. Prints nothing and shares nothing, so that several may
// run at once. Called by `eic test`.
#pragma once
#include "cli/session.h"
#include "cli/testing/outcome.h"

namespace eic::cli {

// Reads the file, runs its test number `index` and judges its expectations.
TestOutcome run_test(const std::string& file, const Common& common, size_t index);
// The same of a model that is read already; what is emitted stays in `front`.
TestOutcome run_test(Front& front, const std::string& file, const sema::Test& test);

}  // namespace eic::cli
