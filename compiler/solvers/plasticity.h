// In: a plasticity rule of the Model, as one projection uses it. Out: what it keeps and where, and the functions of its kernel
// as IR: the step of what cells keep, and what an event at either end does. Called by plan/.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/ir/ir.h"
#include "compiler/sema/model.h"
#include "runtime/contract/plan.h"

namespace eic::solvers {

struct RuleRequest {
  const sema::Plasticity* rule = nullptr;
  const std::vector<sema::Param>* params = nullptr;
  std::string name;              // of the functions: "p"
  bool constant_weight = false;  // all synapses begin with the same
  bool recorded = false;         // some synapse is
};

struct RuleColumn {
  std::string name;
  plan::Home home = plan::Home::Synapse;
  bool steps = false;    // of the last update
  bool stepped = false;  // advanced in every step
  std::optional<uint32_t> look;  // the column that takes its value as of now
  ir::Dimension dimension;
  std::string unit;               // as printed; empty: dimensionless
  std::optional<uint32_t> state;  // of the rule
  source::Span span;
};

// An event in two parts: what depends on its own cell alone, once a cell; then what each synapse of the row does.
struct RuleEvent {
  std::optional<ir::Function> cells, synapses;
};

struct RuleFormulation {
  std::vector<RuleColumn> columns;  // states, then what the compiler adds: steps, what rows share, what is sent
  std::optional<ir::Function> source_step, target_step;
  RuleEvent pre, post;
  std::optional<ir::Function> look;
  std::optional<uint32_t> weight;  // the column of the weights
  bool changes_weight = false;
  plan::Plasticity::Sent sent = plan::Plasticity::Sent::Weight;
  uint32_t sent_column = 0;
  std::vector<uint32_t> frozen;  // states of cells that are not linear in themselves
};

std::optional<RuleFormulation> formulate_rule(const RuleRequest& request, diagnostics::Emitter& emitter);

// States that are the same for all synapses of a source (and delay): nothing that they follow differs from one to the other, so
// they are kept once. `constant_weight`: so is the weight.
std::vector<bool> common_states(const sema::Plasticity& rule, bool constant_weight);

}  // namespace eic::solvers
