// The Model: what the files mean. Every name resolved, every dimension checked, mechanisms merged into their cells.
// Made by check(); read by plan/ (sizes, draws, recordings) and by solvers/ (equations). Printed by model_print.h.
#pragma once
#include <map>
#include <optional>

#include "compiler/sema/expr.h"
#include "runtime/contract/plan.h"

namespace eic::sema {

struct Param {
  std::string path;  // "w_exc", "HH.INa.g", "HH.area"
  Dimension dimension;
  units::Unit unit;   // the user's own
  ExprPtr value;      // of other params; null only inside a definition checked on its own
  ExprPtr low, high;  // inclusive; either may be null
  Span span;
};

// A constant, a distribution or a column of a CSV file.
struct Spread {
  plan::Draw::Kind kind = plan::Draw::Kind::Constant;
  std::vector<ExprPtr> args;  // Constant: one, may read states where it is a starting value
  std::string file, column;   // Csv; file canonical
  std::string shown;          // Csv: as written
  units::Unit unit;           // Csv: of the column
  Span span;
};

enum class StateRole : uint8_t { Voltage, Gate, Synaptic, Plain, Occupancy, Rule };

struct State {
  std::string path;  // "v", "INa.m", "exc.s"
  StateRole role = StateRole::Plain;
  Dimension dimension;
  units::Unit unit;
  ExprPtr rate;  // x'
  Spread start;
  Span span;       // of its declaration
  Span rate_span;  // of its equation
};

// An outward current: conductance * (v − reversal), or `current` (then the others are null). Totals, not densities.
struct Current {
  std::string path;  // "INa", "exc"
  std::string ion;   // "na"; empty: none
  bool synaptic = false;
  ExprPtr conductance, reversal, current;
  ExprPtr outward;  // the whole, in A
  Span span;
};

// One arrow of a state diagram, with its rates; there is no way back where `backward` is null.
struct Transition {
  uint32_t from = 0, to = 0;  // states of the cell
  ExprPtr forward, backward;
  Span span;
};

// A state diagram, `kinetic { … }`: its states, of the role Occupancy, sum to 1. They stand in the order in which they are
// eliminated when it is solved, the last one among those that every state leads to.
struct Scheme {
  std::string path;  // "INa"
  std::vector<uint32_t> states;
  std::vector<Transition> transitions;
  Span span;
};

// An ion of the cell; null where it is not known. `i` is the sum of the outward currents that are booked to it, in A.
struct Ion {
  std::string name, pool;  // "ca", "CalciumDetailed"
  ExprPtr E, in, out, charge, i;
  bool live = false;  // E follows from concentrations of which one is a state
  Span span;
};

struct Assignment {
  uint32_t state = 0;
  ExprPtr value;  // the new value
  Span span;
};

struct Port {
  std::string name;
  Dimension weight_dimension;
  units::Unit weight_unit;
  std::vector<Assignment> body;
  Span span;
};

struct Spike {
  ExprPtr condition;   // Bool over the state after the step; null for a crossing
  ExprPtr threshold;   // v crosses this upwards
  ExprPtr refractory;  // a time, or null
  Span span;
};

// A channel, synapse or pool of the cell, as the cell's file names it.
struct MechanismUse {
  std::string name, type;         // "INa", "Na_TM1991"
  bool synapse = false, pool = false;
  std::vector<std::string> ions;  // "na"
  Span span, definition;          // the whole item; the name in `channel Na_TM1991 …`
};

struct Cell {
  std::string name;
  ExprPtr area, capacitance;  // total capacitance; null where the cell has none
  std::vector<State> states;  // v first
  std::vector<MechanismUse> mechanisms;
  std::vector<Ion> ions;
  std::vector<Scheme> schemes;
  std::vector<Current> currents;
  std::vector<Port> ports;
  std::optional<Spike> spike;
  std::vector<Assignment> reset;
  std::map<std::string, ExprPtr> lets;  // "INa.w": what `record` may name besides states and currents
  bool own_voltage = false;             // writes its own v'
  bool made_for_test = false;           // around a channel under test: nobody wrote it
  std::vector<Span> bases;              // the names of the cells it derives from, its own base first
  Span span;
};

struct View {
  std::string name;
  ExprPtr begin, end;
  Span span;
};

// Where the cells of a population are: `line(spacing = …)`, `grid(nx, ny, spacing = …)`, `uniform(width, height[, depth])`,
// `csv("pos.csv")`.
struct Positions {
  plan::Positions::Kind kind = plan::Positions::Kind::Line;
  std::vector<ExprPtr> args;  // spacing | nx, ny, spacing | width, height[, depth]
  std::string file, shown;    // Csv
  bool periodic = false;
  Span span;
};

struct Population {
  std::string name, path;
  uint32_t cell = 0;
  ExprPtr size;
  std::optional<Positions> positions;
  std::vector<View> views;
  std::map<uint32_t, ExprPtr> params;  // overruled: param → value
  std::map<uint32_t, Spread> drawn;    // parameters with a value for each cell: param → its draw or column
  std::map<uint32_t, Spread> starts;   // overruled: state → start
  Span span;
};

// A population, one of its views, or cells of it.
struct Target {
  uint32_t population = 0;
  std::optional<uint32_t> view;
  ExprPtr begin, end;          // N[0 .. 10]
  std::vector<ExprPtr> cells;  // N[0, 100]
  std::optional<uint32_t> port;
  std::optional<uint32_t> projection;  // instead of a population: its synapses, `begin`, `end` and `cells` count them
  std::string text;  // "N.E"
  Span span;
};

struct Rule {
  plan::Rule::Kind kind = plan::Rule::Kind::AllToAll;
  ExprPtr argument;           // of `bernoulli` it may read the distance
  bool self = true, multi = false;
  std::string file, shown;
  Span span;
};

// A plasticity rule as one projection uses it. Expressions count in `states`: the weight, what is sent, then the rule's own.
struct Plasticity {
  static constexpr uint32_t k_weight = 0, k_sent = 1, k_own = 2;
  std::string name, type;           // "rule", "STDP"
  std::vector<State> states;        // a synapse's state without a rate changes with events only
  std::vector<plan::Home> homes;    // one a state
  std::vector<Assignment> on_pre, on_post;  // one after another
  bool has_on_post = false;
  Span span, definition;            // the whole item; the name in `plasticity STDP …`
};

// Synapses; or gap junctions, whose weight is a conductance: no port, no delay.
struct Projection {
  std::string name, path;
  bool gap = false;
  Target from, to;
  Rule rule;
  std::optional<Spread> weight, delay;  // none: the CSV's column
  std::optional<Plasticity> plasticity;
  Span span;
};

// What acts on cells from outside. Which settings a kind has: check_stimulus.cpp.
struct Stimulus {
  plan::Stimulus::Kind kind = plan::Stimulus::Kind::Step;
  std::string name, path;                // the path keys its draws
  Target to;                             // with a port where it sends events
  std::map<std::string, Spread> values;  // by setting, `from` and `to` apart
  ExprPtr from, to_time;
  Span span;

