#include "runtime/connect/statistics.h"

#include <algorithm>

#include "runtime/connect/parallel.h"

namespace eic::connect {

using Kind = plan::Rule::Kind;

namespace {

constexpr uint64_t k_chunk = 1 << 17;  // synapses

// How many synapses every target has, where the rule says so.
std::optional<uint64_t> in_degree(const Request& request) {
  switch (request.projection.rule.kind) {
    case Kind::FixedIndegree: return request.projection.rule.k;
    case Kind::OneToOne: return 1;
    case Kind::AllToAll: return request.sources();
    default: return std::nullopt;
  }
}

// Whether a row may name a target twice.
bool repeats_possible(const Request& request) {
  switch (request.projection.rule.kind) {
    case Kind::FixedIndegree:
    case Kind::FixedOutdegree:
    case Kind::FixedTotal: return request.projection.rule.multi;
    case Kind::Csv: return true;
    default: return false;
  }
}

struct Counts {
  uint64_t out_min = UINT64_MAX, out_max = 0, autapses = 0, multapses = 0;
  std::vector<uint32_t> in_degrees;
  std::vector<uint32_t> sorted;
};

template <class T>
class Counting {
 public:
  Counting(const Request& request, const Drawn& drawn)
      : request_(request), drawn_(drawn), known_(in_degree(request)), repeats_(repeats_possible(request)) {}

  Result<Statistics, RunError> count() {
    const uint64_t rows = drawn_.rows, chunk_rows = std::max<uint64_t>(k_chunk / (drawn_.synapses / std::max<uint64_t>(rows, 1) + 1), 1);
    const uint32_t threads = request_.threads_for(static_cast<double>(drawn_.synapses));
    std::vector<Counts> counts(threads);
    auto error = for_chunks(threads, request_.interrupt, (rows + chunk_rows - 1) / chunk_rows, [&](uint64_t chunk, uint32_t worker) -> std::optional<RunError> {
      count_rows(chunk * chunk_rows, std::min((chunk + 1) * chunk_rows, rows), counts[worker]);
      return std::nullopt;
    });
    if (error) return Failure{std::move(*error)};
    return sum(counts);
  }

 private:
  const T* at(uint64_t row, uint64_t block) const { return drawn_.targets.as<T>() + drawn_.begin_of(row, block); }

  void count_rows(uint64_t begin, uint64_t end, Counts& counts) const {
    for (uint64_t row = begin; row < end; ++row) {
      const uint64_t degree = drawn_.begin_of(row + 1) - drawn_.begin_of(row);
      counts.out_min = std::min(counts.out_min, degree);
      counts.out_max = std::max(counts.out_max, degree);
      count_pairs(row, counts);
    }
    if (known_) return;
    counts.in_degrees.resize(request_.targets());
    // block by block, so that the counters stay in the cache
    for (uint64_t b = 0; b < drawn_.blocks.size(); ++b) {
      uint32_t* in_degrees = counts.in_degrees.data() + (drawn_.blocks[b].base - request_.projection.to.begin);
      for (uint64_t row = begin; row < end; ++row)
        for (const T* target = at(row, b); target < at(row, b + 1); ++target) ++in_degrees[*target];
    }
  }

  // Autapses and multapses.
  void count_pairs(uint64_t row, Counts& counts) const {
    const auto same = request_.projection.rule.self ? request_.same_cell(row) : std::nullopt;
    if (!same && !repeats_) return;
    for (uint64_t b = 0; b < drawn_.blocks.size(); ++b) {
      const T *begin = at(row, b), *end = at(row, b + 1);
      if (drawn_.listed && !std::is_sorted(begin, end)) {
        counts.sorted.assign(begin, end);
        std::sort(counts.sorted.begin(), counts.sorted.end());
        count_sorted(counts.sorted.data(), counts.sorted.data() + counts.sorted.size(), drawn_.blocks[b], same, counts);
      } else {
        count_sorted(begin, end, drawn_.blocks[b], same, counts);
      }
    }
  }
  template <class U>
  void count_sorted(const U* begin, const U* end, const Block& block, std::optional<uint64_t> same, Counts& counts) const {
    for (const U* at = begin; repeats_ && at + 1 < end; ++at) counts.multapses += at[0] == at[1] ? 1 : 0;
    if (!same) return;
    const uint64_t cell = *same + request_.projection.to.begin;
    if (cell < block.first || cell >= block.first + block.cells) return;
    const auto [first, last] = std::equal_range(begin, end, static_cast<U>(cell - block.base));
    counts.autapses += static_cast<uint64_t>(last - first);
  }

  Statistics sum(std::vector<Counts>& counts) const {
    Statistics statistics;
    statistics.synapses = drawn_.synapses;
    statistics.out_min = drawn_.rows > 0 ? UINT64_MAX : 0;
    for (const Counts& of_worker : counts) {
      statistics.out_min = std::min(statistics.out_min, of_worker.out_min);
      statistics.out_max = std::max(statistics.out_max, of_worker.out_max);
      statistics.autapses += of_worker.autapses;
      statistics.multapses += of_worker.multapses;
    }
    if (request_.targets() == 0) return statistics;
    if (known_) {
      statistics.in_min = statistics.in_max = *known_;
      return statistics;
    }
    statistics.in_min = UINT64_MAX;
    for (uint64_t target = 0; target < request_.targets(); ++target) {
      uint64_t degree = 0;
      for (const Counts& of_worker : counts) degree += of_worker.in_degrees.empty() ? 0 : of_worker.in_degrees[target];
      statistics.in_min = std::min(statistics.in_min, degree);
      statistics.in_max = std::max(statistics.in_max, degree);
    }
    return statistics;
  }

  const Request& request_;
  const Drawn& drawn_;
  const std::optional<uint64_t> known_;
  const bool repeats_;
};

}  // namespace

Result<Statistics, RunError> statistics_of(const Request& request, const Drawn& drawn) {
  return drawn.narrow ? Counting<uint16_t>(request, drawn).count() : Counting<uint32_t>(request, drawn).count();
}

}  // namespace eic::connect
