// In: an `expect` that is of a cell's equations and needs no run: a curve over v, the resting state. Out: whether it holds.
// Called by run_test.h.
#pragma once
#include "cli/testing/compare.h"

namespace eic::cli {

// inf, tau, alpha, beta of a gate or a `let` over v, as the file or one number has it.
Result<Verdict, RunError> judge_curve(const sema::Expect& expect, const sema::Model& model, const sema::Test& test,
                                      plan::Values& values);
// A variable in the lowest stable state without stimulus.
Verdict judge_rest(const sema::Expect& expect, const sema::Model& model, const sema::Test& test, plan::Values& values);

}  // namespace eic::cli
