// Events at the times of a file: of one cell each where it has a column `index`, else of all. An event acts in the step whose
// interval [t_k, t_{k+1}) holds its time.
#include <fmt/format.h>

#include <cmath>

#include "runtime/stimuli/events.h"
#include "runtime/tables/csv.h"

namespace eic::stimuli {

namespace {

constexpr uint32_t k_all = UINT32_MAX;

struct Event {
  uint64_t step;
  uint32_t place;
};

class FromFile final : public Arrivals {
 public:
  FromFile(std::vector<Event> events, uint64_t cells) : events_(std::move(events)), cells_(static_cast<uint32_t>(cells)) {}
  void arrive(uint64_t step, std::vector<uint32_t>& places) override {
    while (next_ < events_.size() && events_[next_].step < step) ++next_;
    for (; next_ < events_.size() && events_[next_].step == step; ++next_) {
      if (events_[next_].place != k_all) places.push_back(events_[next_].place);
      for (uint32_t i = 0; events_[next_].place == k_all && i < cells_; ++i) places.push_back(i);
    }
  }

 private:
  std::vector<Event> events_;
  uint32_t cells_;
  uint64_t next_ = 0;
};

// A time that is a step's begin but for rounding belongs to that step.
double step_of(double time_ms, double dt) {
  const double steps = time_ms / dt, nearest = std::round(steps);
  return std::fabs(steps - nearest) <= 1e-9 * std::fmax(1, nearest) ? nearest : std::floor(steps);
}

}  // namespace

Result<ArrivalsOfOwners, RunError> make_spike_times(const Request& request, const std::vector<uint32_t>& cells,
                                                    const state::Partition& partition) {
  const plan::CsvColumn& file = request.stimulus.series;
  auto table = tables::CsvReader::open(file.path, file.shown, request.stimulus.origin);
  if (!table) return Failure{std::move(table.error())};
  std::string column = file.column;
  if (const auto time = tables::time_column(*table); time && column == "time_ms") column = *time;
  const bool indexed = table->has("index");
  std::vector<std::string> names = {column};
  if (indexed) names.emplace_back("index");
  if (auto error = table->select(names)) return Failure{std::move(*error)};
  std::vector<Event> events;
  double before = 0, row[2] = {};
  for (uint64_t rows = 0;; ++rows) {
    const auto more = table->next({row, names.size()});
    if (!more) return Failure{more.error()};
    if (!*more && rows == 0) return Failure{request.fault(fmt::format("`{}` has no row", file.shown))};
    if (!*more) break;
    if (row[0] < 0) return Failure{table->fault(fmt::format("a time of {} is before the run", row[0]))};
    if (row[0] < before) return Failure{table->fault(fmt::format("{} stands behind {}", row[0], before), "times have to ascend")};
    before = row[0];
    if (indexed && (row[1] < 0 || row[1] != std::floor(row[1]) || row[1] >= static_cast<double>(cells.size()))) {
      return Failure{table->fault(fmt::format("`index` is {}, but `{}` acts on {} cell{}", row[1], request.stimulus.name,
                                              cells.size(), cells.size() == 1 ? "" : "s"),
                                  "indices count from 0")};
    }
    const double step = step_of(row[0] * file.to_internal, request.run.dt);
    if (step < static_cast<double>(request.run.steps)) {
      events.push_back({static_cast<uint64_t>(step), indexed ? static_cast<uint32_t>(row[1]) : k_all});
    }
  }
  if (events.empty() && request.run.steps > 0) {
    return Failure{request.fault(fmt::format("no time of `{}` lies within the run of {} ms", file.shown,
                                             static_cast<double>(request.run.steps) * request.run.dt),
                                 "is the column in another unit?")};
  }
  ArrivalsOfOwners made;
  for (uint64_t owner = 0; owner < partition.owners(); ++owner) {
    const Places places = places_of(cells, partition, owner);
    std::vector<Event> own;
    for (const Event& event : events) {
      if (event.place == k_all) own.push_back(event);
      else if (places.begin <= event.place && event.place < places.end)
        own.push_back({event.step, event.place - static_cast<uint32_t>(places.begin)});
    }
    made.push_back(std::make_unique<FromFile>(std::move(own), places.end - places.begin));
  }
  return made;
}

}  // namespace eic::stimuli
