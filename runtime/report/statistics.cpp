#include "runtime/report/statistics.h"

#include <algorithm>
#include <cmath>

#include "runtime/contract/check.h"

namespace eic::report {
namespace {

using Wide = unsigned __int128;
constexpr uint64_t k_least_intervals = 5;
constexpr int k_part_bits = 20;  // intervals are counted in 2^-20 of a step

// n·Σx² − (Σx)²: n² times the variance (ddof 0), exact.
Wide scatter(uint64_t n, Wide sum, Wide squares) { return squares * n - sum * sum; }

}  // namespace

PopulationSums::PopulationSums(uint64_t cells, std::vector<CellRange> ranges, record::StepClock clock, uint64_t from_step)
    : clock_(clock), from_(from_step), cells_(cells) {
  for (CellRange range : ranges) {
    EIC_CHECK(range.begin <= range.end && range.end <= cells, "a range of cells outside its population");
    ranges_.push_back({range});
  }
}

void PopulationSums::spikes(uint64_t step, const record::Spikes& spikes) {
  std::span<const uint32_t> spiking = spikes.cells;
  if (spiking.empty()) return;
  uint64_t bin = clock_.whole_ms(step - from_);
  auto count_in_bin = [bin](auto& sums, uint64_t count) {
    if (sums.bin != bin) {
      sums.bin_squares += sums.in_bin * sums.in_bin;
      sums.closed += sums.in_bin;
      sums.bin = bin;
      sums.in_bin = 0;
    }
    sums.in_bin += count;
  };
  for (size_t i = 0; i < spiking.size(); ++i) {
    Cell& cell = cells_[spiking[i]];
    double fraction = spikes.fractions.empty() ? 1 : spikes.fractions[i];
    uint64_t now = (step << k_part_bits) + static_cast<uint64_t>(std::lround(std::ldexp(fraction, k_part_bits)));
    if (cell.count++ == 0) {
      cell.first = now;
    } else {
      Wide interval = now - cell.last;
      cell.interval_squares += interval * interval;
    }
    cell.last = now;
    count_in_bin(cell, 1);
  }
  for (RangeSums& range : ranges_) {
    auto first = std::lower_bound(spiking.begin(), spiking.end(), range.cells.begin);
    auto last = std::lower_bound(first, spiking.end(), range.cells.end);
    if (first == last) continue;
    range.spikes += last - first;
    count_in_bin(range, last - first);
  }
}

Measures PopulationSums::measures(size_t index, uint64_t to_step) const {
  const RangeSums& range = ranges_[index];
  Measures result;
  result.cells = range.cells.end - range.cells.begin;
  result.spikes = range.spikes;
  if (result.cells == 0 || to_step <= from_) return result;
  double seconds = clock_.ms(to_step - from_) / 1000;
  result.rate_hz = static_cast<double>(range.spikes) / static_cast<double>(result.cells) / seconds;
  uint64_t silent = std::count_if(cells_.begin() + range.cells.begin, cells_.begin() + range.cells.end,
                                  [](const Cell& cell) { return cell.count == 0; });
  result.silent_fraction = static_cast<double>(silent) / static_cast<double>(result.cells);
  result.cv_isi = cv_isi(range.cells);
  if (uint64_t bins = clock_.whole_ms(to_step - from_)) binned(range, bins, result);
  return result;
}

std::optional<double> PopulationSums::cv_isi(CellRange range) const {
  double sum = 0;
  uint64_t qualified = 0;
  for (uint64_t i = range.begin; i < range.end; ++i) {
    const Cell& cell = cells_[i];
    if (cell.count < k_least_intervals + 1) continue;
    uint64_t n = cell.count - 1, total = cell.last - cell.first;
    double intervals = static_cast<double>(n), mean = static_cast<double>(total) / intervals;
    double variance = static_cast<double>(scatter(n, total, cell.interval_squares)) / (intervals * (intervals - 1));
    sum += std::sqrt(variance) / mean;
    ++qualified;
  }
  if (qualified == 0) return std::nullopt;
  return sum / static_cast<double>(qualified);
}

void PopulationSums::binned(const RangeSums& range, uint64_t bins, Measures& into) const {
  // Closes the open bin if it is whole.
  auto scatter_of = [bins](const auto& sums) {
    uint64_t last = sums.bin < bins ? sums.in_bin : 0;
    return scatter(bins, sums.closed + last, sums.bin_squares + last * last);
  };
  uint64_t counted = range.closed + (range.bin < bins ? range.in_bin : 0);
  if (counted == 0) return;
  double of_all = static_cast<double>(scatter_of(range));
  into.fano_1ms = of_all / (static_cast<double>(bins) * static_cast<double>(counted));
  Wide of_cells = 0;
  for (uint64_t i = range.cells.begin; i < range.cells.end; ++i) of_cells += scatter_of(cells_[i]);
  // var(Σ/n) / mean(var) = var(Σ) / (n·Σ var)
  if (of_cells != 0) into.synchrony = of_all / (static_cast<double>(into.cells) * static_cast<double>(of_cells));
}

std::optional<RunError> SpikeStatistics::begin(const plan::Run& run) {
  record::StepClock clock(run.dt_text);
  sums_.clear();
  results_.clear();
  for (uint32_t p = 0; p < run.populations.size(); ++p) {
    const plan::Population& population = run.populations[p];
    std::vector<CellRange> ranges{{0, population.size}};
    results_.push_back({population.name, p, ranges[0], {}});
    for (const auto& view : population.views) {
      ranges.push_back({view.begin, view.end});
      results_.push_back({population.name + "." + view.name, p, ranges.back(), {}});
    }
    sums_.emplace_back(population.size, std::move(ranges), clock);
  }
  return std::nullopt;
}

void SpikeStatistics::spikes(uint32_t population, uint64_t step, const record::Spikes& spikes) {
  sums_[population].spikes(step, spikes);
}

std::optional<RunError> SpikeStatistics::end(record::Outcome, uint64_t steps) {
  size_t range = 0;
  for (size_t i = 0; i < results_.size(); ++i) {
    range = i > 0 && results_[i].population == results_[i - 1].population ? range + 1 : 0;
    results_[i].measures = sums_[results_[i].population].measures(range, steps);
  }
  return std::nullopt;
}

uint64_t SpikeStatistics::spike_count() const {
  uint64_t count = 0;
  for (size_t i = 0; i < results_.size(); ++i)
    if (i == 0 || results_[i].population != results_[i - 1].population) count += results_[i].measures.spikes;
  return count;
}

Measures measure(const record::SpikeStore& store, uint32_t population, CellRange range, Window window) {
  const auto& spikes = store.populations()[population];
  window.to = std::min(window.to, store.steps());
  PopulationSums sums(spikes.size, {range}, store.clock(), window.from);
  auto begin = std::lower_bound(spikes.steps.begin(), spikes.steps.end(), window.from);
  auto end = std::lower_bound(begin, spikes.steps.end(), std::max(window.from, window.to));
  while (begin != end) {
    auto next = std::upper_bound(begin, end, *begin);
    size_t first = begin - spikes.steps.begin(), count = next - begin;
    auto fractions = spikes.fractions.empty() ? std::span<const double>() : std::span(spikes.fractions).subspan(first, count);
    sums.spikes(*begin, {std::span(spikes.cells).subspan(first, count), fractions});
    begin = next;
  }
  return sums.measures(0, window.to);
}

std::optional<double> trace_synchrony(const record::TraceStore::Trace& trace, size_t first, size_t count, Window window) {
  auto inside = [&](size_t row) { return trace.steps[row] >= window.from && trace.steps[row] < window.to; };
  // Two passes: the means, then the squares of what differs from them.
  size_t rows = 0;
  std::vector<double> means(count);
  for (size_t row = 0; row < trace.steps.size(); ++row) {
    if (!inside(row)) continue;
    ++rows;
    for (size_t i = 0; i < count; ++i) means[i] += trace.at(row, first + i);
  }
  if (rows == 0 || count == 0) return std::nullopt;
  for (double& mean : means) mean /= static_cast<double>(rows);
  double of_mean = 0, of_cells = 0;
  for (size_t row = 0; row < trace.steps.size(); ++row) {
    if (!inside(row)) continue;
    double together = 0;
    for (size_t i = 0; i < count; ++i) {
      double off = trace.at(row, first + i) - means[i];
      together += off;
      of_cells += off * off;
    }
    of_mean += together * together;
  }
  if (of_cells == 0) return std::nullopt;
  return of_mean / (static_cast<double>(count) * of_cells);
}

}  // namespace eic::report
