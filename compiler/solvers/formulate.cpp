#include "compiler/solvers/formulate.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "compiler/ir/equations.h"
#include "compiler/ir/substitute.h"
#include "compiler/sema/clamp.h"
#include "compiler/solvers/scheme.h"
#include "compiler/solvers/solver.h"
#include "runtime/contract/check.h"

namespace eic::solvers {

using ir::Builder;
using ir::Equations;
using ir::Function;
using ir::Op;
using ir::ValueId;
using sema::StateRole;

namespace {

struct Method {
  const char* name;
  int order;
  Advanced (*advance)(System&);
};
constexpr Method k_methods[] = {
#define EIC_METHOD(name, order, family) {#name, order, &name},
#include "compiler/sema/methods.def"
#undef EIC_METHOD
};

class Formulator {
 public:
  Formulator(const Request& request, diagnostics::Emitter& emitter)
      : request_(request), cell_(*request.cell), emitter_(emitter) {}

  std::optional<Formulation> run() {
    size_t errors = emitter_.error_count();
    make_columns();
    find_decaying();
    make_step();
    make_prime();
    make_init();
    make_observe();
    for (const sema::Port& port : cell_.ports) make_event(port);
    if (emitter_.error_count() > errors) return std::nullopt;
    return std::move(out_);
  }

 private:
  void make_columns() {
    for (uint32_t i = 0; i < cell_.states.size(); i++) {
      const sema::State& state = cell_.states[i];
      out_.columns.push_back({state.path, plan::ColumnRole::State, state.dimension, state.unit.text == "1" ? "" : state.unit.text,
                              i, std::nullopt, state.rate_span});
    }
    if (cell_.spike && cell_.spike->refractory) {
      refractory_ = static_cast<uint32_t>(out_.columns.size());
      out_.columns.push_back({"(refractory)", plan::ColumnRole::State, {}, "", std::nullopt, std::nullopt, cell_.spike->span});
    }
    if (cell_.spike && events_move_membrane()) {
      constexpr double k_above_all = 1e30;  // no event can have lifted it before the first step
      before_events_ = static_cast<uint32_t>(out_.columns.size());
      out_.columns.push_back({"(v before events)", plan::ColumnRole::State, cell_.states[0].dimension, "", std::nullopt, std::nullopt,
                              cell_.spike->span});
      out_.columns.back().start = k_above_all;
    }
    for (const std::vector<uint32_t>* params : {&request_.drawn, &request_.following})
      for (uint32_t index : *params) {
        const sema::Param& param = (*request_.params)[index];
        per_cell_[index] = static_cast<uint32_t>(out_.columns.size());
        auto usual = units::parse_unit(sema::unit_of(*param.value));  // in which its value is written
        std::string unit = usual && usual->dimension == param.dimension ? usual->text : param.unit.text;
        out_.columns.push_back({param.path.substr(param.path.find('.') + 1), plan::ColumnRole::Parameter, param.dimension,
                                unit == "1" ? "" : unit, std::nullopt, index, param.span});
      }
    for (uint32_t i = 0; i < cell_.states.size(); i++) {
      const sema::State& state = cell_.states[i];
      if (!state.rate || !sema::contains(*state.rate, sema::ExprOp::Noise)) continue;
      noise_[i] = static_cast<uint32_t>(out_.columns.size());
      out_.columns.push_back({fmt::format("(noise of {})", state.path), plan::ColumnRole::Noise,
                              units::parse_unit("ms")->dimension.power(-1, 2), "", std::nullopt, std::nullopt, state.rate_span});
    }
    auto written_by_engine = [&](const char* name, const char* unit) {
      out_.columns.push_back({name, plan::ColumnRole::Input, units::parse_unit(unit)->dimension, *unit == '1' ? "" : unit,
                              std::nullopt, std::nullopt, cell_.span});
      return static_cast<uint32_t>(out_.columns.size() - 1);
    };
    if (request_.input) out_.input = written_by_engine("(input)", "nA");
    if (request_.clamp) {
      out_.clamp = written_by_engine("(clamped)", "1");
      written_by_engine("(command)", "mV");
      written_by_engine("(command slope)", "mV/ms");
    }
    if (request_.gap) {
      out_.gap = written_by_engine("(gap conductance)", "uS");
      written_by_engine("(gap current)", "nA");
    }
    for (const std::string& name : request_.observed) {
      if (is_clamp_current(name)) {
        ir::Dimension current = units::parse_unit("nA")->dimension;
        out_.columns.push_back({name, plan::ColumnRole::Derived, current, "nA", std::nullopt, std::nullopt, cell_.span});
        continue;
      }
      const sema::Expr& value = derived(name);
      std::string unit = sema::unit_of(value);
      out_.columns.push_back(
          {name, plan::ColumnRole::Derived, value.dimension, unit == "1" ? "" : unit, std::nullopt, std::nullopt, value.span});
    }
  }

