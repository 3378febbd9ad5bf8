#include "compiler/explain/declared.h"

#include <fmt/format.h>

#include "compiler/ast/visit.h"
#include "compiler/units/quantity.h"

namespace eic::explain {

namespace {

std::string_view text_at(const Declared& declared, source::Span span) {
  return declared.source->text().substr(span.begin, span.end - span.begin);
}

std::string trimmed(std::string_view text, std::string_view what = " \t\r") {
  size_t begin = text.find_first_not_of(what);
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(what) + 1 - begin));
}

// The comment behind an item on its line.
std::string remark(const Declared& declared, const ast::Item& item) {
  std::string_view rest = declared.source->text().substr(item.span.end);
  rest = rest.substr(0, rest.find('\n'));
  size_t sign = rest.find('#');
  return sign == std::string_view::npos ? "" : trimmed(rest.substr(sign + 1));
}

std::string units_of(const ast::Param& param) {
  std::string out;
  for (const ast::UnitRef& unit : param.units) out += (out.empty() ? "" : " or ") + unit.unit.text;
  const ast::Expr* value = param.value.get();
  if (value && value->kind == ast::ExprKind::Unary) value = value->args[0].get();
  if (out.empty() && value && value->has_unit) out = value->unit.text;
  return out;
}

std::optional<Declared> declared_in(const sema::Module& module, const std::string& name, const std::string& local) {
  for (const ast::Item& item : module.ast.items)
    if (auto* found = std::get_if<ast::Mechanism>(&item.node); found && found->name.text == name)
      if (found->kind != ast::MechanismKind::Plasticity)
        return Declared{found, &item, module.source, local};
  return std::nullopt;
}

// 0 of what may be negative, 1 of everything else, or the end of the range that is nearer.
std::string any_value(const Declared& declared, const ast::Param& param) {
  const units::Unit& unit = param.units[0].unit;
  static const units::Dimension voltage = units::parse_unit("mV")->dimension, temperature = units::parse_unit("K")->dimension;
  bool celsius = unit.dimension == temperature;
  const char* digits = unit.dimension == voltage ? "0" : "1";
  auto value = celsius ? units::to_internal("309.15", *units::parse_unit("K")) : units::to_internal(digits, unit);
  if (const ast::Expr* bound = value ? ast::bound_beyond(param, *value) : nullptr) return std::string(text_at(declared, bound->span));
  if (celsius) return "36 degC";
  return unit.text == "1" ? digits : fmt::format("{} {}", digits, unit.text);
}

}  // namespace

std::vector<Declared> own_mechanisms(const sema::Program& program) {
  std::vector<Declared> found;
  for (const ast::Item& item : program.modules[0].ast.items)
    if (auto* mechanism = std::get_if<ast::Mechanism>(&item.node))
      if (auto declared = declared_in(program.modules[0], mechanism->name.text, mechanism->name.text)) found.push_back(*declared);
  return found;
}

std::vector<Declared> imported_mechanisms(const sema::Program& program) {
  std::vector<Declared> found;
  for (const sema::Import& import : program.modules[0].imports)
    for (size_t i = 0; i < import.modules.size(); i++) {
      if (import.modules[i] == UINT32_MAX) continue;
      const ast::Use::Name& name = import.use->names[i];
      const std::string& local = name.alias ? name.alias->text : name.name.text;
      if (auto declared = declared_in(program.modules[import.modules[i]], import.names[i], local)) found.push_back(*declared);
    }
  return found;
}

std::optional<Declared> find_mechanism(const sema::Program& program, const std::string& name) {
  for (const auto& all : {own_mechanisms(program), imported_mechanisms(program)})
    for (const Declared& declared : all)
      if (declared.name == name) return declared;
  return std::nullopt;
}

std::string title_of(const Declared& declared) {
  std::string ions;
  for (const ast::Ident& ion : declared.mechanism->ions) ions += (ions.empty() ? "(ion " : ", ion ") + ion.text;
  return fmt::format("{} {}{}", declared.mechanism->kind == ast::MechanismKind::Synapse ? "Synapse"
                     : declared.mechanism->kind == ast::MechanismKind::Pool  ? "Pool"
                                                                             : "Channel",
                     declared.mechanism->name.text, ions.empty() ? "" : ions + ")");
}

