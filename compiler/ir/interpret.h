// Runs a Function scalar by scalar: the oracle of the JIT (bit for bit, on expanded functions), and what evaluates
// expressions of parameters. R is float or double; fma is std::fma; subnormals are flushed while it runs.
#pragma once
#include <span>

#include "compiler/ir/ir.h"

namespace eic::ir {

template <class R>
struct CellResult {
  std::vector<R> stores;  // new values, in the order of function.stores
  bool spike = false;
  R spike_fraction = 1;   // where there is one
};

// One cell: columns and uniforms are indexed by slot. Math ops (exp …) must have been expanded for R's precision.
template <class R>
CellResult<R> interpret(const Function& function, std::span<const R> columns, std::span<const R> uniforms);

}  // namespace eic::ir
