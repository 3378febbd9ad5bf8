// IR functions over one cell: its states as columns, then `input` and one weight a port. What
// evaluator, membrane and dynamics build with. Internal to figures/.
#pragma once
#include "compiler/figures/figures.h"
#include "compiler/ir/equations.h"

namespace eic::figures {

struct Frame {
  explicit Frame(const Subject& subject, const char* name);
  Frame(const Frame&) = delete;

  uint32_t input() const { return states; }
  uint32_t weight(uint32_t port) const { return states + 1 + port; }
  // ∂f/∂column.
  ir::ValueId slope(ir::ValueId f, uint32_t column) { return ir::differentiate(builder, f, column); }
  // Another result; its index.
  uint32_t store(ir::ValueId value);

  uint32_t states;
  ir::Function function;
  ir::Builder builder;
  ir::Equations equations;
};

}  // namespace eic::figures
