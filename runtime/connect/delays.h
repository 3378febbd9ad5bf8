// Turns the delays of a projection into groups. In: the drawn rows and the plan's delay, or the file's column. Out: the
// groups, longest first, with targets and weights put into their order. Called by connect.cpp, last.
#pragma once
#include "runtime/connect/rule.h"
#include "runtime/connect/synapses.h"

namespace eic::connect {

// Takes the rows over into `synapses`, whose weights stand in the order of `drawn`.
std::optional<RunError> group_by_delay(const Request& request, Drawn& drawn, Synapses& synapses);

}  // namespace eic::connect
