// Numbers that depend on the distance between two cells: probabilities, weights, delays. In: the plan's function, positions of
// both sides. Out: the compiled function's values, a block of targets at a time. Called by rules and by connect.cpp.
#pragma once
#include <cstdint>
#include <vector>

#include "runtime/connect/rule.h"
#include "runtime/state/array.h"

namespace eic::connect {

class OfDistance {
 public:
  static constexpr uint64_t k_block = 1024;  // cells

  OfDistance(const Request& request, const plan::OfDistance& plan);
  // The values of the pairs of `source`, counted within the projection, with at most k_block cells of the target population.
  const double* at(uint64_t source, const uint32_t* targets, uint64_t count);
  // Of the last call: the distance of the i-th pair, um.
  double distance(uint64_t i) const { return distances_[i]; }

 private:
  template <class R>
  void compute(uint64_t count);

  const Request& request_;
  StepFn function_;
  const state::Positions &from_, &to_;
  std::vector<double> distances_, values_;
  state::Array columns_[2], uniforms_;  // in the run's precision
};

}  // namespace eic::connect
