// Typed handles on values of a Builder, so that what `expand` writes reads as arithmetic. Internal to passes/.
#pragma once
#include <limits>
#include <span>

#include "compiler/ir/builder.h"

namespace eic::passes {

struct Real { ir::Builder* build; ir::ValueId id; };
struct Int { ir::Builder* build; ir::ValueId id; };
struct Bool { ir::Builder* build; ir::ValueId id; };

inline Real operator+(Real a, Real b) { return {a.build, a.build->make(ir::Op::Add, a.id, b.id)}; }
inline Real operator-(Real a, Real b) { return {a.build, a.build->make(ir::Op::Sub, a.id, b.id)}; }
inline Real operator*(Real a, Real b) { return {a.build, a.build->make(ir::Op::Mul, a.id, b.id)}; }
inline Real operator/(Real a, Real b) { return {a.build, a.build->make(ir::Op::Div, a.id, b.id)}; }
inline Real operator-(Real a) { return {a.build, a.build->make(ir::Op::Neg, a.id)}; }
inline Real fma(Real a, Real b, Real c) { return {a.build, a.build->make(ir::Op::Fma, a.id, b.id, c.id)}; }
inline Real abs(Real a) { return {a.build, a.build->make(ir::Op::Abs, a.id)}; }
// A NaN in b comes out of both.
inline Real min(Real a, Real b) { return {a.build, a.build->make(ir::Op::Min, a.id, b.id)}; }
inline Real max(Real a, Real b) { return {a.build, a.build->make(ir::Op::Max, a.id, b.id)}; }

inline Bool operator<(Real a, Real b) { return {a.build, a.build->make(ir::Op::Less, a.id, b.id)}; }
inline Bool operator==(Real a, Real b) { return {a.build, a.build->make(ir::Op::Equal, a.id, b.id)}; }
inline Bool operator&&(Bool a, Bool b) { return {a.build, a.build->make(ir::Op::And, a.id, b.id)}; }
inline Bool operator||(Bool a, Bool b) { return {a.build, a.build->make(ir::Op::Or, a.id, b.id)}; }
inline Real select(Bool c, Real a, Real b) { return {a.build, a.build->make(ir::Op::Select, c.id, a.id, b.id)}; }

inline Int bits(Real a) { return {a.build, a.build->make(ir::Op::ToBits, a.id)}; }
inline Real real(Int a) { return {a.build, a.build->make(ir::Op::FromBits, a.id)}; }
inline Int operator+(Int a, Int b) { return {a.build, a.build->make(ir::Op::IAdd, a.id, b.id)}; }
inline Int operator-(Int a, Int b) { return {a.build, a.build->make(ir::Op::ISub, a.id, b.id)}; }
inline Int operator&(Int a, Int b) { return {a.build, a.build->make(ir::Op::IAnd, a.id, b.id)}; }
inline Int operator|(Int a, Int b) { return {a.build, a.build->make(ir::Op::IOr, a.id, b.id)}; }
inline Int operator^(Int a, Int b) { return {a.build, a.build->make(ir::Op::IXor, a.id, b.id)}; }
inline Int operator<<(Int a, int n) { return {a.build, a.build->make(ir::Op::IShl, a.id, a.build->integer(n))}; }
inline Int shift_right_signed(Int a, int n) { return {a.build, a.build->make(ir::Op::ISar, a.id, a.build->integer(n))}; }

}  // namespace eic::passes
