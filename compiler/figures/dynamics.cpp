#include "compiler/figures/dynamics.h"

#include <Eigen/Dense>
#include <cmath>

#include "compiler/figures/frame.h"
#include "compiler/passes/passes.h"
#include "runtime/contract/check.h"

namespace eic::figures {

namespace {

constexpr double k_fallback_start = -65;  // mV, where v starts from a file
using Row = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

bool finite(std::span<const double> numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](double x) { return std::isfinite(x); });
}

// What currents that are not linear in v add to ∂v'/∂v.
ir::ValueId nonlinear_slope(ir::Builder& builder, const std::vector<ir::ValueId>& currents, ir::ValueId capacitance) {
  ir::ValueId sum = ir::k_no_value;
  for (ir::ValueId current : currents) {
    ir::ValueId slope = ir::differentiate(builder, current, 0);
    if (!ir::depends_on(builder.function(), slope, 0)) continue;
    sum = sum == ir::k_no_value ? slope : builder.make(ir::Op::Add, sum, slope);
  }
  if (sum == ir::k_no_value) return builder.constant(0);
  return builder.make(ir::Op::Neg, builder.make(ir::Op::Div, sum, capacitance));
}

// That occupancies sum to 1 is nothing that their rates alone would tell Newton's method: one of them also falls with what
// the sum has above 1, which is nothing on every way that the cell can go.
ir::ValueId held_whole(Frame& frame, const sema::Scheme& scheme, ir::ValueId rate) {
  ir::Builder& builder = frame.builder;
  ir::ValueId lacks = builder.constant(1);
  for (uint32_t state : scheme.states) lacks = builder.make(ir::Op::Sub, lacks, builder.column(state));
  ir::ValueId ms = builder.constant(1, units::parse_unit("ms")->dimension);
  return builder.make(ir::Op::Add, rate, builder.make(ir::Op::Div, lacks, ms));
}

}  // namespace

Dynamics::Impl::Impl(const Subject& given, double step) : subject(given), dt(step), n(given.cell.states.size()) {
  Frame frame(subject, "rates");
  const sema::Cell& cell = subject.cell;
  std::vector<ir::ValueId> own;
  for (const sema::State& state : cell.states) own.push_back(frame.equations.build(*state.rate));
  for (const sema::Scheme& scheme : cell.schemes) own[scheme.states.back()] = held_whole(frame, scheme, own[scheme.states.back()]);
  for (ir::ValueId rate : own) frame.store(rate);
  bool implied = !cell.own_voltage;
  if (implied) {
    frame.store(frame.equations.build(*cell.capacitance));
    for (const sema::Current& current : cell.currents) frame.store(frame.equations.build(*current.outward));
  }
  // removable singularities first: a derivative of x/(exp(x) − 1) as it is written has no number where x is 0
  ir::Function function = passes::recognise_exprel(frame.function);
  ir::Builder builder(function);
  std::vector<ir::ValueId> values;
  for (const ir::Store& store : function.stores) values.push_back(store.value);
  function.stores.resize(n);
  function.results.resize(n);
  auto store = [&](ir::ValueId value) {
    function.stores.push_back({.slot = static_cast<uint32_t>(function.results.size()), .value = value});
    function.results.push_back({"", builder[value].dimension});
  };
  for (size_t i = 0; i < n; i++)
    for (uint32_t column = 0; column < n; column++) store(ir::differentiate(builder, values[i], column));
  store(ir::differentiate(builder, values[0], frame.input()));
  std::vector<ir::ValueId> currents(values.begin() + static_cast<std::ptrdiff_t>(n + implied), values.end());
  store(nonlinear_slope(builder, currents, implied ? values[n] : ir::k_no_value));
  rates = Tape(function, subject.values, {{"dt", dt}});
  columns.resize(function.columns.size());
  make_step();
}

std::span<const double> Dynamics::Impl::system(std::span<const double> states, double input) {
  std::copy(states.begin(), states.end(), columns.begin());
  columns[n] = input;
  rates.run(columns);
  return rates.results();
}

