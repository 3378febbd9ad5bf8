#include "compiler/ir/equations.h"

#include "runtime/contract/check.h"

namespace eic::ir {

using sema::Builtin;
using sema::Expr;
using sema::ExprOp;

ValueId Equations::build(const Expr& expr) {
  auto known = known_.find(&expr);
  if (known != known_.end()) return known->second;
  ValueId value = make(expr);
  known_.emplace(&expr, value);
  return value;
}

ValueId Equations::uniform(const std::string& name, const Dimension& dimension, bool varies) {
  auto [place, fresh] = uniforms_.emplace(name, k_no_value);
  if (fresh) {
    Function& function = builder_.function();
    function.uniforms.push_back({name, dimension, varies});
    place->second = builder_.uniform(static_cast<uint32_t>(function.uniforms.size() - 1));
  }
  return place->second;
}

ValueId Equations::param(uint32_t index) {
  if (per_cell)
    if (auto own = per_cell(index)) return *own;
  return uniform(params_[index].path, params_[index].dimension);
}

ValueId Equations::make(const Expr& expr) {
  std::vector<ValueId> args;
  if (expr.op != ExprOp::Call)
    for (const sema::ExprPtr& arg : expr.args) args.push_back(build(*arg));
  builder_.at(expr.span);
  switch (expr.op) {
    case ExprOp::Number: return builder_.constant(expr.number, expr.dimension);
    case ExprOp::Bool: return builder_.boolean(expr.number != 0);
    case ExprOp::Param: return param(expr.index);
    case ExprOp::State: return state(expr.index);
    case ExprOp::Input: return input();
    case ExprOp::Weight: return weight();
    case ExprOp::Distance: return distance();
    case ExprOp::Noise: return noise ? noise() : builder_.constant(0, expr.dimension);
    case ExprOp::Step: return uniform("dt", expr.dimension);
    case ExprOp::Time: return time ? time() : uniform("t", expr.dimension, true);
    case ExprOp::Let: return args[0];
    case ExprOp::Neg: return builder_.make(Op::Neg, args[0]);
    case ExprOp::Add: return builder_.make(Op::Add, args[0], args[1]);
    case ExprOp::Sub: return builder_.make(Op::Sub, args[0], args[1]);
    case ExprOp::Mul: return builder_.make(Op::Mul, args[0], args[1]);
    case ExprOp::Div: return builder_.make(Op::Div, args[0], args[1]);
    case ExprOp::Power: return builder_.power(args[0], expr.exponent);
    case ExprOp::Less: return builder_.make(Op::Less, args[0], args[1]);
    case ExprOp::LessEqual: return builder_.make(Op::LessEqual, args[0], args[1]);
    case ExprOp::Equal: return builder_.make(Op::Equal, args[0], args[1]);
    case ExprOp::NotEqual: return builder_.make(Op::NotEqual, args[0], args[1]);
    case ExprOp::And: return builder_.make(Op::And, args[0], args[1]);
    case ExprOp::Or: return builder_.make(Op::Or, args[0], args[1]);
    case ExprOp::Not: return builder_.make(Op::Not, args[0]);
    case ExprOp::If: {
      if (!expr.boolean) return builder_.make(Op::Select, args[0], args[1], args[2]);
      ValueId yes = builder_.make(Op::And, args[0], args[1]);
      return builder_.make(Op::Or, yes, builder_.make(Op::And, builder_.make(Op::Not, args[0]), args[2]));
    }
    case ExprOp::Call: return build_call(expr);
  }
  EIC_CHECK(false, "an expression that sema should have refused");
}

ValueId Equations::build_call(const Expr& expr) {
  std::vector<ValueId> args;
  for (const sema::ExprPtr& arg : expr.args) args.push_back(build(*arg));
  builder_.at(expr.span);
  auto one = [&](Op op) { return builder_.make(op, args[0]); };
  switch (expr.function) {
    case Builtin::Exp: return one(Op::Exp);
    case Builtin::Expm1: return one(Op::Expm1);
    case Builtin::Log: return one(Op::Log);
    case Builtin::Log10: return builder_.make(Op::Div, one(Op::Log), builder_.constant(2.302585092994045684));
    case Builtin::Log1p: return one(Op::Log1p);
    case Builtin::Exprel: return one(Op::Exprel);
    case Builtin::Exprelr: return one(Op::Exprelr);
    case Builtin::Sqrt: return one(Op::Sqrt);
    case Builtin::Abs: return one(Op::Abs);
    case Builtin::Sin: return one(Op::Sin);
    case Builtin::Cos: return one(Op::Cos);
    case Builtin::Tanh: return one(Op::Tanh);
    case Builtin::Min: return builder_.make(Op::Min, args[0], args[1]);
    case Builtin::Max: return builder_.make(Op::Max, args[0], args[1]);
    case Builtin::Pow: return builder_.make(Op::Pow, args[0], args[1]);
    case Builtin::Heaviside: {
      ValueId zero = builder_.constant(0, expr.args[0]->dimension);
      return builder_.make(Op::Select, builder_.make(Op::LessEqual, zero, args[0]), builder_.constant(1), builder_.constant(0));
    }
  }
  EIC_CHECK(false, "a function of the language that the IR lacks");
}

}  // namespace eic::ir
