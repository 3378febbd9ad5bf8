// In: a Function as the solver made it. Out: the Function that is lowered, and the prologue that computes its argument
// block. pipeline.cpp lists the passes in order; each is one file, each gives a Function that verifies.
#pragma once
#include <functional>
#include <string>

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
// exp, expm1, log, … → primitive ops, for one precision.
Function expand(const Function& function, Precision precision);
// a*b + c → fma where the product has no other use.
Function fuse(const Function& function);
// Drops what no store and no spike needs.
Function prune(const Function& function);

struct Lowerable {
  Function kernel;    // expanded for `precision`, fused
  Function prologue;  // expanded for double, fused; run by the interpreter
};
// Called after each pass with its name; for `eic dump --after=<pass>`.
using Watch = std::function<void(const std::string& pass, const Function& function)>;
Lowerable run_pipeline(const Function& function, Precision precision, const Watch& watch = {});
// For functions of uniforms alone (parameters, sizes, times): everything folded into one prologue-like function.
Function run_scalar_pipeline(const Function& function);

}  // namespace eic::passes