  bool events_move_membrane() const {
    return std::any_of(cell_.ports.begin(), cell_.ports.end(), [](const sema::Port& port) {
      return std::any_of(port.body.begin(), port.body.end(), [](const sema::Assignment& a) { return a.state == 0; });
    });
  }

  // A cell's own variable of that name goes first: sema lists it first.
  bool is_clamp_current(const std::string& name) const {
    return request_.clamp && name == sema::k_clamp_current && !cell_.lets.count(name) &&
           std::none_of(cell_.currents.begin(), cell_.currents.end(),
                        [&](const sema::Current& current) { return current.path + ".i" == name; });
  }

  const sema::Expr& derived(const std::string& name) const {
    for (const sema::Current& current : cell_.currents)
      if (current.path + ".i" == name) return *current.outward;
    auto found = cell_.lets.find(name);
    EIC_CHECK(found != cell_.lets.end(), "a derived variable that sema let pass");
    return *found->second;
  }

  Function frame(const char* what) const {
    Function function;
    function.name = request_.name + "." + what;
    for (const Column& column : out_.columns) function.columns.push_back({column.name, column.dimension});
    return function;
  }

  Equations equations(Builder& builder) const {
    Equations made(builder, *request_.params);
    made.state = [&builder](uint32_t state) { return builder.column(state); };
    made.per_cell = [this, &builder](uint32_t param) {
      auto own = per_cell_.find(param);
      return own == per_cell_.end() ? std::nullopt : std::optional(builder.column(own->second));
    };
    made.input = [this, &builder] {
      ValueId input = out_.input ? builder.column(*out_.input) : builder.constant(0, units::parse_unit("nA")->dimension);
      if (!out_.gap) return input;
      // Σ g·(v_j − v): the neighbours' part is of t_k, the cell's own v is the equation's, so that Σ g enters its slope
      ValueId own = builder.make(Op::Mul, builder.column(*out_.gap), builder.column(0));
      ValueId through = builder.make(Op::Sub, builder.column(*out_.gap + 1), own);
      return out_.input ? builder.make(Op::Add, input, through) : through;
    };
    return made;
  }

  // Whether it differs from step to step; what differs from cell to cell alone does not.
  bool changes(const Function& function, ValueId id) const {
    if (ir::depends_on_time(function, id)) return true;
    for (uint32_t i = 0; i < out_.columns.size(); i++)
      if (out_.columns[i].role != plan::ColumnRole::Parameter && ir::depends_on(function, id, i)) return true;
    return false;
  }

  // A synaptic state that decays linearly, s' = J·s with J of parameters alone, is advanced exactly and kept one decay ahead.
  void find_decaying() {
    Function& rates = out_.decay_rates;
    rates.name = request_.name + ".decay_rates";
    for (uint32_t i = 0; i < cell_.states.size(); i++) {
      bool reset = std::any_of(cell_.reset.begin(), cell_.reset.end(), [&](const sema::Assignment& a) { return a.state == i; });
      if (cell_.states[i].role != StateRole::Synaptic || reset || noise_.count(i)) continue;
      Function trial = frame("trial");
      Builder builder(trial);
      Equations equations = this->equations(builder);
      ValueId rate = equations.build(*cell_.states[i].rate);
      ValueId slope = ir::differentiate(builder, rate, i);
      ValueId rest = ir::substitute(builder, rate, i, builder.constant(0, cell_.states[i].dimension));
      bool vanishes = builder[rest].op == Op::Const && builder[rest].number == 0;
      if (changes(trial, slope) || !(vanishes || zero_at_rest(trial, rest))) continue;
      out_.columns[i].role = plan::ColumnRole::Synaptic;
      out_.decaying.push_back(i);
      if (!ir::depends_on_columns(trial, slope)) out_.alike.push_back(i);
    }
    for (uint32_t i : out_.alike) rates.results.push_back({cell_.states[i].path, units::parse_unit("ms^-1")->dimension});
    Function together = frame("decay_rates");
    together.results = rates.results;
    Builder builder(together);
    Equations equations = this->equations(builder);
    for (uint32_t k = 0; k < out_.alike.size(); k++) {
      ValueId slope = ir::differentiate(builder, equations.build(*cell_.states[out_.alike[k]].rate), out_.alike[k]);
      together.stores.push_back({.slot = k, .value = slope, .span = cell_.states[out_.alike[k]].rate_span});
    }
    rates = std::move(together);
  }

