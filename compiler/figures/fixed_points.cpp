// Fixed points: zeros of v' with all other states where a clamp at v leaves them; stable if the whole system's Jacobian has no
// growing eigenvalue.
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <tuple>

#include "compiler/figures/dynamics.h"

namespace eic::figures {

namespace {

constexpr double k_low = -150, k_step = 0.25;  // mV
constexpr int k_steps = 1000;
constexpr int k_finer = 64;

std::vector<std::complex<double>> eigenvalues_of(std::span<const double> jacobian, size_t n) {
  using Row = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  auto size = static_cast<Eigen::Index>(n);
  Eigen::EigenSolver<Eigen::MatrixXd> solver(Eigen::Map<const Row>(jacobian.data(), size, size), false);
  std::vector<std::complex<double>> values(solver.eigenvalues().begin(), solver.eigenvalues().end());
  std::sort(values.begin(), values.end(), [](auto a, auto b) { return a.real() > b.real(); });
  return values;
}

bool stable(const std::vector<std::complex<double>>& eigenvalues) {
  double largest = 0;
  for (const auto& value : eigenvalues) largest = std::max(largest, std::abs(value));
  return eigenvalues[0].real() <= 1e-13 * largest;  // 0 itself: a state that stays where it is put
}

}  // namespace

bool Dynamics::Impl::beyond_threshold(const std::vector<double>& states) {
  const auto& spike = subject.cell.spike;
  if (!spike || subject.cell.reset.empty()) return false;
  if (spike->threshold) return states[0] >= subject.values.number(*spike->threshold);
  return Evaluator(subject, {spike->condition.get()}, dt)(states)[0] != 0;
}

// Between two voltages where v' has different signs.
void Dynamics::Impl::refine(std::vector<FixedPoint>& found, double low, double high, double at_low, double at_high, double input,
                            const std::vector<double>& guess) {
  std::vector<double> states = guess;
  double scale = std::fabs(at_low) + std::fabs(at_high), middle = low, rate = at_low;
  if (at_low != 0) {
    while (true) {
      middle = low + (high - low) / 2;
      if (middle == low || middle == high) break;
      auto now = voltage_rate(middle, input, states);
      if (!now) return;
      rate = *now;
      if (rate == 0) break;
      (rate < 0) == (at_low < 0) ? low = middle : high = middle;
    }
  }
  auto settled = steady(middle, input, states);
  if (!settled || std::fabs(rate) > 1e-6 * scale) return;  // v' jumps over zero
  FixedPoint point;
  point.states = *settled;
  std::span<const double> now = system(point.states, input);
  point.eigenvalues = eigenvalues_of(now.subspan(n, n * n), n);
  point.stable = stable(point.eigenvalues);
  point.reached = !beyond_threshold(point.states);
  found.push_back(std::move(point));
}

std::vector<FixedPoint> Dynamics::Impl::fixed_points(double input) {
  std::vector<FixedPoint> found;
  std::vector<double> states = start, previous = start, before;
  std::optional<double> last, older;
  flat = gaps = false;
  for (int i = 0; i <= k_steps; i++) {
    double v = k_low + k_step * i;
    auto now = voltage_rate(v, input, states);
    gaps |= !now;
    flat |= now && last && *now == 0 && *last == 0;
    // a zero on the grid itself belongs to the interval that it begins
    bool crosses = now && last && (*last == 0 || (*now != 0 && (*now < 0) != (*last < 0)));
    if (crosses) {
      refine(found, v - k_step, v, *last, *now, input, previous);
    } else if (now && last && older && (*older < 0) == (*last < 0) && std::fabs(*last) <= std::fabs(*older) &&
               std::fabs(*last) < std::fabs(*now)) {
      // two zeros may hide around a place where v' comes close to 0 and turns
      std::vector<double> walk = before;
      double from = v - 2 * k_step, step = 2 * k_step / k_finer;
      auto one = voltage_rate(from, input, walk);
      for (int k = 1; k <= k_finer && one; k++) {
        std::vector<double> guess = walk;
        auto other = voltage_rate(from + k * step, input, walk);
        if (other && (*other < 0) != (*one < 0))
          refine(found, from + (k - 1) * step, from + k * step, *one, *other, input, guess);
        one = other;
      }
    }
    before = previous;
    previous = states;
    older = last;
    last = now;
  }
  if (flat) found.clear();  // nothing moves v
  return found;
}

const std::vector<FixedPoint>& Dynamics::fixed_points() {
  if (!impl_->points) impl_->points = impl_->fixed_points(0);
  return *impl_->points;
}
std::vector<FixedPoint> Dynamics::fixed_points(double input) {
  fixed_points();  // so that can_rest() speaks of the cell without input
  auto [flat, gaps] = std::pair{impl_->flat, impl_->gaps};
  std::vector<FixedPoint> found = impl_->fixed_points(input);
  std::tie(impl_->flat, impl_->gaps) = std::pair{flat, gaps};
  return found;
}

const FixedPoint* Dynamics::rest() {
  for (const FixedPoint& point : fixed_points())
    if (point.stable && point.reached) return &point;
  return nullptr;
}

std::optional<bool> Dynamics::can_rest() {
  if (rest() || impl_->flat) return true;
  return impl_->gaps ? std::nullopt : std::optional(false);
}

}  // namespace eic::figures
