// Turns the delays of a projection into groups, and a file's list into blocks: puts each row's synapses into the order of
// delivery, in place. In: the drawn rows, their weights, the plan's delay. Called by connect.cpp, last.
#pragma once
#include "runtime/connect/rule.h"
#include "runtime/connect/synapses.h"

namespace eic::connect {

// Takes the rows over into `synapses`, whose weights stand in the order of `drawn`.
std::optional<RunError> group_by_delay(const Request& request, Drawn& drawn, Synapses& synapses);

}  // namespace eic::connect
