#include "compiler/ast/print.h"

#include <fmt/format.h>

namespace eic::ast {

namespace {

template <class Range, class Print>
std::string joined(const Range& range, std::string_view separator, Print print) {
  std::string text;
  for (const auto& element : range) {
    if (!text.empty()) text += separator;
    text += print(element);
  }
  return text;
}

std::string listed(const std::vector<Ident>& names) {
  return joined(names, ", ", [](const Ident& name) { return name.text; });
}

// ---- expressions: how tightly each binds, loosest first, as in docs/language.md
enum Binds { k_if, k_or, k_and, k_not, k_comparison, k_sum, k_product, k_minus, k_power, k_primary };

Binds binds(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::If:
    case ExprKind::Range:
    case ExprKind::PlusMinus: return k_if;
    case ExprKind::Unary: return expr.text == "not" ? k_not : k_minus;
    case ExprKind::Number: return expr.text.starts_with("-") ? k_minus : k_primary;
    case ExprKind::Binary:
      if (expr.text == "or") return k_or;
      if (expr.text == "and") return k_and;
      if (expr.text == "+" || expr.text == "-") return k_sum;
      if (expr.text == "*" || expr.text == "/") return k_product;
      return expr.text == "^" ? k_power : k_comparison;
    default: return k_primary;
  }
}

std::string at_least(const Expr& expr, Binds needed) { return binds(expr) < needed ? "(" + print(expr) + ")" : print(expr); }

// Whether `left` stands without parentheses before an operator as loose as `above`.
bool joins(const Expr& left, const Expr& above) {
  bool chained = binds(left) == k_comparison && binds(above) == k_comparison;
  return left.kind == ExprKind::Binary && left.text != "^" && binds(left) >= binds(above) && !chained;
}

std::string power(const Expr& expr) {
  // `5 mV^2` is another literal than `(5 mV)^2`.
  std::string base = expr.args[0]->has_unit ? "(" + print(*expr.args[0]) + ")" : at_least(*expr.args[0], k_primary);
  return base + "^" + at_least(*expr.args[1], k_minus);
}

std::string binary(const Expr& expr) {
  if (expr.text == "^") return power(expr);
  std::vector<const Expr*> spine{&expr};  // long sums are deep on the left: that side is walked in a loop
  const Expr* left = expr.args[0].get();
  for (; joins(*left, *spine.back()); left = left->args[0].get()) spine.push_back(left);
  Binds innermost = binds(*spine.back());
  std::string text = at_least(*left, innermost == k_comparison ? k_sum : innermost);
  for (auto above = spine.rbegin(); above != spine.rend(); ++above) {
    auto tighter = static_cast<Binds>(binds(**above) + 1);
    text += fmt::format(" {} {}", (*above)->text, at_least(*(*above)->args[1], tighter));
  }
  return text;
}

std::string call(const Expr& expr) {
  std::string text = dotted(expr.path) + "(";
  for (size_t i = 0; i < expr.args.size(); i++) {
    if (i > 0) text += ", ";
    if (!expr.names[i].text.empty()) text += expr.names[i].text + " = ";
    text += print(*expr.args[i]);
  }
  return text + ")";
}

// ---- items
std::string units_of(const std::vector<UnitRef>& units) {
  return joined(units, " | ", [](const UnitRef& unit) { return unit.unit.text; });
}
std::string binding(const Binding& written) {
  return fmt::format("{} {} {}", dotted(written.path), written.op, print(*written.value));
}
std::string target(const Target& target) {
  std::string indices = joined(target.indices, ", ", [](const ExprPtr& index) { return print(*index); });
  return dotted(target.path) + (indices.empty() ? "" : "[" + indices + "]");
}
std::string allow_text(const Allow& allow) { return fmt::format("allow({}, \"{}\")", allow.code.text, allow.reason); }
std::string optional(std::string_view before, const ExprPtr& expr) { return expr ? std::string(before) + print(*expr) : ""; }
std::string_view word(MechanismKind kind) {
  static constexpr std::string_view k_words[] = {"channel", "synapse", "pool", "plasticity"};
  return k_words[static_cast<size_t>(kind)];
}

class Printer {
 public:
  void items(const Items& items) {
    for (const Item& item : items) std::visit([&](const auto& node) { print(node); }, item.node);
  }
  std::string take() { return std::move(out_); }