// Newton's method on all states, or on all but a clamped v. Directions in which nothing changes are left as they are, so a
// state that keeps its value for ever stays where it was.
bool Dynamics::Impl::converge(std::vector<double>& states, double input, bool clamped) {
  size_t first = clamped ? 1 : 0, m = n - first;
  if (m == 0) return true;
  constexpr int k_most = 80;
  for (int round = 0; round < k_most; round++) {
    std::span<const double> now = system(states, input);
    if (!finite(now)) return false;
    Eigen::Map<const Row> jacobian(now.data() + n, static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(n));
    Eigen::Map<const Eigen::VectorXd> rate(now.data() + first, static_cast<Eigen::Index>(m));
    auto part = jacobian.bottomRightCorner(static_cast<Eigen::Index>(m), static_cast<Eigen::Index>(m));
    bool apart = true;
    for (size_t i = first; i < n; i++)
      for (size_t j = first; j < n; j++) apart &= i == j || now[n + i * n + j] == 0;
    Eigen::VectorXd change(m);
    if (apart) {
      for (size_t i = 0; i < m; i++) {
        double slope = now[n + (i + first) * n + i + first], value = now[i + first];
        if (slope == 0 && value != 0) return false;
        change[static_cast<Eigen::Index>(i)] = slope == 0 ? 0 : -value / slope;
      }
    } else {
      change = Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd>(part).solve(-rate);
      double left = (part * change + rate).norm();
      if (!(left <= 1e-8 * rate.norm())) return false;
    }
    bool settled = true;
    for (size_t i = 0; i < m; i++) {
      double step = change[static_cast<Eigen::Index>(i)];
      if (!std::isfinite(step)) return false;
      if (round > k_most / 2) step /= 2;  // where it goes round in circles
      settled &= std::fabs(step) <= 1e-13 * (std::fabs(states[i + first]) + std::fabs(states[i + first] + step)) + 1e-300;
      states[i + first] += step;
    }
    if (settled) return true;
    if (round == k_most - 1)
      for (size_t i = 0; i < m; i++)
        if (std::fabs(change[static_cast<Eigen::Index>(i)]) > 1e-9 * (1e-3 + std::fabs(states[i + first]))) return false;
  }
  return true;
}

std::optional<std::vector<double>> Dynamics::Impl::steady(double v, double input, const std::vector<double>& guess) {
  for (const std::vector<double>* from : {&guess, static_cast<const std::vector<double>*>(&start)}) {
    std::vector<double> states = *from;
    states[0] = v;
    if (converge(states, input, true)) return states;
  }
  return std::nullopt;
}

std::optional<double> Dynamics::Impl::voltage_rate(double v, double input, std::vector<double>& states) {
  auto found = steady(v, input, states);
  if (!found) return std::nullopt;
  states = *found;
  double rate = system(states, input)[0];
  return std::isfinite(rate) ? std::optional(rate) : std::nullopt;
}

Dynamics::Dynamics(const Subject& subject, double dt) : impl_(std::make_unique<Impl>(subject, dt)) {
  Impl& impl = *impl_;
  const sema::Cell& cell = subject.cell;
  impl.start.assign(impl.n, 0);
  std::vector<bool> unknown(impl.n, false);
  for (size_t i = 0; i < impl.n; i++) {
    const sema::Spread& spread = cell.states[i].start;
    if (impl.formulation.init && spread.kind == plan::Draw::Kind::Constant && !sema::is_constant(*spread.args[0])) continue;
    double value = mean(spread, subject.values);
    unknown[i] = !std::isfinite(value);
    impl.start[i] = !unknown[i] ? value : i == 0 ? k_fallback_start : 0;
  }
  if (impl.formulation.init) {
    Tape init(*impl.formulation.init, subject.values, {{"dt", dt}});
    init.run(impl.columns_at(impl.start, 0));
    for (size_t i = 0; i < init.results().size(); i++) {
      double value = init.results()[i];
      size_t state = impl.formulation.init->stores[i].slot;
      unknown[state] = !std::isfinite(value);
      impl.start[state] = unknown[state] ? 0 : value;
    }
  }
  if (std::find(unknown.begin() + 1, unknown.end(), true) != unknown.end())
    if (auto states = impl.steady(impl.start[0], 0, impl.start))
      for (size_t i = 1; i < impl.n; i++)
        if (unknown[i]) impl.start[i] = (*states)[i];
}
Dynamics::~Dynamics() = default;
Dynamics::Dynamics(Dynamics&&) noexcept = default;

std::span<const double> Dynamics::rates(std::span<const double> states, double input) {
  return impl_->system(states, input).first(impl_->n);
}

