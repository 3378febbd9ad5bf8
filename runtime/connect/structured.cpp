// one_to_one and all_to_all: the rules that draw nothing.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "runtime/connect/rule.h"

namespace eic::connect {

using Kind = plan::Rule::Kind;

template <>
double expected_synapses<Kind::OneToOne>(const Request& request) {
  return static_cast<double>(request.sources());
}

template <>
Result<Drawn, RunError> draw_rows<Kind::OneToOne>(const Request& request) {
  if (request.sources() != request.targets()) {
    return Failure{request.fault(fmt::format("projection `{}` joins {} sources one to one with {} targets",
                                             request.projection.name, request.sources(), request.targets()),
                                 "the two sides must have the same size")};
  }
  Drawn drawn;
  drawn.offsets = offsets_of(request.sources(), [](uint64_t) { return 1; });
  drawn.targets = state::Array(drawn.synapses() * sizeof(uint32_t));
  std::iota(drawn.targets.as<uint32_t>(), drawn.targets.as<uint32_t>() + drawn.synapses(), 0u);
  return drawn;
}

template <>
double expected_synapses<Kind::AllToAll>(const Request& request) {
  return static_cast<double>(request.sources()) * static_cast<double>(request.targets());
}

template <>
Result<Drawn, RunError> draw_rows<Kind::AllToAll>(const Request& request) {
  Drawn drawn;
  drawn.offsets = offsets_of(request.sources(), [&](uint64_t) { return request.targets(); });
  drawn.targets = state::Array(drawn.synapses() * sizeof(uint32_t));
  auto* row = drawn.targets.as<uint32_t>();
  for (uint64_t source = 0; source < request.sources(); ++source, row += request.targets()) {
    std::iota(row, row + request.targets(), 0u);
  }
  return drawn;
}

}  // namespace eic::connect
