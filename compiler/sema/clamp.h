// What a population under a voltage clamp has besides the variables of its cell. Read by sema, solvers and plan.
#pragma once

namespace eic::sema {

constexpr const char* k_clamp_current = "clamp.i";  // injected by the clamp, inward positive, nA

}  // namespace eic::sema
