// Recordings: which columns of which cells, how often, into which file.
#include <fmt/format.h>

#include "compiler/plan/planner.h"

namespace eic::plan {

int32_t Planner::find_column(uint32_t population, const std::string& name) const {
  const auto& columns = out_.run.populations[population].columns;
  for (size_t i = 0; i < columns.size(); i++)
    if (columns[i].name == name) return static_cast<int32_t>(i);
  return -1;
}

bool Planner::recording(const sema::Recording& written) {
  auto of = range(written.of);
  auto list = cells(written.of);
  if (!of || !list) return false;
  if (written.spikes) {
    if (list->empty()) out_.run.spikes.push_back({*of});
    for (uint64_t cell : *list) out_.run.spikes.push_back({{of->population, cell, cell + 1}});
  }
  if (written.variables.empty()) return true;
  constexpr uint64_t k_most_columns = 1 << 20;
  if (uint64_t columns = (list->empty() ? of->end - of->begin : list->size()) * written.variables.size();
      columns > k_most_columns) {
    error(Kind::LimitSize, written.of.span,
          fmt::format("{} traces are more than the {} of one recording", columns, k_most_columns))
        .help("name the cells: `record v of N[0 .. 10]`");
    return false;
  }
  if (list->empty())
    for (uint64_t cell = of->begin; cell < of->end; cell++) list->push_back(cell);
  uint64_t every = 1;
  if (written.every) {
    auto steps = whole_steps(*written.every, "`every`");
    if (!steps) return false;
    if (*steps == 0) {
      error(Kind::TimeNotPositive, written.every->span, "`every` must be at least one dt");
      return false;
    }
    every = *steps;
  }
  std::vector<TraceRecording> made;
  for (const std::string& variable : written.variables) {
    if (made.empty() || written.file.empty()) {
      TraceRecording trace;
      trace.population = of->population;
      trace.cells = *list;
      trace.every = every;
      trace.origin = origin(written.span);
      trace.file =
          written.file.empty() ? fmt::format("{}_{}.csv", variable, out_.run.populations[of->population].name) : written.file;
      made.push_back(std::move(trace));
    }
    made.back().columns.push_back(static_cast<uint32_t>(find_column(of->population, variable)));
  }
  for (TraceRecording& trace : made) {
    for (const TraceRecording& other : out_.run.traces)
      if (other.file == trace.file && !trace.file.empty()) {
        error(Kind::NameTwice, written.span, fmt::format("two recordings write `{}`", trace.file))
            .note(Span{other.origin.file, other.origin.begin, other.origin.end}, "the other is here")
            .help("give one of them a name of its own: `to \"other.csv\"`");
        return false;
      }
    out_.run.traces.push_back(std::move(trace));
  }
  return true;
}

}  // namespace eic::plan