 private:
  void line(std::string_view text) { out_ += fmt::format("{:{}}{}\n", "", indent_ * 2, text); }
  template <class Body>
  void nested(std::string_view head, Body body) {
    line(head);
    indent_++;
    body();
    indent_--;
  }
  void block(std::string_view head, const Items& body) {
    nested(head, [&] { items(body); });
  }
  void settings(std::string_view head, const std::vector<Binding>& bindings, const std::vector<Allow>& allows = {}) {
    nested(head, [&] {
      for (const Binding& each : bindings) line(binding(each));
      for (const Allow& each : allows) line(allow_text(each));
    });
  }

  void print(const Use& use) {
    std::string from = use.file.empty() ? dotted(use.module) : "\"" + use.file + "\"";
    line(fmt::format("use {} {{ {} }}", from, joined(use.names, ", ", [](const Use::Name& name) {
                       return name.name.text + (name.alias ? " as " + name.alias->text : "");
                     })));
  }
  void print(const Param& param) {
    std::string units = units_of(param.units);
    std::string range = param.low ? fmt::format(" in {} .. {}", ast::print(*param.low), ast::print(*param.high)) : "";
    line(fmt::format("param {}{}{}{}", param.name.text, units.empty() ? "" : " : " + units, optional(" = ", param.value), range));
  }
  void print(const Let& let) { line(fmt::format("let {} = {}", let.name.text, ast::print(*let.value))); }
  void print(const State& state) {
    std::string unit = state.unit ? " : " + state.unit->unit.text : "";
    line(fmt::format("state {}{}{}", state.name.text, unit, optional(" = ", state.start)));
  }
  void print(const Equation& equation) { line(fmt::format("{}' = {}", equation.name.text, ast::print(*equation.rate))); }
  void print(const Fn& fn) { line(fmt::format("fn {}({}) = {}", fn.name.text, listed(fn.params), ast::print(*fn.body))); }
  void print(const Gate& gate) {
    nested(fmt::format("gate {}^{}", gate.name.text, gate.power), [&] {
      for (const Binding& each : gate.bindings)
        line(binding(each) + (dotted(each.path) == "q10" ? optional(" at ", gate.q10_at) : ""));
      for (const Allow& each : gate.allows) line(allow_text(each));
    });
  }
  void print(const Conductance& conductance) { line("conductance " + ast::print(*conductance.value)); }
  void print(const Current& current) { line("current " + ast::print(*current.value)); }
  void print(const Init& init) { line("init " + binding(init.binding)); }
  void print(const OnEvent& on) {
    std::string args = joined(
        on.args, ", ", [](const OnEvent::Arg& arg) { return arg.name.text + (arg.unit ? " : " + arg.unit->unit.text : ""); });
    settings(fmt::format("on {}({})", on.event.text, args), on.body);
  }
  void print(const Allow& allow) { line(allow_text(allow)); }
  void print(const Setting& setting) { line(binding(setting.binding)); }
  void print(const Mechanism& mechanism) {
    std::string ions = joined(mechanism.ions, ", ", [](const Ident& ion) { return "ion " + ion.text; });
    if (!ions.empty()) ions = "(" + ions + ")";
    block(fmt::format("{} {}{}", word(mechanism.kind), mechanism.name.text, ions), mechanism.items);
  }
  void print(const Ion& ion) {
    settings(fmt::format("ion {}{}", ion.name.text, ion.pool ? " : " + ion.pool->text : ""), ion.bindings, ion.allows);
  }
  void print(const Instance& instance) {
    std::string ions = listed(instance.ions);
    if (!ions.empty()) ions = " on " + ions;
    settings(fmt::format("{} {} : {}{}", word(instance.kind), instance.name.text, instance.type.text, ions), instance.bindings,
             instance.allows);
  }
  void print(const Spike& spike) {
    line(fmt::format("spike when {}{}{}", ast::print(*spike.condition), optional(" crosses ", spike.threshold),
                     optional(", refractory = ", spike.refractory)));
  }
  void print(const Reset& reset) { settings("reset", reset.body); }
  void print(const Cell& cell) { block(fmt::format("cell {}{}", cell.name.text, cell.base ? " : " + cell.base->text : ""), cell.items); }
  void print(const Population& population) {
    block(fmt::format("population {} : {}[{}]", population.name.text, population.cell.text, ast::print(*population.size)),
          population.items);
  }
  void print(const Projection& projection) {
    block(fmt::format("{} {} : {} -> {}", projection.gap ? "gap" : "projection", projection.name.text, target(projection.from),
                      target(projection.to)),
          projection.items);
  }
  void print(const Stimulus& stimulus) {
    std::string name = stimulus.name ? stimulus.name->text + " : " : "";
    settings(fmt::format("stimulus {}{} -> {}", name, stimulus.kind.text, target(stimulus.to)), stimulus.bindings,
             stimulus.allows);
  }
  void print(const Network& network) { block("network " + network.name.text, network.items); }
  void print(const Record& record) {
    std::string what = record.nothing ? "nothing" : joined(record.what, ", ", dotted);
    line(fmt::format("record {}{}{}{}", what, record.of ? " of " + target(*record.of) : "", optional(" every ", record.every),
                     record.to ? " to \"" + *record.to + "\"" : ""));
  }
  void print(const Phase& phase) { block(fmt::format("phase {} {}", phase.name.text, ast::print(*phase.duration)), phase.items); }
  void print(const Simulate& simulate) {
    block(fmt::format("simulate {} of {}", simulate.name.text, simulate.of.text), simulate.items);
  }
  void print(const Sweep& sweep) { block(fmt::format("sweep {} of {}", sweep.name.text, sweep.of.text), sweep.items); }
  void print(const Zip& zip) { settings("zip", zip.bindings); }
  void print(const Expect& expect) {
    std::string within = expect.tolerance ? fmt::format(" within {} {}", expect.within, ast::print(*expect.tolerance)) : "";
    line(fmt::format("expect {} {} {}{}", ast::print(*expect.subject), expect.comparator, ast::print(*expect.against), within));
  }
  void print(const PassIn& pass) {
    line(fmt::format("pass in {} of {} seeds", ast::print(*pass.passes), ast::print(*pass.seeds)));
  }
  void print(const Test& test) { block(fmt::format("test \"{}\" of {}", test.name, test.of.text), test.items); }
  void print(const Kinetic& kinetic) {
    nested("kinetic", [&] {
      for (const Transition& each : kinetic.transitions)
        line(fmt::format("{} {} {} ({}{})", each.from.text, each.backward ? "<->" : "->", each.to.text, ast::print(*each.forward),
                         optional(", ", each.backward)));
    });
  }

