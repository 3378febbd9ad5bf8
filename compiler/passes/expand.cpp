#include "compiler/passes/expand_math.h"
#include "compiler/passes/rewrite.h"

namespace eic::passes {

// The builder does not fold here: what is rounded is rounded when it runs, in the run's precision.
Function expand(const Function& function, Precision precision) {
  auto expanded = [&](Builder& build, const Value& value, const Args& args) -> ValueId {
    Math math(build, precision);
    Real x{&build, args[0]};
    switch (value.op) {
      case Op::Exp: return math.exp(x).id;
      case Op::Expm1: return math.expm1(x).id;
      case Op::Log: return math.log(x).id;
      case Op::Log1p: return math.log1p(x).id;
      case Op::Exprel: return math.exprel(x).id;
      case Op::Exprelr: return math.exprelr(x).id;
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
