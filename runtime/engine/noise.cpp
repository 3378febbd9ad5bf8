#include "runtime/engine/noise.h"

#include <algorithm>
#include <cmath>

namespace eic::engine {

Noise::Noise(const plan::Run& run, uint32_t population) : scale_(1 / std::sqrt(run.dt)) {
  const plan::Population& plan = run.populations[population];
  for (uint64_t c = 0; c < plan.columns.size(); ++c) {
    if (plan.columns[c].role != plan::ColumnRole::Noise) continue;
    sources_.push_back({c, random::key_of(run.seed, plan.path, plan.columns[c].name)});
  }
}

void Noise::update(uint64_t step, state::Columns& columns, uint64_t begin, uint64_t end) const {
  end = std::min(end, columns.cells());
  if (begin >= end) return;
  for (const Source& source : sources_) {
    for (uint64_t cell = begin; cell < end; ++cell) {
      columns.set(source.column, cell, random::Stream(source.key, cell, step).normal() * scale_);
    }
    if (end == columns.cells()) columns.pad(source.column);
  }
}

}  // namespace eic::engine
