// The plan of one run, plain data: what to build, in internal units (ms, mV, nA, uS, nF, um, amol, K), every expression
// evaluated, every path resolved. Made by the compiler (compiler/plan), read by the runtime, printed by `eic dump --after=plan`.
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "runtime/contract/error.h"

namespace eic::plan {

// A CSV file inside the model's folder and the column asked for ("v_mV"); `to_internal` multiplies what stands there.
struct CsvColumn {
  std::string path;     // canonical; `.gz` is inflated
  std::string shown;    // as the user wrote it
  std::string column;
  double to_internal = 1;
};

// A constant, a distribution or a column of data; one value a cell, a synapse, … Draws are keyed by (seed, path, purpose, index).
struct Draw {
  enum class Kind { Constant, Uniform, Normal, LogNormal, Exponential, Gamma, Csv };
  Kind kind = Kind::Constant;
  double a = 0, b = 0;  // value | low, high | mean, sd | mean, sd of the variable itself | mean | shape, scale
  CsvColumn csv;
  Origin origin;
};

enum class ColumnRole {
  State,     // advanced by the step
  Synaptic,  // decays linearly: kept one decay ahead; recorded as the step used it
  Parameter, // per cell, constant
  Input,     // the stimulus current, inward positive, nA
  Derived,   // written by `observe`
  Noise,     // drawn anew in each step, keyed by the column's name, the cell and the step: N(0, 1)/sqrt(dt)
};

// Inclusive, in internal units; as the user reads them in `text`: "in 0 nS .. 1 uS".
struct Limits {
  double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();
  bool positive = false;     // 0 is not allowed either
  std::string text;
};

struct Column {
  std::string name;          // "v", "INa.m", "exc.s", "INa.i"
  ColumnRole role = ColumnRole::State;
  std::string unit;          // as printed in headers: "mV"; empty for dimensionless
  double from_internal = 1;  // multiplies an internal value to give `unit`
  std::optional<Draw> start; // drawn or constant; without it the kernel's init computes it (Derived and Input: zero)
  Origin origin;             // of its equation
  Limits limits = {};        // Parameter: what each cell's value is held to
};

// Where the cells of a population are; cell i of a line or grid stands in the middle of its own interval or square.
struct Positions {
  enum class Kind { Line, Grid, Uniform, Csv };
  Kind kind = Kind::Line;
  uint32_t dimensions = 1;            // of a file: as many as it has columns
  uint64_t nx = 0;                    // grid: cells along x, which counts fastest
  double spacing = 0;                 // um
  double extent[3] = {0, 0, 0};       // um; of all but a file
  bool periodic = false;              // a torus of this extent
  CsvColumn csv;                      // path only; columns are x_um[, y_um[, z_um]]
  Origin origin;
};

struct View {
  std::string name;
  uint64_t begin = 0, end = 0;
};

struct Port {
  std::string name;          // "exc"
  int32_t add_column = -1;   // the handler is `column += weight`, nothing else; −1: call the kernel's event function
  std::string weight_unit;
  double weight_from_internal = 1;
};

struct Population {
  std::string name;          // "N"
  std::string path;          // "COBAHH.N", keys its draws
  std::string cell;          // "HH"
  uint64_t size = 0;
  std::optional<Positions> positions;
  std::vector<View> views;
  std::vector<Column> columns;     // the order the kernels count in
  std::vector<Port> ports;
  std::vector<double> uniforms;    // evaluated in double; rounded once to the run's precision
  int32_t time_uniform = -1;       // index of the uniform that holds t_k, set by the engine in every step
  int32_t input_column = -1;
  int32_t clamp_columns = -1;      // the first of three: held or not (1, 0), the command after the step (mV), its slope (mV/ms)
  bool interpolated = false;       // the kernel tells where between two grid points a spike is: StepArgs::spike_fractions
  int32_t gap_columns = -1;        // the first of two: the sum of g (uS), and of g times the other's v (nA), over its junctions
  Origin origin;
};

// A number that depends on the distance of the two cells: a compiled function (KernelSet::pairs) and its uniforms.
struct OfDistance {
  uint32_t function = 0;
  std::vector<double> uniforms;
  Origin origin;
};

struct Rule {
  enum class Kind { Bernoulli, FixedIndegree, FixedOutdegree, FixedTotal, OneToOne, AllToAll, Csv };
  Kind kind = Kind::AllToAll;
  double p = 0;          // bernoulli
  std::optional<OfDistance> p_of;  // instead of it
  uint64_t k = 0;        // degrees, total
  bool self = true, multi = false;
  CsvColumn csv;         // path only; columns are pre, post[, weight_<unit>][, delay_ms]
  std::vector<CsvColumn> weights;  // the names that the weight's column may have; no paths
};

struct Range {           // cells [begin, end) of a population
  uint32_t population = 0;
  uint64_t begin = 0, end = 0;
};

// What a plasticity rule keeps: one number a synapse, one a source and delay, or one a cell of the target population. And what it
// hands on: one a place of the row at hand.
enum class Home { Synapse, Source, Target, Place };
struct RuleColumn {
  std::string name;          // "u", "pre.x"; in brackets what the compiler added
  Home home = Home::Synapse;
  bool steps = false;        // u32: the step of the last update
  bool stepped = false;      // advanced in every step, by source_step or target_step, in this order
  std::string unit;          // as printed; empty for dimensionless
  double from_internal = 1;
  double start = 0;
  int32_t look = -1;         // of what is advanced from event to event: the column of places that takes its value as of now
  Origin origin;
};

struct Plasticity {
  std::string name, rule;           // "rule", "STDP"
  std::vector<RuleColumn> columns;  // the order the kernels count in
  std::vector<double> uniforms;
  int32_t weight_column = -1;       // the projection's weights; −1: none of the rule's business, or one constant
  bool changes_weight = false;      // each synapse then has a weight of its own
  // What the port receives: the weight as it stands; a number of the row, from a column of the sources; one a synapse, from
  // the column that counts the places of a row.
  enum class Sent { Weight, Row, Each } sent = Sent::Weight;
  uint32_t sent_column = 0;
  bool on_post = false;
  Origin origin;
};

// Synapses; or gap junctions, whose weights are conductances, without port or delay.
struct Projection {
  std::string name, path;     // "e", "COBAHH.e"
  Range from, to;
  bool gap = false;
  uint32_t port = 0;          // of the target population
  Rule rule;
  std::optional<Draw> weight; // internal unit; none: the CSV's weight column
  std::optional<Draw> delay;  // in steps; constants are whole and ≥ 1; none: the CSV's delay_ms column
  std::optional<OfDistance> weight_of, delay_of;  // instead of these: internal unit, ms
  std::optional<Plasticity> plasticity;
  Origin origin, weight_origin, delay_origin;
};

// What acts on cells from outside, where from ≤ k < to (steps): a current, inward positive, a held voltage, or events.
// A Draw is one value a cell, keyed by (path, name of the setting, cell).
struct Stimulus {
  enum class Kind { Step, Pulses, Ramp, Sine, OuNoise, Waveform, Clamp, Poisson, SpikeTimes };
  Kind kind = Kind::Step;
  std::string name, path;             // "kick", "COBAHH.kick"
  Range to;
  std::vector<uint64_t> cells;        // instead of the range when given
  Draw amplitude;                     // nA; of a ramp where it begins, of ou_noise its mean; of a clamp the command, mV
  Draw to_amplitude;                  // nA: where a ramp arrives
  Draw offset, phase;                 // of a sine: nA, radians at `from`
  Draw sd;                            // nA: of ou_noise
  Draw rate, weight;                  // of events: 1/ms, the port's internal unit
  double frequency = 0;               // of a sine, 1/ms
  double tau = 0;                     // of ou_noise, ms
  uint64_t width = 0, period = 0;     // of pulses, steps
  uint64_t count = UINT64_MAX;        // of pulses
  uint32_t port = 0;                  // of events
  CsvColumn series;                   // waveform: the current beside the times; spike_times: the times
  uint64_t from_step = 0, to_step = UINT64_MAX;
  Origin origin;
};

struct Steps {           // [begin, end)
  uint64_t begin = 0, end = UINT64_MAX;
};

// `during` holds the steps whose spikes, or whose outcomes, are kept: ascending, apart from each other. The start is kept
// with step 0.
struct SpikeRecording {
  Range of;
  std::vector<Steps> during = {Steps{}};
};
struct TraceRecording {
  uint32_t population = 0;
  std::optional<uint32_t> projection;  // then columns are of its rule and cells are synapses, in the order of the rows
  std::vector<uint32_t> columns;  // which variables
  std::vector<uint64_t> cells;
  uint64_t every = 1;             // steps
  std::string file;               // name in the output folder
  Origin origin;
  std::vector<Steps> during = {Steps{}};