  // −0·x/τ is zero for every parameter: products and quotients of zeros, through any sign.
  static bool zero_at_rest(const Function& function, ValueId id) {
    const ir::Value& value = function.values[id];
    switch (value.op) {
      case Op::Const: return value.number == 0;
      case Op::Mul: return zero_at_rest(function, value.args[0]) || zero_at_rest(function, value.args[1]);
      case Op::Div:
      case Op::Neg: return zero_at_rest(function, value.args[0]);
      case Op::Add:
      case Op::Sub: return zero_at_rest(function, value.args[0]) && zero_at_rest(function, value.args[1]);
      default: return false;
    }
  }

  bool is_decaying(uint32_t state) const { return out_.columns[state].role == plan::ColumnRole::Synaptic; }

  // A decaying state once a fraction of a step has passed.
  ValueId decayed(Builder& builder, Equations& equations, uint32_t state, double fraction = 1) {
    builder.at(cell_.states[state].rate_span);
    ValueId slope = ir::differentiate(builder, equations.build(*cell_.states[state].rate), state);
    ValueId time = builder.make(Op::Mul, builder.constant(fraction), equations.uniform("dt", units::parse_unit("ms")->dimension));
    ValueId factor = builder.make(Op::Exp, builder.make(Op::Mul, slope, time));
    return builder.make(Op::Mul, builder.column(state), factor);
  }

