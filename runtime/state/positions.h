// Where the cells of one population are. In: the plan's positions, the seed. Out: coordinates in um, or why a file does not
// give them. Called by the engine before it draws connections.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "runtime/contract/error.h"
#include "runtime/contract/plan.h"
#include "runtime/contract/result.h"

namespace eic::state {

class Positions {
 public:
  static double bytes_needed(const plan::Population& population);
  // Of a population that has positions.
  static Result<Positions, RunError> make(const plan::Population& population, uint64_t seed);

  uint32_t dimensions() const { return dimensions_; }
  double at(uint64_t cell, uint32_t axis) const { return coordinates_[axis][cell]; }
  // The shortest way between a cell of this and one of the other; on a torus, which both then share, across its edges too.
  double distance(uint64_t cell, const Positions& other, uint64_t other_cell) const;

 private:
  std::optional<RunError> read(const plan::Population& population);

  uint32_t dimensions_ = 1;
  std::array<std::vector<double>, 3> coordinates_;  // those beyond `dimensions_` are empty
  std::array<double, 3> period_ = {0, 0, 0};        // 0: none
};

}  // namespace eic::state
