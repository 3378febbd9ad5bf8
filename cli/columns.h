// In: a test. Out: E0411 at the `csv(…)` of each expectation whose file lacks a column, with the columns that there are. Reads
// the headers of the files, no row. Called by `eic check` and, before it runs anything, by `eic test`.
#pragma once
#include "cli/command.h"

namespace eic::cli {

// For each expectation, whether it can be read.
std::vector<bool> check_columns(Front& front, const sema::Test& test);

}  // namespace eic::cli
