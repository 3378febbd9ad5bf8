// Model expressions → IR values, for the equations of one cell. Columns are the cell's states (in the Model's order) and
// what the caller adds behind them; uniforms are the parameters that are read, in the order in which they are met.
// Used by solvers/ (steps, starts, observations, events) and by evaluate.h.
#pragma once
#include <functional>
#include <unordered_map>

#include "compiler/ir/builder.h"
#include "compiler/sema/model.h"

namespace eic::ir {

class Equations {
 public:
  Equations(Builder& builder, const std::vector<sema::Param>& params) : builder_(builder), params_(params) {}

  ValueId build(const sema::Expr& expr);
  // What a state stands for: its column, unless it is replaced (by its new value, by its starting value).
  std::function<ValueId(uint32_t state)> state;
  std::function<ValueId()> input, weight, distance;
  std::function<ValueId()> noise;  // empty: there is none, the value is 0
  // What stands for a parameter that differs from cell to cell; nothing for the others, which are uniforms.
  std::function<std::optional<ValueId>(uint32_t param)> per_cell;
  // What `t` stands for; without one, the uniform "t": the time at which the function is called.
  std::function<ValueId()> time;
  // The uniform of a parameter, or of something else that is constant during a run ("dt").
  ValueId param(uint32_t index);
  ValueId uniform(const std::string& name, const Dimension& dimension, bool varies = false);
  // Forgets what has been built: after a change of `state`.
  void forget() { known_.clear(); }

 private:
  ValueId build_call(const sema::Expr& expr);
  ValueId make(const sema::Expr& expr);

  Builder& builder_;
  const std::vector<sema::Param>& params_;
  std::unordered_map<const sema::Expr*, ValueId> known_;
  std::unordered_map<std::string, ValueId> uniforms_;
};

}  // namespace eic::ir
