#include "compiler/ir/interpret.h"

#include <bit>
#include <cmath>
#include <type_traits>

#include "runtime/contract/check.h"
#include "runtime/contract/subnormals.h"

namespace eic::ir {

namespace {

template <class R>
struct Scalar {
  using Word = std::conditional_t<sizeof(R) == 4, uint32_t, uint64_t>;
  R real = 0;
  Word word = 0;  // Int, and Bool as 0 or 1
};

template <class R>
class Machine {
 public:
  Machine(const Function& function, std::span<const R> columns, std::span<const R> uniforms)
      : function_(function), columns_(columns), uniforms_(uniforms), scalars_(function.values.size()) {}

  // Not inlined: no operation may move out of the stretch in which subnormals are flushed.
  [[gnu::noinline]] void run() {
    for (size_t id = 0; id < scalars_.size(); id++) {
      const Value& value = function_.values[id];
      Type type = info(value.op).type;
      if (type == Type::Real) scalars_[id].real = real(value);
      if (type == Type::Int) scalars_[id].word = integer(value);
      if (type == Type::Bool) scalars_[id].word = condition(value);
    }
  }
  const Scalar<R>& operator[](ValueId id) const { return scalars_[id]; }

 private:
  using Word = typename Scalar<R>::Word;
  using Signed = std::make_signed_t<Word>;

  R real(const Value& value) const {
    auto arg = [&](int i) { return scalars_[value.args[i]].real; };
    switch (value.op) {
      case Op::Const: return static_cast<R>(value.number);
      case Op::Column: return columns_[value.slot];
      case Op::Uniform: return uniforms_[value.slot];
      case Op::Add: return arg(0) + arg(1);
      case Op::Sub: return arg(0) - arg(1);
      case Op::Mul: return arg(0) * arg(1);
      case Op::Div: return arg(0) / arg(1);
      case Op::Neg: return -arg(0);
      case Op::Fma: return std::fma(arg(0), arg(1), arg(2));
      case Op::Sqrt: return std::sqrt(arg(0));
      case Op::Abs: return std::fabs(arg(0));
      case Op::Min: return arg(0) < arg(1) ? arg(0) : arg(1);
      case Op::Max: return arg(0) > arg(1) ? arg(0) : arg(1);
      case Op::Select: return scalars_[value.args[0]].word ? arg(1) : arg(2);
      case Op::FromBits: return std::bit_cast<R>(scalars_[value.args[0]].word);
      default: EIC_CHECK(false, "an op that `expand` should have removed"); return 0;
    }
  }

  bool condition(const Value& value) const {
    auto arg = [&](int i) { return scalars_[value.args[i]].real; };
    auto flag = [&](int i) { return scalars_[value.args[i]].word != 0; };
    switch (value.op) {
      case Op::BoolConst: return value.integer != 0;
      case Op::Less: return arg(0) < arg(1);
      case Op::LessEqual: return arg(0) <= arg(1);
      case Op::Equal: return arg(0) == arg(1);
      case Op::NotEqual: return arg(0) != arg(1);
      case Op::And: return flag(0) && flag(1);
      case Op::Or: return flag(0) || flag(1);
      case Op::Not: return !flag(0);
      default: EIC_CHECK(false, "no condition"); return false;
    }
  }

  Word integer(const Value& value) const {  // unsigned, so that it wraps around
    auto arg = [&](int i) { return scalars_[value.args[i]].word; };
    switch (value.op) {
      case Op::IntConst: return static_cast<Word>(value.integer);
      case Op::ToBits: return std::bit_cast<Word>(scalars_[value.args[0]].real);
      case Op::IAdd: return arg(0) + arg(1);
      case Op::ISub: return arg(0) - arg(1);
      case Op::IAnd: return arg(0) & arg(1);
      case Op::IOr: return arg(0) | arg(1);
      case Op::IXor: return arg(0) ^ arg(1);
      case Op::IShl: return arg(0) << arg(1);
      case Op::IShr: return arg(0) >> arg(1);
      case Op::ISar: return static_cast<Word>(static_cast<Signed>(arg(0)) >> arg(1));
      default: EIC_CHECK(false, "no integer"); return 0;
    }
  }

  const Function& function_;
  std::span<const R> columns_, uniforms_;
  std::vector<Scalar<R>> scalars_;
};

}  // namespace

template <class R>
CellResult<R> interpret(const Function& function, std::span<const R> columns, std::span<const R> uniforms) {
  bool enough = columns.size() >= function.columns.size() && uniforms.size() >= function.uniforms.size();
  EIC_CHECK(enough, "too few numbers for a function");
  Machine<R> machine(function, columns, uniforms);
  {
    FlushSubnormals flush;
    machine.run();
  }
  CellResult<R> result;
  for (const Store& store : function.stores) result.stores.push_back(machine[store.value].real);
  if (function.spike) result.spike = machine[*function.spike].word != 0;
  if (function.spike_fraction) result.spike_fraction = machine[*function.spike_fraction].real;
  return result;
}

template CellResult<float> interpret(const Function&, std::span<const float>, std::span<const float>);
template CellResult<double> interpret(const Function&, std::span<const double>, std::span<const double>);

}  // namespace eic::ir
