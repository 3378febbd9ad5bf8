#include "runtime/stimuli/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "runtime/contract/check.h"
#include "runtime/random/sampler.h"
#include "runtime/tables/csv.h"

namespace eic::stimuli {

RunError Request::fault(std::string what, std::string help) const {
  return {RunError::Kind::Data, std::move(what), std::move(help), stimulus.origin};
}

std::vector<uint32_t> cells_of(const plan::Stimulus& stimulus) {
  std::vector<uint32_t> cells;
  if (stimulus.cells.empty()) {
    cells.resize(stimulus.to.end - stimulus.to.begin);
    std::iota(cells.begin(), cells.end(), static_cast<uint32_t>(stimulus.to.begin));
    return cells;
  }
  cells.assign(stimulus.cells.begin(), stimulus.cells.end());
  std::sort(cells.begin(), cells.end());
  cells.erase(std::unique(cells.begin(), cells.end()), cells.end());
  return cells;
}

Places places_of(const std::vector<uint32_t>& cells, const state::Partition& partition, uint64_t owner) {
  const auto place = [&](uint64_t cell) {
    return static_cast<uint64_t>(std::lower_bound(cells.begin(), cells.end(), cell) - cells.begin());
  };
  return {place(partition.begin(owner)), place(partition.end(owner))};
}

Result<std::vector<double>, RunError> values_of(const Request& request, const std::vector<uint32_t>& cells,
                                                const plan::Draw& draw, const char* setting) {
  std::vector<double> values;
  values.reserve(cells.size());
  if (draw.kind != plan::Draw::Kind::Csv) {
    const random::Sampler sampler(draw, request.key(setting));
    for (const uint32_t cell : cells) values.push_back(sampler.at(cell));
    return values;
  }
  auto read = tables::read_columns(draw.csv.path, draw.csv.shown, {&draw.csv.column, 1}, draw.origin);
  if (!read) return Failure{std::move(read.error())};
  const auto count = [](uint64_t n, const char* what) { return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s"); };
  if (read->front().size() != cells.size()) {
    return Failure{RunError{RunError::Kind::Data,
                            fmt::format("`{}` has {} of `{}`, but `{}` acts on {}", draw.csv.shown,
                                        count(read->front().size(), "value"), draw.csv.column, request.stimulus.name,
                                        count(cells.size(), "cell")),
                            "one line a cell is needed", draw.origin}};
  }
  for (const double value : read->front()) values.push_back(value * draw.csv.to_internal);
  return values;
}

Result<Series, RunError> series_of(const Request& request, const plan::CsvColumn& column) {
  auto table = tables::CsvReader::open(column.path, column.shown, request.stimulus.origin);
  if (!table) return Failure{std::move(table.error())};
  const auto time = tables::time_column(*table);
  if (!time) return Failure{request.fault(fmt::format("`{}` has no column of times", column.shown), "`time_ms` is needed")};
  const std::string names[] = {*time, column.column};
  if (auto error = table->select(names)) return Failure{std::move(*error)};
  Series series;
  for (double row[2];;) {
    const auto more = table->next(row);
    if (!more) return Failure{more.error()};
    if (!*more) break;
    if (!series.times.empty() && row[0] <= series.times.back()) {
      return Failure{table->fault(fmt::format("{} ms stands behind {} ms", row[0], series.times.back()), "times have to ascend")};
    }
    series.times.push_back(row[0]);
    series.values.push_back(row[1] * column.to_internal);
  }
  if (series.times.empty()) return Failure{request.fault(fmt::format("`{}` has no row", column.shown))};
  return series;
}

double Interpolated::at(double t_ms) {
  const std::vector<double>&times = series_.times, &values = series_.values;
  while (next_ < times.size() && times[next_] <= t_ms) ++next_;
  if (next_ == 0) return values.front();
  const uint64_t before = next_ - 1;
  if (next_ == times.size()) return values.back();
  const double share = (t_ms - times[before]) / (times[next_] - times[before]);
  return values[before] + share * (values[next_] - values[before]);
}

}  // namespace eic::stimuli
