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

void Formulator::make_step() {
  out_.step = frame("step");
  Builder builder(out_.step);
  Equations equations = this->equations(builder);
  ValueId dt = equations.uniform("dt", units::parse_unit("ms")->dimension);
  System system{builder, {}, dt, {}, {}};
  std::vector<Rate>& rates = system.rates;
  for (uint32_t i = 0; i < cell_.states.size(); i++)
    if (!is_decaying(i) && cell_.states[i].role != StateRole::Occupancy)
      rates.push_back({i, equations.build(*cell_.states[i].rate)});
  bool rests = refractory_ && !cell_.reset.empty();
  if (rests || out_.clamp)
    system.moves = [&, rests] {
      auto zero_in = [&](uint32_t column) { return builder.make(Op::LessEqual, builder.column(column), builder.constant(0)); };
      if (!out_.clamp) return zero_in(*refractory_);
      return rests ? builder.make(Op::And, zero_in(*refractory_), zero_in(*out_.clamp)) : zero_in(*out_.clamp);
    };
  system.passing = [&](double fraction, Moment& moment) {
    for (uint32_t i : out_.decaying) moment.columns[i] = decayed(builder, equations, i, fraction);
    for (uint32_t slot = 0; slot < out_.step.uniforms.size(); slot++)
      if (out_.step.uniforms[slot].name == "t")
        moment.uniforms[slot] =
            builder.make(Op::Add, builder.uniform(slot), builder.make(Op::Mul, builder.constant(fraction), dt));
  };
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
  for (const sema::Scheme& scheme : cell_.schemes) {
    std::vector<ValueId> occupancies = solvers::advance(scheme, builder, equations, dt);
    for (size_t k = 0; k < scheme.states.size(); k++) now[scheme.states[k]] = occupancies[k];
  }
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

// Where a voltage clamp holds the cell, v goes where the command is after the step.
void Formulator::clamp(Builder& builder, std::vector<ValueId>& now) {
  if (!out_.clamp) return;
  ValueId held = builder.make(Op::Less, builder.constant(0), builder.column(*out_.clamp));
  now[0] = builder.make(Op::Select, held, builder.column(*out_.clamp + 1), now[0]);
}

}  // namespace eic::solvers
