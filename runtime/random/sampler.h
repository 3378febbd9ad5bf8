// Turns a plan's Draw into numbers: at(index) is the value of one cell or synapse, whoever asks and in whatever order.
// Draws of kind Csv are read from files (runtime/state, runtime/connect), not here.
#pragma once
#include <cstdint>
#include <string_view>

#include "runtime/contract/plan.h"
#include "runtime/random/stream.h"

namespace eic::random {

class Sampler {
 public:
  Sampler(const plan::Draw& draw, Key key);
  double at(uint64_t index) const;

 private:
  plan::Draw::Kind kind_;
  double a_, b_;  // as in plan::Draw; of a lognormal the mean and sd of its logarithm
  Key key_;
};

double draw(const plan::Draw& draw, uint64_t seed, std::string_view path, std::string_view purpose, uint64_t index);

}  // namespace eic::random
