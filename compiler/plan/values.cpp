#include "compiler/plan/values.h"

#include <fmt/format.h>

#include "compiler/ir/equations.h"
#include "compiler/ir/interpret.h"
#include "compiler/passes/passes.h"
#include "runtime/contract/check.h"

namespace eic::plan {

using sema::ExprOp;

const sema::Expr& Values::source(uint32_t index) const {
  const sema::Expr* value = model_.params[index].value.get();
  for (const Overrides* layer : layers_)
    if (auto found = layer->find(index); found != layer->end()) value = found->second.get();
  return *value;
}

double Values::param(uint32_t index) {
  if (auto found = known_.find(index); found != known_.end()) return found->second;
  double value = number(source(index));
  return known_[index] = value;
}

double Values::number(const sema::Expr& expr) {
  if (expr.op == ExprOp::Number) return expr.number;
  if (expr.op == ExprOp::Param) return param(expr.index);
  ir::Function function;
  function.name = "value";
  ir::Builder builder(function);
  ir::Equations equations(builder, model_.params);
  ir::ValueId value = equations.build(expr);
  if (expr.boolean) value = builder.make(ir::Op::Select, value, builder.constant(1), builder.constant(0));
  function.results.push_back({"value", builder[value].dimension});
  function.stores.push_back({.slot = 0, .value = value, .span = expr.span});
  return results(passes::run_scalar_pipeline(function), {})[0];
}

bool Values::truth(const sema::Expr& expr) { return number(expr) != 0; }

std::vector<double> Values::results(const ir::Function& function, const std::map<std::string, double>& extra) {
  if (by_path_.empty())
    for (uint32_t i = 0; i < model_.params.size(); i++) by_path_.emplace(model_.params[i].path, i);
  std::vector<double> uniforms;
  for (const ir::Slot& slot : function.uniforms) {
    if (auto given = extra.find(slot.name); given != extra.end()) {
      uniforms.push_back(given->second);
      continue;
    }
    auto found = by_path_.find(slot.name);
    EIC_CHECK(found != by_path_.end(), ("a uniform that is no parameter: " + slot.name).c_str());
    uniforms.push_back(param(found->second));
  }
  auto computed = ir::interpret<double>(function, {}, uniforms);
  std::vector<double> out(function.results.size());
  for (size_t i = 0; i < function.stores.size(); i++) out[function.stores[i].slot] = computed.stores[i];
  return out;
}

units::Decimal Values::time(const sema::Expr& expr) {
  if (expr.op == ExprOp::Number) return expr.exact;
  if (expr.op == ExprOp::Param) return time(source(expr.index));
  if (expr.op == ExprOp::Let) return time(*expr.args[0]);
  auto ms = units::to_decimal(fmt::format("{:.12g}", number(expr)), *units::parse_unit("ms"));
  return ms.value_or(units::Decimal{});
}

}  // namespace eic::plan