  void make_step() {
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
  ValueId shaken(Builder& builder, Equations& equations, const Method& method, uint32_t state, ValueId value, ValueId dt) {
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
  void detect(Builder& builder, Equations& equations, std::vector<ValueId>& now) {
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
  void clamp(Builder& builder, std::vector<ValueId>& now) {
    if (!out_.clamp) return;
    ValueId held = builder.make(Op::Less, builder.constant(0), builder.column(*out_.clamp));
    now[0] = builder.make(Op::Select, held, builder.column(*out_.clamp + 1), now[0]);
  }

  // What the clamp injects: v' as commanded is v' without the clamp, plus ∂v'/∂input times the current.
  ValueId clamp_current(Builder& builder, Equations& equations) {
    ValueId rate = equations.build(*cell_.states[0].rate);
    ValueId gain = ir::differentiate(builder, rate, *out_.input);
    ValueId zero = builder.constant(0, units::parse_unit("nA")->dimension);
    if (builder[gain].op == Op::Const && builder[gain].number == 0) {
      emitter_.emit(diagnostics::Kind::CellIncomplete, cell_.states[0].rate_span,
                    "the current of a clamp is not known: `v'` does not read `input`");
      return zero;
    }
    ValueId missing = builder.make(Op::Sub, builder.column(*out_.clamp + 2), rate);
    ValueId held = builder.make(Op::Less, builder.constant(0), builder.column(*out_.clamp));
    return builder.make(Op::Select, held, builder.make(Op::Div, missing, gain), zero);
  }

  void make_prime() {
    if (out_.decaying.empty()) return;
    Function prime = frame("prime");
    Builder builder(prime);
    Equations equations = this->equations(builder);
    for (uint32_t i : out_.decaying)
      prime.stores.push_back({i, decayed(builder, equations, i), cell_.states[i].rate_span, false});
    out_.prime = std::move(prime);
  }

  // Parameters that follow from per-cell ones, and starting values that are expressions of these or of other states: v first,
  // then gates at the steady state of it.
  void make_init() {
    Function init = frame("init");
    Builder builder(init);
    Equations equations = this->equations(builder);
    std::vector<int> progress(cell_.states.size(), 0);  // 1: being computed, 2: done
    std::vector<ValueId> value(cell_.states.size());
    equations.state = [&](uint32_t i) {
      if (!request_.starts[i]) return builder.column(i);
      if (progress[i] == 2) return value[i];
      if (progress[i] == 1) {
        emitter_.emit(diagnostics::Kind::InitCycle, request_.starts[i]->span,
                      fmt::format("the starting value of `{}` depends on itself", cell_.states[i].path));
        return builder.constant(0, cell_.states[i].dimension);
      }
      progress[i] = 1;
      value[i] = equations.build(*request_.starts[i]);
      progress[i] = 2;
      return value[i];
    };
    auto column_of = equations.per_cell;
    equations.per_cell = [&](uint32_t param) -> std::optional<ValueId> {
      const auto& following = request_.following;
      if (std::find(following.begin(), following.end(), param) == following.end()) return column_of(param);
      return equations.build(*(*request_.params)[param].value);
    };
    for (uint32_t param : request_.following)
      init.stores.push_back({per_cell_[param], equations.param(param), (*request_.params)[param].span, false});
    for (uint32_t i = 0; i < cell_.states.size(); i++)
      if (request_.starts[i])
        init.stores.push_back({i, equations.state(i), request_.starts[i]->span, false});  // the engine looks at all starts
    if (!init.stores.empty()) out_.init = std::move(init);
  }

  void make_observe() {
    if (request_.observed.empty()) return;
    Function observe = frame("observe");
    Builder builder(observe);
    Equations equations = this->equations(builder);
    for (uint32_t i = 0; i < out_.columns.size(); i++)
      if (out_.columns[i].role == plan::ColumnRole::Derived && is_clamp_current(out_.columns[i].name)) {
        observe.stores.push_back({i, clamp_current(builder, equations), cell_.span, false});
      } else if (out_.columns[i].role == plan::ColumnRole::Derived) {
        const sema::Expr& value = derived(out_.columns[i].name);
        observe.stores.push_back({i, equations.build(value), value.span, false});
      }
    out_.observe = std::move(observe);
  }

  void make_event(const sema::Port& port) {
    Function event = frame(("event." + port.name).c_str());
    event.weighted = true;
    Builder builder(event);
    Equations equations = this->equations(builder);
    // the weight must be the last uniform, so the parameters that the handler reads come first
    std::vector<uint32_t> read;
    for (const sema::Assignment& assignment : port.body)
      for (uint32_t p = 0; p < request_.params->size(); p++)
        if (sema::contains(*assignment.value, sema::ExprOp::Param, p)) equations.param(p);
    if (std::any_of(port.body.begin(), port.body.end(),
                    [](const sema::Assignment& a) { return sema::contains(*a.value, sema::ExprOp::Step); }))
      equations.uniform("dt", units::parse_unit("ms")->dimension);
    if (std::any_of(port.body.begin(), port.body.end(),
                    [](const sema::Assignment& a) { return sema::contains(*a.value, sema::ExprOp::Time); }))
      equations.uniform("t", units::parse_unit("ms")->dimension, true);
    ValueId weight = equations.uniform("(weight)", port.weight_dimension);
    equations.weight = [weight] { return weight; };
    // one after another: each reads what those before it wrote
    std::map<uint32_t, ValueId> written;
    equations.state = [&](uint32_t state) { return written.count(state) ? written[state] : builder.column(state); };
    for (const sema::Assignment& assignment : port.body) {
      equations.forget();
      written[assignment.state] = equations.build(*assignment.value);
    }
    for (auto [state, value] : written) event.stores.push_back({state, value, cell_.states[state].span, false});
    std::optional<uint32_t> add;
    if (event.stores.size() == 1) {
      const ir::Value& sum = event.values[event.stores[0].value];
      auto is = [&](ValueId id, Op op, uint32_t slot) { return event.values[id].op == op && event.values[id].slot == slot; };
      uint32_t last = static_cast<uint32_t>(event.uniforms.size() - 1), column = event.stores[0].slot;
      if (sum.op == Op::Add && ((is(sum.args[0], Op::Column, column) && is(sum.args[1], Op::Uniform, last)) ||
                                (is(sum.args[1], Op::Column, column) && is(sum.args[0], Op::Uniform, last))))
        add = column;
    }
    out_.adds.push_back(add);
    out_.events.push_back(std::move(event));
  }

  const Request& request_;
  const sema::Cell& cell_;
  diagnostics::Emitter& emitter_;
  Formulation out_;
  std::map<uint32_t, uint32_t> per_cell_;  // parameter → its column
  std::map<uint32_t, uint32_t> noise_;     // state → the column of its noise
  std::optional<uint32_t> refractory_;
  std::optional<uint32_t> before_events_;  // v as the last step left it, where events write v
  ValueId refractory_left_ = 0;
};

}  // namespace

std::optional<Formulation> formulate(const Request& request, diagnostics::Emitter& emitter) {
  return Formulator(request, emitter).run();
}

}  // namespace eic::solvers
