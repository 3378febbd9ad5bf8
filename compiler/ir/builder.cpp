#include "compiler/ir/builder.h"

#include <bit>
#include <cmath>
#include <utility>

#include "compiler/ir/rules.h"
#include "runtime/contract/check.h"

namespace eic::ir {

namespace {

uint64_t mix(uint64_t hash, uint64_t word) { return (hash ^ word) * 0x9E3779B97F4A7C15u + (hash >> 29); }

uint64_t hash_of(const Value& value) {
  uint64_t hash = static_cast<uint64_t>(value.op);
  for (ValueId id : value.args) hash = mix(hash, id);
  hash = mix(hash, std::bit_cast<uint64_t>(value.number));
  hash = mix(hash, static_cast<uint64_t>(value.integer));
  return mix(hash, value.slot);
}

bool same(const Value& a, const Value& b) {
  return a.op == b.op && a.args == b.args && std::bit_cast<uint64_t>(a.number) == std::bit_cast<uint64_t>(b.number) &&
         a.integer == b.integer && a.slot == b.slot && a.dimension == b.dimension;
}

bool commutes(Op op) {
  switch (op) {
    case Op::Add: case Op::Mul: case Op::Fma: case Op::Equal: case Op::NotEqual: case Op::And: case Op::Or:
    case Op::IAdd: case Op::IAnd: case Op::IOr: case Op::IXor: return true;
    default: return false;
  }
}

bool is_number(const Value& value, double number) {  // tells +0 from −0
  return value.op == Op::Const && std::bit_cast<uint64_t>(value.number) == std::bit_cast<uint64_t>(number);
}

// The op on numbers, as the interpreter would do it in double.
double on_numbers(Op op, double a, double b, double c) {
  switch (op) {
    case Op::Add: return a + b;
    case Op::Sub: return a - b;
    case Op::Mul: return a * b;
    case Op::Div: return a / b;
    case Op::Neg: return -a;
    case Op::Fma: return std::fma(a, b, c);
    case Op::Sqrt: return std::sqrt(a);
    case Op::Abs: return std::fabs(a);
    case Op::Min: return a < b ? a : b;
    case Op::Max: return a > b ? a : b;
    default: EIC_CHECK(false, "an op that does not fold"); return 0;
  }
}

bool folds_to_number(Op op) { return op >= Op::Add && op <= Op::Max; }

bool compare_numbers(Op op, double a, double b) {
  switch (op) {
    case Op::Less: return a < b;
    case Op::LessEqual: return a <= b;
    case Op::Equal: return a == b;
    default: return a != b;
  }
}

}  // namespace

Builder::Builder(Function& function, Folding folding) : function_(function), folding_(folding) {
  for (ValueId id = 0; id < function.values.size(); id++) known_[hash_of(function.values[id])].push_back(id);
}

const Value& Builder::operator[](ValueId id) const { return function_.values[id]; }

ValueId Builder::intern(Value value) {
  std::vector<ValueId>& candidates = known_[hash_of(value)];
  for (ValueId id : candidates) {
    if (same(function_.values[id], value)) return id;
  }
  value.span = span_;
  auto id = static_cast<ValueId>(function_.values.size());
  function_.values.push_back(value);
  candidates.push_back(id);
  return id;
}

ValueId Builder::constant(double number, Dimension dimension) {
  return intern({.op = Op::Const, .number = number, .dimension = dimension});
}

ValueId Builder::boolean(bool value) { return intern({.op = Op::BoolConst, .integer = value}); }

ValueId Builder::integer(int64_t value) { return intern({.op = Op::IntConst, .integer = value}); }

ValueId Builder::column(uint32_t slot) {
  EIC_CHECK(slot < function_.columns.size(), "a column that does not exist");
  return intern({.op = Op::Column, .slot = slot, .dimension = function_.columns[slot].dimension});
}

ValueId Builder::uniform(uint32_t slot) {
  EIC_CHECK(slot < function_.uniforms.size(), "a uniform that does not exist");
  return intern({.op = Op::Uniform, .slot = slot, .dimension = function_.uniforms[slot].dimension});
}

ValueId Builder::make(Op op, ValueId a, ValueId b, ValueId c) {
  Value value{.op = op, .args = {a, b, c}};
  const Value* args[3];
  auto arity = static_cast<size_t>(info(op).arity);
  for (size_t i = 0; i < 3; i++) {
    EIC_CHECK((value.args[i] != k_no_value) == (i < arity), "an op with the wrong number of arguments");
    if (i < arity) args[i] = &function_.values.at(value.args[i]);
  }
  Outcome outcome = apply_rule(op, {args, arity});
  EIC_CHECK(outcome.error.empty(), outcome.error.c_str());
  value.dimension = outcome.dimension;
  if (commutes(op) && value.args[0] > value.args[1]) std::swap(value.args[0], value.args[1]);
  if (folding_ == Folding::On) {
    if (ValueId id = folded(op, value.args); id != k_no_value) return id;
    if (folds_to_number(op)) {
      double n[3] = {0, 0, 0};
      bool all = true;
      for (size_t i = 0; i < arity; i++) {
        const Value& arg = function_.values[value.args[i]];
        all = all && arg.op == Op::Const;
        n[i] = arg.number;
      }
      if (all) return constant(on_numbers(op, n[0], n[1], n[2]), value.dimension);
    }
  }
  return intern(value);
}

// Identities that hold for every x, NaN and the sign of zero included, and conditions that are known.
ValueId Builder::folded(Op op, const std::array<ValueId, 3>& args) {
  auto at = [&](int i) -> const Value& { return function_.values[args[i]]; };
  auto one = [&](int i) { return is_number(at(i), 1) && at(i).dimension.dimensionless(); };
  switch (op) {
    case Op::Add:
      for (int i : {0, 1}) {
        if (is_number(at(i), -0.0)) return args[1 - i];
      }
      break;
    case Op::Sub:
      if (is_number(at(1), 0.0)) return args[0];
      if (at(1).op == Op::Neg) return make(Op::Add, args[0], at(1).args[0]);
      break;
    case Op::Mul:
      for (int i : {0, 1}) {
        if (one(i)) return args[1 - i];
      }
      break;
    case Op::Div:
      if (one(1)) return args[0];
      break;
    case Op::Neg:
      if (at(0).op == Op::Neg) return at(0).args[0];
      break;
    case Op::Not:
      if (at(0).op == Op::Not) return at(0).args[0];
      if (at(0).op == Op::BoolConst) return boolean(!at(0).integer);
      break;
    case Op::And:
    case Op::Or:
      if (args[0] == args[1]) return args[0];
      for (int i : {0, 1}) {
        if (at(i).op == Op::BoolConst) return (at(i).integer != 0) == (op == Op::And) ? args[1 - i] : args[i];
      }
      break;
    case Op::Select:
      if (at(0).op == Op::BoolConst) return args[at(0).integer ? 1 : 2];
      if (args[1] == args[2]) return args[1];
      break;
    case Op::Less:
    case Op::LessEqual:
    case Op::Equal:
    case Op::NotEqual:
      if (at(0).op == Op::Const && at(1).op == Op::Const) return boolean(compare_numbers(op, at(0).number, at(1).number));
      break;
    default: break;
  }
  return k_no_value;
}

ValueId Builder::power(ValueId x, int n) {
  if (n < 0) return make(Op::Div, constant(1), power(x, -n));
  ValueId result = k_no_value;
  for (ValueId square = x; n > 0; n >>= 1) {
    if (n & 1) result = result == k_no_value ? square : make(Op::Mul, result, square);
    if (n > 1) square = make(Op::Mul, square, square);
  }
  return result == k_no_value ? constant(1) : result;
}

ValueId copy(Builder& builder, const Value& value, const std::array<ValueId, 3>& args) {
  switch (value.op) {
    case Op::Const: return builder.constant(value.number, value.dimension);
    case Op::BoolConst: return builder.boolean(value.integer != 0);
    case Op::IntConst: return builder.integer(value.integer);
    case Op::Column: return builder.column(value.slot);
    case Op::Uniform: return builder.uniform(value.slot);
    default: return builder.make(value.op, args[0], args[1], args[2]);
  }
}

}  // namespace eic::ir
