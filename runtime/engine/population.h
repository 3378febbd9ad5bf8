// One population while it runs: its columns, uniforms and compiled functions, what each owner of cells needs of its own, the
// ring of the spikes of the last steps. Made by Engine::build, advanced by the engine's loop, read by delivery and traces.
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
#include "runtime/state/partition.h"

namespace eic::engine {

// Where a step met NaN or infinity; the column still holds the value before.
struct Fault {
  uint64_t cell = 0;
  uint32_t column = 0;
  double value = 0;
};

class Population {
 public:
  Population(const plan::Population& plan, const PopulationKernel& kernel, bool single, const state::Partition& partition);

  const plan::Population& plan() const { return *plan_; }
  state::Columns& columns() { return columns_; }
  const state::Columns& columns() const { return columns_; }
  const void* uniforms(uint64_t owner) const { return shares_[owner].uniforms.as<void>(); }
  const PopulationKernel& kernel() const { return *kernel_; }
  events::Ring& ring() { return ring_; }
  uint64_t bytes() const { return bytes_; }

  // An owner's share of the cells, [begin, end), rounded to whole blocks of padding.
  uint64_t begin(uint64_t owner) const { return shares_[owner].begin; }
  uint64_t end(uint64_t owner) const { return shares_[owner].end; }

  void set_time(uint64_t owner, double t_ms);
  void set_uniforms(const std::vector<double>& values);
  void follow();  // parameters that init computes are computed again, the states stay
  void init();
  void prime();
  std::optional<Fault> step(uint64_t owner);  // of the owner's cells; on a fault the step is not complete
  // Derived columns of the cells [begin, end), multiples of k_padding_cells, from the columns given, at the time of owner 0.
  void observe(void* const* columns, uint64_t begin, uint64_t end);

  // Raised by the owner's cells in its last step.
  std::span<const uint32_t> spikes(uint64_t owner) const { return {shares_[owner].spikes.data(), shares_[owner].spike_count}; }
  // Of each of them, where between the grid points it is; empty where the kernel does not tell.
  std::span<const double> fractions(uint64_t owner) const { return shares_[owner].fractions; }

 private:
  // Owners may be in different steps, so each has the uniforms for itself.
  struct alignas(k_alignment) Share {
    uint64_t begin = 0, end = 0;
    state::Array uniforms, fault_values;
    std::vector<uint32_t> spikes;  // room for every lane
    uint64_t spike_count = 0;
    state::Array kernel_fractions;  // R, parallel to `spikes`, where the kernel tells
    std::vector<double> fractions;
  };
  std::optional<Fault> run_step(Share& share);
  StepArgs arguments(Share& share, void* const* columns, uint64_t begin, uint64_t end);
  std::optional<Fault> fault_of_block(const Share& share, uint64_t block) const;

  const plan::Population* plan_;
  const PopulationKernel* kernel_;
  state::Columns columns_;
  std::vector<Share> shares_;       // one an owner
  std::vector<uint32_t> advanced_;  // the columns of `fault_values`, in its order: states and synaptic states
  uint64_t bytes_ = 0;
  alignas(k_alignment) events::Ring ring_;
};

}  // namespace eic::engine
