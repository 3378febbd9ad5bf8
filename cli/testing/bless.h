// `eic test --bless`: the reference files of failing comparisons get the values that the run gave, and what changed is
// printed. Only of a model without errors and without warnings, the lint's included; what is not a comparison with a file
// stays failed. 0 when everything passes afterwards.
#pragma once
#include "cli/testing/runner.h"

namespace eic::cli {

int bless(const std::vector<TestJob>& jobs, const Common& common, unsigned threads);

}  // namespace eic::cli
