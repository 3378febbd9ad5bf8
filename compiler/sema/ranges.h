// In: a parameter and the number that it is. Out: whether it may be that, and what is wrong if not. Called by sema for the
// defaults of a mechanism, which stand whether somebody uses it or not, and by plan/ for every parameter of a run.
#pragma once
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/sema/model.h"

namespace eic::sema {

// `source` is the expression that gives `value`; the ends of the range are -inf and inf where the parameter has none.
bool check_range(const Param& param, double value, const Expr& source, double low, double high, diagnostics::Emitter& emitter);

}  // namespace eic::sema
