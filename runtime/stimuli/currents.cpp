#include "runtime/stimuli/currents.h"

#include <algorithm>

#include "runtime/contract/check.h"

namespace eic::stimuli {

namespace {

bool is_current(plan::Stimulus::Kind kind) {
  using K = plan::Stimulus::Kind;
  return kind != K::Clamp && kind != K::Poisson && kind != K::SpikeTimes;
}

}  // namespace

Result<std::vector<Currents>, RunError> Currents::make(const plan::Run& run, uint32_t population,
                                                       const state::Partition& partition) {
  const plan::Population& plan = run.populations[population];
  std::vector<Currents> made(partition.owners());
  for (const plan::Stimulus& stimulus : run.stimuli) {
    if (stimulus.to.population != population || stimulus.from_step >= stimulus.to_step || !is_current(stimulus.kind)) continue;
    EIC_CHECK(stimulus.to.end <= plan.size, "a stimulus reaches beyond its population");
    EIC_CHECK(std::all_of(stimulus.cells.begin(), stimulus.cells.end(), [&](uint64_t cell) { return cell < plan.size; }),
              "a stimulus reaches beyond its population");
    EIC_CHECK(plan.input_column >= 0, "a stimulated population has an input column");
    auto parts = make_current({run, stimulus}, partition);
    if (!parts) return Failure{std::move(parts.error())};
    for (uint64_t owner = 0; owner < made.size(); ++owner) {
      if ((*parts)[owner] != nullptr) made[owner].take(std::move((*parts)[owner]));
    }
  }
  for (uint64_t owner = 0; owner < made.size(); ++owner) {
    Currents& own = made[owner];
    if (own.staying_.empty() && own.varying_.empty()) continue;
    own.first_ = partition.begin(owner);
    own.input_column_ = static_cast<uint64_t>(plan.input_column);
    own.base_.resize(std::min(partition.end(owner), plan.size) - own.first_);
    own.sums_.resize(own.base_.size());
  }
  return made;
}

void Currents::take(std::unique_ptr<Current> current) {
  if (!current->stays()) {
    varying_begin_ = std::min<uint64_t>(varying_begin_, current->cells().front());
    varying_end_ = std::max<uint64_t>(varying_end_, current->cells().back() + 1);
  }
  (current->stays() ? staying_ : varying_).push_back(std::move(current));
}

void Currents::sum_staying(uint64_t step) {
  std::fill(base_.begin(), base_.end(), 0.0);
  next_change_ = UINT64_MAX;
  for (const auto& current : staying_) {
    next_change_ = std::min(next_change_, current->next_change(step));
    if (current->acts(step)) current->add(step, base_.data());
  }
}

void Currents::update(uint64_t step, state::Columns& columns) {
  if (sums_.empty() || step < next_step_) return;  // the start asks for step 0, and so does the first step
  next_step_ = step + 1;
  const bool changes = step >= next_change_;
  if (changes) sum_staying(step);
  const bool varies = std::any_of(varying_.begin(), varying_.end(), [step](const auto& current) { return current->acts(step); });
  if (!changes && !varies && !varied_) return;
  varied_ = varies;
  const uint64_t begin = changes ? 0 : varying_begin_, end = changes ? sums_.size() : varying_end_;
  std::copy(base_.begin() + static_cast<int64_t>(begin), base_.begin() + static_cast<int64_t>(end),
            sums_.begin() + static_cast<int64_t>(begin));
  for (const auto& current : varying_) {
    if (current->acts(step)) current->add(step, sums_.data());
  }
  store(begin, end, columns);
}

void Currents::store(uint64_t begin, uint64_t end, state::Columns& columns) const {
  if (columns.single()) {
    auto* out = static_cast<float*>(columns.pointer(input_column_)) + first_;
    for (uint64_t cell = begin; cell < end; ++cell) out[cell] = static_cast<float>(sums_[cell]);
  } else {
    std::copy(sums_.begin() + static_cast<int64_t>(begin), sums_.begin() + static_cast<int64_t>(end),
              static_cast<double*>(columns.pointer(input_column_)) + first_ + begin);
  }
  if (first_ + end == columns.cells()) columns.pad(input_column_);
}

}  // namespace eic::stimuli
