// What one event does: on the passive cell (leaks and the synapse alone), and on the cell as it is.
#include <algorithm>
#include <cmath>

#include "compiler/figures/dynamics.h"
#include "compiler/figures/frame.h"

namespace eic::figures {

namespace {

constexpr double k_longest = 2000;  // ms
constexpr double k_over = 0.7;      // of the peak: when it has fallen to this, it is over
constexpr size_t k_most_steps = 400000;

struct Peak {
  double value = 0, time = 0;
  bool over(double deflection, double at) {
    if (std::fabs(deflection) > std::fabs(value)) {
      value = deflection;
      time = at;
    }
    return value != 0 && std::fabs(deflection) < k_over * std::fabs(value);
  }
};

// dv/dt = (−G·(v − from) − (I(v, s) − I(from, s₀)))/C and the synapse's own equations, by the midpoint rule in steps that the
// fastest of them allows.
class Passive {
 public:
  Passive(const Subject& subject, const std::string& port, double capacitance, double leak, double dt)
      : n_(subject.cell.states.size()), capacitance_(capacitance), leak_(leak) {
    Frame frame(subject, "passive");
    std::vector<ir::ValueId> values;
    for (const sema::Current& current : subject.cell.currents)
      if (current.synaptic && current.path == port) values.push_back(frame.equations.build(*current.outward));
    has_current_ = !values.empty();
    for (uint32_t i = 1; i < n_; i++)
      if (subject.cell.states[i].path.starts_with(port + ".")) {
        own_.push_back(i);
        values.push_back(frame.equations.build(*subject.cell.states[i].rate));
      }
    for (ir::ValueId value : values) frame.store(value);
    for (size_t k = 0; k < values.size(); k++)
      frame.store(frame.slope(values[k], has_current_ && k == 0 ? 0 : own_[k - (has_current_ ? 1 : 0)]));
    count_ = values.size();
    tape_ = Tape(frame.function, subject.values, {{"dt", dt}});
    columns_.resize(frame.function.columns.size());
  }

  Peak run(std::vector<double> before, std::vector<double> after) {
    Peak peak;
    if (!has_current_) return peak;
    derivative(before);
    double baseline = tape_.results()[0], from = before[0];
    double at = 0;
    std::vector<double> x = after;
    x.resize(n_);
    for (size_t k = 0; k < k_most_steps && at < k_longest; k++) {
      std::vector<double> slope = change(x, from, baseline);
      double h = step();
      std::vector<double> middle = x;
      for (size_t i = 0; i < n_; i++) middle[i] += h / 2 * slope[i];
      slope = change(middle, from, baseline);
      for (size_t i = 0; i < n_; i++) x[i] += h * slope[i];
      at += h;
      if (!std::isfinite(x[0]) || peak.over(x[0] - from, at)) break;
    }
    return peak;
  }

 private:
  void derivative(const std::vector<double>& x) {
    std::copy_n(x.begin(), n_, columns_.begin());
    tape_.run(columns_);
  }
  std::vector<double> change(const std::vector<double>& x, double from, double baseline) {
    derivative(x);
    std::vector<double> out(n_, 0);
    out[0] = (-leak_ * (x[0] - from) - (tape_.results()[0] - baseline)) / capacitance_;
    for (size_t k = 0; k < own_.size(); k++) out[own_[k]] = tape_.results()[1 + k];
    return out;
  }
  double step() const {
    std::span<const double> slopes = tape_.results().subspan(count_);
    double fastest = (leak_ + std::fabs(slopes[0])) / capacitance_;
    for (size_t k = 1; k < slopes.size(); k++) fastest = std::max(fastest, std::fabs(slopes[k]));
    return std::min(0.05, 0.02 / fastest);
  }

  size_t n_, count_ = 0;
  double capacitance_, leak_;
  bool has_current_ = false;
  std::vector<uint32_t> own_;
  Tape tape_;
  std::vector<double> columns_;
};

}  // namespace

Psp Dynamics::psp(uint32_t port, double weight) {
  Impl& impl = *impl_;
  Membrane passive = membrane(impl.subject);
  const FixedPoint* rest = this->rest();
  std::vector<double> states = rest ? rest->states : steady(impl.start[0]).value_or(impl.start);
  Psp out;
  out.from = states[0];
  out.bound = psp_bound(passive, port, weight, out.from);
  std::vector<double> control = impl.columns_at(states, 0), trial = control;
  std::vector<double> warm = control;
  impl.step(warm);  // makes the tapes
  impl.event(port, weight, trial);
  if (impl.subject.cell.own_voltage) {
    std::span<const double> now = impl.system(states, 0);
    double slope = now[impl.n], gain = impl.gain(now);
    passive.capacitance = gain > 0 ? std::optional(1 / gain) : std::nullopt;
    passive.leak = gain > 0 && slope < 0 ? -slope / gain : 0;
  }
  if (passive.capacitance) {
    Passive alone(impl.subject, impl.subject.cell.ports[port].name, *passive.capacitance, passive.leak, impl.dt);
    Peak peak = alone.run(states, trial);
    out.passive = peak.value;
    out.time = peak.time;
  }
  Peak peak;
  auto last = static_cast<long long>(std::min(k_longest / impl.dt, static_cast<double>(k_most_steps)));
  for (long long k = 1; k <= last; k++) {
    bool fired = impl.step(trial), alone = rest ? false : impl.step(control);
    if (fired) out.fires = rest != nullptr;
    double deflection = trial[0] - control[0];
    if (fired && !impl.subject.cell.reset.empty()) break;  // what the reset does is no deflection
    if (!std::isfinite(deflection) || peak.over(deflection, static_cast<double>(k) * impl.dt) || fired || alone) break;
  }
  out.full = peak.value;
  return out;
}

}  // namespace eic::figures
