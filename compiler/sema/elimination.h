// A state diagram solved by elimination, for its steady state or for one implicit step. In: flows between its states, each a
// rate (times dt). Out: the occupancies, which sum to 1. Used by sema (starting values) and solvers/ (steps), which differ in
// what a value is.
//
// Every value is a sum, a product or a quotient of what is not negative, so nothing cancels: each occupancy is good to a few
// ulp of itself, however small, and none is ever negative (Grassmann, Taksar & Heyman 1985, doi:10.1287/opre.33.5.1107,
// there for the steady state). This needs no pivots.
#pragma once
#include <map>
#include <optional>
#include <vector>

namespace eic::sema {

using Flow = std::pair<size_t, size_t>;  // from, to: places in the order of elimination

// The diagram's steady state. `algebra` has add, mul, div and one().
// With `old` given: the occupancies one backward Euler step after these; flows are then rates times dt.
template <class Value, class Algebra>
std::vector<Value> occupancies(size_t states, std::map<Flow, Value> flows, const std::vector<Value>& old, Algebra& algebra) {
  bool step = !old.empty();
  using Maybe = std::optional<Value>;
  auto add = [&](Maybe& sum, Value more) { sum = sum ? algebra.add(*sum, more) : more; };
  std::vector<Maybe> stays(states), right(states);  // what of a state neither flows on nor came from those before it
  for (size_t k = 0; k < states && step; k++) stays[k] = algebra.one(), right[k] = old[k];
  std::vector<std::vector<std::pair<size_t, Value>>> back(states);
  std::vector<Maybe> leaves(states);
  for (size_t k = 0; k + 1 < states; k++) {
    std::vector<std::pair<size_t, Value>> onward;
    leaves[k] = stays[k];
    for (size_t j = k + 1; j < states; j++) {
      if (auto flow = flows.find({k, j}); flow != flows.end()) onward.emplace_back(j, flow->second), add(leaves[k], flow->second);
      if (auto flow = flows.find({j, k}); flow != flows.end()) back[k].emplace_back(j, flow->second);
    }
    for (auto& [j, flow] : onward) {
      Value share = algebra.div(flow, *leaves[k]);
      if (right[k]) add(right[j], algebra.mul(share, *right[k]));
      for (auto& [i, towards] : back[k]) {
        if (i == j) continue;
        Value bypass = algebra.mul(towards, share);
        auto [direct, fresh] = flows.emplace(Flow{i, j}, bypass);
        if (!fresh) direct->second = algebra.add(direct->second, bypass);
      }
    }
    if (stays[k])
      for (auto& [i, towards] : back[k]) add(stays[i], algebra.mul(towards, algebra.div(*stays[k], *leaves[k])));
  }
  std::vector<Value> found(states, algebra.one());
  size_t last = states - 1;
  if (step) found[last] = algebra.div(*right[last], *stays[last]);
  Value sum = found[last];
  for (size_t k = last; k-- > 0;) {
    Maybe inflow = right[k];
    for (auto& [i, towards] : back[k]) add(inflow, algebra.mul(towards, found[i]));
    // a state that nothing flows back to is empty in the end
    found[k] = inflow ? algebra.div(*inflow, *leaves[k]) : algebra.zero();
    sum = algebra.add(sum, found[k]);
  }
  for (Value& value : found) value = algebra.div(value, sum);
  return found;
}

}  // namespace eic::sema
