#include "compiler/plan/values.h"

#include <fmt/format.h>

#include "compiler/ir/equations.h"
#include "compiler/ir/interpret.h"
#include "compiler/passes/passes.h"
#include "runtime/contract/check.h"

namespace eic::plan {

using sema::ExprOp;

Values::Found Values::found(uint32_t index, size_t layers) const {
  for (size_t layer = layers; layer-- > 0;)
    if (auto own = layers_[layer]->find(index); own != layers_[layer]->end()) return {own->second.get(), layer};
  return {model_.params[index].value.get(), layers};
}

double Values::param(uint32_t index) { return param_at(index, layers_.size()); }
double Values::number(const sema::Expr& expr) { return number_at(expr, layers_.size()); }
units::Decimal Values::time(const sema::Expr& expr) { return time_at(expr, layers_.size()); }
std::vector<double> Values::results(const ir::Function& function, const std::map<std::string, double>& extra) {
  return results_at(function, extra, layers_.size());
}

double Values::param_at(uint32_t index, size_t layers) {
  if (auto known = known_.find({index, layers}); known != known_.end()) return known->second;
  Found source = found(index, layers);
  double value = number_at(*source.value, source.layers);
  return known_[{index, layers}] = value;
}

double Values::number_at(const sema::Expr& expr, size_t layers) {
  if (expr.op == ExprOp::Number) return expr.number;
  if (expr.op == ExprOp::Param) return param_at(expr.index, layers);
  ir::Function function;
  function.name = "value";
  ir::Builder builder(function);
  ir::Equations equations(builder, model_.params);
  ir::ValueId value = equations.build(expr);
  if (expr.boolean) value = builder.make(ir::Op::Select, value, builder.constant(1), builder.constant(0));
  function.results.push_back({"value", builder[value].dimension});
  function.stores.push_back({.slot = 0, .value = value, .span = expr.span});
  return results_at(passes::run_scalar_pipeline(function), {}, layers)[0];
}

std::vector<double> Values::results_at(const ir::Function& function, const std::map<std::string, double>& extra, size_t layers) {
  if (by_path_.empty())
    for (uint32_t i = 0; i < model_.params.size(); i++) by_path_.emplace(model_.params[i].path, i);
  std::vector<double> uniforms;
  for (const ir::Slot& slot : function.uniforms) {
    if (auto given = extra.find(slot.name); given != extra.end()) {
      uniforms.push_back(given->second);
      continue;
    }
    if (slot.varies) {  // the time, which the engine writes
      uniforms.push_back(0);
      continue;
    }
    auto found = by_path_.find(slot.name);
    EIC_CHECK(found != by_path_.end(), "a uniform that is no parameter");
    uniforms.push_back(param_at(found->second, layers));
  }
  auto computed = ir::interpret<double>(function, {}, uniforms);
  std::vector<double> out(function.results.size());
  for (size_t i = 0; i < function.stores.size(); i++) out[function.stores[i].slot] = computed.stores[i];
  return out;
}

units::Decimal Values::time_at(const sema::Expr& expr, size_t layers) {
  if (expr.op == ExprOp::Number) return expr.exact;
  if (expr.op == ExprOp::Let) return time_at(*expr.args[0], layers);
  if (expr.op == ExprOp::Param) {
    Found source = found(expr.index, layers);
    return time_at(*source.value, source.layers);
  }
  auto ms = units::to_decimal(fmt::format("{:.12g}", number_at(expr, layers)), *units::parse_unit("ms"));
  return ms.value_or(units::Decimal{});
}

}  // namespace eic::plan
