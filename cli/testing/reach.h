// In: a test. Out: the parameters that its run depends on. Called by mutate.cpp.
#pragma once
#include <set>

#include "compiler/sema/model.h"

namespace eic::cli {

std::set<uint32_t> reached_params(const sema::Model& model, const sema::Test& test);

}  // namespace eic::cli
