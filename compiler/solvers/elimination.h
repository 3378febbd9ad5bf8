// In: a sparse system of linear equations, its coefficients IR values. Out: the values that solve it. Straight-line code:
// which coefficients are there is known now, so the order of elimination is, too. There is no pivoting: the diagonal must
// stay away from 0, as that of 1 − dt·J does for what decays. Used by methods.
#pragma once
#include <vector>

#include "compiler/ir/builder.h"

namespace eic::solvers {

// A row an equation; ir::k_no_value where there is no coefficient. Of the diagonal there must be one.
using Matrix = std::vector<std::vector<ir::ValueId>>;

// x with matrix·x = right
std::vector<ir::ValueId> eliminate(ir::Builder& builder, Matrix matrix, std::vector<ir::ValueId> right);

}  // namespace eic::solvers
