// L007, L008: what needs a cell's equations evaluated or integrated.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compiler/figures/figures.h"
#include "compiler/lint/literal.h"
#include "compiler/lint/variants.h"
#include "compiler/solvers/formulate.h"

namespace eic::lint {

namespace {

constexpr double k_longest_step = 0.025, k_shortest_step = 0.005;  // ms: a rate is the cell's own, not that of a coarse step

// Of the first simulation that runs the cell, where that is between these.
double step_of(const sema::Model& model, const Variant& variant) {
  for (const sema::Simulation& simulation : model.simulations) {
    if (variant.simulation && variant.simulation != &simulation) continue;
    for (const sema::Population& population : model.networks[simulation.network].populations)
      if (&model.cells[population.cell] == &variant.cell) {
        double dt = plan::Values(model, {&simulation.params}).number(*simulation.dt);
        if (dt > 0) return std::clamp(dt, k_shortest_step, k_longest_step);
      }
  }
  return k_longest_step;
}

std::string hertz(double rate) { return fmt::format("{} Hz", number(rate, rate < 1 ? 1 : 2)); }

// True where it has none.
bool no_rest(const Variant& variant, figures::Dynamics& dynamics, Reporter& reporter) {
  if (dynamics.can_rest().value_or(true)) return false;
  const sema::Cell& cell = variant.cell;
  figures::Firing firing = dynamics.firing();
  std::string does = firing.rate > 0 ? fmt::format("fires at about {}", hertz(firing.rate))
                     : !cell.spike   ? "keeps moving"
                                   : fmt::format("drifts on, with {} spike{} in {}", firing.spikes, firing.spikes == 1 ? "" : "s",
                                                 engineering(firing.duration / 1000, "s"));
  Span at = variant.population ? variant.population->span : cell.span;
  Diagnostic& diagnostic = reporter.warn(Kind::LintNoRest, at, {cell.span, at},
                                         fmt::format("`{}` has no resting state: without input it {}", cell.name, does));
  if (firing.rate > 0 && !firing.settled) diagnostic.note("its intervals do not become equal: this is their mean");
  std::string points;
  for (const figures::FixedPoint& point : dynamics.fixed_points())
    points += fmt::format("{}{} ({})", points.empty() ? "" : ", ", quantity(point.v(), "mV"),
                          !point.stable ? "unstable" : "beyond its threshold");
  diagnostic.note(points.empty() ? "`v'` is nowhere 0 between -150 and 100 mV" : fmt::format("`v'` is 0 only at {}", points));
  return true;
}

enum class Family { Exponential, Explicit, Implicit };

Family family_of(const std::string& method) {
#define EIC_METHOD(name, order, family) \
  if (method == #name) return Family::family;
#include "compiler/sema/methods.def"
#undef EIC_METHOD
  return Family::Exponential;
}

// Of all states but those that decay by themselves, which every method advances exactly.
std::optional<figures::TimeConstant> fastest_of_all(const Input& input, const Variant& variant, figures::Dynamics& dynamics) {
  solvers::Request request;
  request.cell = &variant.cell;
  request.params = &input.model.params;
  request.starts.assign(variant.cell.states.size(), nullptr);
  diagnostics::Emitter nobody;
  auto formulation = solvers::formulate(request, nobody);
  std::optional<figures::TimeConstant> best;
  for (uint32_t i = 0; formulation && i < variant.cell.states.size(); i++) {
    if (formulation->columns[i].role == plan::ColumnRole::Synaptic) continue;
    auto one = dynamics.fastest(i);
    if (one && (!best || one->tau < best->tau)) best = one;
  }
  return best;
}

// An exponential method takes any step of an equation that is linear in its own state; of others it holds the slope, and a
// step that is long against it follows a curve that is no longer there. An explicit method does so with every equation.
void long_steps(const Input& input, const Variant& variant, figures::Dynamics& dynamics, Reporter& reporter) {
  for (const sema::Simulation& simulation : input.model.simulations) {
    if (variant.simulation && variant.simulation != &simulation) continue;
    bool runs = false;
    for (const sema::Population& population : input.model.networks[simulation.network].populations)
      runs |= &input.model.cells[population.cell] == &variant.cell && (!variant.population || variant.population == &population);
    Family family = family_of(simulation.method);
    if (!runs || family == Family::Implicit) continue;
    bool exponential = family == Family::Exponential;
    auto fastest = exponential ? dynamics.fastest_frozen() : fastest_of_all(input, variant, dynamics);
    if (!fastest) continue;
    const sema::State& state = variant.cell.states[fastest->state];
    plan::Values values(input.model, {&simulation.params});
    double dt = values.number(*simulation.dt);
    Band band{0, fastest->tau / 2};
    if (band.holds(dt)) continue;
    Written found = written(input, values, *simulation.dt);
    reporter
        .warn(Kind::LintStepTooLong, found.library ? simulation.span : found.span, {simulation.span, variant.cell.span},
              fmt::format("a dt of {} is more than half the fastest time constant of `{}`, {} at {}", quantity(dt, "ms"),
                          state.path, quantity(fastest->tau, "ms"), quantity(fastest->v, "mV")))
        .note(state.rate_span,
              exponential ? fmt::format("`{}'` is not linear in `{}`: `{}` holds its slope over each step", state.path, state.path,
                                        simulation.method)
                          : fmt::format("`{}` becomes unstable where dt is not well below it", simulation.method))
        .help(fmt::format("at most {} follows it", quantity(band.high, "ms")));
  }
}

}  // namespace

void check_dynamics(const Input& input, Reporter& reporter) {
  std::set<const sema::Cell*> restless;  // as declared: what overrules them adds nothing
  each_variant(input.model, [&](const Variant& variant) {
    figures::Dynamics dynamics({input.model, variant.cell, variant.values}, step_of(input.model, variant));
    if (!restless.count(&variant.cell) && no_rest(variant, dynamics, reporter) && !variant.population)
      restless.insert(&variant.cell);
    long_steps(input, variant, dynamics, reporter);
  });
}

}  // namespace eic::lint
