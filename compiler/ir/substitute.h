// In: values of a function, and what stands for some of its columns and uniforms, each by its slot. Out: the same values
// with all of these in their places. For methods that evaluate equations at other states (solvers/).
#pragma once
#include <map>

#include "compiler/ir/builder.h"

namespace eic::ir {

// Whether it reads a uniform that changes during the run.
bool depends_on_time(const Function& function, ValueId value);

std::vector<ValueId> substitute(Builder& builder, const std::vector<ValueId>& values, const std::map<uint32_t, ValueId>& columns,
                                const std::map<uint32_t, ValueId>& uniforms);

}  // namespace eic::ir
