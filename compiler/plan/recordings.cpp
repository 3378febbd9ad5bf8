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

bool Planner::recording(const sema::Recording& written, const std::vector<Steps>& during) {
  auto of = range(written.of);
  auto list = cells(written.of);
  if (!of || !list) return false;
  if (written.spikes) {
    if (list->empty()) out_.run.spikes.push_back({*of, during});
    for (uint64_t cell : *list) out_.run.spikes.push_back({{of->population, cell, cell + 1}, during});
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
      trace.during = during;
      trace.file =
          written.file.empty() ? fmt::format("{}_{}.csv", variable, out_.run.populations[of->population].name) : written.file;
      made.push_back(std::move(trace));
    }
    made.back().columns.push_back(static_cast<uint32_t>(find_column(of->population, variable)));
  }
  return std::all_of(made.begin(), made.end(), [&](TraceRecording& trace) { return add_trace(std::move(trace), written.span); });
}

// Two phases may write the same columns into one file.
bool Planner::add_trace(TraceRecording trace, Span written) {
  for (TraceRecording& other : out_.run.traces) {
    if (other.file != trace.file || trace.file.empty()) continue;
    bool same = other.population == trace.population && other.columns == trace.columns && other.cells == trace.cells &&
                other.every == trace.every;
    bool apart = std::none_of(other.during.begin(), other.during.end(), [&](const Steps& a) {
      return std::any_of(trace.during.begin(), trace.during.end(),
                         [&](const Steps& b) { return a.begin < b.end && b.begin < a.end; });
    });
    if (same && apart) {
      other.during.insert(other.during.end(), trace.during.begin(), trace.during.end());
      std::sort(other.during.begin(), other.during.end(), [](const Steps& a, const Steps& b) { return a.begin < b.begin; });
      return true;
    }
    error(Kind::NameTwice, written, fmt::format("two recordings write `{}`", trace.file))
        .note(Span{other.origin.file, other.origin.begin, other.origin.end}, "the other is here")
        .help("give one of them a name of its own: `to \"other.csv\"`");
    return false;
  }
  out_.run.traces.push_back(std::move(trace));
  return true;
}

// Those of the run, but in phases that have their own.
bool Planner::recordings() {
  std::vector<Steps> elsewhere;
  const auto& phases = simulation_.phases;
  for (size_t i = 0; i < out_.run.phases.size(); i++)
    if (!phases[i].records) elsewhere.push_back(out_.run.phases[i].steps);
  if (out_.run.phases.empty()) elsewhere.push_back({});
  bool made = true;
  if (!elsewhere.empty())
    for (const sema::Recording& written : simulation_.recordings) made = recording(written, elsewhere) && made;
  for (size_t i = 0; i < out_.run.phases.size(); i++)
    for (const sema::Recording& written : phases[i].recordings) made = recording(written, {out_.run.phases[i].steps}) && made;
  return made;
}

}  // namespace eic::plan
