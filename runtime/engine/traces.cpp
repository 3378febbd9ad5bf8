#include "runtime/engine/traces.h"

#include <algorithm>
#include <cstring>

#include "runtime/contract/check.h"

namespace eic::engine {

using plan::ColumnRole;

Traces::Traces(const plan::Run& run, std::span<Population> populations, std::span<const std::unique_ptr<events::Plastic>> rules)
    : populations_(populations), observers_(populations.size()) {
  std::vector<std::vector<uint64_t>> observed(populations.size());
  for (const plan::TraceRecording& recording : run.traces) {
    if (recording.projection) {
      events::Plastic* rule = rules[*recording.projection].get();
      EIC_CHECK(rule != nullptr, "what is recorded of synapses is kept by a rule");
      traces_.push_back({&recording, false, true, std::vector<double>(recording.columns.size() * recording.cells.size()), rule,
                         rule->looked_at(recording.cells)});
      continue;
    }
    const plan::Population& population = run.populations[recording.population];
    EIC_CHECK(recording.every > 0, "a recording samples every one or more steps");
    EIC_CHECK(std::all_of(recording.cells.begin(), recording.cells.end(), [&](uint64_t cell) { return cell < population.size; }),
              "a recorded cell is beyond its population");
    Trace trace{&recording, false, false, std::vector<double>(recording.columns.size() * recording.cells.size()), nullptr, {}};
    for (const uint32_t column : recording.columns) {
      trace.derived |= population.columns[column].role == ColumnRole::Derived;
      trace.captured |= trace.derived || population.columns[column].role == ColumnRole::Synaptic;
    }
    std::vector<uint64_t>& cells = observed[recording.population];
    if (trace.derived) cells.insert(cells.end(), recording.cells.begin(), recording.cells.end());
    traces_.push_back(std::move(trace));
  }
  for (uint32_t p = 0; p < observed.size(); ++p) {
    if (!observed[p].empty()) prepare_observer(p, std::move(observed[p]));
  }
}

void Traces::prepare_observer(uint32_t population, std::vector<uint64_t> cells) {
  Population& live = populations_[population];
  EIC_CHECK(live.kernel().observe != nullptr, "a kernel with derived columns can observe them");
  Observer& observer = observers_[population];
  std::sort(cells.begin(), cells.end());
  for (const uint64_t cell : cells) {
    const uint64_t begin = cell / k_padding_cells * k_padding_cells;
    if (observer.blocks.empty() || observer.blocks.back().end < begin) {
      observer.blocks.push_back({begin, begin + k_padding_cells});
    } else {
      observer.blocks.back().end = begin + k_padding_cells;
    }
  }
  const state::Columns& columns = live.columns();
  const uint64_t bytes = columns.padded() * (columns.single() ? sizeof(float) : sizeof(double));
  observer.columns.assign(columns.pointers(), columns.pointers() + live.plan().columns.size());
  for (uint32_t c = 0; c < observer.columns.size(); ++c) {
    if (live.plan().columns[c].role == ColumnRole::Synaptic) observer.synaptic.push_back(c);
  }
  observer.copies = state::Array(bytes * observer.synaptic.size());
  for (uint64_t i = 0; i < observer.synaptic.size(); ++i) {
    observer.columns[observer.synaptic[i]] = observer.copies.as<char>() + i * bytes;
  }
}

bool Traces::due(uint64_t row_step) const {
  return std::any_of(traces_.begin(), traces_.end(), [&](const Trace& trace) { return due(trace, row_step); });
}

bool Traces::captures(uint64_t row_step) const {
  return std::any_of(traces_.begin(), traces_.end(), [&](const Trace& trace) { return trace.captured && due(trace, row_step); });
}

bool Traces::observed_at(uint32_t population, uint64_t row_step) const {
  return std::any_of(traces_.begin(), traces_.end(), [&](const Trace& trace) {
    return trace.derived && trace.plan->population == population && due(trace, row_step);
  });
}

void Traces::copy_synaptic(uint32_t population) {
  const Observer& observer = observers_[population];
  const state::Columns& columns = populations_[population].columns();
  const uint64_t number = columns.single() ? sizeof(float) : sizeof(double);
  for (const uint32_t c : observer.synaptic) {
    for (const Block& block : observer.blocks) {
      std::memcpy(static_cast<char*>(observer.columns[c]) + block.begin * number,
                  static_cast<const char*>(columns.pointer(c)) + block.begin * number, (block.end - block.begin) * number);
    }
  }
}

void Traces::gather(Trace& trace, bool synaptic) {
  const Population& population = populations_[trace.plan->population];
  double* out = trace.row.data();
  for (const uint32_t column : trace.plan->columns) {
    if ((population.plan().columns[column].role == ColumnRole::Synaptic) != synaptic) {
      out += trace.plan->cells.size();
      continue;
    }
    for (const uint64_t cell : trace.plan->cells) *out++ = population.columns().value(column, cell);
  }
}

void Traces::gather_synapses(Trace& trace) {
  trace.rule->look(trace.looked);
  const uint64_t count = trace.plan->cells.size();
  for (uint64_t i = 0; i < trace.plan->columns.size(); ++i) {
    trace.rule->sample(trace.looked, trace.plan->columns[i], std::span(trace.row).subspan(i * count, count));
  }
}

void Traces::capture(uint64_t row_step) {
  for (Trace& trace : traces_) {
    if (!due(trace, row_step)) continue;
    trace.rule != nullptr ? gather_synapses(trace) : gather(trace, true);
  }
  for (uint32_t p = 0; p < observers_.size(); ++p) {
    if (!observers_[p].blocks.empty() && observed_at(p, row_step)) copy_synaptic(p);
  }
}

void Traces::emit(uint64_t row_step, double t_ms, std::span<record::Recorder* const> recorders) {
  for (uint32_t p = 0; p < observers_.size(); ++p) {
    const Observer& observer = observers_[p];
    if (observer.blocks.empty() || !observed_at(p, row_step)) continue;
    populations_[p].set_time(0, t_ms);
    for (const Block& block : observer.blocks) populations_[p].observe(observer.columns.data(), block.begin, block.end);
  }
  for (uint32_t t = 0; t < traces_.size(); ++t) {
    if (!due(traces_[t], row_step)) continue;
    if (traces_[t].rule == nullptr) gather(traces_[t], false);
    for (record::Recorder* recorder : recorders) recorder->sample(t, row_step, traces_[t].row);
  }
}

}  // namespace eic::engine
