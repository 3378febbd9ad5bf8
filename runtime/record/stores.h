// In: what the engine hands out. Out: all of it, in memory: for tests, expectations and the raster. Memory grows with the
// run; files are written by csv.h, which does not.
#pragma once
#include <string>
#include <vector>

#include "runtime/record/recorder.h"
#include "runtime/record/step_clock.h"

namespace eic::record {

class SpikeStore final : public Recorder {
 public:
  struct Population {
    std::string name;
    uint64_t size = 0;
    std::vector<plan::View> views;
    std::vector<uint64_t> steps;  // of each spike, ascending
    std::vector<uint32_t> cells;
    std::vector<double> fractions;  // of each spike, whose time is (step + fraction)·dt; empty: all are 1
    double fraction(size_t i) const { return fractions.empty() ? 1 : fractions[i]; }
  };

  std::optional<RunError> begin(const plan::Run& run) override;
  void spikes(uint32_t population, uint64_t step, const Spikes& spikes) override;
  void sample(uint32_t, uint64_t, std::span<const double>) override {}
  std::optional<RunError> end(Outcome outcome, uint64_t steps) override;

  const std::vector<Population>& populations() const { return populations_; }
  const StepClock& clock() const { return clock_; }
  uint64_t steps() const { return steps_; }  // taken
  double time_ms(const Population& population, size_t spike) const;
  std::vector<double> times_ms(uint32_t population, uint32_t cell) const;

 private:
  StepClock clock_;
  uint64_t steps_ = 0;
  std::vector<Population> populations_;
};

class TraceStore final : public Recorder {
 public:
  struct Trace {
    size_t width = 0;            // variables × cells, ordered as the file's columns
    size_t cells = 0;
    std::vector<uint64_t> steps; // of each row: time is step·dt
    std::vector<double> values;  // rows × width, internal units
    double at(size_t row, size_t column) const { return values[row * width + column]; }
  };

  std::optional<RunError> begin(const plan::Run& run) override;
  void spikes(uint32_t, uint64_t, const Spikes&) override {}
  void sample(uint32_t trace, uint64_t row_step, std::span<const double> values) override;
  std::optional<RunError> end(Outcome, uint64_t) override { return std::nullopt; }

  const std::vector<Trace>& traces() const { return traces_; }
  const StepClock& clock() const { return clock_; }

 private:
  StepClock clock_;
  std::vector<Trace> traces_;
};

}  // namespace eic::record
