// A test of a channel: the smallest cell that holds it, written as a user would write it, so that what is wrong with its
// settings is said as in any cell. Of the cell only the channel's curves are read.
#include <fmt/format.h>

#include "compiler/ast/visit.h"
#include "compiler/sema/checker.h"

namespace eic::sema {

namespace {

ast::ExprPtr copy(const ast::Expr& expr) {
  auto made = std::make_unique<ast::Expr>();
  made->kind = expr.kind;
  made->span = expr.span;
  made->text = expr.text;
  made->has_unit = expr.has_unit;
  made->unit = expr.unit;
  made->path = expr.path;
  for (const auto& arg : expr.args) made->args.push_back(copy(*arg));
  made->names = expr.names;
  made->op_span = expr.op_span;
  return made;
}

ast::ExprPtr literal(const char* digits, const units::Unit& unit, Span span) {
  auto made = std::make_unique<ast::Expr>();
  made->text = digits;
  made->has_unit = true;
  made->unit = unit;
  made->span = span;
  return made;
}

ast::Binding binding(const std::string& name, ast::ExprPtr value, Span span) {
  return {{{name, span}}, "=", std::move(value), span};
}

ast::Binding copy(const ast::Binding& written, size_t from) {
  return {{written.path.begin() + static_cast<long>(from), written.path.end()}, written.op, copy(*written.value), written.span};
}

bool is_conductance(const Dimension& dimension) {
  return dimension == dims::conductance || dimension == dims::conductance / dims::area;
}

// 1 of the parameter's first unit, or the end of its range that is nearer: no curve depends on it.
ast::ExprPtr any_conductance(const ast::Param& param) {
  const units::Unit& unit = param.units[0].unit;
  if (const ast::Expr* bound = ast::bound_beyond(param, *units::to_internal("1", unit))) return copy(*bound);
  return literal("1", unit, param.name.span);
}

constexpr const char* k_of_ion[] = {"E", "in", "out", "charge"};
bool is_of_ion(const std::string& name) { return std::find(std::begin(k_of_ion), std::end(k_of_ion), name) != std::end(k_of_ion); }

// The cell's parts; the test's settings go where they belong.
struct Parts {
  const ast::Mechanism& channel;
  std::vector<ast::Binding> settings, params;
  std::vector<ast::Ion> ions;

  bool take(const ast::Binding& written) {
    const std::string& name = written.path[0].text;
    if (written.path.size() == 1 && (name == "temperature" || name == "area" || name == "capacitance")) {
      settings.push_back(copy(written, 0));
      return true;
    }
    for (const ast::Item& item : channel.items)
      if (auto* param = std::get_if<ast::Param>(&item.node); param && written.path.size() == 1 && param->name.text == name) {
        params.push_back(copy(written, 0));
        return true;
      }
    for (ast::Ion& ion : ions)
      if (written.path.size() == 2 && ion.name.text == name && is_of_ion(written.path[1].text)) {
        ion.bindings.push_back(copy(written, 1));
        return true;
      }
    return false;
  }

  static bool has(const std::vector<ast::Binding>& bindings, const std::string& name) {
    return std::any_of(bindings.begin(), bindings.end(), [&](const ast::Binding& b) { return b.path[0].text == name; });
  }

