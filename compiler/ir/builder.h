// Adds values to a Function: computes dimensions, folds what is constant, and gives the same value for the same
// expression (hash-consing), so that common sub-expressions never stand twice. Used by solvers and passes.
#pragma once
#include <unordered_map>

#include "compiler/ir/ir.h"

namespace eic::ir {

class Builder {
 public:
  // With folding off every operation stays as it is asked for (expand: its roundings must happen in the run's precision).
  enum class Folding : uint8_t { On, Off };
  explicit Builder(Function& function, Folding folding = Folding::On);

  ValueId constant(double number, Dimension dimension = {});
  ValueId boolean(bool value);
  ValueId integer(int64_t value);
  ValueId column(uint32_t slot);   // of function.columns
  ValueId uniform(uint32_t slot);  // of function.uniforms
  // Arguments must satisfy the op's dimension rule (EIC_CHECK). Folds with double arithmetic where all are constant (once,
  // before precision is chosen; the math functions of expand stay, so that their bits are ours), and x+(−0), x−0, x*1,
  // x/1, −−x and the like, where it is exact for every x.
  ValueId make(Op op, ValueId a, ValueId b = k_no_value, ValueId c = k_no_value);
  // x^n by repeated multiplication (square and multiply), n any integer; 1/x^n for negative ones.
  ValueId power(ValueId x, int n);
  // Values made from here on carry this span.
  void at(Span span) { span_ = span; }

  const Value& operator[](ValueId id) const;
  Function& function() { return function_; }

 private:
  ValueId intern(Value value);
  ValueId folded(Op op, const std::array<ValueId, 3>& args);  // k_no_value where nothing folds

  Function& function_;
  Folding folding_;
  Span span_;
  std::unordered_map<uint64_t, std::vector<ValueId>> known_;  // by hash
};

// `value` of another function again, with these arguments.
ValueId copy(Builder& builder, const Value& value, const std::array<ValueId, 3>& args);

// ∂f/∂column[slot], symbolically. Comparisons and `select` conditions count as constant.
ValueId differentiate(Builder& builder, ValueId f, uint32_t column_slot);
// Whether `f` reads column `slot` (or, for the second, any column, or the time).
bool depends_on(const Function& function, ValueId f, uint32_t column_slot);
bool depends_on_columns(const Function& function, ValueId f);
// `f` with column `slot` replaced by `by`.
ValueId substitute(Builder& builder, ValueId f, uint32_t column_slot, ValueId by);

}  // namespace eic::ir
