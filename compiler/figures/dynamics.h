// What Dynamics keeps: the cell's rates with their Jacobian, and the program's own step, as tapes. Internal to figures/;
// one file a group of methods.
#pragma once
#include "compiler/figures/figures.h"
#include "compiler/figures/tape.h"
#include "compiler/solvers/formulate.h"

namespace eic::figures {

struct Dynamics::Impl {
  Impl(const Subject& subject, double dt);

  // rates, then the Jacobian by rows, then ∂v'/∂input, then what currents that are not linear in v add to ∂v'/∂v
  std::span<const double> system(std::span<const double> states, double input);
  std::optional<std::vector<double>> steady(double v, double input, const std::vector<double>& guess);
  std::optional<double> voltage_rate(double v, double input, std::vector<double>& states);  // guess in, steady states out
  bool converge(std::vector<double>& states, double input, bool clamped);                   // Newton; false where it does not
  void refine(std::vector<FixedPoint>& found, double low, double high, double at_low, double at_high, double input,
              const std::vector<double>& guess);
  std::vector<FixedPoint> fixed_points(double input);
  double gain(std::span<const double> system) const { return system[n + n * n]; }
  // The shortest of −1/slope over −100 … 50 mV; `slope` is a result of system().
  std::optional<TimeConstant> shortest(uint32_t state, size_t slope);
  bool beyond_threshold(const std::vector<double>& states);

  // The program's step on (states, refractory, input); true for a spike.
  void make_step();
  bool step(std::vector<double>& columns);
  std::vector<double> columns_at(const std::vector<double>& states, double input) const;
  void event(uint32_t port, double weight, std::vector<double>& columns);

  Subject subject;
  double dt;
  size_t n;
  Tape rates;
  std::vector<double> columns;
  std::vector<double> start;
  solvers::Formulation formulation;
  Tape stepper, primer;
  std::vector<Tape> events;
  bool stepping = false;
  std::optional<std::vector<FixedPoint>> points;
  bool flat = false, gaps = false;  // of the last search: v' was 0 all along; some voltages had no steady states
};

}  // namespace eic::figures
