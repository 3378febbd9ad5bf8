// A cell written by hand against kernel.h, plans made of it, and a recorder that remembers: what the engine's tests share.
//
//   s: synaptic, decays by the uniform `decay` a step          v ← (s > 0 and growth > 1 ? v : v·growth) + dt·(I + s)
//   h: a state that only the event function of port 1 writes   a spike where v crosses theta upwards, or in step `fire_at`
//   q: NaN in step `fail_at`                                   i: derived, 2·s + v + t
#pragma once
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "runtime/engine/engine.h"

namespace toy {

using namespace eic;

enum Column : uint32_t { v, s, I, fire_at, h, fail_at, q, i, k_columns };
enum Uniform : uint32_t { t, dt, decay, theta, growth, k_uniforms };
enum Port : uint32_t { add, handled };
constexpr uint64_t k_width = 4;

template <class R>
struct Kernel {
  static R* column(void* const* columns, uint32_t index) { return static_cast<R*>(columns[index]); }

  static void init(StepArgs* a) {
    for (uint64_t c = a->begin; c < a->end; ++c) column(a->columns, q)[c] = column(a->columns, v)[c] * R(0.5);
  }
  static void prime(StepArgs* a) {
    const auto* u = static_cast<const R*>(a->uniforms);
    for (uint64_t c = a->begin; c < a->end; ++c) column(a->columns, s)[c] *= u[decay];
  }
  static void observe(StepArgs* a) {
    const auto* u = static_cast<const R*>(a->uniforms);
    for (uint64_t c = a->begin; c < a->end; ++c) {
      column(a->columns, i)[c] = 2 * column(a->columns, s)[c] + column(a->columns, v)[c] + u[t];
    }
  }
  static void step(StepArgs* a) {
    const auto* u = static_cast<const R*>(a->uniforms);
    const R now = std::floor(u[t] / u[dt] + R(0.5));
    auto* refused = static_cast<R*>(a->fault_values);  // order of the plan's states: v, s, h, q
    for (uint64_t block = a->begin; block < a->end; block += k_width) {
      R fresh[4][k_width];
      bool finite = true;
      for (uint64_t lane = 0; lane < k_width; ++lane) {
        const uint64_t c = block + lane;
        const R s0 = column(a->columns, s)[c], v0 = column(a->columns, v)[c];
        fresh[0][lane] = (s0 > 0 && u[growth] > 1 ? v0 : v0 * u[growth]) + u[dt] * (column(a->columns, I)[c] + s0);
        fresh[1][lane] = s0 * u[decay];
        fresh[2][lane] = column(a->columns, h)[c];
        fresh[3][lane] = column(a->columns, fail_at)[c] == now ? std::numeric_limits<R>::quiet_NaN() : column(a->columns, q)[c];
        for (auto& state : fresh) finite = finite && std::isfinite(state[lane]);
      }
      if (!finite) {
        a->fault = block;
        for (uint64_t state = 0; state < 4; ++state) {
          for (uint64_t lane = 0; lane < k_width; ++lane) refused[state * k_width + lane] = fresh[state][lane];
        }
        return;
      }
      for (uint64_t lane = 0; lane < k_width; ++lane) {
        const uint64_t c = block + lane;
        const bool crosses = column(a->columns, v)[c] < u[theta] && u[theta] <= fresh[0][lane];
        const bool fires = crosses || column(a->columns, fire_at)[c] == now;
        if (c < a->cells && fires) a->spikes[a->spike_count++] = static_cast<uint32_t>(c);
        column(a->columns, v)[c] = fresh[0][lane];
        column(a->columns, s)[c] = fresh[1][lane];
      }
    }
  }
  static void handle(EventArgs* a) {
    const auto* weights = static_cast<const R*>(a->weights);
    for (uint64_t n = 0; n < a->count; ++n) {
      R& state = column(a->columns, h)[a->targets[n]];
      state = state * R(0.5) + weights[a->constant_weight ? 0 : n];  // the order of events shows
    }
  }
};

inline PopulationKernel kernel(bool single) {
  const auto of = [single](auto r) {
    using K = Kernel<decltype(r)>;
    return PopulationKernel{k_width, single, &K::init, &K::step, &K::prime, &K::observe, {nullptr, &K::handle}};
  };
  return single ? of(float{}) : of(double{});
}

inline KernelSet kernels(const plan::Run& run) {
  return {std::vector<PopulationKernel>(run.populations.size(), kernel(run.single))};
}

inline plan::Draw constant(double value) { return {plan::Draw::Kind::Constant, value, 0, {}, {}}; }

inline plan::Population population(const std::string& name, uint64_t size) {
  using plan::ColumnRole;
  plan::Population p;
  p.name = name;
  p.path = "NET." + name;
  p.cell = "Toy";
  p.size = size;
  p.columns = {{"v", ColumnRole::State, "mV", 1, constant(0), {}},
               {"s", ColumnRole::Synaptic, "nS", 1000, constant(0), {}},
               {"I", ColumnRole::Input, "nA", 1, {}, {}},
               {"fire_at", ColumnRole::Parameter, "", 1, constant(-1), {}},
               {"h", ColumnRole::State, "", 1, constant(0), {}},
               {"fail_at", ColumnRole::Parameter, "", 1, constant(-1), {}},
               {"q", ColumnRole::State, "", 1, {}, {3, 100, 120}},
               {"i", ColumnRole::Derived, "nA", 1, {}, {}}};
  p.ports = {{"add", s, "nS", 1000}, {"handled", -1, "nS", 1000}};
  p.uniforms = {0, 0.1, 0.5, 1000, 1};
  p.time_uniform = t;
  p.input_column = I;
  return p;
}

inline plan::Stimulus step(const std::string& name, plan::Range to, std::vector<uint64_t> cells, double amplitude,
                           uint64_t from_step, uint64_t to_step) {
  plan::Stimulus s;
  s.name = name;
  s.path = "NET." + name;
  s.to = to;
  s.cells = std::move(cells);
  s.amplitude = constant(amplitude);
  s.from_step = from_step;
  s.to_step = to_step;
  return s;
}

inline plan::Run run(std::vector<plan::Population> populations, uint64_t steps) {
  plan::Run r;
  r.model = "toy";
  r.simulation = "run";
  r.dt = 0.1;
  r.dt_text = "0.1";
  r.steps = steps;
  r.populations = std::move(populations);
  return r;
}

inline plan::Projection projection(const plan::Run& r, uint32_t from, uint32_t to, plan::Rule rule, double weight = 1,
                                   double delay = 1) {
  plan::Projection p;
  p.name = "p";
  p.path = "NET.p";
  p.from = {from, 0, r.populations[from].size};
  p.to = {to, 0, r.populations[to].size};
  p.rule = std::move(rule);
  p.weight = constant(weight);
  p.delay = constant(delay);
  return p;
}

inline plan::Rule rule(plan::Rule::Kind kind, uint64_t k = 0, double p = 0) {
  plan::Rule r;
  r.kind = kind;
  r.k = k;
  r.p = p;
  return r;
}

// Every variable named, of every cell of the population, each `every` steps.
inline plan::TraceRecording trace(const plan::Run& r, uint32_t population, std::vector<uint32_t> columns, uint64_t every = 1) {
  plan::TraceRecording recording{population, std::nullopt, std::move(columns), {}, every, "trace.csv", {}};
  for (uint64_t c = 0; c < r.populations[population].size; ++c) recording.cells.push_back(c);
  return recording;
}

struct Memory : record::Recorder {
  struct Spike {
    uint32_t population;
    uint64_t step;
    uint32_t cell;
    bool operator==(const Spike&) const = default;
  };
  std::vector<Spike> heard;
  std::map<uint32_t, std::map<uint64_t, std::vector<double>>> rows;  // by trace, then row
  record::Outcome outcome = record::Outcome::Complete;
  uint64_t steps = 0;
  int begun = 0, ended = 0;
  std::optional<RunError> begin_error, end_error;

