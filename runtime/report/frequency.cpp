#include "runtime/report/frequency.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace eic::report {
namespace {

constexpr size_t k_grid = 4;      // points a resolution cell 1/T: a peak between two of them loses 5 % at most
constexpr double k_level = 0.9;  // of the highest peak

std::vector<double> counts(const record::SpikeStore& store, uint32_t population, CellRange range, Window window) {
  const auto& spikes = store.populations()[population];
  uint64_t to = std::min(window.to, store.steps());
  std::vector<double> bins(to > window.from ? store.clock().whole_ms(to - window.from) : 0);
  for (size_t i = 0; i < spikes.steps.size(); ++i) {
    uint64_t step = spikes.steps[i];
    if (step < window.from || step >= to || spikes.cells[i] < range.begin || spikes.cells[i] >= range.end) continue;
    uint64_t bin = store.clock().whole_ms(step - window.from);
    if (bin < bins.size()) bins[bin] += 1;
  }
  return bins;
}

// Goertzel: the power of one frequency in one pass, without a sine a sample.
double power(const std::vector<double>& samples, double mean, double turns) {
  double twice = 2 * std::cos(2 * std::numbers::pi * turns), last = 0, before = 0;
  for (double sample : samples) {
    double next = (sample - mean) + twice * last - before;
    before = last;
    last = next;
  }
  return last * last + before * before - twice * last * before;
}

}  // namespace

std::optional<double> frequency(const record::SpikeStore& store, uint32_t population, CellRange range, Window window) {
  std::vector<double> bins = counts(store, population, range, window);
  if (std::adjacent_find(bins.begin(), bins.end(), std::not_equal_to<>()) == bins.end()) return std::nullopt;
  double n = static_cast<double>(bins.size()), mean = std::accumulate(bins.begin(), bins.end(), 0.0) / n;
  std::vector<double> powers;
  for (size_t k = k_grid - 1; 2 * k <= k_grid * bins.size(); ++k)
    powers.push_back(power(bins, mean, static_cast<double>(k) / (k_grid * n)));
  auto peak = [&](size_t i) { return powers[i] > powers[i - 1] && powers[i] >= powers[i + 1]; };
  double most = 0;
  for (size_t i = 1; i + 1 < powers.size(); ++i)
    if (peak(i)) most = std::max(most, powers[i]);
  for (size_t i = 1; i + 1 < powers.size(); ++i)
    if (peak(i) && powers[i] >= k_level * most) return static_cast<double>(i + k_grid - 1) / (k_grid * n) * 1000;
  return std::nullopt;
}

}  // namespace eic::report