std::string comment_of(const Declared& declared) {
  std::string out;
  for (uint32_t line = declared.source->position(declared.item->span.begin).line; line > 1; line--) {
    std::string above = trimmed(declared.source->line(line - 1));
    if (!above.starts_with("#")) break;
    out = trimmed(above, "# ") + (out.empty() ? "" : " ") + out;
  }
  return out;
}

Table parameters_of(const Declared& declared) {
  Table table{{"parameter", "unit", "default", "range", "meaning"}, {}};
  for (const ast::Item& item : declared.mechanism->items) {
    auto* param = std::get_if<ast::Param>(&item.node);
    if (!param) continue;
    std::string range;
    if (param->low && param->high)
      range = fmt::format("{} .. {}", text_at(declared, param->low->span), text_at(declared, param->high->span));
    table.rows.push_back({param->name.text, units_of(*param),
                          param->value ? std::string(text_at(declared, param->value->span)) : "none: to be given", range,
                          remark(declared, item)});
  }
  return table;
}

std::string gates_of(const Declared& declared) {
  std::string out;
  for (const ast::Item& item : declared.mechanism->items) {
    auto* gate = std::get_if<ast::Gate>(&item.node);
    if (!gate) continue;
    std::string parts;
    for (const ast::Binding& binding : gate->bindings) parts += (parts.empty() ? "" : ", ") + ast::dotted(binding.path);
    out += fmt::format("{}{}{} ({})", out.empty() ? "" : ", ", gate->name.text,
                       gate->power == 1 ? "" : fmt::format("^{}", gate->power), parts);
  }
  for (const ast::Item& item : declared.mechanism->items)
    if (auto* kinetic = std::get_if<ast::Kinetic>(&item.node))
      out += fmt::format("{}kinetic ({} transitions)", out.empty() ? "" : ", ", kinetic->transitions.size());
  return out;
}

std::string current_of(const Declared& declared) {
  for (const ast::Item& item : declared.mechanism->items)
    if (std::holds_alternative<ast::Conductance>(item.node) || std::holds_alternative<ast::Current>(item.node))
      return std::string(text_at(declared, item.span));
  return "";
}

Around cell_around(const Declared& declared, const std::string& main_text) {
  Around around;
  around.cell = declared.name + "_alone";
  while (main_text.find(around.cell) != std::string::npos) around.cell += "_";
  std::string ions, on, params;
  bool pool = declared.mechanism->kind == ast::MechanismKind::Pool;
  for (const ast::Ident& ion : declared.mechanism->ions) {
    if (!pool) ions += fmt::format("  ion {} {{ E = 0 mV, in = 100 nM, out = 2 mM, charge = 1 }}\n", ion.text);
    on += (on.empty() ? " on " : ", ") + ion.text;
  }
  for (const ast::Item& item : declared.mechanism->items) {
    auto* param = std::get_if<ast::Param>(&item.node);
    if (!param || param->value || param->units.empty()) continue;
    around.given.push_back({param->name.text, any_value(declared, *param)});
    params += fmt::format("{}{} = {}", params.empty() ? " " : ", ", param->name.text, around.given.back().value);
  }
  std::string braces = fmt::format("{{{}{}}}", params, params.empty() ? "" : " ");
  if (pool) {  // no channel: nothing flows in
    around.text = fmt::format(
        "cell {} {{\n  area = 1000 um^2\n  capacitance = 10 pF\n  temperature = 36 degC\n  ion {} : {} {}\n"
        "  v' = input/capacitance\n  init v = -65 mV\n}}\n",
        around.cell, declared.mechanism->ions[0].text, declared.name, braces);
    return around;
  }
  const char* kind = declared.mechanism->kind == ast::MechanismKind::Synapse ? "synapse" : "channel";
  around.text = fmt::format(
      "cell {} {{\n  area = 1000 um^2\n  capacitance = 10 pF\n  temperature = 36 degC\n{}  {} {} : {}{} {}\n"
      "  init v = -65 mV\n}}\n",
      around.cell, ions, kind, declared.name, declared.name, on, braces);
  return around;
}

}  // namespace eic::explain
