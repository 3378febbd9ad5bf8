// Weights and delays of drawn rows, in the order in which they were drawn: constants, draws, columns of a file, functions of
// the distance. Called by connect.cpp and delays.cpp.
#pragma once
#include <functional>
#include <span>

#include "runtime/connect/rule.h"

namespace eic::connect {

// The weights of all synapses, or the constant one, as double or float.
Result<state::Array, RunError> weights_of(const Request& request, Drawn& drawn);
// Of a constant or a draw: `count` weights, those of the synapses from the first on.
state::Array drawn_weights(const Request& request, uint64_t count);

// Calls take(worker, first, delays) for pieces of the synapses that follow one another, in several threads; in steps before
// rounding. Stops at the first fault.
using TakeDelays = std::function<std::optional<RunError>(uint32_t worker, uint64_t first, std::span<const double> delays)>;
std::optional<RunError> for_delays(const Request& request, Drawn& drawn, uint32_t threads, const TakeDelays& take);

}  // namespace eic::connect
