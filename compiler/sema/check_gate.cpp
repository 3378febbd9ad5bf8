// Gates: sugar for a state between 0 and 1, its equation and its start at steady state.
#include <fmt/format.h>

#include <unordered_map>

#include "compiler/sema/instance.h"

namespace eic::sema {

void Checker::gate(Instance& instance, const ast::Item& item) {
  const auto& written = std::get<ast::Gate>(item.node);
  bool misnamed = false;
  const ast::Binding* q10 = nullptr;
  const ast::Expr *alpha = nullptr, *beta = nullptr, *inf = nullptr, *tau = nullptr;
  for (const ast::Binding& binding : written.bindings) {
    const std::string& name = binding.path[0].text;
    const ast::Expr** place = name == "alpha"  ? &alpha
                              : name == "beta" ? &beta
                              : name == "inf"  ? &inf
                              : name == "tau"  ? &tau
                                               : nullptr;
    if (name == "q10") {
      if (q10) error(Kind::ItemTwice, binding.span, "`q10` is given twice").note(q10->span, "first given here");
      q10 = &binding;
    } else if (!place) {
      // `n_inf`, `tau_n`: the gate's own name is not repeated
      std::string stem = name;
      for (const std::string& own : {"_" + written.name.text, written.name.text + "_"})
        if (size_t at = stem.find(own); at != std::string::npos) stem.erase(at, own.size());
      Diagnostic& diagnostic = error(Kind::GateRates, binding.path[0].span, fmt::format("a gate has no `{}`", name));
      const std::vector<std::string> known = {"alpha", "beta", "inf", "tau"};
      if (std::find(known.begin(), known.end(), stem) != known.end())
        diagnostic.fix(binding.path[0].span, stem, fmt::format("write `{}`", stem));
      else if (!diagnostic.suggest(binding.path[0].span, name, known))
        diagnostic.help("it takes `alpha` and `beta`, `inf` and `tau`, or `inf` alone");
      misnamed = true;
    } else if (*place) {
      error(Kind::ItemTwice, binding.span, fmt::format("`{}` is given twice", name));
    } else {
      *place = binding.value.get();
    }
  }
  bool rates = alpha && beta && !inf && !tau, relaxation = inf && tau && !alpha && !beta,
       instantaneous = inf && !tau && !alpha && !beta;
  if (misnamed) return;
  if (!rates && !relaxation && !instantaneous) {
    error(Kind::GateRates, written.name.span,
          fmt::format("the gate `{}` needs `alpha` and `beta`, or `inf` and `tau`, or `inf` alone", written.name.text))
        .help((alpha || beta) && (inf || tau) ? "leave out either `alpha` and `beta` or `inf` and `tau`"
              : alpha && !beta ? "`beta` is missing"
              : beta && !alpha ? "`alpha` is missing"
              : tau && !inf    ? "`inf` is missing"
                               : "rates such as `alpha = 0.1 ms^-1`");
    return;
  }
  Place place = instance.place();
  std::string name = "`" + written.name.text + "`";
  std::string path = instance.name + "." + written.name.text;
  if (instantaneous && q10) {
    error(Kind::GateRates, q10->span, fmt::format("{} follows `inf` at once: there is no rate that `q10` could change", name));
    return;
  }
  ExprPtr factor = q10 ? gate_q10(instance, written, *q10) : nullptr;
  if (q10 && !factor) return;
  if (instantaneous) {
    ExprPtr value = check_as(*inf, place, {}, "1", "`inf` of " + name);
    if (!value) return;
    Symbol symbol;
    symbol.value = let(path, value, written.name.span);
    instance.cell.lets.emplace(path, symbol.value);
    declare(*instance.scope, written.name, symbol);
    return;
  }
  Symbol* symbol = instance.scope->find_here(written.name.text);
  if (!symbol || !symbol->value || symbol->value->op != ExprOp::State) return;  // a name twice, said already
  State& state = instance.cell.states[symbol->value->index];
  ExprPtr x = symbol->value;
  Span span = item.span;
  if (rates) {
    ExprPtr a = check_as(*alpha, place, dims::rate, "ms^-1", "`alpha` of " + name),
            b = check_as(*beta, place, dims::rate, "ms^-1", "`beta` of " + name);
    if (!a || !b) return;
    if (factor) a = binary(ExprOp::Mul, a, factor, a->span), b = binary(ExprOp::Mul, b, factor, b->span);
    a = let(path + ".alpha", a, a->span);
    b = let(path + ".beta", b, b->span);
    ExprPtr closed = binary(ExprOp::Sub, number(1, {}, span), x, span);
    state.rate = binary(ExprOp::Sub, binary(ExprOp::Mul, a, closed, a->span), binary(ExprOp::Mul, b, x, b->span), span);
    state.start.args = {binary(ExprOp::Div, a, binary(ExprOp::Add, a, b, span), span)};
    for (const ExprPtr& rate : {a, b}) instance.cell.lets.emplace(rate->name, rate);
  } else {
    ExprPtr steady = check_as(*inf, place, {}, "1", "`inf` of " + name),
            time = check_as(*tau, place, dims::time, "ms", "`tau` of " + name);
    if (!steady || !time) return;
    if (time->op == ExprOp::Number && time->number <= 0) {
      error(Kind::ParameterValue, time->span, fmt::format("`tau` of {} must be positive", name));
      return;
    }
    if (factor) time = binary(ExprOp::Div, time, factor, time->span);
    steady = let(path + ".inf", steady, steady->span);
    time = let(path + ".tau", time, time->span);
    state.rate = binary(ExprOp::Div, binary(ExprOp::Sub, steady, x, span), time, span);
    state.start.args = {steady};
    for (const ExprPtr& curve : {steady, time}) instance.cell.lets.emplace(curve->name, curve);
  }
  state.rate_span = span;
}

// `q10 = 3 at 36 degC`: 3^((T − 36 degC)/10 K).
ExprPtr Checker::gate_q10(Instance& instance, const ast::Gate& written, const ast::Binding& binding) {
  if (!written.q10_at) {
    error(Kind::GateRates, binding.span, "`q10` needs the temperature at which the rates were measured")
        .help("write `q10 = 3 at 36 degC`");
    return nullptr;
  }
  ExprPtr base = check_constant_as(*binding.value, instance.scope, {}, "1", "`q10`");
  ExprPtr measured = check_constant_as(*written.q10_at, instance.scope, dims::temperature, "degC", "the temperature behind `at`");
  if (!base || !measured) return nullptr;
  if (base->op == ExprOp::Number && base->number <= 0) {
    error(Kind::ParameterValue, base->span, "`q10` is the factor by which rates grow in 10 K: it is positive");
    return nullptr;
  }
  ExprPtr kelvin = temperature(binding.path[0].span, instance.place());
  if (!kelvin) return nullptr;
  Span span = binding.span;
  ExprPtr tens = binary(ExprOp::Div, binary(ExprOp::Sub, kelvin, measured, span), number(10, dims::temperature, span), span);
  return call(Builtin::Pow, {base, tens}, {}, span);
}

namespace {

// The power in which state `index` stands in a product; nothing where it is no plain product.
class Degree {
 public:
  explicit Degree(uint32_t state) : state_(state) {}
  std::optional<int> of(const Expr& expr) {
    if (auto known = known_.find(&expr); known != known_.end()) return known->second;
    return known_[&expr] = find(expr);
  }

