#include "bench/recurrent.h"

#include <utility>

namespace eic::bench {

namespace {

constexpr double k_budget_bytes = 4e9;

}  // namespace

plan::Run recurrent(uint64_t cells, plan::Rule rule) {
  plan::Run run;
  run.dt = 0.1;
  run.dt_text = "0.1";
  plan::Population population;
  population.name = population.path = "N";
  population.size = cells;
  population.columns.push_back({.name = "s", .role = plan::ColumnRole::Synaptic});
  population.ports.push_back({.name = "s", .add_column = 0});
  run.populations.push_back(std::move(population));
  plan::Projection projection;
  projection.name = projection.path = "p";
  projection.from = projection.to = {0, 0, cells};
  projection.rule = std::move(rule);
  projection.weight = plan::Draw{.a = k_recurrent_weight};
  projection.delay = plan::Draw{.a = 1};
  run.projections.push_back(std::move(projection));
  return run;
}

connect::Synapses connected(const plan::Run& run) {
  state::Budget budget(k_budget_bytes);
  auto synapses = connect::connect({run, run.projections.front(), budget});
  EIC_CHECK(static_cast<bool>(synapses), "the rules draw without a fault");
  return std::move(*synapses);
}

}  // namespace eic::bench
