// Arguments come earlier, types and dimensions obey ops.def, slots exist. Run after every pass; what it finds is a fault
// of ours. Returns what is wrong, or an empty text.
#pragma once
#include <string>

#include "compiler/ir/ir.h"

namespace eic::ir {
std::string verify(const Function& function);
}  // namespace eic::ir