  std::string out_;
  int indent_ = 0;
};

}  // namespace

std::string print(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::Number: return expr.has_unit ? expr.text + " " + expr.unit.text : expr.text;
    case ExprKind::String: return "\"" + expr.text + "\"";
    case ExprKind::Bool: return expr.text;
    case ExprKind::Path: return dotted(expr.path);
    case ExprKind::Unary:
      return expr.text == "not" ? "not " + at_least(*expr.args[0], k_not) : "-" + at_least(*expr.args[0], k_minus);
    case ExprKind::Binary: return binary(expr);
    case ExprKind::If:
      return fmt::format("if {} then {} else {}", print(*expr.args[0]), print(*expr.args[1]), print(*expr.args[2]));
    case ExprKind::Call: return call(expr);
    case ExprKind::List: return "[" + joined(expr.args, ", ", [](const ExprPtr& element) { return print(*element); }) + "]";
    case ExprKind::Range: return print(*expr.args[0]) + " .. " + print(*expr.args[1]);
    case ExprKind::PlusMinus: return print(*expr.args[0]) + " +- " + print(*expr.args[1]);
  }
  return {};
}

std::string print(const Ast& ast) {
  Printer printer;
  printer.items(ast.items);
  return printer.take();
}

}  // namespace eic::ast
