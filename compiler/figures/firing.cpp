// The cell stepped as the program steps it: firing under a constant current, and what one event does.
#include <algorithm>
#include <cmath>

#include "compiler/figures/dynamics.h"

namespace eic::figures {

namespace {
constexpr double k_longest = 5000;  // ms
constexpr double k_most_steps = 4e6;
constexpr uint32_t k_enough_spikes = 50, k_agreeing = 4;
}  // namespace

void Dynamics::Impl::make_step() {
  const sema::Cell& cell = subject.cell;
  solvers::Request request;
  request.cell = &cell;
  request.params = &subject.model.params;
  request.name = cell.name;
  request.input = true;
  for (const sema::State& state : cell.states) {
    const sema::Spread& spread = state.start;
    bool computed = spread.kind == plan::Draw::Kind::Constant && !sema::is_constant(*spread.args[0]);
    request.starts.push_back(computed ? spread.args[0].get() : nullptr);
  }
  diagnostics::Emitter nobody;  // a circle of starting values is reported where the run is planned
  auto made = solvers::formulate(request, nobody);
  if (!made) {
    request.starts.assign(cell.states.size(), nullptr);
    made = solvers::formulate(request, nobody);
  }
  formulation = std::move(*made);
}

bool Dynamics::Impl::step(std::vector<double>& now) {
  if (!stepping) {
    std::map<std::string, double> extra = {{"dt", dt}};
    const auto& spike = subject.cell.spike;
    if (spike && spike->refractory) extra["(refractory steps)"] = std::round(subject.values.number(*spike->refractory) / dt);
    stepper = Tape(formulation.step, subject.values, extra);
    if (formulation.prime) primer = Tape(*formulation.prime, subject.values, extra);
    for (const ir::Function& function : formulation.events) events.emplace_back(function, subject.values, extra);
    stepping = true;
  }
  stepper.run(now);
  for (size_t i = 0; i < stepper.results().size(); i++) now[formulation.step.stores[i].slot] = stepper.results()[i];
  return stepper.spike();
}

std::vector<double> Dynamics::Impl::columns_at(const std::vector<double>& states, double input) const {
  std::vector<double> now(formulation.columns.size(), 0);
  std::copy(states.begin(), states.end(), now.begin());
  if (formulation.input) now[*formulation.input] = input;
  return now;
}

void Dynamics::Impl::event(uint32_t port, double weight, std::vector<double>& now) {
  events[port].run(now, weight);
  for (size_t i = 0; i < events[port].results().size(); i++)
    now[formulation.events[port].stores[i].slot] = events[port].results()[i];
}

Firing Dynamics::firing(double input) { return firing(input, k_longest, k_enough_spikes); }

Firing Dynamics::firing(double input, double duration_ms, uint32_t spikes) {
  Impl& impl = *impl_;
  Firing out;
  std::vector<double> now = impl.columns_at(impl.start, input), times;
  auto last = static_cast<long long>(std::min(duration_ms / impl.dt + 0.5, k_most_steps));
  auto rate = [&](size_t first) {
    size_t intervals = times.size() - 1 - first;
    return intervals > 0 ? 1000 * static_cast<double>(intervals) / (times.back() - times[first]) : 0.0;
  };
  for (long long k = 1; k <= last; k++) {
    bool spiked = impl.step(now);
    out.duration = static_cast<double>(k) * impl.dt;
    if (!std::isfinite(now[0])) break;
    if (!spiked) continue;
    times.push_back(out.duration);
    if (times.size() > k_agreeing) {
      auto [low, high] = std::pair{HUGE_VAL, 0.0};
      for (size_t i = times.size() - k_agreeing; i < times.size(); i++) {
        low = std::min(low, times[i] - times[i - 1]);
        high = std::max(high, times[i] - times[i - 1]);
      }
      out.settled = high - low <= std::max(1e-3 * high, 1.001 * impl.dt);
    }
    if (out.settled || times.size() >= spikes) break;
  }
  out.spikes = static_cast<uint32_t>(times.size());
  if (times.size() < 2) return out;
  if (out.settled) {
    out.rate = rate(times.size() - 1 - k_agreeing);
  } else if (out.duration - times.back() > 3 * (times.back() - times[times.size() - 2])) {
    out.rate = 0;  // it has fallen silent
  } else {
    out.rate = rate((times.size() - 1) / 2);
  }
  return out;
}

}  // namespace eic::figures
