// In: a sweep of the Model. Out: its points, each a number an axis, and the Model as `--set` of a point's values makes it, so
// that a point has the bits that `eic run --set` gives. Called by `eic sweep` and `eic check`.
#pragma once
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/plan/values.h"

namespace eic::plan {

struct SweepValue {
  sema::ExprPtr value;  // a number
  std::string digits;   // of it, in the axis' unit
};

struct SweepGrid {
  std::vector<const sema::SweepAxis*> axes;     // of all columns, as declared
  std::vector<std::vector<SweepValue>> points;  // the last axis counts fastest
};

std::optional<SweepGrid> sweep_grid(const sema::Model& model, const sema::Sweep& sweep, diagnostics::Emitter& emitter);
sema::Model at_point(const sema::Model& model, const sema::Sweep& sweep, const SweepGrid& grid, size_t point);
// "20 nS"
std::string shown(const SweepValue& value, const sema::SweepAxis& axis);

}  // namespace eic::plan
