// Recordings: which columns of which cells, how often, into which file.
#include <fmt/format.h>

#include "compiler/plan/planner.h"

namespace eic::plan {

namespace {
constexpr uint64_t k_most_columns = 1 << 20;
}

int32_t Planner::find_column(uint32_t population, const std::string& name) const {
  const auto& columns = out_.run.populations[population].columns;
  for (size_t i = columns.size(); i-- > 0;)  // a state's value on the grid stands behind the state that is kept elsewhere
    if (columns[i].name == name) return static_cast<int32_t>(i);
  return -1;
}

// Synapses count from 0; how many there are is known once they are drawn.
std::optional<std::vector<uint64_t>> Planner::synapses(const sema::Target& target) {
  std::vector<uint64_t> list;
  for (const sema::ExprPtr& written : target.cells) {
    auto index = whole(*written, "an index");
    if (!index) return std::nullopt;
    list.push_back(*index);
  }
  if (!target.begin) return list;
  auto begin = whole(*target.begin, "an index"), end = whole(*target.end, "an index");
  if (!begin || !end) return std::nullopt;
  if (*begin > *end || *end - *begin > k_most_columns) {
    error(*begin > *end ? Kind::RangeReversed : Kind::LimitSize, target.span,
          *begin > *end ? fmt::format("this range ends before it begins: {} .. {}", *begin, *end)
                        : fmt::format("{} traces are more than the {} of one recording", *end - *begin, k_most_columns));
    return std::nullopt;
  }
  for (uint64_t index = *begin; index < *end; index++) list.push_back(index);
  return list;
}

bool Planner::synapse_recording(const sema::Recording& written, const std::vector<Steps>& during) {
  uint32_t projection = *written.of.projection;
  if (out_.run.projections.size() != network_.projections.size()) return false;  // one is in error
  const Projection& of = out_.run.projections[projection];
  if (written.weights) {
    std::string file = written.file.empty() ? fmt::format("weights_{}.csv", of.name) : written.file;
    if (!free_file(file, written.span)) return false;
    out_.run.weights.push_back({projection, file, origin(written.span)});
    return true;
  }
  TraceRecording trace;
  trace.projection = projection;
  trace.during = during;
  auto list = synapses(written.of);
  if (!list) return false;
  trace.cells = std::move(*list);
  std::vector<uint32_t> columns;
  for (const std::string& variable : written.variables) {
    auto named = [&](const RuleColumn& column) { return column.name == variable; };
    auto found = std::find_if(of.plasticity->columns.begin(), of.plasticity->columns.end(), named);
    columns.push_back(variable == "w" ? k_weight_column : static_cast<uint32_t>(found - of.plasticity->columns.begin()));
  }
  return add_traces(written, std::move(trace), columns, of.name);
}

bool Planner::free_file(const std::string& file, Span span) {
  auto taken = [&](const auto& others) {
    for (const auto& other : others) {
      if (other.file != file || file.empty()) continue;
      error(Kind::NameTwice, span, fmt::format("two recordings write `{}`", file))
          .note(Span{other.origin.file, other.origin.begin, other.origin.end}, "the other is here")
          .help("give one of them a name of its own: `to \"other.csv\"`");
      return true;
    }
    return false;
  };
  return !taken(out_.run.traces) && !taken(out_.run.weights);
}

// One file a variable, or one for all where the recording names it.
bool Planner::add_traces(const sema::Recording& written, TraceRecording like, const std::vector<uint32_t>& columns,
                         const std::string& of) {
  if (written.every) {
    auto steps = whole_steps(*written.every, "`every`");
    if (!steps) return false;
    if (*steps == 0) {
      error(Kind::TimeNotPositive, written.every->span, "`every` must be at least one dt");
      return false;
    }
    like.every = *steps;
  }
  like.origin = origin(written.span);
  std::vector<TraceRecording> made;
  for (size_t i = 0; i < columns.size(); i++) {
    if (made.empty() || written.file.empty()) {
      made.push_back(like);
      made.back().file = written.file.empty() ? fmt::format("{}_{}.csv", written.variables[i], of) : written.file;
    }
    made.back().columns.push_back(columns[i]);
  }
  return std::all_of(made.begin(), made.end(), [&](TraceRecording& trace) { return add_trace(std::move(trace), written.span); });
}

bool Planner::recording(const sema::Recording& written, const std::vector<Steps>& during) {
  if (written.of.projection) return synapse_recording(written, during);
  auto of = range(written.of);
  auto list = cells(written.of);
  if (!of || !list) return false;
  if (written.spikes) {
    if (list->empty()) out_.run.spikes.push_back({*of, during});
    for (uint64_t cell : *list) out_.run.spikes.push_back({{of->population, cell, cell + 1}, during});
  }
  if (written.variables.empty()) return true;
  if (uint64_t columns = (list->empty() ? of->end - of->begin : list->size()) * written.variables.size();
      columns > k_most_columns) {
    error(Kind::LimitSize, written.of.span,
          fmt::format("{} traces are more than the {} of one recording", columns, k_most_columns))
        .help("name the cells: `record v of N[0 .. 10]`");
    return false;
  }
  if (list->empty())
    for (uint64_t cell = of->begin; cell < of->end; cell++) list->push_back(cell);
  TraceRecording trace;
  trace.population = of->population;
  trace.during = during;
  trace.cells = std::move(*list);
  std::vector<uint32_t> columns;
  for (const std::string& variable : written.variables)
    columns.push_back(static_cast<uint32_t>(find_column(of->population, variable)));
  return add_traces(written, std::move(trace), columns, out_.run.populations[of->population].name);
}

// Two phases may write the same columns into one file.
bool Planner::add_trace(TraceRecording trace, Span written) {
  for (TraceRecording& other : out_.run.traces) {
    if (other.file != trace.file || trace.file.empty()) continue;
    bool same = other.population == trace.population && other.projection == trace.projection && other.columns == trace.columns && other.cells == trace.cells &&
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
  }
  if (!free_file(trace.file, written)) return false;
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
