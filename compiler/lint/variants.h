// The cells that a model runs, with the values they have there: as declared, and as each population and simulation overrules
// them. Tests are left out: they try what is unlikely on purpose. Internal to lint/.
#pragma once
#include <functional>

#include "compiler/lint/rule.h"
#include "compiler/plan/values.h"

namespace eic::lint {

struct Variant {
  const sema::Cell& cell;
  plan::Values& values;
  const sema::Population* population;  // null: as declared
  const sema::Simulation* simulation;  // that overrules something; or null
};

// Once for each distinct set of values.
void each_variant(const sema::Model& model, const std::function<void(const Variant&)>& visit);

// A network as a simulation runs it; without one, as declared (null). Those made for a test are left out.
void each_run(const sema::Model& model, const std::function<void(const sema::Network&, const sema::Simulation*)>& visit);

}  // namespace eic::lint
