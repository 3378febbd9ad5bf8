// Counts of a drawn projection for the report: degrees, autapses, multapses.
#pragma once
#include "runtime/connect/rule.h"
#include "runtime/connect/synapses.h"

namespace eic::connect {

// `drawn` still has targets counted from 0 within the projection's target.
Statistics statistics_of(const Request& request, const Drawn& drawn);

}  // namespace eic::connect
