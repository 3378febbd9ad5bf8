// In: a kinetic scheme, how its cell's expressions become IR, dt. Out: its occupancies one dt later, in the order of its states:
// one backward Euler step with the rates at the old values, whatever the method of the run. Called by formulate.cpp.
#pragma once
#include <vector>

#include "compiler/ir/equations.h"

namespace eic::solvers {

std::vector<ir::ValueId> advance(const sema::Scheme& scheme, ir::Builder& builder, ir::Equations& equations, ir::ValueId dt);

}  // namespace eic::solvers
