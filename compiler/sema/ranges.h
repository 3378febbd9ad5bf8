// In: a parameter and the number that it is. Out: whether it may be that, and what is wrong if not. Called by sema for the
// defaults of a mechanism, which stand whether somebody uses it or not, and by plan/ for every parameter of a run.
#pragma once
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/sema/model.h"

namespace eic::sema {

// `source` is the expression that gives `value`; the ends of the range are -inf and inf where the parameter has none.
bool check_range(const Param& param, double value, const Expr& source, double low, double high, diagnostics::Emitter& emitter);

bool must_be_positive(const Param& param);
// "in 0 nS .. 1 uS", "at least 0 nS"; empty where there is no range.
std::string describe_range(const Param& param, double low, double high);

}  // namespace eic::sema
