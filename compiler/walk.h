// In: one planned population and its kernel. Out: the history of its cells as the interpreter of the IR makes it and as
// compiled code does, and where the two part. The cells are started at random below threshold and driven by events at
// random, the same for all. Called by the self-test of `eic doctor` and by tests/reference.
#pragma once
#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "compiler/ir/interpret.h"
#include "compiler/jit/population.h"
#include "compiler/plan/plan.h"

namespace eic {

template <class R>
class Walk {
 public:
  // The first column is `v`. Cells that are no whole number of vectors visit the padding, too.
  Walk(const plan::Population& population, size_t cells, size_t steps) : population_(population), cells_(cells), steps_(steps) {
    std::mt19937_64 random(20070101);
    auto uniform = [&](double low, double high) { return low + (high - low) * static_cast<double>(random() >> 11) * 0x1p-53; };
    for (double x : population.uniforms) uniforms_.push_back(static_cast<R>(x));
    for (size_t cell = 0; cell < cells; cell++) {
      start_.emplace_back(population.columns.size(), R(0));
      start_.back()[0] = static_cast<R>(uniform(-70, -60));
    }
    for (size_t step = 0; step < steps; step++) {
      events_.emplace_back();
      for (size_t cell = 0; cell < cells; cell++)
        for (const plan::Port& port : population.ports)
          if (uniform(0, 1) < 0.03) events_.back().push_back({static_cast<size_t>(port.add_column), cell, uniform(0, 0.01)});
    }
  }

  // After each step all columns of all cells, and in the end who spiked when.
  struct History {
    std::vector<R> states;
    std::vector<uint64_t> spikes;
    std::vector<R> fractions;  // of each spike, where the kernel tells
  };

  History interpreted(const plan::Kernel& kernel) const {
    History history;
    auto cells = start_;
    auto uniforms = uniforms_;
    auto advance = [&](const ir::Function& function, size_t cell) {
      auto result = ir::interpret<R>(function, cells[cell], uniforms);
      for (size_t i = 0; i < function.stores.size(); i++) cells[cell][function.stores[i].slot] = result.stores[i];
      return result;
    };
    for (size_t cell = 0; cell < cells_; cell++) advance(*kernel.init, cell);
    for (size_t step = 0; step < steps_; step++) {
      if (population_.time_uniform >= 0) uniforms[static_cast<size_t>(population_.time_uniform)] = time(step);
      for (const Event& event : events_[step]) cells[event.cell][event.column] += static_cast<R>(event.weight);
      for (size_t cell = 0; cell < cells_; cell++) {
        auto result = advance(kernel.step, cell);
        if (!result.spike) continue;
        history.spikes.push_back(step * cells_ + cell);
        if (kernel.step.spike_fraction) history.fractions.push_back(result.spike_fraction);
      }
      for (const auto& cell : cells) history.states.insert(history.states.end(), cell.begin(), cell.end());
    }
    return history;
  }

  // Ends early where the code refuses its own values.
  History compiled(const PopulationKernel& kernel) const {
    History history;
    jit::Population<R> cells(cells_, population_.columns.size(), population_.uniforms);
    for (size_t column = 0; column < population_.columns.size(); column++)
      cells.fill(column, [&](size_t cell) { return start_[cell][column]; });
    if (cells.run(kernel.init).fault != k_no_fault) return history;
    for (size_t step = 0; step < steps_; step++) {
      if (population_.time_uniform >= 0) cells.set_uniform(static_cast<size_t>(population_.time_uniform), time(step));
      for (const Event& event : events_[step]) cells.column(event.column)[event.cell] += static_cast<R>(event.weight);
      StepArgs args = cells.run(kernel.step);
      if (args.fault != k_no_fault) return history;
      for (uint64_t i = 0; i < args.spike_count; i++) {
        if (cells.spikes()[i] >= cells_) continue;
        history.spikes.push_back(step * cells_ + cells.spikes()[i]);
        if (population_.interpolated) history.fractions.push_back(cells.fractions()[i]);
      }
      for (size_t cell = 0; cell < cells_; cell++)
        for (R value : cells.cell(cell)) history.states.push_back(value);
    }
    return history;
  }

  // The first bit that differs, in words; none: all are equal.
  std::optional<std::string> difference(const History& wanted, const History& got) const {
    size_t columns = population_.columns.size(), shared = std::min(wanted.states.size(), got.states.size());
    for (size_t i = 0; i < shared; i++)
      if (std::memcmp(&wanted.states[i], &got.states[i], sizeof(R)) != 0)
        return fmt::format("step {}, cell {}, `{}`: the interpreter gives {:a}, compiled code {:a}", i / columns / cells_,
                           i / columns % cells_, population_.columns[i % columns].name, wanted.states[i], got.states[i]);
    if (wanted.states.size() != got.states.size())
      return fmt::format("compiled code refused its values after {} of {} steps", shared / columns / cells_, steps_);
    if (wanted.spikes == got.spikes) {
      auto differs = std::mismatch(wanted.fractions.begin(), wanted.fractions.end(), got.fractions.begin(), got.fractions.end());
      if (differs.first == wanted.fractions.end()) return std::nullopt;
      uint64_t at = wanted.spikes[static_cast<size_t>(differs.first - wanted.fractions.begin())];
      return fmt::format("step {}, cell {}: the spike is {:a} of the step after its begin for the interpreter, {:a} for compiled code",
                         at / cells_, at % cells_, *differs.first, *differs.second);
    }
    auto [a, b] = std::mismatch(wanted.spikes.begin(), wanted.spikes.end(), got.spikes.begin(), got.spikes.end());
    uint64_t at = a == wanted.spikes.end() ? *b : b == got.spikes.end() ? *a : std::min(*a, *b);
    return fmt::format("step {}, cell {}: a spike of the interpreter or of compiled code alone", at / cells_, at % cells_);
  }

 private:
  static R time(size_t step) { return static_cast<R>(0.1 * static_cast<double>(step)); }

  struct Event {
    size_t column, cell;
    double weight;
  };
  const plan::Population& population_;
  size_t cells_, steps_;
  std::vector<R> uniforms_;
  std::vector<std::vector<R>> start_;
  std::vector<std::vector<Event>> events_;  // of every step
};

}  // namespace eic
