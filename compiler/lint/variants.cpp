#include "compiler/lint/variants.h"

#include <set>

namespace eic::lint {

void each_run(const sema::Model& model, const std::function<void(const sema::Network&, const sema::Simulation*)>& visit) {
  std::set<uint32_t> seen;
  for (const sema::Simulation& simulation : model.simulations) {
    visit(model.networks[simulation.network], &simulation);
    seen.insert(simulation.network);
  }
  for (uint32_t i = 0; i < model.networks.size(); i++)
    if (!seen.count(i) && !model.networks[i].made_for_test) visit(model.networks[i], nullptr);
}

void each_variant(const sema::Model& model, const std::function<void(const Variant&)>& visit) {
  for (uint32_t i = 0; i < model.cells.size(); i++) {
    if (model.cells[i].made_for_test) continue;
    plan::Values values(model, {});
    visit({model.cells[i], values, nullptr, nullptr});
  }
  std::set<const sema::Population*> seen;
  std::set<std::pair<const sema::Simulation*, uint32_t>> alike;  // cells that only the simulation overrules
  each_run(model, [&](const sema::Network& network, const sema::Simulation* simulation) {
    bool overrules = simulation && !simulation->params.empty();
    for (const sema::Population& population : network.populations) {
      if (!overrules && (population.params.empty() || !seen.insert(&population).second)) continue;
      if (overrules && population.params.empty() && !alike.emplace(simulation, population.cell).second) continue;
      std::vector<const plan::Overrides*> layers;
      if (simulation) layers.push_back(&simulation->params);
      layers.push_back(&population.params);
      plan::Values values(model, layers);
      visit({model.cells[population.cell], values, &population, simulation});
    }
  });
}

}  // namespace eic::lint
