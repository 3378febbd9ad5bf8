// What `eic run --profile` says of a run. In: what the engine measured, the plan and its kernels. Out: a ProfileReport, without
// the parts of the command itself.
#pragma once
#include "compiler/compile.h"
#include "runtime/engine/engine.h"
#include "runtime/report/profile.h"

namespace eic::cli {

report::ProfileReport describe_profile(const Compiled& compiled, const engine::Built& built, const engine::Profile& measured);

}  // namespace eic::cli
