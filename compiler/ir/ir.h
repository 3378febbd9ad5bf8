// The IR: straight-line SSA over one cell, a dimension on every value, all in the coherent internal units.
// Made by the builder from the Model's equations (solvers/), rewritten by passes/, run by the interpreter (the oracle)
// and lowered op by op to LLVM. A Function is a value: passes take one and give another.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/source/span.h"
#include "compiler/units/dimension.h"

namespace eic::ir {

using source::Span;
using units::Dimension;

enum class Op : uint8_t {
#define EIC_OP(name, text, arity, type, rule) name,
#include "compiler/ir/ops.def"
#undef EIC_OP
};
enum class Type : uint8_t { Real, Bool, Int };
enum class DimensionRule : uint8_t { None, Same, Product, Quotient, Fused, Root, Plain, Compare, Choose, Logic, Free };

struct OpInfo {
  const char* text;
  int arity;
  Type type;
  DimensionRule rule;
};
const OpInfo& info(Op op);

using ValueId = uint32_t;
constexpr ValueId k_no_value = UINT32_MAX;

struct Value {
  Op op = Op::Const;
  std::array<ValueId, 3> args = {k_no_value, k_no_value, k_no_value};  // always earlier values
  double number = 0;    // Const
  int64_t integer = 0;  // IntConst; BoolConst: 0 or 1
  uint32_t slot = 0;    // Column, Uniform
  Dimension dimension;
  Span span;            // of the model's text; becomes the debug location
};

// What counts in a column: a cell; or, in a row of synapses that share a cell, that cell, the cell at the other end, the synapse
// (rows follow one another, or have a list), the place in the row.
enum class Index : uint8_t { Cell, Row, Other, Synapse, Listed, Place };

// A per-cell array (state, parameter, input, derived variable), or one number of the argument block.
struct Slot {
  std::string name;
  Dimension dimension;
  bool varies = false;  // a uniform that changes during the run, the time: no pass may hoist it
  Index index = Index::Cell;
  bool steps = false;  // holds a step: read as the number of steps since then; only 0 is stored
};

struct Store {  // column `slot` takes `value` once all values are computed
  uint32_t slot = 0;
  ValueId value = k_no_value;
  Span span;
  bool guarded = false;  // a state: its new value is tested for NaN and infinity before anything is stored
};

// What is proven of a cell for which the function's guard holds (passes/guard.cpp); of other cells nothing is said.
struct Claim {                    // a number, and no NaN, in [low, high]
  ValueId value = k_no_value;
  double low = 0, high = 0;
};
struct Twin {                     // two values are the same, and the second costs less
  ValueId value = k_no_value, twin = k_no_value;
};

struct Function {
  std::string name;               // "COBAHH.N.step"
  std::vector<Slot> columns;      // what Column and Store count in
  std::vector<Slot> uniforms;     // what Uniform counts in; of a prologue: its arguments, the model's parameters
  std::vector<Slot> results;      // of a prologue only: what Store counts in (the kernel's argument block)
  std::vector<Value> values;      // in order of computation
  std::vector<Store> stores;
  std::optional<ValueId> spike;   // Bool: the cell spikes in this step
  std::optional<ValueId> spike_fraction;  // Real: and where within it, if it does
  std::optional<ValueId> guard;   // Bool
  std::vector<Claim> claims;
  std::vector<Twin> twins;
  bool weighted = false;          // of an event: the last uniform is the event's weight, which no pass may hoist
};

enum class Precision : uint8_t { Single, Double };

}  // namespace eic::ir
