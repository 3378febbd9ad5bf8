#include "compiler/figures/frame.h"
#include "compiler/figures/tape.h"

namespace eic::figures {

namespace {

ir::Function columns_of(const sema::Cell& cell, const char* name) {
  ir::Function function;
  function.name = cell.name + "." + name;
  for (const sema::State& state : cell.states) function.columns.push_back({state.path, state.dimension});
  function.columns.push_back({"(input)", units::parse_unit("nA")->dimension});
  for (const sema::Port& port : cell.ports) function.columns.push_back({"(weight)", port.weight_dimension});
  return function;
}

}  // namespace

Frame::Frame(const Subject& subject, const char* name)
    : states(static_cast<uint32_t>(subject.cell.states.size())),
      function(columns_of(subject.cell, name)),
      builder(function),
      equations(builder, subject.model.params) {
  equations.state = [this](uint32_t state) { return builder.column(state); };
  equations.input = [this] { return builder.column(input()); };
}

uint32_t Frame::store(ir::ValueId value) {
  auto slot = static_cast<uint32_t>(function.stores.size());
  function.results.push_back({"", builder[value].dimension});
  function.stores.push_back({.slot = slot, .value = value, .span = builder[value].span});
  return slot;
}

struct Evaluator::Impl {
  Tape tape;
  std::vector<double> columns;
};

Evaluator::Evaluator(const Subject& subject, const std::vector<const sema::Expr*>& wanted, double dt)
    : impl_(std::make_unique<Impl>()) {
  Frame frame(subject, "evaluate");
  for (const sema::Expr* expr : wanted) {
    ir::ValueId value = frame.equations.build(*expr);
    if (expr->boolean) value = frame.builder.make(ir::Op::Select, value, frame.builder.constant(1), frame.builder.constant(0));
    frame.store(value);
  }
  impl_->tape = Tape(frame.function, subject.values, {{"dt", dt}});
  impl_->columns.resize(frame.function.columns.size());
}
Evaluator::~Evaluator() = default;
Evaluator::Evaluator(Evaluator&&) noexcept = default;

std::span<const double> Evaluator::operator()(std::span<const double> states, double input) {
  std::copy(states.begin(), states.end(), impl_->columns.begin());
  impl_->columns[states.size()] = input;
  impl_->tape.run(impl_->columns);
  return impl_->tape.results();
}

}  // namespace eic::figures
