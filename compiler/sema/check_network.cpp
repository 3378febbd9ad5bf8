// Networks: populations with their views and what they overrule, targets of projections, stimuli and recordings.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compiler/sema/checker.h"
#include "compiler/sema/hints.h"

namespace eic::sema {

uint32_t Checker::network(const ast::Item& item, Scope& module) {
  const auto& written = std::get<ast::Network>(item.node);
  size_t errors = emitter_.error_count();
  Network network;
  network.name = written.name.text;
  network.span = written.name.span;
  Scope& scope = scopes_.emplace_back(&module, network.name);
  declare_items(scope, written.items, true);
  size_t declared = 0;
  for (const ast::Item& inner : written.items)
    if (std::holds_alternative<ast::Population>(inner.node)) population(network, scope, inner), declared++;
  if (declared == 0)
    error(Kind::ItemMissing, network.span, fmt::format("the network `{}` has no population", network.name))
        .help("add `population N : HH[100]`, with a cell of yours");
  for (const ast::Item& inner : written.items) {
    if (auto* joined = std::get_if<ast::Projection>(&inner.node); joined && joined->gap) gap(network, scope, inner);
    else if (joined) projection(network, scope, inner);
    else if (std::holds_alternative<ast::Stimulus>(inner.node)) {
      if (auto found = stimulus(inner, network, scope, network.stimuli)) network.stimuli.push_back(*found);
    } else if (!std::holds_alternative<ast::Population>(inner.node) && !std::holds_alternative<ast::Param>(inner.node) &&
               !std::holds_alternative<ast::Let>(inner.node) && !std::holds_alternative<ast::Fn>(inner.node) &&
               !std::holds_alternative<ast::Allow>(inner.node)) {
      Diagnostic& diagnostic = error(Kind::ItemMisplaced, inner.keyword, "this item does not belong into a network");
      if (std::string where = where_it_belongs(inner); !where.empty()) diagnostic.help(where);
    }
  }
  if (emitter_.error_count() > errors || network.populations.size() < declared) return UINT32_MAX;
  model_.networks.push_back(std::move(network));
  return static_cast<uint32_t>(model_.networks.size() - 1);
}

// A cell under test: a network that holds one of it, under the cell's own name.
uint32_t Checker::network_of_one(uint32_t cell, const ast::Ident& name) {
  Network network;
  network.name = "(one cell)";
  network.made_for_test = true;
  network.span = name.span;
  Population one;
  one.name = one.path = model_.cells[cell].name;
  one.cell = cell;
  one.size = number(1, {}, name.span);
  one.span = name.span;
  network.populations.push_back(one);
  model_.networks.push_back(network);
  return static_cast<uint32_t>(model_.networks.size() - 1);
}

void Checker::population(Network& network, Scope& scope, const ast::Item& item) {
  const auto& written = std::get<ast::Population>(item.node);
  Population population;
  population.name = written.name.text;
  population.path = scope.path_of(population.name);
  population.span = written.name.span;
  Symbol symbol;
  symbol.kind = Symbol::Kind::Population;
  symbol.index = static_cast<uint32_t>(network.populations.size());
  declare(scope, written.name, symbol);
  Symbol* found = find_kind(written.cell, &scope, Symbol::Kind::Cell, "cell");
  if (!found) return;
  population.size = check_constant_as(*written.size, &scope, {}, "1", "the size of a population");
  if (!population.size || found->index == UINT32_MAX) return;
  population.cell = found->index;
  const Cell& cell = model_.cells[population.cell];
  for (const ast::Item& inner : written.items) {
    if (auto* start = std::get_if<ast::Init>(&inner.node)) {
      init(cell, scope, start->binding.path, start->binding, population.starts);
      continue;
    }
    auto* setting = std::get_if<ast::Setting>(&inner.node);
    if (!setting) {
      if (!std::holds_alternative<ast::Allow>(inner.node))
        error(Kind::ItemMisplaced, inner.keyword, "this item does not belong into a population")
            .help("it takes views, `E = 0 .. 80`, parameters of its cell, `L.g = 12 nS`, and `init`");
      continue;
    }
    const ast::Binding& binding = setting->binding;
    if (binding.path.size() == 1 && (binding.path[0].text == "positions" || binding.path[0].text == "periodic")) {
      positions(population, binding, scope);
      continue;
    }
    if (binding.value->kind != ast::ExprKind::Range || binding.path.size() != 1) {
      overrule(population, binding, scope);
      continue;
    }
    const ast::Ident& name = binding.path[0];
    View view{name.text, check_constant_as(*binding.value->args[0], &scope, {}, "1", "the begin of a view"),
              check_constant_as(*binding.value->args[1], &scope, {}, "1", "the end of a view"), binding.span};
    if (!view.begin || !view.end) continue;
    auto same = [&](const auto& other) { return other.name == name.text; };
    if (std::any_of(population.views.begin(), population.views.end(), same))
      error(Kind::NameTwice, name.span, fmt::format("the view `{}` is declared twice", name.text));
    else if (std::any_of(cell.ports.begin(), cell.ports.end(), same))
      error(Kind::NameTwice, name.span,
            fmt::format("`{}` is a synapse of `{}`: a view must have a name of its own", name.text, cell.name));
    else population.views.push_back(view);
  }
  if (const auto& placed = population.positions; placed && placed->args.empty() && placed->file.empty() && placed->periodic)
    error(Kind::ItemMissing, placed->span, "`periodic` says how `positions` end, and there are none")
        .help("add `positions = grid(20, 20, spacing = 10 um)`");
  network.populations.push_back(std::move(population));
}

void Checker::overrule(Population& population, const ast::Binding& binding, Scope& scope) {
  std::string name = ast::dotted(binding.path), path = model_.cells[population.cell].name + "." + name;
  std::vector<std::string> names;
  for (uint32_t i = 0; i < model_.params.size(); i++) {
    const Param& param = model_.params[i];
    size_t prefix = model_.cells[population.cell].name.size() + 1;
    if (param.path.compare(0, prefix, model_.cells[population.cell].name + ".") == 0) names.push_back(param.path.substr(prefix));
    if (param.path != path) continue;
    size_t said = emitter_.all().size();
    if (population.params.count(i) || population.drawn.count(i)) {
      error(Kind::ItemTwice, binding.span, fmt::format("`{}` is given twice", name));
      return;
    }
    if (is_spread(*binding.value)) {
      Place place;
      place.scope = &scope;
      place.states = false;
      units::Unit unit = units::parse_unit(shown_unit(param)).value_or(param.unit);
      auto spread = check_spread(*binding.value, place, param.dimension, unit, name, "`" + name + "`");
      if (!spread) note_unit_since(emitter_, said, param.span, "given here");
      refer_set(ast::span_of(binding.path), i);
      if (spread && !set_on_command_line(path)) population.drawn[i] = std::move(*spread);
      return;
    }
    ExprPtr value = check_constant_as(*binding.value, &scope, param.dimension, shown_unit(param), "`" + name + "`");
    if (!value) note_unit_since(emitter_, said, param.span, "given here");
    refer_set(ast::span_of(binding.path), i);
    if (value && !set_on_command_line(path)) population.params[i] = value;
    return;
  }
  Diagnostic& diagnostic = error(Kind::NameUnknown, binding.path[0].span,
                                 fmt::format("the cell `{}` has no parameter `{}`", model_.cells[population.cell].name, name));
  std::string cell = model_.cells[population.cell].name + ".";
  bool list = binding.value->kind == ast::ExprKind::List;
  if (name.starts_with(cell)) {
    Span at = binding.path[0].span;
    diagnostic.fix({at.file, at.begin, binding.path[1].span.begin}, "", fmt::format("write `{}`", name.substr(cell.size())));
  } else if (list || !diagnostic.suggest(ast::span_of(binding.path), name, names)) {
    diagnostic.help(binding.path.size() == 1
                        ? fmt::format("a view is a range: `{} = 0 .. 10`", name)
                        : fmt::format("`eic dump --after=model` lists the parameters of `{}`", population.name));
  }
}

// population[.view][.port], or cells of a population by index.
std::optional<Target> Checker::target(const ast::Target& written, const Network& network, Scope& scope, bool port_wanted) {
  Target target;
  target.span = written.span;
  const ast::Ident& first = written.path[0];
  std::vector<std::string> names;
  auto found = network.populations.end();
  for (auto it = network.populations.begin(); it != network.populations.end(); ++it) {
    names.push_back(it->name);
    if (it->name == first.text) found = it;
  }
  if (found == network.populations.end()) {
    // a population that had errors of its own is declared, but not in the network: nothing to add
    if (Symbol* declared = scope.find_here(first.text); declared && declared->kind == Symbol::Kind::Population)
      return std::nullopt;
    Diagnostic& diagnostic = error(Kind::NameUnknown, first.span, fmt::format("there is no population `{}` here", first.text));
    std::vector<std::string> of_cell;
    for (const Population& population : network.populations)
      if (model_.cells[population.cell].name == first.text) of_cell.push_back(population.name);
    if (of_cell.size() == 1)
      diagnostic.fix(first.span, of_cell[0], fmt::format("`{}` is a cell; its population is `{}`", first.text, of_cell[0]));
    else if (!diagnostic.suggest(first.span, first.text, names))
      diagnostic.help(fmt::format("there is `{}`", fmt::join(names, "`, `")));
    return std::nullopt;
  }
  target.population = static_cast<uint32_t>(found - network.populations.begin());
  target.text = first.text;
  refer(first.span, found->span, "population", found->path);
  const Cell& cell = model_.cells[found->cell];
  for (size_t i = 1; i < written.path.size(); i++) {
    const ast::Ident& part = written.path[i];
    auto named = [&](const auto& other) { return other.name == part.text; };
    auto view = std::find_if(found->views.begin(), found->views.end(), named);
    auto port = std::find_if(cell.ports.begin(), cell.ports.end(), named);
    if (view != found->views.end() && !target.view && !target.port) {
      target.view = static_cast<uint32_t>(view - found->views.begin());
      target.text += "." + part.text;
      refer(part.span, view->span, "view", target.text);
    } else if (port_wanted && port != cell.ports.end() && !target.port) {
      target.port = static_cast<uint32_t>(port - cell.ports.begin());
      refer_variable(part.span, cell, part.text);
    } else if (port_wanted && !target.port && std::any_of(cell.currents.begin(), cell.currents.end(), [&](const Current& c) {
                 return c.synaptic && c.path == part.text;
               })) {
      error(Kind::NameWrongKind, part.span, fmt::format("the synapse `{}` receives no events: it has no `on event`", part.text));
      return std::nullopt;
    } else {
      std::vector<std::string> parts;
      for (const View& known : found->views) parts.push_back(known.name);
      if (port_wanted)
        for (const Port& known : cell.ports) parts.push_back(known.name);
      Diagnostic& diagnostic =
          error(Kind::NameUnknown, part.span,
                fmt::format("`{}` has no {} `{}`", first.text, port_wanted ? "view or synapse" : "view", part.text));
      Span whole = ast::span_of(written.path), tail{part.span.file, written.path[i - 1].span.end, part.span.end};
      if (!port_wanted && port != cell.ports.end()) {
        diagnostic.fix(tail, "", fmt::format("`{}` is a synapse; write `{}`", part.text, target.text));
      } else if (target.port && view != found->views.end()) {
        std::string turned = fmt::format("{}.{}.{}", first.text, part.text, cell.ports[*target.port].name);
        diagnostic.message = fmt::format("the view `{}` stands before the synapse", part.text);
        diagnostic.fix(whole, turned, fmt::format("write `{}`", turned));
      } else if (!diagnostic.suggest(part.span, part.text, parts) && !parts.empty()) {
        diagnostic.help(fmt::format("there is `{}`", fmt::join(parts, "`, `")));
      }
      return std::nullopt;
    }
  }
  if (port_wanted && !target.port) {
    Diagnostic& diagnostic =
        error(Kind::NameWrongKind, written.span, fmt::format("`{}` names no synapse to deliver to", target.text));
    for (const Port& known : cell.ports) {
      std::string whole = fmt::format("{}.{}", target.text, known.name);
      diagnostic.fix(ast::span_of(written.path), whole, fmt::format("write `{}`", whole));
    }
    return std::nullopt;
  }
  if (!indices(written, target, scope)) return std::nullopt;
  return target;
}

bool Checker::indices(const ast::Target& written, Target& target, Scope& scope) {
  for (const auto& index : written.indices) {
    bool range = index->kind == ast::ExprKind::Range;
    if (range && written.indices.size() > 1) {
      not_yet(index->span, "a range among several indices");
      return false;
    }
    std::vector<ExprPtr> ends;
    if (range)
      ends = {check_constant_as(*index->args[0], &scope, {}, "1", "an index"),
              check_constant_as(*index->args[1], &scope, {}, "1", "an index")};
    else ends = {check_constant_as(*index, &scope, {}, "1", "an index")};
    for (const ExprPtr& end : ends)
      if (!end) return false;
    if (range) {
      target.begin = ends[0];
      target.end = ends[1];
    } else {
      target.cells.push_back(ends[0]);
    }
  }
  return true;
}

}  // namespace eic::sema
