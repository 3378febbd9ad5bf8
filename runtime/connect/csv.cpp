// csv("file"): the pairs of a list, read twice, to count the rows and to fill them. A row keeps the order of the file.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <numeric>

#include "runtime/connect/layout.h"
#include "runtime/connect/rule.h"
#include "runtime/tables/csv.h"

namespace eic::connect {

using Kind = plan::Rule::Kind;

namespace {

// The columns pre, post[, weight][, delay_ms], where those in brackets are read when the plan has no value of its own.
class PairFile {
 public:
  static Result<PairFile, RunError> open(const Request& request) {
    const plan::CsvColumn& file = request.projection.rule.csv;
    auto table = tables::CsvReader::open(file.path, file.shown, request.projection.origin);
    if (!table) return Failure{std::move(table.error())};
    PairFile pairs(request, std::move(*table));
    std::vector<std::string> names = {"pre", "post"};
    const auto also = [&](bool wanted, std::string name) {
      if (wanted) names.push_back(std::move(name));
      return wanted ? static_cast<int>(names.size()) - 1 : -1;
    };
    const plan::Projection& projection = request.projection;
    if (!projection.weight && !projection.weight_of) pairs.weight_ = also(true, pairs.find_weight());
    pairs.delay_ = also(!projection.delay && !projection.delay_of, "delay_ms");
    if (auto error = pairs.table_.select(names)) return Failure{std::move(*error)};
    return pairs;
  }

  // Calls take(pre, post) for every row of the file; weight() and delay() then are that row's.
  template <class Take>
  std::optional<RunError> for_each(Take take) {
    for (;;) {
      const auto more = table_.next(row_);
      if (!more) return more.error();
      if (!*more) return std::nullopt;
      if (auto error = not_an_index(row_[0], request_.sources(), "pre")) return error;
      if (auto error = not_an_index(row_[1], request_.targets(), "post")) return error;
      take(static_cast<uint64_t>(row_[0]), static_cast<uint32_t>(row_[1]));
    }
  }

  bool has_weight() const { return weight_ >= 0; }
  bool has_delay() const { return delay_ >= 0; }
  double weight() const {
    const double shown = row_[static_cast<uint64_t>(weight_)];
    return other_unit_ ? shown * other_unit_->to_internal : shown / request_.port().weight_from_internal;
  }
  double delay() const { return row_[static_cast<uint64_t>(delay_)] / request_.run.dt; }

 private:
  PairFile(const Request& request, tables::CsvReader table) : request_(request), table_(std::move(table)) {}

  // The column's name: in the port's unit, or in another of its dimension.
  std::string find_weight() {
    const std::string& unit = request_.port().weight_unit;
    const std::string own = unit.empty() ? "weight" : "weight_" + unit;
    if (table_.has(own)) return own;
    for (const plan::CsvColumn& other : request_.projection.rule.weights) {
      if (!table_.has(other.column)) continue;
      other_unit_ = &other;
      return other.column;
    }
    return own;
  }

  std::optional<RunError> not_an_index(double value, uint64_t size, const char* column) const {
    if (value == std::floor(value) && value >= 0 && value < static_cast<double>(size)) return std::nullopt;
    if (size == 0) return table_.fault(fmt::format("{} = {}, but there are no cells", column, value));
    return table_.fault(fmt::format("{} = {} is not an index of 0 .. {}", column, value, size),
                        "indices are whole numbers counted from 0 within the projection's source and target");
  }

  const Request& request_;
  tables::CsvReader table_;
  int weight_ = -1, delay_ = -1;
  const plan::CsvColumn* other_unit_ = nullptr;
  std::array<double, 4> row_{};
};

// Of the list itself and of what becomes of it.
double bytes_of_list(const Request& request) {
  const double list = sizeof(uint32_t) + (request.projection.delay ? 0 : sizeof(double));
  return list + request.bytes_a_synapse(layout_of(request).target_bytes());
}

}  // namespace

template <>
double expected_synapses<Kind::Csv>(const Request&) {
  return 0;
}

template <>
Result<Drawn, RunError> draw_rows<Kind::Csv>(const Request& request) {
  auto counted = PairFile::open(request);
  if (!counted) return Failure{std::move(counted.error())};
  std::vector<uint64_t> next(request.sources(), 0);
  if (auto error = counted->for_each([&](uint64_t pre, uint32_t) { ++next[pre]; })) return Failure{std::move(*error)};

  Drawn drawn;
  drawn.rows = next.size();
  drawn.listed = true;
  drawn.blocks = {{request.projection.to.begin, request.targets(), 0, request.projection.to.begin}};
  drawn.offsets = state::Array((drawn.rows + 1) * sizeof(uint64_t));
  auto* offsets = drawn.offsets.as<uint64_t>();
  offsets[0] = 0;
  std::partial_sum(next.begin(), next.end(), offsets + 1);
  const uint64_t n = drawn.synapses = offsets[drawn.rows], size_of_weight = request.single_weights() ? sizeof(float) : sizeof(double);
  const std::string what = fmt::format("the {} synapses of `{}`", n, request.projection.name);
  if (auto error = request.budget.need(static_cast<double>(n) * bytes_of_list(request), what, request.projection.origin)) {
    return Failure{std::move(*error)};
  }
  const auto of_file = [](const std::optional<plan::Draw>& draw) { return draw && draw->kind == plan::Draw::Kind::Csv; };
  const bool keep_lines = of_file(request.projection.weight) || of_file(request.projection.delay);
  if (keep_lines) drawn.lines.reserve(n);
  drawn.targets = state::Array(n * sizeof(uint32_t));
  if (counted->has_weight()) drawn.weights = state::Array(n * size_of_weight);
  if (counted->has_delay()) drawn.delays = state::Array(n * sizeof(double));

  auto pairs = PairFile::open(request);
  if (!pairs) return Failure{std::move(pairs.error())};
  std::copy(offsets, offsets + drawn.rows, next.begin());
  bool changed = false;
  const auto place = [&](uint64_t pre, uint32_t post) {
    changed |= next[pre] == offsets[pre + 1];
    if (changed) return;
    const uint64_t at = next[pre]++;
    drawn.targets.as<uint32_t>()[at] = post;
    if (keep_lines) drawn.lines.push_back(at);
    if (pairs->has_weight() && request.single_weights()) drawn.weights.as<float>()[at] = static_cast<float>(pairs->weight());
    if (pairs->has_weight() && !request.single_weights()) drawn.weights.as<double>()[at] = pairs->weight();
    if (pairs->has_delay()) drawn.delays.as<double>()[at] = pairs->delay();
  };
  if (auto error = pairs->for_each(place)) return Failure{std::move(*error)};
  for (uint64_t source = 0; source < next.size(); ++source) changed |= next[source] != offsets[source + 1];
  if (changed) return Failure{request.fault(fmt::format("`{}` changed while it was read", request.projection.rule.csv.shown))};
  return drawn;
}

}  // namespace eic::connect
