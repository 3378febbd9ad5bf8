// In: a function over the synapses of a row. Out: two, the first of which computes once for the row's cell what depends on nothing
// else, while the second reads that from columns of the cell. And what else IR tells of a rule. Used by plasticity.cpp.
#pragma once
#include "compiler/ir/builder.h"

namespace eic::solvers {

struct RowSplit {
  ir::Function cells, synapses;  // `cells` has the stores to columns of the row, and those of what is shared
  std::vector<ir::Slot> shared;  // columns to be added behind the others
};
RowSplit split_rows(const ir::Function& whole, uint32_t next_column);

// Reads uniforms and columns of the row's own cell alone.
bool same_in_row(const ir::Function& function, ir::ValueId id);

// Whether `f` is zero where the column is, for every value of the parameters: −0·x/τ.
bool vanishes_at_zero(ir::Builder& builder, ir::ValueId f, uint32_t column);

}  // namespace eic::solvers
