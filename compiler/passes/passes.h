// In: a Function as the solver made it. Out: the Function that is lowered, and the prologue that computes its argument
// block. pipeline.cpp lists the passes in order; each is one file, each gives a Function that verifies.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "compiler/ir/ir.h"

namespace eic::passes {

using ir::Function;
using ir::Precision;

// x/(exp(x) − 1) in every algebraic disguise → exprelr; (exp(x) − 1)/x → exprel; exp(x) − 1 → expm1.
Function recognise_exprel(const Function& function);
// Algebra that keeps or betters accuracy: division by constants and uniforms → multiplication by the reciprocal, double
// negation, exps of negated arguments shared, …
Function simplify(const Function& function);
// Values that depend on uniforms alone move to a prologue, computed once in double; the kernel reads its results.
struct Hoisted {
  Function kernel;
  Function prologue;  // its stores count in `results` = kernel.uniforms
};
Hoisted hoist(const Function& function);
// Which clamps, limits and branches are dead while v lies where cells live: intervals of all values, given the numbers of the
// kernel's uniforms, prove it. What is proven becomes a claim or a twin, and the test of v the function's guard.
struct Guarded {
  Function function;              // its last uniforms are the bounds, low and high, of each column that the guard tests
  std::vector<uint32_t> columns;  // none: nothing can be gained, and the function is as it was
};
Guarded guard(const Function& kernel, Precision precision, const std::vector<double>& uniforms);
// The widest bounds with which all that is claimed holds for these numbers of the uniforms; of none, such that no cell passes.
std::vector<double> bounds(const Guarded& guarded, Precision precision, const std::vector<double>& uniforms);
// exp, expm1, log, … → primitive ops, for one precision.
Function expand(const Function& function, Precision precision);
// a*b + c → fma where the product has no other use.
Function fuse(const Function& function);
// What cells inside the guard compute: twins take the place of their values.
Function narrow(const Function& function);
// What all cells compute.
Function widen(const Function& function);
// Drops what no store and no spike needs.
Function prune(const Function& function);

struct Lowerable {
  Function kernel;    // expanded for `precision`, fused
  Function prologue;  // expanded for double, fused; run by the interpreter
  std::optional<Function> quick;  // the kernel inside its guard: the same bits for less
  Guarded guarded;                // what `bounds` asks for then
};
// Called after each pass with its name; for `eic dump --after=<pass>`.
using Watch = std::function<void(const std::string& pass, const Function& function)>;
// The numbers that a prologue gives for the population at hand. Without them there is no guard.
using Evaluate = std::function<std::vector<double>(const Function& prologue)>;
Lowerable run_pipeline(const Function& function, Precision precision, const Watch& watch = {}, const Evaluate& evaluate = {});
// For functions of uniforms alone (parameters, sizes, times): everything folded into one prologue-like function.
Function run_scalar_pipeline(const Function& function);

}  // namespace eic::passes
