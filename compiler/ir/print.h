// Function → text, one line a value: `%7 = mul %3, %5 : mV/ms`. For `eic dump` and the golden tests.
#pragma once
#include <string>

#include "compiler/ir/ir.h"

namespace eic::ir {
std::string print(const Function& function);
}  // namespace eic::ir
