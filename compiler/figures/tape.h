// In: an IR function of a cell and the values of its parameters. Out: the same as a flat program, for very many calls: what
// depends on parameters alone is computed once, and exp and its like are the C library's (the interpreter of ir/, which gives
// the program's bits, takes several times as long). Internal to figures/.
#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "compiler/ir/ir.h"
#include "compiler/plan/values.h"

namespace eic::figures {

class Tape {
 public:
  Tape() = default;
  // `extra`: uniforms that are no parameters, such as "dt".
  Tape(const ir::Function& function, plan::Values& values, const std::map<std::string, double>& extra);
  // `columns` by slot. Results are one a store, in the function's order; `weight` is the last uniform of an event.
  void run(std::span<const double> columns, double weight = 0);
  std::span<const double> results() const { return results_; }
  bool spike() const { return spike_ != UINT32_MAX && registers_[spike_] != 0; }

 private:
  struct Code {
    ir::Op op;
    uint32_t to, a, b, c;
  };
  void step(const Code& code);

  std::vector<double> registers_, results_;
  std::vector<Code> code_;
  std::vector<std::pair<uint32_t, uint32_t>> columns_;  // slot → register
  std::vector<uint32_t> weights_, outputs_;
  uint32_t spike_ = UINT32_MAX;
};

}  // namespace eic::figures
