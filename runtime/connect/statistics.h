// Counts of a drawn projection for the report: degrees, autapses, multapses.
#pragma once
#include "runtime/connect/rule.h"
#include "runtime/connect/synapses.h"

namespace eic::connect {

// By several threads, each of which counts for all targets, unless the rule itself fixes how many synapses a target has.
Result<Statistics, RunError> statistics_of(const Request& request, const Drawn& drawn);

}  // namespace eic::connect
