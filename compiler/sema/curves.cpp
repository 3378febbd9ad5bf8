#include "compiler/sema/curves.h"

#include <algorithm>

namespace eic::sema {

namespace {

ExprPtr of(const Cell& cell, const std::string& path) {
  auto found = cell.lets.find(path);
  return found == cell.lets.end() || found->second->boolean ? nullptr : found->second;
}

// inf and tau of a gate that was written with rates, and rates of one that was written with inf and tau.
ExprPtr derived(const Cell& cell, const std::string& gate, const std::string& what) {
  ExprPtr alpha = of(cell, gate + ".alpha"), beta = of(cell, gate + ".beta"), inf = of(cell, gate + ".inf"),
          tau = of(cell, gate + ".tau");
  if (alpha && beta) {
    ExprPtr sum = binary(ExprOp::Add, alpha, beta, alpha->span);
    if (what == "inf") return binary(ExprOp::Div, alpha, sum, alpha->span);
    if (what == "tau") return binary(ExprOp::Div, number(1, {}, alpha->span), sum, alpha->span);
  }
  if (inf && tau) {
    if (what == "alpha") return binary(ExprOp::Div, inf, tau, inf->span);
    if (what == "beta") return binary(ExprOp::Div, binary(ExprOp::Sub, number(1, {}, inf->span), inf, inf->span), tau, inf->span);
  }
  return nullptr;
}

constexpr const char* k_of_gate[] = {"inf", "tau", "alpha", "beta"};

}  // namespace

std::vector<std::string> curves(const Cell& cell) {
  std::vector<std::string> paths;
  for (const State& state : cell.states)
    if (state.role == StateRole::Gate)
      for (const char* what : k_of_gate) paths.push_back(state.path + "." + what);
  for (const auto& [path, value] : cell.lets)
    if (!value->boolean && std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
  return paths;
}

ExprPtr curve(const Cell& cell, const std::string& path) {
  if (ExprPtr own = of(cell, path)) return own;
  size_t mark = path.rfind('.');
  return mark == std::string::npos ? nullptr : derived(cell, path.substr(0, mark), path.substr(mark + 1));
}

std::optional<std::string> reads_besides_v(const Cell& cell, const Expr& value) {
  for (uint32_t i = 1; i < cell.states.size(); i++)
    if (contains(value, ExprOp::State, i)) return cell.states[i].path;
  if (contains(value, ExprOp::Input)) return "input";
  if (contains(value, ExprOp::Step)) return "dt";
  return std::nullopt;
}

}  // namespace eic::sema
