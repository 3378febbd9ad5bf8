// One population while it runs: its columns, uniforms and compiled functions, the spikes of the step, the ring of those
// before. Made by Engine::build, advanced by the engine's loop, read by delivery and traces.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "runtime/contract/kernel.h"
#include "runtime/contract/plan.h"
#include "runtime/events/ring.h"
#include "runtime/state/array.h"
#include "runtime/state/columns.h"

namespace eic::engine {

// Where a step met NaN or infinity; the column still holds the value before.
struct Fault {
  uint64_t cell = 0;
  uint32_t column = 0;
  double value = 0;
};

class Population {
 public:
  Population(const plan::Population& plan, const PopulationKernel& kernel, bool single);

  const plan::Population& plan() const { return *plan_; }
  state::Columns& columns() { return columns_; }
  const state::Columns& columns() const { return columns_; }
  const void* uniforms() const { return uniforms_.as<void>(); }
  const PopulationKernel& kernel() const { return *kernel_; }
  events::Ring& ring() { return ring_; }
  uint64_t bytes() const { return bytes_; }

  void set_time(double t_ms);
  void set_uniforms(const std::vector<double>& values);
  void follow();  // parameters that init computes are computed again, the states stay
  void init();
  void prime();
  std::optional<Fault> step();  // on a fault the step is not complete
  // Derived columns of the cells [begin, end), multiples of k_padding_cells, from the columns given.
  void observe(void* const* columns, uint64_t begin, uint64_t end);

  std::span<const uint32_t> spikes() const { return {spikes_.data(), spike_count_}; }

 private:
  StepArgs arguments(void* const* columns, uint64_t begin, uint64_t end);
  std::optional<Fault> fault_of_block(uint64_t block) const;

  const plan::Population* plan_;
  const PopulationKernel* kernel_;
  state::Columns columns_;
  state::Array uniforms_;
  std::vector<uint32_t> advanced_;  // the columns of `fault_values_`, in its order: states and synaptic states
  state::Array fault_values_;
  std::vector<uint32_t> spikes_;    // room for every lane
  uint64_t spike_count_ = 0;
  events::Ring ring_;
  uint64_t bytes_ = 0;
};

}  // namespace eic::engine
