#include "runtime/stimuli/clamps.h"

#include <algorithm>

#include "runtime/contract/check.h"
#include "runtime/tables/csv.h"

namespace eic::stimuli {

namespace {

constexpr uint64_t k_voltage = 0;  // the column of v

// A file with a column of times is a command over time; without, it has a line a cell.
Result<bool, RunError> is_series(const plan::Draw& draw) {
  if (draw.kind != plan::Draw::Kind::Csv) return false;
  auto table = tables::CsvReader::open(draw.csv.path, draw.csv.shown, draw.origin);
  if (!table) return Failure{std::move(table.error())};
  return tables::time_column(*table).has_value();
}

}  // namespace

Result<Clamps::Clamp, RunError> Clamps::read(const Request& request) {
  const plan::Stimulus& stimulus = request.stimulus;
  Clamp clamp{stimulus.from_step, stimulus.to_step, cells_of(stimulus), {}, {}};
  const auto over_time = is_series(stimulus.amplitude);
  if (!over_time) return Failure{over_time.error()};
  if (*over_time) {
    auto series = series_of(request, stimulus.amplitude.csv);
    if (!series) return Failure{std::move(series.error())};
    clamp.series.emplace(std::move(*series));
  } else {
    auto command = values_of(request, clamp.cells, stimulus.amplitude, "v");
    if (!command) return Failure{std::move(command.error())};
    clamp.command = std::move(*command);
  }
  return clamp;
}

Result<std::vector<Clamps>, RunError> Clamps::make(const plan::Run& run, uint32_t population, const state::Partition& partition) {
  const plan::Population& plan = run.populations[population];
  std::vector<Clamps> made(partition.owners());
  for (const plan::Stimulus& stimulus : run.stimuli) {
    if (stimulus.kind != plan::Stimulus::Kind::Clamp || stimulus.to.population != population) continue;
    if (stimulus.from_step >= stimulus.to_step) continue;
    auto all = read({run, stimulus});
    if (!all) return Failure{std::move(all.error())};
    EIC_CHECK(all->cells.empty() || all->cells.back() < plan.size, "a stimulus reaches beyond its population");
    EIC_CHECK(plan.clamp_columns >= 0, "a clamped population has the columns of its clamps");
    for (uint64_t owner = 0; owner < made.size(); ++owner) {
      const Places places = places_of(all->cells, partition, owner);
      if (places.empty()) continue;
      Clamp own{all->from, all->to, places.of(all->cells), {}, all->series};
      if (!all->series) own.command = places.of(all->command);
      made[owner].clamps_.push_back(std::move(own));
    }
  }
  for (uint64_t owner = 0; owner < made.size(); ++owner) {
    Clamps& own = made[owner];
    own.dt_ = run.dt;
    own.begin_ = partition.begin(owner);
    own.end_ = std::min(partition.end(owner), plan.size);
    own.first_column_ = static_cast<uint64_t>(std::max(plan.clamp_columns, 0));
    std::stable_sort(own.clamps_.begin(), own.clamps_.end(), [](const Clamp& a, const Clamp& b) { return a.from < b.from; });
  }
  return made;
}

void Clamps::start(state::Columns& columns) {
  for (Clamp& clamp : clamps_) {
    if (clamp.from > 0) continue;
    const double now = clamp.series ? clamp.series->at(0) : 0;
    clamp.before = now;
    for (uint64_t i = 0; i < clamp.cells.size(); ++i) {
      columns.set(k_voltage, clamp.cells[i], clamp.series ? now : clamp.command[i]);
      columns.set(first_column_, clamp.cells[i], 1);
    }
    columns.pad(k_voltage);
    columns.pad(first_column_);
  }
}

// In step k the command is that of t_{k+1}; at the end of the window, where another clamp may already command, that of t_k.
void Clamps::hold(Clamp& clamp, uint64_t step, state::Columns& columns) {
  double slope = 0;
  if (clamp.series) {
    const bool within = step + 1 < clamp.to;
    const double after = within ? clamp.series->at(static_cast<double>(step + 1) * dt_) : clamp.before;
    if (step >= clamp.from) slope = (after - clamp.before) / dt_;
    clamp.before = after;
  }
  for (uint64_t i = 0; i < clamp.cells.size(); ++i) {
    const uint32_t cell = clamp.cells[i];
    columns.set(first_column_, cell, 1);
    columns.set(first_column_ + 1, cell, clamp.series ? clamp.before : clamp.command[i]);
    columns.set(first_column_ + 2, cell, slope);
  }
}

void Clamps::update(uint64_t step, state::Columns& columns) {
  if (clamps_.empty() || step < next_change_) return;
  next_change_ = UINT64_MAX;
  for (uint64_t cell = begin_; cell < end_; ++cell) columns.set(first_column_, cell, 0);
  for (Clamp& clamp : clamps_) {  // who begins later commands where one ends and another begins
    const bool holds = clamp.from <= step + 1 && step < clamp.to;
    if (holds) hold(clamp, step, columns);
    if (step + 1 < clamp.from) next_change_ = std::min(next_change_, clamp.from - 1);
    if (holds) next_change_ = std::min(next_change_, clamp.series ? step + 1 : clamp.to);
  }
  if (end_ < columns.cells()) return;
  for (uint64_t column = 0; column < 3; ++column) columns.pad(first_column_ + column);
}

}  // namespace eic::stimuli