  std::optional<RunError> begin(const plan::Run&) override { return ++begun, begin_error; }
  void spikes(uint32_t population, uint64_t step, const record::Spikes& spikes) override {
    for (const uint32_t cell : spikes.cells) heard.push_back({population, step, cell});
  }
  void sample(uint32_t trace, uint64_t row_step, std::span<const double> values) override {
    rows[trace][row_step].assign(values.begin(), values.end());
  }
  std::optional<RunError> end(record::Outcome how, uint64_t done) override {
    ++ended;
    outcome = how;
    steps = done;
    return end_error;
  }
};

struct Ran {
  Memory memory;
  engine::Finished finished;
  engine::Built built;
};

inline Ran go(const plan::Run& r, const engine::Hooks& hooks = {}, const engine::Options& options = {}) {
  const KernelSet set = kernels(r);
  auto engine = engine::Engine::build(r, set, options);
  if (!engine) BOOST_FAIL(engine.error().message);
  Ran ran;
  record::Recorder* recorders[] = {&ran.memory};
  ran.finished = engine->run(recorders, hooks);
  ran.built = engine->built();
  return ran;
}

inline std::optional<RunError> refusal(const plan::Run& r, const engine::Options& options = {}) {
  const KernelSet set = kernels(r);
  auto engine = engine::Engine::build(r, set, options);
  return engine ? std::nullopt : std::optional(engine.error());
}

}  // namespace toy