  void complete(Span span) {
    auto unit = [](const char* text) { return *units::parse_unit(text); };
    if (!has(settings, "area")) settings.push_back(binding("area", literal("1000", unit("um^2"), span), span));
    if (!has(settings, "capacitance")) settings.push_back(binding("capacitance", literal("10", unit("pF"), span), span));
    for (ast::Ion& ion : ions)
      if (!has(ion.bindings, "E") && !(has(ion.bindings, "in") && has(ion.bindings, "out")))
        ion.bindings.push_back(binding("E", literal("0", unit("mV"), span), span));
    for (const ast::Item& item : channel.items) {
      auto* param = std::get_if<ast::Param>(&item.node);
      if (!param || param->value || param->units.empty() || has(params, param->name.text)) continue;
      if (is_conductance(param->units[0].unit.dimension))
        params.push_back(binding(param->name.text, any_conductance(*param), param->name.span));
    }
  }
};

}  // namespace

// `init m = 0.5` of a test: the state of the channel in the cell that is made for it.
std::optional<ast::Binding> Checker::start_in(const ast::Mechanism& channel, const ast::Ident& instance,
                                              const ast::Binding& written) {
  std::vector<std::string> names = {"gates"};
  for (const ast::Item& item : channel.items) {
    if (auto* gate = std::get_if<ast::Gate>(&item.node)) names.push_back(gate->name.text);
    if (auto* state = std::get_if<ast::State>(&item.node)) names.push_back(state->name.text);
  }
  std::string path = ast::dotted(written.path);
  if (std::find(names.begin(), names.end(), path) == names.end()) {
    error(Kind::NameUnknown, written.path[0].span, fmt::format("`{}` has no gate `{}` to start", channel.name.text, path))
        .suggest(ast::span_of(written.path), path, names);
    return std::nullopt;
  }
  ast::Binding made = copy(written, 0);
  if (path != "gates") made.path.insert(made.path.begin(), instance);
  return made;
}

uint32_t Checker::cell_of_channel(const ast::Test& written, const ast::Mechanism& channel, Test& test, Scope& scope) {
  test.of_channel = true;
  Span span = written.of.span;
  Parts parts{channel, {}, {}, {}};
  for (const ast::Ident& ion : channel.ions) parts.ions.push_back({{ion.text, span}, {}, {}, {}});
  std::vector<ast::Binding> starts;
  std::map<std::string, Span> seen;
  size_t errors = emitter_.error_count();
  for (const ast::Item& item : written.items) {
    if (auto* init = std::get_if<ast::Init>(&item.node)) {
      if (auto start = start_in(channel, written.of, init->binding)) starts.push_back(std::move(*start));
      continue;
    }
    auto* setting = std::get_if<ast::Setting>(&item.node);
    if (!setting) {
      if (!std::holds_alternative<ast::Expect>(item.node) && !std::holds_alternative<ast::Allow>(item.node) &&
          !std::holds_alternative<ast::Param>(item.node) && !std::holds_alternative<ast::Let>(item.node) &&
          !std::holds_alternative<ast::Fn>(item.node))
        error(Kind::ItemMisplaced, item.keyword, "a test of a channel runs nothing: this has no meaning in it");
      continue;
    }
    const ast::Binding& given = setting->binding;
    std::string path = ast::dotted(given.path);
    if (auto [first, fresh] = seen.emplace(path, given.span); !fresh) {
      error(Kind::ItemTwice, given.span, fmt::format("`{}` is given twice", path)).note(first->second, "first given here");
      continue;
    }
    static const std::vector<std::string> k_of_runs = {"duration", "dt", "method", "seed", "precision"};
    if (parts.take(given)) continue;
    if (std::find(k_of_runs.begin(), k_of_runs.end(), path) != k_of_runs.end()) {
      error(Kind::ItemMisplaced, given.span, fmt::format("a test of a channel runs nothing: it has no `{}`", path));
    } else if (!simulation_setting(test.run, given, scope)) {  // a parameter of the file
      std::vector<std::string> names = {"temperature"};
      for (const ast::Item& inner : channel.items)
        if (auto* param = std::get_if<ast::Param>(&inner.node)) names.push_back(param->name.text);
      for (const ast::Ident& ion : channel.ions)
        for (const char* member : k_of_ion) names.push_back(ion.text + "." + member);
      error(Kind::NameUnknown, given.path[0].span, fmt::format("`{}` has no parameter `{}`", channel.name.text, path))
          .suggest(ast::span_of(given.path), path, names);
    }
  }
  if (emitter_.error_count() > errors) return UINT32_MAX;
  parts.complete(span);

  ast::Cell cell;
  cell.name = written.of;
  auto add = [&](auto node) { cell.items.push_back({std::move(node), span, span}); };
  for (ast::Binding& setting : parts.settings) add(ast::Setting{std::move(setting)});
  ast::Instance instance;
  instance.kind = ast::MechanismKind::Channel;
  instance.name = instance.type = written.of;
  instance.bindings = std::move(parts.params);
  for (ast::Ion& ion : parts.ions) {
    instance.ions.push_back(ion.name);
    add(std::move(ion));
  }
  add(std::move(instance));
  for (ast::Binding& start : starts) add(ast::Init{std::move(start)});
  add(ast::Init{binding("v", literal("0", *units::parse_unit("mV"), span), span)});
  ast::Item item{std::move(cell), span, span};
  uint32_t made = this->cell(item, scope);
  if (made != UINT32_MAX) model_.cells[made].made_for_test = true;
  return made;
}

}  // namespace eic::sema
