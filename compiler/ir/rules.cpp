#include "compiler/ir/rules.h"

#include <fmt/format.h>

#include "runtime/contract/check.h"

namespace eic::ir {

namespace {

constexpr OpInfo k_ops[] = {
#define EIC_OP(name, text, arity, type, rule) {text, arity, Type::type, DimensionRule::rule},
#include "compiler/ir/ops.def"
#undef EIC_OP
};

// The type that argument `index` of `op` must have.
Type expected_type(Op op, size_t index) {
  switch (op) {
    case Op::And: case Op::Or: case Op::Not: return Type::Bool;
    case Op::Select: return index == 0 ? Type::Bool : Type::Real;
    case Op::FromBits: case Op::IAdd: case Op::ISub: case Op::IAnd: case Op::IOr: case Op::IXor:
    case Op::IShl: case Op::IShr: case Op::ISar: return Type::Int;
    default: return Type::Real;
  }
}

bool is_shift(Op op) { return op == Op::IShl || op == Op::IShr || op == Op::ISar; }

Outcome disagree(const OpInfo& what, const Dimension& a, const Dimension& b) {
  return {{}, fmt::format("`{}` of {} and {}", what.text, units::usual_unit(a), units::usual_unit(b))};
}

}  // namespace

const OpInfo& info(Op op) { return k_ops[static_cast<size_t>(op)]; }

Outcome apply_rule(Op op, std::span<const Value* const> args) {
  const OpInfo& what = info(op);
  EIC_CHECK(args.size() == static_cast<size_t>(what.arity), "an op with the wrong number of arguments");
  for (size_t i = 0; i < args.size(); i++) {
    bool fits = info(args[i]->op).type == expected_type(op, i);
    if (!fits) return {{}, fmt::format("argument {} of `{}` has the wrong type", i, what.text)};
  }
  if (is_shift(op) && args[1]->op != Op::IntConst) return {{}, fmt::format("the amount of `{}` is not constant", what.text)};
  auto dimension = [&](size_t i) { return args[i]->dimension; };
  switch (what.rule) {
    case DimensionRule::Same:
    case DimensionRule::Compare:
      if (args.size() == 2 && dimension(0) != dimension(1)) return disagree(what, dimension(0), dimension(1));
      return {what.rule == DimensionRule::Same ? dimension(0) : Dimension{}, {}};
    case DimensionRule::Product: return {dimension(0) * dimension(1), {}};
    case DimensionRule::Quotient: return {dimension(0) / dimension(1), {}};
    case DimensionRule::Fused:
      if (dimension(0) * dimension(1) != dimension(2)) return disagree(what, dimension(0) * dimension(1), dimension(2));
      return {dimension(2), {}};
    case DimensionRule::Root: return {dimension(0).power(1, 2), {}};
    case DimensionRule::Plain:
      for (size_t i = 0; i < args.size(); i++) {
        if (!dimension(i).dimensionless()) return {{}, fmt::format("`{}` of {}", what.text, units::usual_unit(dimension(i)))};
      }
      return {};
    case DimensionRule::Choose:
      if (dimension(1) != dimension(2)) return disagree(what, dimension(1), dimension(2));
      return {dimension(1), {}};
    case DimensionRule::None:
    case DimensionRule::Logic:
    case DimensionRule::Free: return {};
  }
  return {};
}

}  // namespace eic::ir
