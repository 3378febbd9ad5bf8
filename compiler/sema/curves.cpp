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

// A current as it would be at `v` before any state has moved: gates at steady state, unless an `init` says otherwise. A start
// that is drawn stays the state that it is.
class AtStart {
 public:
  AtStart(const Cell& cell, const Simulation& run) : cell_(cell), run_(run) {}

  ExprPtr of(const ExprPtr& expr) {
    if (auto known = done_.find(expr.get()); known != done_.end()) return known->second;
    done_[expr.get()] = expr;  // what reads itself stays as it is
    ExprPtr made = expr;
    if (expr->op == ExprOp::State && expr->index != 0) {
      if (const Spread& start = start_of(expr->index); start.kind == plan::Draw::Kind::Constant) made = of(start.args[0]);
    } else if (!expr->args.empty()) {
      auto copy = std::make_shared<Expr>(*expr);
      for (ExprPtr& arg : copy->args) {
        arg = of(arg);
        copy->depth = std::max(copy->depth, arg->depth + 1);
      }
      made = copy;
    }
    return done_[expr.get()] = made;
  }

 private:
  const Spread& start_of(uint32_t state) const {
    auto found = run_.starts.find({0, state});
    return found == run_.starts.end() ? cell_.states[state].start : found->second;
  }

  const Cell& cell_;
  const Simulation& run_;
  std::map<const Expr*, ExprPtr> done_;
};

constexpr const char* k_of_gate[] = {"inf", "tau", "alpha", "beta"};

}  // namespace

std::vector<std::string> curves(const Cell& cell) {
  std::vector<std::string> paths;
  for (const State& state : cell.states)
    if (state.role == StateRole::Gate)
      for (const char* what : k_of_gate) paths.push_back(state.path + "." + what);
  for (const auto& [path, value] : cell.lets)
    if (!value->boolean && std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
  for (const Current& current : cell.currents) paths.push_back(current.path + ".i");
  return paths;
}

ExprPtr curve(const Cell& cell, const std::string& path, const Simulation& run) {
  if (ExprPtr own = of(cell, path)) return own;
  for (const Current& current : cell.currents)
    if (current.path + ".i" == path) return AtStart(cell, run).of(current.outward);
  size_t mark = path.rfind('.');
  return mark == std::string::npos ? nullptr : derived(cell, path.substr(0, mark), path.substr(mark + 1));
}

std::optional<std::string> reads_besides_v(const Cell& cell, const Expr& value) {
  for (uint32_t i = 1; i < cell.states.size(); i++)
    if (contains(value, ExprOp::State, i)) return cell.states[i].path;
  if (contains(value, ExprOp::Input)) return "input";
  if (contains(value, ExprOp::Step)) return "dt";
  if (contains(value, ExprOp::Time)) return "t";
  return std::nullopt;
}

}  // namespace eic::sema
