#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <optional>

#include "compiler/explain/cell_figures.h"

namespace eic::explain {

namespace {

class FigureWriter {
 public:
  explicit FigureWriter(const CellFigures& of) : of_(of), method_(method_of(of.run)) {}

  void write() {
    of_.document.sections.push_back({2, "What follows", {}});
    Table table{{"figure", "value", "from"}, {}};
    auto row = [&](std::string name, std::string value, std::string from) {
      table.rows.push_back({std::move(name), std::move(value), std::move(from)});
    };
    figures::Membrane membrane = figures::membrane({of_.model, of_.cell, of_.values});
    if (membrane.area) row("area", rounded(*membrane.area, "um^2"), "");
    if (membrane.capacitance)
      row("capacitance C", rounded(*membrane.capacitance, "pF"),
          membrane.specific_capacitance ? rounded(*membrane.specific_capacitance, "uF/cm^2") + " over the area" : "");
    if (membrane.leak > 0) row("leak conductance", rounded(membrane.leak, "nS"), "what is always open");
    if (membrane.resistance) row("input resistance R_in", rounded(*membrane.resistance, "MOhm"), "1/leak");
    if (membrane.time_constant) row("membrane time constant τ_m", rounded(*membrane.time_constant, "ms"), "C/leak");
    if (membrane.reversal) row("leak reversal", rounded(*membrane.reversal, "mV"), "");
    resting(row);
    if (auto fastest = of_.dynamics.fastest()) {
      row("fastest time constant", rounded(fastest->tau, "ms"),
          fmt::format("of {} at {}, over −100 .. 50 mV; dt = {} is {:.2g} of it", of_.cell.states[fastest->state].path,
                      rounded(fastest->v, "mV"), rounded(of_.dt, "ms"), of_.dt / fastest->tau));
    }
    of_.document.sections.back().blocks.emplace_back(std::move(table));
    if (of_.run)
      of_.document.sections.back().blocks.emplace_back(Paragraph{
          fmt::format("Whether a dt of {} is short enough, no figure says: halve dt and compare what you measure (`--dt '{}'`). "
                      "With `{}` the error is of order {}: it falls to 1/{} (docs/numerics.md).",
                      rounded(of_.dt, "ms"), rounded(of_.dt / 2, "ms"), method_.name, method_.order, 1 << method_.order)});
    synapses();
  }

 private:
  template <class Row>
  void resting(const Row& row) {
    if (const figures::FixedPoint* rest = of_.dynamics.rest()) {
      row("resting state", rounded(rest->v(), "mV"),
          fmt::format("stable; {} fixed point{} in all", of_.dynamics.fixed_points().size(),
                      of_.dynamics.fixed_points().size() == 1 ? "" : "s"));
      if (auto resistance = of_.dynamics.resistance_at(rest->states))
        row("… resistance there", rounded(*resistance, "MOhm"), "gates as they stand");
      if (auto tau = of_.dynamics.time_constant_at(rest->states))
        row("… time constant there", rounded(*tau, "ms"), "gates as they stand");
      return;
    }
    auto can = of_.dynamics.can_rest();
    if (!can) row("resting state", "not known", "some states have no steady value at some voltages");
    else if (*can) row("resting state", "wherever v is put", "");
    else {
      figures::Firing firing = of_.dynamics.firing();
      row("resting state", "none", firing.spikes > 1 ? "the cell fires without input" : "");
      if (firing.rate > 0)
        row("rate without input", fmt::format("{:.3g} Hz", firing.rate),
            firing.settled ? "once the intervals have settled" : "not settled: over the second half of what was integrated");
    }
  }

  void synapses() {
    Table table{{"projection", "synapse", "weight", "PSP of one event, leak alone", "with all channels", "from v"}, {}};
    for (const sema::Network& network : of_.model.networks)
      for (const sema::Projection& projection : network.projections) {
        const sema::Population& to = network.populations[projection.to.population];
        if (&of_.model.cells[to.cell] != &of_.cell || !projection.weight || !projection.to.port) continue;
        // what the population overrules makes it another cell
        std::vector<const plan::Overrides*> with = layers(of_.run);
        with.push_back(&to.params);
        plan::Values values(of_.model, with);
        std::optional<figures::Dynamics> other;
        if (!to.params.empty()) other.emplace(figures::Subject{of_.model, of_.cell, values}, of_.dt);
        figures::Dynamics& target = other ? *other : of_.dynamics;
        double weight = figures::mean(*projection.weight, of_.values);
        if (!std::isfinite(weight)) continue;
        bool rests = target.rest() != nullptr;
        figures::Psp psp = target.psp(*projection.to.port, weight);
        const sema::Port& port = of_.cell.ports[*projection.to.port];
        std::string bound = psp.bound ? fmt::format(" (no real one exceeds {})", rounded(*psp.bound, "mV", 3)) : "";
        table.rows.push_back({network.name + "." + projection.name, port.name,
                              units::print(weight, port.weight_dimension, &port.weight_unit), rounded(psp.passive, "mV", 3) + bound,
                              !rests      ? "no rest to deviate from"
                              : psp.fires ? "the cell fires"
                                          : rounded(psp.full, "mV", 3),
                              rounded(psp.from, "mV")});
      }
    if (!table.rows.empty()) of_.document.sections.back().blocks.emplace_back(std::move(table));
  }

  const CellFigures& of_;
  StepMethod method_;
};

}  // namespace

std::string rounded(double internal, const char* unit, int digits) {
  units::Unit parsed = *units::parse_unit(unit);
  double value = units::from_internal(internal, parsed);
  double rounded = std::strtod(fmt::format("{:.{}g}", value, digits).c_str(), nullptr);
  bool plain = rounded == 0 || (std::fabs(rounded) >= 1e-4 && std::fabs(rounded) < 1e7);
  return plain ? fmt::format("{} {}", rounded, parsed.text) : fmt::format("{:.{}g} {}", value, digits, parsed.text);
}

std::vector<const plan::Overrides*> layers(const sema::Simulation* run) {
  return run ? std::vector<const plan::Overrides*>{&run->params} : std::vector<const plan::Overrides*>{};
}

StepMethod method_of(const sema::Simulation* run) {
  std::string name = run ? run->method : "exp_euler";
#define EIC_METHOD(method, order, family) \
  if (name == #method) return {name, order};
#include "compiler/sema/methods.def"
#undef EIC_METHOD
  return {name};  // one that has no meaning yet
}

void add_figures(const CellFigures& of) { FigureWriter(of).write(); }

}  // namespace eic::explain
