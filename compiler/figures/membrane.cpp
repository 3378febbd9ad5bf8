// What follows from parameters alone: everything is gathered into one function, which is evaluated once.
#include <algorithm>
#include <cmath>
#include <limits>

#include "compiler/figures/frame.h"
#include "compiler/passes/passes.h"
#include "compiler/units/quantity.h"
#include "runtime/contract/plan.h"

namespace eic::figures {

using ir::Op;
using ir::ValueId;
using sema::ExprOp;

namespace {

constexpr double k_lowest = -150, k_highest = 100;  // mV

class Gatherer {
 public:
  explicit Gatherer(const Subject& subject) : subject_(subject), cell_(subject.cell), frame_(subject, "membrane") {}

  Membrane run() {
    if (cell_.area) want(frame_.equations.build(*cell_.area), [&](double x) { out_.area = x; });
    if (cell_.capacitance) want(frame_.equations.build(*cell_.capacitance), [&](double x) { out_.capacitance = x; });
    for (uint32_t i = 0; i < cell_.currents.size(); i++) current(i);
    if (cell_.own_voltage) own_voltage();
    out_.ports.resize(cell_.ports.size());
    for (uint32_t i = 0; i < cell_.ports.size(); i++) port(i);
    evaluate();
    finish();
    for (auto& [index, value] : moving_) largest(index, *value);
    return std::move(out_);
  }

 private:
  // `take` gets the number of a value that reads no column.
  void want(ValueId value, std::function<void(double)> take) {
    frame_.store(value);
    takers_.push_back(std::move(take));
  }
  bool constant(ValueId value) const { return !ir::depends_on_columns(frame_.function, value); }

  void current(uint32_t index) {
    const sema::Current& current = cell_.currents[index];
    out_.currents.push_back({index});
    if (!current.conductance) return;
    if (current.reversal && sema::is_constant(*current.reversal))
      want(frame_.equations.build(*current.reversal), [this, index](double x) { out_.currents[index].reversal = x; });
    if (current.synaptic) return;
    auto take = [this, index](double x) { out_.currents[index].total = x; };
    if (sema::is_constant(*current.conductance)) {
      out_.currents[index].leak = true;
      return want(frame_.equations.build(*current.conductance), take);
    }
    for (uint32_t i = 1; i < cell_.states.size(); i++)
      if (cell_.states[i].role != sema::StateRole::Gate && sema::contains(*current.conductance, ExprOp::State, i)) return;
    if (sema::contains(*current.conductance, ExprOp::Input)) return;
    auto plain = frame_.equations.state;
    frame_.equations.state = [&](uint32_t state) { return state == 0 ? plain(0) : frame_.builder.constant(1); };
    frame_.equations.forget();
    ValueId open = frame_.equations.build(*current.conductance);
    frame_.equations.state = plain;
    frame_.equations.forget();
    if (constant(open)) want(open, take);
    else moving_.emplace_back(index, current.conductance);
  }

  // A conductance that reads v beside its gates.
  void largest(uint32_t index, const sema::Expr& conductance) {
    Evaluator evaluator(subject_, {&conductance});
    std::vector<double> states(cell_.states.size(), 1);
    double most = -std::numeric_limits<double>::infinity();
    for (states[0] = k_lowest; states[0] <= k_highest; states[0] += 1) most = std::max(most, evaluator(states)[0]);
    if (!std::isfinite(most)) return;
    out_.currents[index].total = most;
    if (out_.area) out_.currents[index].density = most / *out_.area;
  }

  void own_voltage() {
    ValueId rate = frame_.equations.build(*cell_.states[0].rate);
    ValueId by_v = frame_.slope(rate, 0), by_input = frame_.slope(rate, frame_.input());
    if (!constant(by_v) || !constant(by_input)) return;
    want(by_v, [&](double x) { own_slope_ = x; });
    want(by_input, [&](double x) { own_gain_ = x; });
    ValueId zero = ir::substitute(frame_.builder, rate, 0, frame_.builder.constant(0, cell_.states[0].dimension));
    ValueId at_zero = ir::substitute(frame_.builder, zero, frame_.input(),
                                     frame_.builder.constant(0, frame_.function.columns[frame_.input()].dimension));
    if (constant(at_zero)) want(at_zero, [&](double x) { own_at_zero_ = x; });
  }

  bool zero(ValueId value) const {
    const ir::Value& what = frame_.function.values[value];
    switch (what.op) {
      case Op::Const: return what.number == 0;
      case Op::Neg: return zero(what.args[0]);
      case Op::Mul: return zero(what.args[0]) || zero(what.args[1]);
      case Op::Div: return zero(what.args[0]);
      case Op::Add:
      case Op::Sub: return zero(what.args[0]) && zero(what.args[1]);
      default: return false;
    }
  }
  // f = slope·column with a slope of parameters alone: the slope.
  std::optional<ValueId> proportional(ValueId f, uint32_t column) {
    ValueId slope = frame_.slope(f, column);
    ValueId rest =
        ir::substitute(frame_.builder, f, column, frame_.builder.constant(0, frame_.function.columns[column].dimension));
    return constant(slope) && zero(rest) ? std::optional(slope) : std::nullopt;
  }

