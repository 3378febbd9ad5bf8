// Model → indented text, for `eic dump --after=model` and the golden tests.
#pragma once
#include <string>

#include "compiler/sema/model.h"

namespace eic::sema {
std::string print(const Model& model);
}  // namespace eic::sema
