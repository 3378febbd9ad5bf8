// What the engine hands out while it runs, and who may listen. The engine calls every Recorder in turn, from its own
// thread, in order of time; spikes of one step in the order population, index. Values of samples are internal units.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "runtime/contract/error.h"
#include "runtime/contract/plan.h"

namespace eic::record {

enum class Outcome { Complete, Interrupted, Failed };

struct Synapse {
  uint32_t source = 0, target = 0;
  uint64_t delay = 0;
  double weight = 0;
};

// Spikes of one population in one step.
struct Spikes {
  Spikes(std::span<const uint32_t> cells, std::span<const double> fractions = {}) : cells(cells), fractions(fractions) {}
  Spikes(const std::vector<uint32_t>& cells) : cells(cells) {}

  std::span<const uint32_t> cells;     // ascending
  std::span<const double> fractions;   // of each, in [0, 1]; empty: all are 1
};

class Recorder {
 public:
  virtual ~Recorder() = default;
  // Before the first step.
  virtual std::optional<RunError> begin(const plan::Run& run) = 0;
  // Spikes raised in step `step` by one population. The time of each is (step + its fraction)·dt; a population either has
  // fractions in all steps or in none (plan::Population::interpolated).
  virtual void spikes(uint32_t population, uint64_t step, const Spikes& spikes) = 0;
  // One row of trace recording `trace` (an index of plan::Run::traces): the state at time row_step·dt, ordered as the
  // file's columns are: for each variable of the recording, each of its cells.
  virtual void sample(uint32_t trace, uint64_t row_step, std::span<const double> values) = 0;
  // The synapses of plan::Run::weights[recording] as the run leaves them, row by row, once, before end(): sources and targets
  // counted within the projection, weights in internal units, delays in steps.
  virtual void synapses(uint32_t /*recording*/, std::span<const Synapse>) {}
  // A fault has been met (a full disk): nothing more will be kept, end() will say why. Asked now and then, from the engine's
  // thread, so that a long run need not go on in vain.
  virtual bool faulted() const { return false; }
  // After the last step taken; `steps` were completed. Files get their final name, or one that says why not.
  virtual std::optional<RunError> end(Outcome outcome, uint64_t steps) = 0;
};

}  // namespace eic::record