  void port(uint32_t index) {
    const sema::Port& port = cell_.ports[index];
    auto own = [&](const sema::Current& current) { return current.synaptic && current.path == port.name; };
    auto current = std::find_if(cell_.currents.begin(), cell_.currents.end(), own);
    if (port.body.size() != 1 || current == cell_.currents.end()) return;
    uint32_t state = port.body[0].state;
    frame_.equations.weight = [this, index] { return frame_.builder.column(frame_.weight(index)); };
    frame_.equations.forget();
    // s + k·w
    ValueId value = frame_.equations.build(*port.body[0].value), by_weight = frame_.slope(value, frame_.weight(index));
    const ir::Value by_state = frame_.builder[frame_.slope(value, state)];
    auto at_zero = [&](ValueId f, uint32_t column) {
      return ir::substitute(frame_.builder, f, column, frame_.builder.constant(0, frame_.function.columns[column].dimension));
    };
    bool adds = by_state.op == Op::Const && by_state.number == 1 && zero(at_zero(at_zero(value, state), frame_.weight(index)));
    bool decays = cell_.states[state].rate != nullptr;
    if (!adds || !decays || !constant(by_weight)) return;
    auto rate = proportional(frame_.equations.build(*cell_.states[state].rate), state);
    auto effect = proportional(frame_.equations.build(current->conductance ? *current->conductance : *current->current), state);
    if (!rate || !effect || (current->conductance && !sema::is_constant(*current->reversal))) return;
    Port& out = out_.ports[index];
    out.simple = true;
    want(by_weight, [&out](double x) { out.conductance = x; });
    want(*rate, [&out](double x) { out.tau = -1 / x; });
    if (current->conductance) {
      want(*effect, [&out](double x) { *out.conductance *= x; });
      want(frame_.equations.build(*current->reversal), [&out](double x) { out.reversal = x; });
    } else {
      want(*effect, [&out](double x) {
        out.current = -x * *out.conductance;  // what is written is outward
        out.conductance.reset();
      });
    }
  }

  void evaluate() {
    if (takers_.empty()) return;
    ir::Function function = passes::run_scalar_pipeline(frame_.function);
    function.columns.clear();  // none is read
    std::vector<double> numbers = subject_.values.results(function, {{"dt", 0.025}});
    for (size_t i = 0; i < takers_.size(); i++) takers_[i](numbers[i]);
  }

  void finish() {
    if (out_.area && out_.capacitance) out_.specific_capacitance = *out_.capacitance / *out_.area;
    double drive = 0;
    for (Conductance& conductance : out_.currents) {
      if (conductance.total && out_.area) conductance.density = *conductance.total / *out_.area;
      if (!conductance.leak || !conductance.total) continue;
      out_.leak += *conductance.total;
      drive += *conductance.total * conductance.reversal.value_or(std::nan(""));
    }
    if (cell_.own_voltage) return finish_own();
    if (!(out_.leak > 0)) return;
    out_.resistance = 1 / out_.leak;
    if (out_.capacitance) out_.time_constant = *out_.capacitance / out_.leak;
    if (std::isfinite(drive)) out_.reversal = drive / out_.leak;
  }

  void finish_own() {
    if (!own_slope_ || !(*own_slope_ < 0)) return;
    out_.time_constant = -1 / *own_slope_;
    if (own_at_zero_) out_.reversal = -*own_at_zero_ / *own_slope_;
    if (!(own_gain_ > 0)) return;
    if (!out_.capacitance) out_.capacitance = 1 / own_gain_;
    out_.resistance = -own_gain_ / *own_slope_;
    out_.leak = 1 / *out_.resistance;
  }

  const Subject& subject_;
  const sema::Cell& cell_;
  Frame frame_;
  Membrane out_;
  std::vector<std::function<void(double)>> takers_;
  std::vector<std::pair<uint32_t, sema::ExprPtr>> moving_;
  std::optional<double> own_slope_, own_at_zero_;
  double own_gain_ = 0;
};

}  // namespace

Membrane membrane(const Subject& subject) { return Gatherer(subject).run(); }

double mean(const sema::Spread& spread, plan::Values& values) {
  using Kind = eic::plan::Draw::Kind;
  auto arg = [&](size_t i) { return values.number(*spread.args[i]); };
  switch (spread.kind) {
    case Kind::Csv: return std::nan("");
    case Kind::Uniform: return (arg(0) + arg(1)) / 2;
    case Kind::Gamma: return arg(0) * arg(1);
    default: return sema::is_constant(*spread.args[0]) ? arg(0) : std::nan("");
  }
}

// The leak can only oppose: without it a conductance takes the share 1 − exp(−g·τ/C) of the way to its reversal potential, and
// held at its peak for ever it would take g/(g + G).
std::optional<double> psp_bound(const Membrane& membrane, uint32_t port, double weight, double from) {
  const Port& what = membrane.ports[port];
  if (!what.simple || !membrane.capacitance || !(what.tau > 0)) return std::nullopt;
  if (what.current) {
    double current = *what.current * weight, none = std::numeric_limits<double>::infinity();
    return current * std::min(what.tau / *membrane.capacitance, membrane.leak > 0 ? 1 / membrane.leak : none);
  }
  double g = *what.conductance * weight;
  if (!(g >= 0) || !what.reversal) return std::nullopt;
  double held = membrane.leak > 0 ? g / (g + membrane.leak) : 1;
  return (*what.reversal - from) * std::min(-std::expm1(-g * what.tau / *membrane.capacitance), held);
}

}  // namespace eic::figures
