// Which name was used where, and what it means there: what the Index holds.
#include "compiler/sema/checker.h"

namespace eic::sema {

namespace {

const char* word_of(const Symbol& symbol) {
  switch (symbol.kind) {
    case Symbol::Kind::Value:
      if (!symbol.value) return "value";
      switch (symbol.value->op) {
        case ExprOp::State: return "state";
        case ExprOp::Param: return "parameter";
        case ExprOp::Weight: return "weight";
        default: return "named value";
      }
    case Symbol::Kind::Pending: return "named value";
    case Symbol::Kind::Param: return "parameter";
    case Symbol::Kind::Fn: return "function";
    case Symbol::Kind::Ion: return "ion";
    case Symbol::Kind::Mechanism: return "mechanism";
    case Symbol::Kind::Cell: return "cell";
    case Symbol::Kind::Network: return "network";
    case Symbol::Kind::Simulation: return "simulation";
    case Symbol::Kind::Ports: return "channel or synapse";
    case Symbol::Kind::Population: return "population";
  }
  return "name";
}

}  // namespace

void Checker::refer(Span use, Span declaration, const char* word, const std::string& path, const std::string& unit, bool sets) {
  if (use == declaration) return;
  index_.references.push_back({use, declaration, word, path, unit, sets});
}

void Checker::refer(Span use, const Symbol& symbol, const std::string& name) {
  const Expr* value = symbol.value.get();
  std::string path = name;
  if (value && value->op == ExprOp::Param && value->index < model_.params.size()) path = model_.params[value->index].path;
  else if (!symbol.path.empty()) path = symbol.path;
  refer(use, symbol.span, word_of(symbol), path, value && !value->boolean ? unit_of(*value) : "");
}

// A value given to a parameter from elsewhere.
void Checker::refer_set(Span use, uint32_t param) {
  const Param& meant = model_.params[param];
  refer(use, meant.span, "parameter", meant.path, meant.unit.text, true);
}

// "v", "INa.m", "INa.i", "exc", a `let` of the cell.
void Checker::refer_variable(Span use, const Cell& cell, const std::string& variable) {
  for (const State& state : cell.states)
    if (state.role != StateRole::Voltage && state.path == variable)  // v is declared by being a cell
      return refer(use, state.span, "state", variable, state.unit.text);
  if (auto let = cell.lets.find(variable); let != cell.lets.end())
    return refer(use, let->second->span, "named value", variable, unit_of(*let->second));
  for (const MechanismUse& mechanism : cell.mechanisms)
    if (variable == mechanism.name) return refer(use, mechanism.span, "synapse", variable);
    else if (variable == mechanism.name + ".i") return refer(use, mechanism.span, "current", variable, "nA");
}

}  // namespace eic::sema
