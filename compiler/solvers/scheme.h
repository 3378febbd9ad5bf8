// In: a kinetic scheme, how its cell's expressions become IR. Out: its rates, and its occupancies some time later. Called by
// formulate_step.cpp and by methods that place schemes themselves.
#pragma once
#include <vector>

#include "compiler/ir/equations.h"

namespace eic::solvers {

struct Diagram {
  struct Arrow {
    size_t from = 0, to = 0;  // places in `columns`
    ir::ValueId rate = 0;     // at the old values of all states
  };
  std::vector<uint32_t> columns;  // of its states, as declared
  std::vector<Arrow> arrows;
  ir::Span span;
};
Diagram diagram(const sema::Scheme& scheme, ir::Equations& equations);

// One backward Euler step from the occupancies in the diagram's columns, with these rates, one an arrow: positive and of sum 1.
std::vector<ir::ValueId> implicit_step(const Diagram& diagram, ir::Builder& builder, const std::vector<ir::ValueId>& rates, ir::ValueId dt,
                                        const std::vector<ir::ValueId>& old);

// One step of second order, likewise positive and of sum 1.
std::vector<ir::ValueId> patankar(const Diagram& diagram, ir::Builder& builder, const std::vector<ir::ValueId>& rates, ir::ValueId dt,
                                  const std::vector<ir::ValueId>& old);

}  // namespace eic::solvers
