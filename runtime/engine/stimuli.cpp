#include "runtime/engine/stimuli.h"

#include <algorithm>

#include "runtime/contract/check.h"

namespace eic::engine {

Stimuli::Stimuli(const plan::Run& run, uint32_t population) {
  const plan::Population& plan = run.populations[population];
  for (const plan::Stimulus& stimulus : run.stimuli) {
    if (stimulus.to.population != population || stimulus.from_step >= stimulus.to_step) continue;
    EIC_CHECK(stimulus.to.end <= plan.size, "a stimulus reaches beyond its population");
    EIC_CHECK(std::all_of(stimulus.cells.begin(), stimulus.cells.end(), [&](uint64_t cell) { return cell < plan.size; }),
              "a stimulus reaches beyond its population");
    stimuli_.push_back(&stimulus);
    changes_.insert(changes_.end(), {stimulus.from_step, stimulus.to_step});
  }
  if (stimuli_.empty()) return;
  EIC_CHECK(plan.input_column >= 0, "a stimulated population has an input column");
  input_column_ = static_cast<uint64_t>(plan.input_column);
  std::sort(changes_.begin(), changes_.end());
  changes_.erase(std::unique(changes_.begin(), changes_.end()), changes_.end());
  sums_.resize(plan.size);
}

void Stimuli::update(uint64_t step, state::Columns& columns) {
  if (next_change_ == changes_.size() || changes_[next_change_] > step) return;
  while (next_change_ < changes_.size() && changes_[next_change_] <= step) ++next_change_;
  rewrite(step, columns);
}

void Stimuli::rewrite(uint64_t step, state::Columns& columns) {
  std::fill(sums_.begin(), sums_.end(), 0.0);
  for (const plan::Stimulus* stimulus : stimuli_) {
    if (step < stimulus->from_step || step >= stimulus->to_step) continue;
    if (stimulus->cells.empty()) {
      for (uint64_t cell = stimulus->to.begin; cell < stimulus->to.end; ++cell) sums_[cell] += stimulus->amplitude;
    } else {
      for (const uint64_t cell : stimulus->cells) sums_[cell] += stimulus->amplitude;
    }
  }
  for (uint64_t cell = 0; cell < sums_.size(); ++cell) columns.set(input_column_, cell, sums_[cell]);
  columns.pad(input_column_);
}

}  // namespace eic::engine