const std::vector<double>& Dynamics::start() const { return impl_->start; }

std::optional<std::vector<double>> Dynamics::steady(double v, double input) { return impl_->steady(v, input, impl_->start); }

std::optional<double> Dynamics::steady_current(double v, double input) {
  auto states = steady(v, input);
  if (!states) return std::nullopt;
  std::span<const double> now = impl_->system(*states, input);
  double gain = impl_->gain(now);  // 1/C
  return gain == 0 ? -now[0] : -now[0] / gain;
}

std::optional<double> Dynamics::resistance_at(const std::vector<double>& states) {
  std::span<const double> now = impl_->system(states, 0);
  double slope = now[impl_->n], gain = impl_->gain(now);
  return slope < 0 && gain > 0 ? std::optional(-gain / slope) : std::nullopt;
}

std::optional<double> Dynamics::time_constant_at(const std::vector<double>& states) {
  double slope = impl_->system(states, 0)[impl_->n];
  return slope < 0 ? std::optional(-1 / slope) : std::nullopt;
}

std::vector<GateCurve> Dynamics::gate_curves(std::span<const double> voltages) {
  const sema::Cell& cell = impl_->subject.cell;
  std::vector<GateCurve> curves;
  std::vector<const sema::Expr*> wanted;
  std::vector<bool> rates;
  for (uint32_t i = 0; i < impl_->n; i++) {
    if (cell.states[i].role != sema::StateRole::Gate) continue;
    auto named = [&](const char* what) {
      auto found = cell.lets.find(cell.states[i].path + what);
      return found == cell.lets.end() ? nullptr : found->second.get();
    };
    bool by_rates = named(".alpha") != nullptr;
    wanted.push_back(named(by_rates ? ".alpha" : ".inf"));
    wanted.push_back(named(by_rates ? ".beta" : ".tau"));
    EIC_CHECK(wanted.back() && wanted[wanted.size() - 2], "a gate without its curves");
    rates.push_back(by_rates);
    curves.push_back({i, {}, {}});
  }
  Evaluator evaluator(impl_->subject, wanted, impl_->dt);
  std::vector<double> states = impl_->start;
  for (double v : voltages) {
    if (auto found = impl_->steady(v, 0, states)) states = *found;
    states[0] = v;
    std::span<const double> values = evaluator(states);
    for (size_t k = 0; k < curves.size(); k++) {
      double a = values[2 * k], b = values[2 * k + 1];
      curves[k].inf.push_back(rates[k] ? a / (a + b) : a);
      curves[k].tau.push_back(rates[k] ? 1 / (a + b) : b);
    }
  }
  return curves;
}

std::optional<TimeConstant> Dynamics::Impl::shortest(uint32_t state, size_t slope) {
  constexpr int k_low = -100, k_high = 50;  // mV
  std::optional<TimeConstant> best;
  std::vector<double> states = start;
  for (int v = k_low; v <= k_high; v++) {
    auto found = steady(v, 0, states);
    if (!found) continue;
    states = *found;
    double one = system(states, 0)[slope];
    if (one < 0 && std::isfinite(one) && (!best || -1 / one < best->tau))
      best = TimeConstant{-1 / one, state, static_cast<double>(v)};
  }
  return best;
}

namespace {
void keep_shorter(std::optional<TimeConstant>& best, const std::optional<TimeConstant>& one) {
  if (one && (!best || one->tau < best->tau)) best = one;
}
}  // namespace

std::optional<TimeConstant> Dynamics::fastest() {
  std::optional<TimeConstant> best;
  for (uint32_t i = 0; i < impl_->n; i++) keep_shorter(best, fastest(i));
  return best;
}

std::optional<TimeConstant> Dynamics::fastest(uint32_t state) { return impl_->shortest(state, impl_->n * (1 + state) + state); }

std::optional<TimeConstant> Dynamics::fastest_frozen() {
  size_t n = impl_->n;
  std::optional<TimeConstant> best;
  for (uint32_t column : impl_->formulation.frozen) {
    uint32_t state = *impl_->formulation.columns[column].state;
    bool currents = state == 0 && !impl_->subject.cell.own_voltage;
    keep_shorter(best, impl_->shortest(state, currents ? n + n * n + 1 : n * (1 + state) + state));
  }
  return best;
}

}  // namespace eic::figures
