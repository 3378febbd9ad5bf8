// Derived figures of one cell. In: the Model, the cell, the values of its parameters (with what a population or run
// overrules). Out: plain numbers in internal units (ms, mV, nA, uS, nF, um, MOhm); nothing is run but the cell itself, and no
// network is built. membrane() takes microseconds, a Dynamics some milliseconds. Called by lint/, `eic explain`, tests.
#pragma once
#include <complex>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/plan/values.h"
#include "compiler/sema/model.h"

namespace eic::figures {

// What figures are of. Holds references: the three must outlive what is made of it.
struct Subject {
  const sema::Model& model;
  const sema::Cell& cell;
  plan::Values& values;
};

// One current of the cell. A leak has a conductance of parameters alone; that of a gated one is its largest: with every gate
// open, over −150 … 100 mV. Nothing where there is no such number: synapses, `current`, what reads other states.
struct Conductance {
  uint32_t current = 0;  // of cell.currents
  bool leak = false;
  std::optional<double> total;     // uS
  std::optional<double> density;   // uS/um^2, where the cell has an area
  std::optional<double> reversal;  // mV, where it is constant
};

// What an event does, where that is simple: a state that jumps by a multiple of the weight, decays exponentially, and is (a
// multiple of) a conductance or an inward current. Factors are for a weight of 1 in internal units.
struct Port {
  bool simple = false;
  std::optional<double> conductance;  // uS, with `reversal`; or
  std::optional<double> current;      // nA, inward
  std::optional<double> reversal;     // mV
  double tau = 0;                     // ms
};

// Of what is always open: the membrane that a small slow current meets when all gates are shut. A cell with its own v' has
// no conductances: where v' is linear, capacitance and resistance follow from ∂v'/∂input and ∂v'/∂v, and so does the rest.
struct Membrane {
  std::optional<double> area;                  // um^2
  std::optional<double> capacitance;           // nF
  std::optional<double> specific_capacitance;  // nF/um^2
  std::vector<Conductance> currents;           // in the order of cell.currents
  std::vector<Port> ports;                     // in the order of cell.ports
  double leak = 0;                             // uS, the sum
  std::optional<double> resistance;            // MOhm: 1/leak
  std::optional<double> time_constant;         // ms: capacitance/leak
  std::optional<double> reversal;              // mV: of the leaks, weighted with their conductances
};
Membrane membrane(const Subject& subject);
// The bound of Psp, below, from these alone; `from` in mV. Nothing where the port is not simple.
std::optional<double> psp_bound(const Membrane& membrane, uint32_t port, double weight, double from);

double mean(const sema::Spread& spread, plan::Values& values);  // of the distribution; NaN for a column of a file

// Expressions of a cell as one flat program over its states, for many calls. Parameters are read once, when it is made.
class Evaluator {
 public:
  Evaluator(const Subject& subject, const std::vector<const sema::Expr*>& wanted, double dt = 0.025);
  ~Evaluator();
  Evaluator(Evaluator&&) noexcept;
  // One number each (conditions: 0 or 1), good until the next call. `states` in the order of cell.states.
  std::span<const double> operator()(std::span<const double> states, double input = 0);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct GateCurve {  // of a state with the role Gate
  uint32_t state = 0;
  std::vector<double> inf, tau;  // 1, ms: one a voltage
};

struct FixedPoint {
  std::vector<double> states;                     // v first
  std::vector<std::complex<double>> eigenvalues;  // of the whole system's Jacobian, 1/ms, the greatest real part first
  bool stable = false;                            // no eigenvalue grows
  bool reached = true;                            // false: beyond the threshold of a cell that is reset there
  double v() const { return states[0]; }
};

// The cell on its own under a constant current, from its start, stepped by the program's own exp_euler.
struct Firing {
  double rate = 0;       // Hz: of the last intervals where they have settled, else of the second half
  bool settled = false;  // four intervals in a row agree to 0.1 % (or one dt); false also where it falls silent
  uint32_t spikes = 0;
  double duration = 0;  // ms that were integrated
};

struct TimeConstant {
  double tau = 0;      // ms
  uint32_t state = 0;  // whose it is
  double v = 0;        // mV, where
};

// What one event does to a cell at rest, the other synapses silent. Deflections from `from`, signed, in mV.
struct Psp {
  double from = 0;              // v before: the rest; where there is none, the mean start
  std::optional<double> bound;  // no real one is larger: of a synaptic state that decays linearly, on the leak alone
  double passive = 0;           // peak with leaks and this synapse only, gates shut
  double full = 0;              // peak with everything as it stands at `from`; without rest the difference that the event makes
  double time = 0;              // ms to the passive peak
  bool fires = false;           // one event makes the cell spike
};

class Dynamics {
 public:
  explicit Dynamics(const Subject& subject, double dt = 0.025);  // dt of the simulation, where there is one
  ~Dynamics();
  Dynamics(Dynamics&&) noexcept;

  // x' of every state, in its unit a ms.
  std::span<const double> rates(std::span<const double> states, double input = 0);
  // Starting values: draws by their mean, columns of files as −65 mV or steady state.
  const std::vector<double>& start() const;
  // All states at clamped v, the others where they stay. Nothing where none is found.
  std::optional<std::vector<double>> steady(double v, double input = 0);
  // The outward current that a clamp at v must balance in the end, nA: −C·v'; of a cell with its own v', v' itself negated
  // (mV/ms) where `input` does not enter. Nothing like steady().
  std::optional<double> steady_current(double v, double input = 0);

  // All of them between −150 and 100 mV, by v. A cell whose v' is 0 everywhere has none.
  const std::vector<FixedPoint>& fixed_points();
  std::vector<FixedPoint> fixed_points(double input);
  // The lowest one that is stable and reached; nothing where the cell cannot rest.
  const FixedPoint* rest();
  // Whether it can: nothing where a state other than v would not settle at some voltages, so that points may be missing; yes for
  // a cell whose v stays wherever it is put.
  std::optional<bool> can_rest();
  // Resistance and time constant there, all gates as they stand (a slow current would meet them moving: steady_current).
  std::optional<double> resistance_at(const std::vector<double>& states);
  std::optional<double> time_constant_at(const std::vector<double>& states);

  Firing firing(double input = 0);  // at most 5 s or 50 spikes, unless more is asked for
  Firing firing(double input, double duration_ms, uint32_t spikes);

  std::vector<GateCurve> gate_curves(std::span<const double> voltages);  // other states at steady state
  // The shortest over −100 … 50 mV of all states, v among them (C over all conductances as they stand), at steady state.
  std::optional<TimeConstant> fastest();
  std::optional<TimeConstant> fastest(uint32_t state);
  // The same of what exp_euler cannot treat exponentially, since it is not linear in itself: own states, and of a v that follows
  // from currents, those that are not linear in it. Nothing where there is no such thing.
  std::optional<TimeConstant> fastest_frozen();

  Psp psp(uint32_t port, double weight);  // weight in internal units

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eic::figures
