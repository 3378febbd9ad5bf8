#include "compiler/explain/declared.h"

#include <fmt/format.h>

#include "compiler/ast/visit.h"
#include "compiler/units/quantity.h"

namespace eic::explain {

namespace {

std::string_view text_at(const source::Source& source, source::Span span) {
  return source.text().substr(span.begin, span.end - span.begin);
}
std::string_view text_at(const Declared& declared, source::Span span) { return text_at(*declared.source, span); }

std::string trimmed(std::string_view text, std::string_view what = " \t\r") {
  size_t begin = text.find_first_not_of(what);
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(what) + 1 - begin));
}

// The comment behind an item on its line.
std::string remark(const source::Source& source, const ast::Item& item) {
  std::string_view rest = source.text().substr(item.span.end);
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

std::vector<std::string> row_of(const source::Source& source, const ast::Item& item, const ast::Param& param) {
  std::string range;
  if (param.low && param.high)
    range = fmt::format("{} .. {}", text_at(source, param.low->span), text_at(source, param.high->span));
  std::string value = param.value ? std::string(text_at(source, param.value->span)) : "none: to be given";
  return {param.name.text, units_of(param), value, range, remark(source, item)};
}

std::string comment_above(const source::Source& source, const ast::Item& item) {
  std::string out;
  for (uint32_t line = source.position(item.span.begin).line; line > 1; line--) {
    std::string above = trimmed(source.line(line - 1));
    if (!above.starts_with("#")) break;
    out = trimmed(above, "# ") + (out.empty() ? "" : " ") + out;
  }
  return out;
}

// On one line.
std::string joined(std::string_view text) {
  std::string out;
  for (char c : text) {
    bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank) out += c;
    else if (!out.empty() && out.back() != ' ') out += ' ';
  }
  return out;
}

// The cell that `name` means in the file: its own, or one that it imports.
CellPart cell_in(const sema::Program& program, const sema::Module& module, const std::string& name) {
  for (const ast::Item& item : module.ast.items)
    if (auto* cell = std::get_if<ast::Cell>(&item.node); cell && cell->name.text == name) return {cell, &item, module.source};
  for (const sema::Import& import : module.imports)
    for (size_t i = 0; i < import.modules.size(); i++) {
      const ast::Use::Name& used = import.use->names[i];
      if ((used.alias ? used.alias->text : used.name.text) != name || import.modules[i] == UINT32_MAX) continue;
      const sema::Module& other = program.modules[import.modules[i]];
      for (const ast::Item& item : other.ast.items)
        if (auto* cell = std::get_if<ast::Cell>(&item.node); cell && cell->name.text == import.names[i])
          return {cell, &item, other.source};
    }
  return {};
}

std::optional<Declared> declared_in(const sema::Module& module, const std::string& name, const std::string& local) {
  for (const ast::Item& item : module.ast.items)
    if (auto* found = std::get_if<ast::Mechanism>(&item.node); found && found->name.text == name)
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
  constexpr const char* k_kinds[] = {"Channel", "Synapse", "Pool", "Plasticity rule"};
  return fmt::format("{} {}{}", k_kinds[static_cast<int>(declared.mechanism->kind)], declared.mechanism->name.text, ions.empty() ? "" : ions + ")");
}

std::string comment_of(const Declared& declared) { return comment_above(*declared.source, *declared.item); }

std::string comment_of(const CellPart& part) {
  std::string own = comment_above(*part.source, *part.item);
  if (!own.empty()) return own;
  size_t lines = 0;  // a file of one cell may begin with what is to be said of it, above what it imports
  while (trimmed(part.source->line(static_cast<uint32_t>(lines + 1))).starts_with("#")) lines++;
  for (size_t line = lines; line > 0; line--)
    own = trimmed(part.source->line(static_cast<uint32_t>(line)), "# ") + (own.empty() ? "" : " ") + own;
  return own;
}

std::vector<CellPart> find_cell(const sema::Program& program, const std::string& name) {
  std::vector<CellPart> parts;
  std::string wanted = name;
  for (const sema::Module* module = &program.modules[0]; module && parts.size() < 64;) {
    CellPart part = cell_in(program, *module, wanted);
    if (!part.cell) return {};
    parts.insert(parts.begin(), part);
    if (!part.cell->base) return parts;
    wanted = part.cell->base->text;
    module = nullptr;
    for (const sema::Module& other : program.modules)
      if (other.source == part.source) module = &other;
  }
  return {};
}

Table parameters_of(const std::vector<CellPart>& parts) {
  Table table{{"parameter", "unit", "default", "range", "meaning"}, {}};
  for (const CellPart& part : parts)
    for (const ast::Item& item : part.cell->items) {
      if (auto* param = std::get_if<ast::Param>(&item.node)) table.rows.push_back(row_of(*part.source, item, *param));
      auto* setting = std::get_if<ast::Setting>(&item.node);
      if (!setting) continue;
      std::string path = ast::dotted(setting->binding.path), value(text_at(*part.source, setting->binding.value->span));
      auto row = std::find_if(table.rows.begin(), table.rows.end(), [&](const auto& other) { return other[0] == path; });
      if (row != table.rows.end()) (*row)[2] = value;
      else table.rows.push_back({path, "", value, "", remark(*part.source, item)});
    }
  return table;
}

std::string parts_of(const std::vector<CellPart>& parts) {
  std::string out;
  for (const CellPart& part : parts)
    for (const ast::Item& item : part.cell->items)
      if (std::holds_alternative<ast::Instance>(item.node) || std::holds_alternative<ast::Ion>(item.node) ||
          std::holds_alternative<ast::Equation>(item.node))
        out += (out.empty() ? "" : "; ") + joined(text_at(*part.source, item.span));
  return out;
}

Table parameters_of(const Declared& declared) {
  Table table{{"parameter", "unit", "default", "range", "meaning"}, {}};
  for (const ast::Item& item : declared.mechanism->items) {
    auto* param = std::get_if<ast::Param>(&item.node);
    if (!param) continue;
    table.rows.push_back(row_of(*declared.source, item, *param));
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

std::vector<std::string> rule_of(const Declared& declared) {
  std::vector<std::string> parts;
  for (const ast::Item& item : declared.mechanism->items) {
    bool shown = std::holds_alternative<ast::Let>(item.node) || std::holds_alternative<ast::State>(item.node) ||
                 std::holds_alternative<ast::Equation>(item.node) || std::holds_alternative<ast::OnEvent>(item.node);
    if (!shown) continue;
    std::string line;  // what stands on several lines, on one
    bool broken = false, blank = false, comment = false;
    for (char c : text_at(declared, item.span)) {
      comment = c != '\n' && (comment || c == '#');
      broken = broken || c == '\n';
      blank = blank || broken || comment || c == ' ';
      if (comment || c == '\n' || c == ' ') continue;
      bool item_ended = broken && !line.ends_with('{') && !line.ends_with(',') && c != '}';
      if (blank && !line.empty()) line += item_ended ? ", " : " ";
      line += c;
      broken = blank = false;
    }
    parts.push_back("`" + line + "`");
  }
  return parts;
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
  if (pool) {  // with a channel through which nothing flows
    const std::string& ion = declared.mechanism->ions[0].text;
    around.text = fmt::format(
        "channel {0}_flow(ion x) {{ current 0 nA }}\n"
        "cell {0} {{\n  area = 1000 um^2\n  capacitance = 10 pF\n  temperature = 36 degC\n  ion {1} : {2} {3}\n"
        "  channel flow : {0}_flow on {1}\n  init v = -65 mV\n}}\n",
        around.cell, ion, declared.name, braces);
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
