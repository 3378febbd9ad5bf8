// In: the Model and one of its simulations (or a test's run), with what the command line overrules. Out: the plan of the
// run (runtime/contract/plan.h) and the functions its kernels are compiled from. Called by compile.cpp.
#pragma once
#include <optional>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/ir/ir.h"
#include "compiler/passes/passes.h"
#include "compiler/plan/values.h"
#include "compiler/solvers/formulate.h"
#include "compiler/solvers/plasticity.h"
#include "runtime/contract/plan.h"

namespace eic::plan {

// What the command line says instead of the file.
struct Choices {
  std::optional<uint64_t> seed;
  std::optional<units::Decimal> dt, duration;  // SI
  std::optional<bool> single;
};

// Populations that share a cell, its recordings and its stimuli share their kernel; only their uniforms differ.
struct Kernel {
  std::string name;  // of the first population that has it
  solvers::Formulation formulation;
  ir::Function step;  // these are ready to be lowered and count in one block of uniforms
  std::optional<ir::Function> quick_step;  // the step of cells inside its guard
  passes::Guarded guarded_step;            // for the bounds, which follow the uniforms of the first prologue
  std::optional<ir::Function> init, prime, observe;
  std::vector<ir::Function> events;
  std::optional<uint32_t> time;             // where in the block `t` stands
  std::vector<ir::Function> prologues;  // their results, one after another, are the block
};

// The functions of a projection's plasticity rule, ready to be lowered; their uniforms are one block, as in Kernel.
struct RuleKernel {
  struct Part {
    std::optional<ir::Function> cells, synapses;
  };
  std::string name;  // of the projection
  uint32_t projection = 0;
  std::optional<ir::Function> source_step, target_step;
  Part pre, post;
  std::optional<ir::Function> look;
  std::vector<ir::Function> prologues;
};

struct Planned {
  Run run;
  std::vector<RuleKernel> rules;
  std::vector<Kernel> kernels;
  std::vector<uint32_t> kernel_of;  // one a population
  std::vector<ir::Function> pairs;  // functions of a distance, ready to be lowered
};

std::optional<Planned> plan(const sema::Model& model, const sema::Simulation& simulation, const Choices& choices,
                            const passes::Watch& watch, diagnostics::Emitter& emitter);

// Parameters inside their ranges; for `check`, which plans nothing where a file has no simulation.
void check_ranges(const sema::Model& model, Values& values, diagnostics::Emitter& emitter,
                  const std::vector<uint32_t>& but = {});

std::string print(const Run& run);  // for `eic dump --after=plan`

}  // namespace eic::plan