  bool keeps_row(uint64_t row) const {
    if (row % every != 0) return false;
    const uint64_t step = row == 0 ? 0 : row - 1;
    for (const Steps& span : during)
      if (step >= span.begin && step < span.end) return true;
    return false;
  }
};

// What is otherwise from a step on: phases follow one another without gaps and cover the run.
struct Phase {
  std::string name;
  Steps steps;
  std::vector<std::vector<double>> uniforms;                  // one a population
  std::vector<std::vector<std::optional<Draw>>> parameters;   // one a population, one a column: drawn anew from the same keys
  std::vector<std::optional<Draw>> weights;                   // one a projection: likewise
};

// All synapses of a projection at the end of the run, as a file that `connect = csv(…)` reads.
struct WeightRecording {
  uint32_t projection = 0;
  std::string file;
  Origin origin;
};

struct Run {
  std::string model, simulation;  // "cobahh", "run"
  double dt = 0;                  // ms
  std::string dt_text;            // the exact decimal in ms, for times: (k+1)*dt
  uint64_t steps = 0;
  uint64_t seed = 1;
  bool single = false;
  double currents_at = 0;         // where in a step stimulus currents are evaluated: at (k + this)·dt
  std::vector<Population> populations;
  std::vector<Projection> projections;
  std::vector<Stimulus> stimuli;
  std::vector<SpikeRecording> spikes;
  std::vector<TraceRecording> traces;
  std::vector<Phase> phases;      // none: nothing changes
  std::vector<WeightRecording> weights;
};

// What a recording calls its columns.
struct TraceVariable {
  std::string name, unit;
  double from_internal = 1;
};
inline constexpr uint32_t k_weight_column = UINT32_MAX;  // of a recording of synapses: their weight, whatever keeps it
inline TraceVariable variable_of(const Run& run, const TraceRecording& trace, uint64_t i) {
  if (!trace.projection) {
    const Column& column = run.populations.at(trace.population).columns.at(trace.columns[i]);
    return {column.name, column.unit, column.from_internal};
  }
  const Projection& projection = run.projections.at(*trace.projection);
  if (trace.columns[i] == k_weight_column) {
    const Port& port = run.populations.at(projection.to.population).ports.at(projection.port);
    return {"w", port.weight_unit, port.weight_from_internal};
  }
  const RuleColumn& column = projection.plasticity->columns.at(trace.columns[i]);
  return {column.name, column.unit, column.from_internal};
}

}  // namespace eic::plan
