// The dimension and type rules of ops.def in one place: the builder computes by them, the verifier checks by them.
#pragma once
#include <span>
#include <string>

#include "compiler/ir/ir.h"

namespace eic::ir {

// What `op` makes of these arguments: its dimension, or what is wrong with them.
struct Outcome {
  Dimension dimension;
  std::string error;  // empty: fine
};
Outcome apply_rule(Op op, std::span<const Value* const> args);

}  // namespace eic::ir
