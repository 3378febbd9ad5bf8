#include "compiler/passes/expand_math.h"
#include "compiler/passes/intervals.h"
#include "compiler/passes/rewrite.h"

namespace eic::passes {

namespace {

// Which values are an argument of expm1, exprel or exprelr.
std::vector<bool> reduced_for_expm1(const Function& function) {
  std::vector<bool> found(function.values.size(), false);
  for (const Value& value : function.values) {
    if (value.op == Op::Expm1 || value.op == Op::Exprel || value.op == Op::Exprelr) found[value.args[0]] = true;
  }
  return found;
}

Math::Proven proven(const Function& function, ValueId argument, Precision precision) {
  for (const ir::Claim& claim : function.claims) {
    if (claim.value != argument) continue;
    const auto [low, high] = unclamped(precision);
    const double least = not_zero(precision);
    return {claim.high <= high, claim.low >= low, claim.low >= least || claim.high <= -least};
  }
  return {};
}

}  // namespace

// The builder does not fold here: what is rounded is rounded when it runs, in the run's precision.
Function expand(const Function& function, Precision precision) {
  const std::vector<bool> for_expm1 = reduced_for_expm1(function);
  auto expanded = [&](Builder& build, const Value& value, const Args& args) -> ValueId {
    Math math(build, precision);
    Real x{&build, args[0]};
    auto known = [&] { return proven(function, value.args[0], precision); };
    switch (value.op) {
      case Op::Exp: return math.exp(x, known(), for_expm1[value.args[0]] ? Math::Follower::Expm1 : Math::Follower::Exp).id;
      case Op::Expm1: return math.expm1(x, known()).id;
      case Op::Log: return math.log(x).id;
      case Op::Log1p: return math.log1p(x).id;
      case Op::Exprel: return math.exprel(x, known()).id;
      case Op::Exprelr: return math.exprelr(x, known()).id;
      case Op::Tanh: return math.tanh(x).id;
      case Op::Sin: return math.sin(x).id;
      case Op::Cos: return math.cos(x).id;
      case Op::Pow: return math.pow(x, {&build, args[1]}).id;
      default: return copy(build, value, args);
    }
  };
  return rewrite(function, expanded, Builder::Folding::Off);
}

}  // namespace eic::passes
