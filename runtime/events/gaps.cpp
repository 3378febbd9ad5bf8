#include "runtime/events/gaps.h"

#include <algorithm>
#include <tuple>

#include "runtime/contract/check.h"

namespace eic::events {

namespace {

constexpr uint64_t k_voltage = 0;  // the column of v

// Least and most junctions a cell of the range has.
std::pair<uint64_t, uint64_t> degrees(const std::vector<uint32_t>& counts, const plan::Range& range) {
  const auto begin = counts.begin() + static_cast<int64_t>(range.begin), end = counts.begin() + static_cast<int64_t>(range.end);
  if (begin == end) return {0, 0};
  const auto [least, most] = std::minmax_element(begin, end);
  return {*least, *most};
}

}  // namespace

std::vector<Junction> junctions_of(const plan::Run& run, const plan::Projection& projection, connect::Synapses& synapses) {
  const plan::Range &from = projection.from, &to = projection.to;
  const bool one = from.population == to.population;
  const auto inside = [](const plan::Range& range, uint64_t cell) { return range.begin <= cell && cell < range.end; };
  std::vector<Junction> junctions;
  synapses.for_each([&](uint64_t row, uint64_t, uint32_t target, uint64_t at) {
    uint32_t a = static_cast<uint32_t>(from.begin + row), b = target;
    if (one && a == b) return;
    if (one && a > b && inside(to, a) && inside(from, b)) {
      if (projection.rule.kind == plan::Rule::Kind::Bernoulli) return;  // tried as (b, a)
      std::swap(a, b);
    }
    junctions.push_back({a, b, synapses.weight(at)});
  });
  if (one) {
    const auto before = [](const Junction& x, const Junction& y) { return std::pair(x.from, x.to) < std::pair(y.from, y.to); };
    const auto same = [](const Junction& x, const Junction& y) { return x.from == y.from && x.to == y.to; };
    std::stable_sort(junctions.begin(), junctions.end(), before);
    junctions.erase(std::unique(junctions.begin(), junctions.end(), same), junctions.end());
  }
  std::vector<uint32_t> of_from(run.populations[from.population].size), of_to(one ? 0 : run.populations[to.population].size);
  for (const Junction& junction : junctions) {
    ++of_from[junction.from];
    ++(one ? of_from : of_to)[junction.to];
  }
  connect::Statistics& statistics = synapses.statistics;
  statistics.synapses = junctions.size();
  statistics.autapses = statistics.multapses = 0;
  std::tie(statistics.out_min, statistics.out_max) = degrees(of_from, from);
  std::tie(statistics.in_min, statistics.in_max) = degrees(one ? of_from : of_to, to);
  statistics.bytes = 2 * junctions.size() * (sizeof(uint32_t) + sizeof(double));
  return junctions;
}

void Gaps::couple(uint32_t to, uint32_t from, uint64_t cells, const std::vector<End>& ends) {
  Coupling coupling{to, from, std::vector<uint64_t>(cells + 1, 0), std::vector<uint32_t>(ends.size()),
                    std::vector<double>(ends.size())};
  for (const End& end : ends) ++coupling.offsets[end.cell + 1];
  for (uint64_t cell = 0; cell < cells; ++cell) coupling.offsets[cell + 1] += coupling.offsets[cell];
  std::vector<uint64_t> next(coupling.offsets.begin(), coupling.offsets.end() - 1);
  for (const End& end : ends) {
    const uint64_t at = next[end.cell]++;
    coupling.sources[at] = end.other;
    coupling.conductances[at] = end.conductance;
  }
  couplings_.push_back(std::move(coupling));
}

void Gaps::add(const plan::Projection& projection, const std::vector<Junction>& junctions, const plan::Run& run) {
  const uint32_t from = projection.from.population, to = projection.to.population;
  std::vector<End> forth, back;
  for (const Junction& junction : junctions) {
    forth.push_back({junction.to, junction.from, junction.conductance});
    (from == to ? forth : back).push_back({junction.from, junction.to, junction.conductance});
  }
  couple(to, from, run.populations[to].size, forth);
  if (from != to) couple(from, to, run.populations[from].size, back);
}

void Gaps::start(const plan::Run& run, std::vector<state::Columns*> columns) {
  columns_ = std::move(columns);
  for (uint64_t p = 0; p < sums_.size(); ++p) {
    const int32_t first = run.populations[p].gap_columns;
    first_column_.push_back(static_cast<uint64_t>(std::max(first, 0)));
    if (first >= 0) sums_[p].assign(run.populations[p].size, 0.0);
  }
  for (const Coupling& coupling : couplings_) {
    EIC_CHECK(run.populations[coupling.to].gap_columns >= 0, "a population with gap junctions has their columns");
    std::vector<double>& sums = sums_[coupling.to];
    for (uint64_t cell = 0; cell < sums.size(); ++cell) {
      for (uint64_t at = coupling.offsets[cell]; at < coupling.offsets[cell + 1]; ++at) sums[cell] += coupling.conductances[at];
    }
  }
  for (uint64_t p = 0; p < sums_.size(); ++p) {
    for (uint64_t cell = 0; cell < sums_[p].size(); ++cell) columns_[p]->set(first_column_[p], cell, sums_[p][cell]);
    if (!sums_[p].empty()) columns_[p]->pad(first_column_[p]);
  }
}

void Gaps::update(uint32_t population, uint64_t begin, uint64_t end) {
  std::vector<double>& sums = sums_[population];
  end = std::min<uint64_t>(end, sums.size());
  if (begin >= end) return;
  std::fill(sums.begin() + static_cast<int64_t>(begin), sums.begin() + static_cast<int64_t>(end), 0.0);
  for (const Coupling& coupling : couplings_) {
    if (coupling.to != population) continue;
    const state::Columns& from = *columns_[coupling.from];
    for (uint64_t cell = begin; cell < end; ++cell) {
      double sum = sums[cell];
      for (uint64_t at = coupling.offsets[cell]; at < coupling.offsets[cell + 1]; ++at) {
        sum += coupling.conductances[at] * from.value(k_voltage, coupling.sources[at]);
      }
      sums[cell] = sum;
    }
  }
  const uint64_t column = first_column_[population] + 1;
  for (uint64_t cell = begin; cell < end; ++cell) columns_[population]->set(column, cell, sums[cell]);
  if (end == sums.size()) columns_[population]->pad(column);
}

}  // namespace eic::events
