// One step of a cell: the method, white noise, what a clamp holds, the spike and its reset.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/solvers/formulator.h"
#include "compiler/solvers/scheme.h"
#include "runtime/contract/check.h"

namespace eic::solvers {

namespace {
constexpr Method k_methods[] = {
#define EIC_METHOD(name, order, family) {#name, order, &name},
#include "compiler/sema/methods.def"
#undef EIC_METHOD
};
}  // namespace

bool staggers(const std::string& method) { return method == "exp_leapfrog"; }

// Columns that what happens at t_k changes: events, a reset, the ends of a stimulus.
std::set<uint32_t> Formulator::jumping() const {
  std::set<uint32_t> columns(out_.decaying.begin(), out_.decaying.end());
  for (const sema::Port& port : cell_.ports)
    for (const sema::Assignment& assignment : port.body) columns.insert(assignment.state);
  for (const sema::Assignment& assignment : cell_.reset) columns.insert(assignment.state);
  if (out_.clamp) columns.insert({0, *out_.clamp, *out_.clamp + 1});
  if (out_.gap) columns.insert({*out_.gap, *out_.gap + 1});
  if (out_.input) columns.insert(*out_.input);
  return columns;
}

ValueId Formulator::begins(Builder& builder, Equations& equations) {
  const units::Dimension ms = units::parse_unit("ms")->dimension;
  return builder.make(Op::LessEqual, equations.uniform("t", ms, true), builder.constant(0, ms));
}

void Formulator::find_half_way() {
  Function trial = frame("trial");
  Builder builder(trial);
  Equations equations = this->equations(builder);
  for (const Part& part : stagger(system(builder, equations)).half_way) half_way_.insert(part.columns.begin(), part.columns.end());
}

// The equations as methods take them. It refers to what it is given.
System Formulator::system(Builder& builder, Equations& equations) {
  ValueId dt = equations.uniform("dt", units::parse_unit("ms")->dimension);
  System system{builder, {}, dt, {}, {}, {}, jumping(), {}, {}};
  std::vector<Rate>& rates = system.rates;
  for (uint32_t i = 0; i < cell_.states.size(); i++)
    if (!is_decaying(i) && cell_.states[i].role != StateRole::Occupancy)
      rates.push_back({i, equations.build(*cell_.states[i].rate)});
  for (const sema::Scheme& scheme : cell_.schemes) system.diagrams.push_back(diagram(scheme, equations));
  bool rests = refractory_ && !cell_.reset.empty();
  if (rests || out_.clamp)
    system.moves = [this, &builder, rests] {
      auto zero_in = [&](uint32_t column) { return builder.make(Op::LessEqual, builder.column(column), builder.constant(0)); };
      if (!out_.clamp) return zero_in(*refractory_);
      return rests ? builder.make(Op::And, zero_in(*refractory_), zero_in(*out_.clamp)) : zero_in(*out_.clamp);
    };
  system.passing = [this, &builder, &equations, dt](double fraction, Moment& moment) {
    for (uint32_t i : out_.decaying) moment.columns[i] = decayed(builder, equations, i, fraction);
    for (uint32_t slot = 0; slot < builder.function().uniforms.size(); slot++)
      if (builder.function().uniforms[slot].name == "t")
        moment.uniforms[slot] =
            builder.make(Op::Add, builder.uniform(slot), builder.make(Op::Mul, builder.constant(fraction), dt));
  };
  system.begins = [this, &builder, &equations] { return begins(builder, equations); };
  if (out_.clamp)
    system.arriving = [this, &builder, dt](ValueId after) {
      ValueId held = builder.make(Op::Less, builder.constant(0), builder.column(*out_.clamp));
      ValueId moved = builder.make(Op::Mul, builder.column(*out_.clamp + 2), dt);
      return builder.make(Op::Select, held, builder.make(Op::Add, builder.column(0), moved), after);
    };
  return system;
}

void Formulator::make_step() {
  out_.step = frame("step");
  Builder builder(out_.step);
  Equations equations = this->equations(builder);
  System system = this->system(builder, equations);
  const std::vector<Rate>& rates = system.rates;
  ValueId dt = system.dt;
  const Method* method =
      std::find_if(std::begin(k_methods), std::end(k_methods), [&](const Method& m) { return request_.method == m.name; });
  EIC_CHECK(method != std::end(k_methods), "a method that sema let pass");
  Advanced advanced = method->advance(system);
  for (size_t k = 0; k < rates.size(); k++)
    if (noise_.count(rates[k].column))
      advanced.values[k] = shaken(builder, equations, *method, rates[k].column, advanced.values[k], dt);
  out_.frozen = advanced.frozen;
  std::vector<ValueId> now(cell_.states.size());
  for (size_t k = 0; k < rates.size(); k++) now[rates[k].column] = advanced.values[k];
  for (const Diagram& diagram : system.diagrams) {
    std::vector<ValueId> arrows, old;
    for (const Diagram::Arrow& arrow : diagram.arrows) arrows.push_back(arrow.rate);
    for (uint32_t column : diagram.columns) old.push_back(builder.column(column));
    if (advanced.occupancies.empty()) {
      std::vector<ValueId> occupancies = implicit_step(diagram, builder, arrows, dt, old);
      for (size_t k = 0; k < old.size(); k++) now[diagram.columns[k]] = occupancies[k];
    }
  }
  for (auto [column, value] : advanced.occupancies) now[column] = value;
  for (uint32_t i : out_.decaying) now[i] = builder.column(i);  // what this step used
  detect(builder, equations, now);
  for (uint32_t i : out_.decaying) now[i] = decayed(builder, equations, i);
  for (uint32_t i = 0; i < now.size(); i++) out_.step.stores.push_back({i, now[i], cell_.states[i].rate_span, true});
  if (refractory_) out_.step.stores.push_back({*refractory_, refractory_left_, cell_.spike->span, true});
  if (before_events_) out_.step.stores.push_back({*before_events_, now[0], cell_.spike->span, true});
}

// The step of what is not noise, and dt·g·ξ for x' = f + g·ξ, with g at the old values (Euler and Maruyama; Itô).
ValueId Formulator::shaken(Builder& builder, Equations& equations, const Method& method, uint32_t state, ValueId value, ValueId dt) {
  source::Span at = cell_.states[state].rate_span;
  if (method.order != 1) {
    emitter_
        .emit(diagnostics::Kind::DrawMisplaced, at,
              fmt::format("`{}` is of order {}, which white noise does not have", method.name, method.order))
        .help("`exp_euler` and `euler` advance noise");
    return value;
  }
  ValueId xi = builder.column(noise_[state]);
  equations.noise = [xi] { return xi; };
  equations.forget();
  ValueId strength = ir::differentiate(builder, equations.build(*cell_.states[state].rate), noise_[state]);
  equations.noise = {};
  equations.forget();
  if (ir::depends_on(builder.function(), strength, noise_[state]))
    emitter_
        .emit(diagnostics::Kind::DrawMisplaced, at,
              fmt::format("`{}'` is not linear in `noise`: white noise is added, times whatever", cell_.states[state].path))
        .help("write it as `… + sigma*noise`");
  builder.at(at);
  return builder.make(Op::Add, value, builder.make(Op::Mul, dt, builder.make(Op::Mul, strength, xi)));
}

// numerics.md, step 4: the spike, the reset that follows it, and the steps in which there is none.
void Formulator::detect(Builder& builder, Equations& equations, std::vector<ValueId>& now) {
  if (!cell_.spike) return clamp(builder, now);
  const sema::Spike& spike = *cell_.spike;
  builder.at(spike.span);
  ValueId fires = 0, free = 0, left = 0;
  std::optional<ValueId> crossed;
  equations.time = [&] {  // of the state after the step
    const units::Dimension ms = units::parse_unit("ms")->dimension;
    return builder.make(Op::Add, equations.uniform("t", ms, true), equations.uniform("dt", ms));
  };
  ValueId zero = builder.constant(0), one = builder.constant(1);
  bool holds = refractory_ && !cell_.reset.empty();
  if (refractory_) {
    left = builder.column(*refractory_);
    free = builder.make(Op::LessEqual, left, zero);
    // events that wrote a held v come to nothing
    if (holds) now[0] = builder.make(Op::Select, free, now[0], builder.column(before_events_.value_or(0)));
  }
  clamp(builder, now);
  if (spike.threshold) {
    ValueId threshold = equations.build(*spike.threshold);
    crossed = threshold;
    fires = builder.make(Op::And, builder.make(Op::Less, builder.column(0), threshold),
                         builder.make(Op::LessEqual, threshold, now[0]));
    if (before_events_) {  // what events lifted over it spikes in this step
      ValueId below = builder.make(Op::Less, builder.column(*before_events_), threshold);
      ValueId lifted = builder.make(Op::And, below, builder.make(Op::LessEqual, threshold, builder.column(0)));
      fires = builder.make(Op::Or, fires, lifted);
    }
  } else {
    equations.state = [&now](uint32_t state) { return now[state]; };
    equations.forget();
    fires = equations.build(*spike.condition);
  }
  if (staggers(request_.method)) out_.step.spike_fraction = fraction(builder, fires, now[0], crossed);
  if (out_.clamp)  // what is held raises no spike, and is not reset
    fires = builder.make(Op::And, fires, builder.make(Op::LessEqual, builder.column(*out_.clamp), zero));
  if (refractory_) {
    fires = builder.make(Op::And, fires, free);
    ValueId steps = equations.uniform("(refractory steps)", {});
    ValueId rest = builder.make(Op::Max, zero, builder.make(Op::Sub, left, one));
    refractory_left_ = builder.make(Op::Select, fires, steps, rest);
  }
  out_.step.spike = fires;
  std::vector<ValueId> before = now;
  equations.state = [&before](uint32_t state) { return before[state]; };
  equations.forget();
  for (const sema::Assignment& assignment : cell_.reset) {
    ValueId value = equations.build(*assignment.value);
    builder.at(assignment.span);
    now[assignment.state] = builder.make(Op::Select, fires, value, now[assignment.state]);
  }
  equations.state = [&builder](uint32_t state) { return builder.column(state); };
  equations.time = nullptr;
  equations.forget();
}

// Where between t_k and t_{k+1} the line from v to `after` meets the threshold; 0 where v is there already, lifted by an event.
// Other conditions than that v is above a threshold hold on the grid, and tell nothing about when they began to.
std::optional<ValueId> Formulator::fraction(Builder& builder, ValueId fires, ValueId after, std::optional<ValueId> threshold) {
  const ir::Value& condition = builder[fires];
  bool above = condition.op == Op::Less || condition.op == Op::LessEqual;
  if (!threshold && above && condition.args[1] == after) threshold = condition.args[0];
  if (!threshold) return std::nullopt;
  ValueId before = builder.column(0);
  ValueId ratio = builder.make(Op::Div, builder.make(Op::Sub, *threshold, before), builder.make(Op::Sub, after, before));
  return builder.make(Op::Select, builder.make(Op::Less, before, *threshold), ratio, builder.constant(0));
}

// Where a voltage clamp holds the cell, v goes where the command is after the step.
void Formulator::clamp(Builder& builder, std::vector<ValueId>& now) {
  if (!out_.clamp) return;
  ValueId held = builder.make(Op::Less, builder.constant(0), builder.column(*out_.clamp));
  now[0] = builder.make(Op::Select, held, builder.column(*out_.clamp + 1), now[0]);
}

}  // namespace eic::solvers
