// What one projection's plasticity rule keeps while the network runs, and what it does when events arrive. Numbers of a source
// stand once a delay, for there they are as what arrived with that delay left them. In: the rule of the plan, its kernel and the
// synapses. Made by the engine, called by delivery.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/connect/synapses.h"
#include "runtime/contract/error.h"
#include "runtime/contract/kernel.h"
#include "runtime/contract/plan.h"
#include "runtime/contract/result.h"
#include "runtime/events/incoming.h"
#include "runtime/state/array.h"
#include "runtime/state/memory.h"

namespace eic::events {

class Plastic {
 public:
  struct Setup {
    const plan::Projection& projection;
    const RuleKernel& kernel;
    connect::Synapses& synapses;  // a rule that changes the weight gives each its own
    uint64_t target_cells = 0;    // of the whole population
    uint64_t looked = 0;          // the most synapses that are looked at together
    bool single = false;
  };
  // What it takes a synapse, before the synapses are drawn, and afterwards: whether a constant weight becomes one each is known.
  static double bytes_a_synapse(const plan::Projection& projection, bool single);
  static Result<Plastic, RunError> build(const Setup& setup, state::Budget& budget);

  // Where advancing the traces met NaN or infinity.
  struct Fault {
    uint32_t column = 0;
    uint64_t cell = 0;  // of the sources or targets
    double value = 0, before = 0;
  };
  // From the time of the step before to that of `step`; then events of this step may come.
  std::optional<Fault> begin(uint64_t step);

  // `on pre`, for cells whose events arrive in this step through group `group`, the projection's sources counting from `first`.
  // First all of them, then row by row: `row` gives what the port receives.
  void arrive(uint64_t group, std::span<const uint32_t> cells, uint64_t first);
  struct Sent {
    const void* weights = nullptr;  // R[count], or R[1]
    bool constant = true;
  };
  Sent row(uint64_t group, uint64_t source, uint64_t begin, uint64_t count);
  // `on post`, of cells of the target population that spiked in the step before.
  void spiked(std::span<const uint32_t> cells);

  // Synapses as recordings ask for them: where each stands, and the numbers of its cells. `sample` gives a state of each as the
  // step at hand uses it.
  struct Looked {
    std::vector<uint32_t> synapses, sources, targets;
  };
  Looked looked_at(std::span<const uint64_t> synapses) const;  // counted row by row
  void look(const Looked& looked);
  void sample(const Looked& looked, uint32_t column, std::span<double> values) const;

  bool hears_targets() const { return plan_->on_post; }
  bool plain() const { return kernel_->pre_cells == nullptr && kernel_->pre_synapses == nullptr; }
  const plan::Plasticity& plan() const { return *plan_; }
  uint64_t bytes() const { return bytes_; }

 private:
  double value(uint32_t column, uint64_t index) const;
  SynapseArgs arguments() const;
  std::optional<Fault> advance(StepFn step, plan::Home home, uint64_t cells);
  uint64_t source_index(uint64_t group, uint64_t source) const { return group * stride_ + source; }

  const plan::Plasticity* plan_ = nullptr;
  const RuleKernel* kernel_ = nullptr;
  const connect::Synapses* synapses_ = nullptr;
  bool single_ = false;
  uint32_t now_ = 0;
  uint64_t stride_ = 0, source_cells_ = 0, target_cells_ = 0;  // padded
  std::vector<state::Array> arrays_;                           // one a column; of the weights: none
  std::vector<void*> pointers_;
  state::Array uniforms_, fault_values_;
  std::vector<uint32_t> listed_;  // indices of sources or targets for the functions of cells
  Incoming incoming_;
  uint64_t bytes_ = 0;
};

}  // namespace eic::events
