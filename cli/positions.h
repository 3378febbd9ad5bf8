// Where the cells are, as files: `positions_N.csv` of every population that has positions. Called by `eic run` and `eic sweep`.
#pragma once
#include <string>

#include "runtime/contract/plan.h"
#include "runtime/record/atomic_file.h"

namespace eic::cli {

// Adds what it wrote to `files`.
std::optional<RunError> write_positions(const plan::Run& run, const std::string& folder, std::vector<record::WrittenFile>& files);

}  // namespace eic::cli
