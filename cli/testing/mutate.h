// `eic test --mutate`: each parameter that a test reaches is made 1 % and 10 % larger and smaller, one at a time. Out: the
// parameters that no expectation notices, and the expectations that no such change makes fail: what the tests do not test.
// Prints a table, or with `json` one JSON object. 1 when a test fails as it stands.
#pragma once
#include "cli/testing/runner.h"

namespace eic::cli {

int mutate(const std::vector<TestJob>& jobs, const Common& common, unsigned threads, bool json);

}  // namespace eic::cli
