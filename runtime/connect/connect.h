// Builds one projection's synapses. In: the plan, the seed in it, and the budget of memory. Out: Synapses, the same
// whatever the number of threads, or why not. Called by the engine.
#pragma once
#include "runtime/connect/rule.h"
#include "runtime/connect/synapses.h"

namespace eic::connect {

// On average over draws, where the rule does not fix it; 0 for a file, which is not opened.
double synapses_expected(const Request& request);
// What the projection will need at its largest moment, before anything is drawn; asks nothing of a file.
double bytes_needed(const Request& request);

Result<Synapses, RunError> connect(const Request& request);

// The weights of the same synapses with the request's draw for them, in the order in which connect() left them.
Result<state::Array, RunError> reweigh(const Request& request, const Synapses& synapses);

}  // namespace eic::connect