 private:
  std::optional<int> find(const Expr& expr) {
    if (expr.op == ExprOp::State) return expr.index == state_ ? 1 : 0;
    std::vector<int> degrees;
    for (const ExprPtr& arg : expr.args) {
      auto degree = of(*arg);
      if (!degree) return std::nullopt;
      degrees.push_back(*degree);
    }
    switch (expr.op) {
      case ExprOp::Let:
      case ExprOp::Neg: return degrees[0];
      case ExprOp::Mul: return degrees[0] + degrees[1];
      case ExprOp::Div: return degrees[0] - degrees[1];
      case ExprOp::Power: return degrees[0] * expr.exponent;
      default: break;
    }
    bool same = std::all_of(degrees.begin(), degrees.end(), [&](int d) { return d == degrees[0]; });
    bool sum = expr.op == ExprOp::Add || expr.op == ExprOp::Sub;
    if (degrees.empty() || (same && (sum || degrees[0] == 0))) return degrees.empty() ? 0 : degrees[0];
    return std::nullopt;
  }
  uint32_t state_;
  std::unordered_map<const Expr*, std::optional<int>> known_;
};

}  // namespace

// `gate m^3` is a statement about the conductance.
void Checker::gate_degree(Instance& instance, const ast::Item& item) {
  const auto& written = std::get<ast::Gate>(item.node);
  Symbol* symbol = instance.scope->find_here(written.name.text);
  if (!instance.conductance || !symbol || !symbol->value || symbol->value->op != ExprOp::State) return;
  auto degree = Degree(symbol->value->index).of(*instance.conductance);
  if (!degree || *degree == written.power) return;
  auto shown = [&](int power) { return power == 1 ? written.name.text : fmt::format("{}^{}", written.name.text, power); };
  std::string found =
      *degree == 0 ? fmt::format("does not contain `{}`", written.name.text) : fmt::format("has `{}`", shown(*degree));
  Diagnostic& diagnostic = error(Kind::GateExponent, written.name.span,
                                 fmt::format("`gate {}` is declared, but the conductance {}", shown(written.power), found));
  diagnostic.note(instance.conductance->span, "the conductance");
  if (*degree > 0) {
    Span head = written.name.span;
    if (written.power_span.end > head.end) head.end = written.power_span.end;
    diagnostic.fix(head, shown(*degree), fmt::format("write `gate {}`, or mend the conductance", shown(*degree)));
  } else {
    diagnostic.help("multiply the conductance by it, or leave the gate out");
  }
}

}  // namespace eic::sema
