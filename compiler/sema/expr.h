// Typed expressions of the Model: every name resolved, a dimension on every node, literals in internal units.
// Immutable and shared: a `let` used twice is one node with two parents.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "compiler/source/span.h"
#include "compiler/units/quantity.h"

namespace eic::sema {

using source::Span;
using units::Dimension;

enum class ExprOp : uint8_t {
  Number,
  Bool,
  Param,   // index into Model::params
  State,   // index into the cell's states
  Input,   // what `input` reads: stimulus current, nA inward; with own v' also minus the synaptic currents
  Step,    // dt
  Time,    // t
  Weight,  // the event's argument
  Distance,  // between the two cells of a synapse
  Noise,   // white noise, of its own in each equation and cell: N(0, 1)/sqrt(dt) in each step
  Let,     // args[0] under its `name`
  Neg,
  Add,
  Sub,
  Mul,
  Div,
  Power,  // args[0] ^ exponent, a whole number
  Less,
  LessEqual,
  Equal,
  NotEqual,
  And,
  Or,
  Not,
  If,
  Call,
};

// Exprelr, x/(e^x − 1), has no name in the language: `ghk` is made of it.
enum class Builtin : uint8_t {
  Exp, Expm1, Log, Log10, Log1p, Exprel, Exprelr, Sqrt, Abs, Min, Max, Sin, Cos, Tanh, Pow, Heaviside
};

struct Expr;
using ExprPtr = std::shared_ptr<const Expr>;

struct Expr {
  ExprOp op = ExprOp::Number;
  Dimension dimension;
  bool boolean = false;
  double number = 0;     // Number: internal units; Bool: 0 or 1
  units::Decimal exact;  // Number: SI units, as written
  uint32_t index = 0;    // Param, State
  int exponent = 0;      // Power
  Builtin function = Builtin::Exp;
  std::string name;  // Let
  std::vector<ExprPtr> args;
  uint32_t depth = 1;  // of the tree below, names read through: what walks it recurses this deep
  Span span;
  std::string unit;           // what the user calls this dimension ("mS/cm^2"); empty: the usual unit
  bool bare_literal = false;  // a number without a unit, as written
};

ExprPtr number(double value, Dimension dimension, Span span);
ExprPtr leaf(ExprOp op, uint32_t index, Dimension dimension, std::string unit, Span span);
// The dimension follows from the operands, which must fit (the checker has made sure).
ExprPtr unary(ExprOp op, ExprPtr a, Span span);
ExprPtr binary(ExprOp op, ExprPtr a, ExprPtr b, Span span);
ExprPtr power(ExprPtr a, int exponent, Span span);
ExprPtr let(std::string name, ExprPtr value, Span span);
ExprPtr choose(ExprPtr condition, ExprPtr yes, ExprPtr no, Span span);
ExprPtr call(Builtin function, std::vector<ExprPtr> args, Dimension dimension, Span span);

// Whether any node of `expr` is of kind `op` (and, for Param and State, has this index).
bool contains(const Expr& expr, ExprOp op);
bool contains(const Expr& expr, ExprOp op, uint32_t index);
// Whether it reads the named value `let`, "ca.i".
bool reads_let(const Expr& expr, const std::string& let);
// Reads no state, no input, no time, no distance: a number once the parameters are.
bool is_constant(const Expr& expr);
// The parameters that it reads, ascending.
std::vector<uint32_t> params_of(const Expr& expr);
// As source text, for messages and dumps; names of params and states come from the caller.
struct Names {
  std::vector<std::string> params, states;
};
std::string print(const Expr& expr, const Names& names);
// How the user would name the dimension: "`mV`", or its own unit.
std::string unit_of(const Expr& expr);

}  // namespace eic::sema
