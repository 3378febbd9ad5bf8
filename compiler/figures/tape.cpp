#include "compiler/figures/tape.h"

#include <cmath>

#include "compiler/passes/passes.h"
#include "runtime/contract/check.h"

namespace eic::figures {

using ir::Op;

Tape::Tape(const ir::Function& function, plan::Values& values, const std::map<std::string, double>& extra) {
  using namespace passes;
  Hoisted hoisted = hoist(prune(simplify(prune(recognise_exprel(function)))));
  std::map<std::string, double> given = extra;
  given.emplace("(weight)", 0);  // no prologue reads it
  std::vector<double> uniforms = values.results(prune(fuse(prune(expand(hoisted.prologue, Precision::Double)))), given);
  ir::Function kernel = prune(hoisted.kernel);
  for (const ir::Value& value : kernel.values) {
    auto id = static_cast<uint32_t>(registers_.size());
    registers_.push_back(value.op == Op::Const ? value.number : static_cast<double>(value.integer));
    switch (value.op) {
      case Op::Const:
      case Op::BoolConst:
      case Op::IntConst: break;
      case Op::Uniform:
        if (value.slot < uniforms.size()) registers_[id] = uniforms[value.slot];
        else weights_.push_back(id);
        break;
      case Op::Column: columns_.emplace_back(value.slot, id); break;
      default: code_.push_back({value.op, id, value.args[0], value.args[1], value.args[2]});
    }
  }
  for (const ir::Store& store : kernel.stores) outputs_.push_back(store.value);
  results_.resize(outputs_.size());
  if (kernel.spike) spike_ = *kernel.spike;
}

void Tape::run(std::span<const double> columns, double weight) {
  for (auto [slot, id] : columns_) registers_[id] = columns[slot];
  for (uint32_t id : weights_) registers_[id] = weight;
  for (const Code& code : code_) step(code);
  for (size_t i = 0; i < outputs_.size(); i++) results_[i] = registers_[outputs_[i]];
}

inline void Tape::step(const Code& code) {
  double* r = registers_.data();
  auto set = [&](double value) { r[code.to] = value; };
  switch (code.op) {
    case Op::Add: return set(r[code.a] + r[code.b]);
    case Op::Sub: return set(r[code.a] - r[code.b]);
    case Op::Mul: return set(r[code.a] * r[code.b]);
    case Op::Div: return set(r[code.a] / r[code.b]);
    case Op::Neg: return set(-r[code.a]);
    case Op::Fma: return set(std::fma(r[code.a], r[code.b], r[code.c]));
    case Op::Sqrt: return set(std::sqrt(r[code.a]));
    case Op::Abs: return set(std::fabs(r[code.a]));
    case Op::Min: return set(r[code.a] < r[code.b] ? r[code.a] : r[code.b]);
    case Op::Max: return set(r[code.a] > r[code.b] ? r[code.a] : r[code.b]);
    case Op::Less: return set(r[code.a] < r[code.b]);
    case Op::LessEqual: return set(r[code.a] <= r[code.b]);
    case Op::Equal: return set(r[code.a] == r[code.b]);
    case Op::NotEqual: return set(r[code.a] != r[code.b]);
    case Op::And: return set(r[code.a] != 0 && r[code.b] != 0);
    case Op::Or: return set(r[code.a] != 0 || r[code.b] != 0);
    case Op::Not: return set(r[code.a] == 0);
    case Op::Select: return set(r[code.a] != 0 ? r[code.b] : r[code.c]);
    case Op::Exp: return set(std::exp(r[code.a]));
    case Op::Expm1: return set(std::expm1(r[code.a]));
    case Op::Log: return set(std::log(r[code.a]));
    case Op::Log1p: return set(std::log1p(r[code.a]));
    case Op::Exprel: return set(r[code.a] == 0 ? 1 : std::expm1(r[code.a]) / r[code.a]);
    case Op::Exprelr: return set(r[code.a] == 0 ? 1 : r[code.a] / std::expm1(r[code.a]));
    case Op::Tanh: return set(std::tanh(r[code.a]));
    case Op::Sin: return set(std::sin(r[code.a]));
    case Op::Cos: return set(std::cos(r[code.a]));
    case Op::Pow: return set(std::pow(r[code.a], r[code.b]));
    default: EIC_CHECK(false, "an op that only `expand` makes");
  }
}

}  // namespace eic::figures