  const Spread* value(const std::string& setting) const {
    auto found = values.find(setting);
    return found == values.end() ? nullptr : &found->second;
  }
  // The one value of all cells; null where it is drawn, read or not given.
  const Expr* constant(const std::string& setting) const {
    const Spread* spread = value(setting);
    return spread && spread->kind == plan::Draw::Kind::Constant ? spread->args[0].get() : nullptr;
  }
};

struct Network {
  std::string name;
  std::vector<Population> populations;
  std::vector<Projection> projections;
  std::vector<Stimulus> stimuli;
  bool made_for_test = false;  // of one cell under test: nobody wrote it
  Span span;
};

struct Recording {
  bool spikes = false;
  bool weights = false;                // of a projection: all its synapses, at the end
  std::vector<std::string> variables;  // "v", "INa.m", "INa.i"
  Target of;
  ExprPtr every;     // null: each step
  std::string file;  // empty: the default name
  Span span;
};

// A part of a run, with values, stimuli and recordings of its own.
struct Phase {
  std::string name;
  ExprPtr duration;
  std::map<uint32_t, ExprPtr> params;  // overruled in it
  std::vector<Stimulus> stimuli;       // their times count from its begin
  std::vector<Recording> recordings;
  bool records = false;                // its recordings, perhaps none, stand instead of the run's
  Span span;
};

struct Simulation {
  std::string name;
  uint32_t network = 0;
  ExprPtr duration, dt, seed;  // seed may be null (1)
  std::string method = "exp_euler";
  bool single = false;
  std::map<uint32_t, ExprPtr> params;                      // overruled for this run
  std::map<std::pair<uint32_t, uint32_t>, Spread> starts;  // (population, state) → start
  std::vector<Stimulus> stimuli;
  std::vector<Recording> recordings;
  std::vector<Phase> phases;                        // one after another, together the run; none: one without a name
  Span span;
};

// What one parameter (or `seed`, `duration`, `dt`) is in the points of a sweep.
struct SweepAxis {
  enum class What : uint8_t { Param, Seed, Duration, Step } what = What::Param;
  std::string path;
  uint32_t param = 0;
  enum class Form : uint8_t { List, Range, Linear, Logarithmic } form = Form::List;
  std::vector<ExprPtr> args;  // the points | first, last | first, last, how many
  Dimension dimension;
  units::Unit unit;  // of the first point, as written
  Span span, values_span;  // of the path, of what is behind the `=`
};

struct Sweep {
  std::string name;
  uint32_t simulation = 0;
  std::vector<std::vector<SweepAxis>> axes;  // the grid's, as declared; several in one move together (`zip`)
  Span span;
};

enum class Measure : uint8_t { Count, SpikeTimes, Spikes, Trace, Rate, CvIsi, Silent, Synchrony, Frequency, Curve, Convergence, Rest };
enum class Comparison : uint8_t { Less, LessEqual, Greater, GreaterEqual, In, About, File };

struct Expect {
  Measure measure = Measure::Count;
  std::string text;  // as written, for the report
  Target of;
  std::string variable;  // Trace, Rest, Synchrony of a variable (else empty: of spikes), Curve ("m.inf", or "rate": f–I)
  ExprPtr from, to;      // window; may be null
  ExprPtr at;            // Curve: the one point that is compared with a number: a voltage, or a current of an f–I curve
  Comparison comparison = Comparison::Less;
  ExprPtr low, high;                // number, range or centre and half-width
  std::string file, shown, column;  // File
  enum class Within : uint8_t { None, Abs, Rel, Rmse, Max } within = Within::None;
  ExprPtr tolerance;
  Span span;
};

struct Test {
  std::string name;
  Simulation run;  // complete: of a cell, a network of one cell is made for it
  std::vector<Expect> expects;
  ExprPtr passes, seeds;    // `pass in k of n seeds`; null: 1 of 1
  bool of_channel = false;  // the run's cell was made for it: one instance of the channel under the channel's name
  Span span;
};

struct Model {
  std::string name;  // of the main file, without its ending
  std::vector<Param> params;
  std::vector<Cell> cells;
  std::vector<Network> networks;
  std::vector<Simulation> simulations;
  std::vector<Sweep> sweeps;
  std::vector<Test> tests;
};

}  // namespace eic::sema
