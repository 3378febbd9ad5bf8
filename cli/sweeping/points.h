// In: a sweep of a checked model. Out: the plan of every point, or diagnostics that say which point is wrong; nothing is run or
// compiled. Called by `eic sweep` and `eic check`.
#pragma once
#include <functional>

#include "compiler/compile.h"
#include "compiler/plan/sweep.h"

namespace eic::cli {

// Calls take(point, the Model of the point, its plan) in order of the points. Nothing after a diagnostic.
using TakePoint = std::function<bool(size_t point, const sema::Model& model, plan::Planned planned)>;
std::optional<plan::SweepGrid> plan_points(Front& front, const sema::Sweep& sweep, const TakePoint& take);

}  // namespace eic::cli
