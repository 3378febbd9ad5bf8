// Weights and delays of drawn rows, where they are no draws: from a file of their own, or of the distance. In: the rows, still
// in the order in which they were drawn. Called by connect.cpp.
#pragma once
#include "runtime/connect/rule.h"

namespace eic::connect {

// The weights in the run's precision, of all but constants and draws.
std::optional<RunError> fill_weights(const Request& request, Drawn& drawn);
// The delays in steps, likewise.
std::optional<RunError> fill_delays(const Request& request, Drawn& drawn);

}  // namespace eic::connect
