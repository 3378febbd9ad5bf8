#include "compiler/solvers/formulator.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/ir/substitute.h"
#include "runtime/contract/check.h"

namespace eic::solvers {

std::optional<Formulation> Formulator::run() {
  size_t errors = emitter_.error_count();
  make_columns();
  find_decaying();
  if (staggers(request_.method)) find_half_way();
  make_observed_columns();
  make_step();
  make_prime();
  make_init();
  make_observe();
  for (const sema::Port& port : cell_.ports) make_event(port);
  if (emitter_.error_count() > errors) return std::nullopt;
  return std::move(out_);
}

Function Formulator::frame(const char* what) const {
  Function function;
  function.name = request_.name + "." + what;
  for (const Column& column : out_.columns) function.columns.push_back({column.name, column.dimension});
  return function;
}

Equations Formulator::equations(Builder& builder) const {
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
bool Formulator::changes(const Function& function, ValueId id) const {
  if (ir::depends_on_time(function, id)) return true;
  for (uint32_t i = 0; i < out_.columns.size(); i++)
    if (out_.columns[i].role != plan::ColumnRole::Parameter && ir::depends_on(function, id, i)) return true;
  return false;
}

// A synaptic state that decays linearly, s' = J·s with J of parameters alone, is advanced exactly and kept one decay ahead.
void Formulator::find_decaying() {
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
bool Formulator::zero_at_rest(const Function& function, ValueId id) {
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

bool Formulator::is_decaying(uint32_t state) const { return out_.columns[state].role == plan::ColumnRole::Synaptic; }

// A decaying state once a fraction of a step has passed.
ValueId Formulator::decayed(Builder& builder, Equations& equations, uint32_t state, double fraction) {
  builder.at(cell_.states[state].rate_span);
  ValueId slope = ir::differentiate(builder, equations.build(*cell_.states[state].rate), state);
  ValueId time = builder.make(Op::Mul, builder.constant(fraction), equations.uniform("dt", units::parse_unit("ms")->dimension));
  ValueId factor = builder.make(Op::Exp, builder.make(Op::Mul, slope, time));
  return builder.make(Op::Mul, builder.column(state), factor);
}

// What the clamp injects: v' as commanded is v' without the clamp, plus ∂v'/∂input times the current.
ValueId Formulator::clamp_current(Builder& builder, Equations& equations) {
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

// A method that staggers takes a synaptic state as it is at t_k, the start included.
void Formulator::make_prime() {
  if (out_.decaying.empty() || staggers(request_.method)) return;
  Function prime = frame("prime");
  Builder builder(prime);
  Equations equations = this->equations(builder);
  for (uint32_t i : out_.decaying)
    prime.stores.push_back({i, decayed(builder, equations, i), cell_.states[i].rate_span, false});
  out_.prime = std::move(prime);
}

// Parameters that follow from per-cell ones, and starting values that are expressions of these or of other states: v first,
// then gates at the steady state of it.
void Formulator::make_init() {
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

void Formulator::make_observe() {
  if (request_.observed.empty()) return;
  Function observe = frame("observe");
  Builder builder(observe);
  Equations equations = this->equations(builder);
  std::map<uint32_t, ValueId> on_grid;
  if (staggers(request_.method)) {
    System system = this->system(builder, equations);
    on_grid = solvers::on_grid(system);
    for (uint32_t i : out_.decaying)
      on_grid[i] = builder.make(Op::Select, begins(builder, equations), builder.column(i), decayed(builder, equations, i));
    equations.state = [&](uint32_t state) { return on_grid.count(state) ? on_grid[state] : builder.column(state); };
    equations.forget();
  }
  auto state_named = [&](const std::string& name) {
    auto found = std::find_if(on_grid.begin(), on_grid.end(), [&](const auto& state) { return cell_.states[state.first].path == name; });
    return found == on_grid.end() ? std::nullopt : std::optional(found->first);
  };
  for (uint32_t i = 0; i < out_.columns.size(); i++)
    if (out_.columns[i].role != plan::ColumnRole::Derived) {
      continue;
    } else if (auto state = state_named(out_.columns[i].name)) {
      observe.stores.push_back({i, on_grid[*state], cell_.states[*state].rate_span, false});
    } else if (is_clamp_current(out_.columns[i].name)) {
      observe.stores.push_back({i, clamp_current(builder, equations), cell_.span, false});
    } else {
      const sema::Expr& value = derived(out_.columns[i].name);
      observe.stores.push_back({i, equations.build(value), value.span, false});
    }
  out_.observe = std::move(observe);
}

void Formulator::make_event(const sema::Port& port) {
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

std::optional<Formulation> formulate(const Request& request, diagnostics::Emitter& emitter) {
  return Formulator(request, emitter).run();
}

}  // namespace eic::solvers
