// The synapses of one projection, ready for delivery. Targets lie in blocks of consecutive cells, each of one owner; a row, the
// synapses of one source, stands block by block and within a block by delay, longest first, so that what a delivery to one block
// reads of a row is one piece. Made by connect, read by events, recordings and the report.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/state/array.h"

namespace eic::connect {

struct Block {
  uint64_t first = 0, cells = 0;  // of the target population
  uint64_t owner = 0;
  uint64_t base = 0;              // the cell that targets are counted from: the block's first where they are u16, else 0
};

// Delays that were drawn or read, in steps, after rounding; `clipped` is the share that was raised to one step.
struct DelayStatistics {
  double mean = 0, sd = 0, clipped = 0;
  uint64_t shortest = 0, longest = 0;
};

struct Statistics {
  uint64_t synapses = 0;
  uint64_t in_min = 0, in_max = 0, out_min = 0, out_max = 0;
  uint64_t autapses = 0;   // a cell onto itself
  uint64_t multapses = 0;  // beyond the first between the same two cells
  uint64_t bytes = 0;
  uint64_t rule_bytes = 0;  // what a plasticity rule keeps besides
  std::optional<DelayStatistics> delays;  // none: one constant delay
};

struct Synapses {
  uint64_t rows = 0;             // sources
  std::vector<Block> blocks;     // ascending, at least one
  std::vector<uint64_t> delays;  // steps, longest first: those of the groups
  state::Array offsets;          // u64[rows·blocks·groups + 1]: where each piece begins, the last is the number of synapses
  bool narrow = false;           // u16 targets, otherwise u32
  state::Array targets;
  bool constant_weight = true;
  bool single_weights = false;   // float, otherwise double
  state::Array weights;          // one, or one a synapse, in the port's internal unit
  state::Array places;           // u64: where each synapse stands, they being counted row by row; empty: where it is counted
  Statistics statistics;

  uint64_t pieces_a_row() const { return blocks.size() * delays.size(); }
  uint64_t piece(uint64_t row, uint64_t block, uint64_t group) const { return (row * blocks.size() + block) * delays.size() + group; }
  uint64_t begin_of(uint64_t piece) const { return offsets.as<uint64_t>()[piece]; }

  // The cell of the target population.
  uint32_t target(uint64_t place, const Block& block) const {
    return static_cast<uint32_t>(block.base + (narrow ? targets.as<uint16_t>()[place] : targets.as<uint32_t>()[place]));
  }
  double weight(uint64_t place) const {
    const uint64_t at = constant_weight ? 0 : place;
    return single_weights ? static_cast<double>(weights.as<float>()[at]) : weights.as<double>()[at];
  }
  uint64_t place_of(uint64_t synapse) const { return places.bytes() > 0 ? places.as<uint64_t>()[synapse] : synapse; }

  // Calls act(row, group, target, place) for every synapse of one row, as they stand.
  template <class Act>
  void for_row(uint64_t row, Act act) const {
    for (uint64_t b = 0; b < blocks.size(); ++b) {
      for (uint64_t g = 0; g < delays.size(); ++g) {
        const uint64_t at = piece(row, b, g);
        for (uint64_t place = begin_of(at); place < begin_of(at + 1); ++place) act(row, g, target(place, blocks[b]), place);
      }
    }
  }
  template <class Act>
  void for_each(Act act) const {
    for (uint64_t row = 0; row < rows; ++row) for_row(row, act);
  }
};

}  // namespace eic::connect
