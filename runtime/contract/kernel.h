// Where generated code and engine meet: versioned plain structs. Generated code never allocates, never throws and calls
// nothing; everything it touches is handed to it here. R is the precision of the kernel (float or double).
//
// Columns: one array of R a state variable (and a per-cell parameter, and the stimulus current), aligned to k_alignment
// bytes and padded to a multiple of k_padding_cells; padding lanes hold copies of the last cell and are never reported.
// A column whose state is synaptic and decays linearly is kept one decay ahead: see PopulationKernel::step.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace eic {

constexpr uint32_t k_kernel_abi = 3;
constexpr uint64_t k_alignment = 128;
constexpr uint64_t k_padding_cells = 64;  // every kernel width divides it
constexpr uint64_t k_no_fault = UINT64_MAX;

struct StepArgs {
  uint32_t abi = k_kernel_abi;
  uint32_t reserved = 0;
  uint64_t cells = 0;               // real cells of the population
  uint64_t begin = 0, end = 0;      // cells to process; multiples of k_padding_cells (end may exceed `cells`); after a
                                    // refused block of padding the engine calls again from it: begin is then `fault`
  void* const* columns = nullptr;   // R*[], in the order of the plan's columns
  const void* uniforms = nullptr;   // R[]
  uint32_t* spikes = nullptr;       // step: room for end − begin; indices ascend
  void* spike_fractions = nullptr;  // step: R[], parallel to spikes, in [0, 1]: the spike's time is (step + fraction)·dt, 0 where
                                    // events have lifted v over the threshold; null where the kernel has its spikes on the grid
  uint64_t spike_count = 0;         // out
  uint64_t fault = k_no_fault;      // out: first cell of the block whose new values were refused (nothing of it is stored)
  void* fault_values = nullptr;     // out: R[states][width], the refused values, a row for each guarded store in the order
                                    // of the function's stores; only spikes of earlier blocks are then counted
};

struct EventArgs {
  uint32_t abi = k_kernel_abi;
  uint32_t constant_weight = 1;     // 1: weights is R[1]
  void* const* columns = nullptr;
  const void* uniforms = nullptr;
  const uint32_t* targets = nullptr;
  uint64_t count = 0;
  const void* weights = nullptr;    // R[count] or R[1], in the port's internal unit
};

// A row of synapses that share one end, the source of an event (`on pre`) or a target that spiked (`on post`): one after the
// other, for a row may name a cell twice. Which index counts in a column is fixed when the function is compiled: the row's
// cell, the cell at the other end, the synapse, or the place in the row. A column of steps holds u32: read, it gives the number
// of steps since then.
struct SynapseArgs {
  uint32_t abi = k_kernel_abi;
  uint32_t now = 0;                    // the step, modulo 2^32
  void* const* columns = nullptr;      // R*[] and u32*[], in the order of the rule's columns
  const void* uniforms = nullptr;
  uint64_t row = 0;                    // the row's cell
  uint64_t count = 0;
  uint64_t first = 0;                  // the synapse at place 0, where they follow one another
  const uint32_t* cells = nullptr;     // [count]: at the other end
  const uint32_t* synapses = nullptr;  // [count], where they do not
};

using StepFn = void (*)(StepArgs*);
using EventFn = void (*)(EventArgs*);
using SynapseFn = void (*)(SynapseArgs*);

// The compiled functions of one population.
struct PopulationKernel {
  uint32_t width = 1;       // cells a vector
  bool single = false;      // R is float
  // Computes the starting values that are expressions (gates at steady state, …) from the columns that were drawn.
  StepFn init = nullptr;
  // Advances by dt: reads the columns after delivery, detects spikes, stores. Linearly decaying synaptic states are used
  // as they stand (the s of numerics.md, step 2) and stored already decayed for the next step, so that delivery only adds.
  StepFn step = nullptr;
  // The first decay (before the first delivery): linearly decaying synaptic states only.
  StepFn prime = nullptr;
  // Writes the derived variables that are recorded (currents) into their columns; nullptr when there are none.
  StepFn observe = nullptr;
  std::vector<EventFn> events;  // one a port
};

// The compiled functions of one projection's plasticity rule; null where there is nothing to do. What depends on one end alone
// is computed once a cell, by the functions of `cells`, before the synapses of its row read it.
struct RuleKernel {
  uint32_t width = 1;                                  // cells a vector, of the steps
  StepFn source_step = nullptr, target_step = nullptr;  // advance what each cell keeps by dt
  SynapseFn pre_cells = nullptr, pre_synapses = nullptr;
  SynapseFn post_cells = nullptr, post_synapses = nullptr;
  SynapseFn look = nullptr;                            // what is advanced from event to event, as it is now, for recordings
};

struct KernelSet {
  std::vector<PopulationKernel> populations;  // one a population of the plan
  std::vector<RuleKernel> rules;              // one a projection of the plan
  // Functions of the distance between two cells (plan::OfDistance): column 0 is the distance in um, column 1 takes the result.
  std::vector<StepFn> pairs;
};

}  // namespace eic
