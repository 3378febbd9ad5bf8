// One population projecting onto itself with a constant weight and a delay of one step: the plan, and its synapses.
#pragma once
#include <cstdint>

#include "runtime/connect/connect.h"
#include "runtime/contract/plan.h"

namespace eic::bench {

constexpr double k_recurrent_weight = 1.0 / 128;  // sums of many are exact

plan::Run recurrent(uint64_t cells, plan::Rule rule);
connect::Synapses connected(const plan::Run& run);

}  // namespace eic::bench
