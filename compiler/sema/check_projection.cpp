// Projections: the connection rule, weights and delays; gap junctions.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compiler/sema/checker.h"
#include "compiler/sema/hints.h"

namespace eic::sema {

namespace {

enum class Argument { None, Probability, Count, File };
struct KnownRule {
  const char* name;
  plan::Rule::Kind kind;
  Argument argument;
  bool random;
};
constexpr KnownRule k_rules[] = {
#define EIC_RULE(kind, name, argument, random) {name, plan::Rule::Kind::kind, Argument::argument, random},
#include "runtime/contract/rules.def"
#undef EIC_RULE
};

// Where the distance is read, both sides have positions.
bool needs_positions(Checker& checker, const Projection& projection, const Network& network) {
  const Expr* reads = nullptr;
  auto look = [&](const ExprPtr& expr) {
    if (!reads && expr && contains(*expr, ExprOp::Distance)) reads = expr.get();
  };
  look(projection.rule.argument);
  for (const std::optional<Spread>* spread : {&projection.weight, &projection.delay})
    if (*spread && (*spread)->kind == plan::Draw::Kind::Constant) look((*spread)->args[0]);
  if (!reads) return true;
  for (const Target* end : {&projection.from, &projection.to}) {
    const Population& population = network.populations[end->population];
    if (population.positions) continue;
    checker
        .error(Kind::NoPositions, reads->span, fmt::format("the cells of `{}` have no positions, so there is no distance", population.name))
        .note(population.span, "add `positions = line(spacing = 10 um)`, or another arrangement, in the braces of this population");
    return false;
  }
  return true;
}

}  // namespace

std::optional<Rule> Checker::rule(const ast::Expr& expr, Scope& scope) {
  bool named = (expr.kind == ast::ExprKind::Call || expr.kind == ast::ExprKind::Path) && expr.path.size() == 1;
  std::vector<std::string> names;
  const KnownRule* known = nullptr;
  for (const KnownRule& candidate : k_rules) {
    names.emplace_back(candidate.name);
    if (named && expr.path[0].text == candidate.name) known = &candidate;
  }
  if (!known) {
    Diagnostic& diagnostic =
        error(Kind::NameUnknown, expr.span,
              named ? fmt::format("there is no connection rule `{}`", expr.path[0].text) : "`connect` needs a connection rule");
    bool quoted = expr.kind == ast::ExprKind::String && std::find(names.begin(), names.end(), expr.text) != names.end();
    auto near = named ? diagnostics::did_you_mean(expr.path[0].text, names) : std::nullopt;
    if (quoted) diagnostic.fix(expr.span, expr.text, fmt::format("write `{}`", expr.text));
    else if (near) diagnostic.fix(expr.path[0].span, *near, fmt::format("did you mean `{}`?", *near));
    else diagnostic.help("such as `fixed_outdegree(80)`; docs/language.md lists them");
    return std::nullopt;
  }
  Rule rule;
  rule.kind = known->kind;
  rule.span = expr.span;
  size_t positional = 0;
  for (size_t i = 0; i < expr.args.size(); i++) {
    const ast::Expr& arg = *expr.args[i];
    const std::string& name = expr.names[i].text;
    if (name.empty()) {
      positional++;
      if (known->argument == Argument::File && arg.kind == ast::ExprKind::String) {
        auto file = resolve_file(arg.text, arg.span);
        if (!file) return std::nullopt;
        rule.file = *file;
        rule.shown = arg.text;
      } else if (known->argument == Argument::Probability || known->argument == Argument::Count) {
        Place place;
        place.scope = &scope;
        place.states = false;
        place.distance = known->argument == Argument::Probability;
        std::string why = fmt::format("`{}`", known->name);
        place.what = why.c_str();
        rule.argument = check_as(arg, place, {}, "1", why);
        if (!rule.argument) return std::nullopt;
      }
    } else if ((name == "self" || name == "multi") && known->random && arg.kind == ast::ExprKind::Bool) {
      (name == "self" ? rule.self : rule.multi) = arg.text == "true";
    } else if ((name == "self" || name == "multi") && known->random) {
      Diagnostic& diagnostic = error(Kind::RuleArgument, arg.span, fmt::format("`{}` is `true` or `false`", name));
      std::string meant =
          arg.kind == ast::ExprKind::Path ? diagnostics::did_you_mean(arg.path[0].text, {"true", "false"}).value_or("")
          : arg.kind == ast::ExprKind::Number && (arg.text == "0" || arg.text == "1") ? (arg.text == "1" ? "true" : "false")
                                                                                      : "";
      if (!meant.empty()) diagnostic.fix(arg.span, meant, fmt::format("write `{}`", meant));
      return std::nullopt;
    } else {
      Diagnostic& diagnostic =
          error(Kind::RuleArgument, expr.names[i].span, fmt::format("`{}` has no argument `{}`", known->name, name));
      if (!known->random) diagnostic.help("this rule takes no options");
      else if (!diagnostic.suggest(expr.names[i].span, name, {"self", "multi"}))
        diagnostic.help("random rules take `self = true` or `false`, and `multi` likewise");
      return std::nullopt;
    }
  }
  size_t wanted = known->argument == Argument::None ? 0 : 1;
  bool file_missing = known->argument == Argument::File && rule.file.empty();
  if (positional != wanted || file_missing) {
    const char* form = known->argument == Argument::None          ? ""
                       : known->argument == Argument::Probability ? "(0.02)"
                       : known->argument == Argument::Count       ? "(80)"
                                                                  : "(\"connections.csv\")";
    error(Kind::RuleArgument, expr.span,
          fmt::format("`{}` takes {}", known->name,
                      wanted == 0    ? "no argument"
                      : file_missing ? "a file in quotes"
                                     : "one argument"))
        .help(fmt::format("write `connect = {}{}`", known->name, form));
    return std::nullopt;
  }
  return rule;
}

bool Checker::own_name(const Network& network, const Projection& projection) {
  for (const Projection& other : network.projections)
    if (other.name == projection.name) {
      error(Kind::NameTwice, projection.span, fmt::format("the projection `{}` is declared twice", projection.name))
          .note(other.span, "first declared here");
      return false;
    }
  return true;
}

static bool is_rule(const ast::Item& item) {
  auto* instance = std::get_if<ast::Instance>(&item.node);
  return instance && instance->kind == ast::MechanismKind::Plasticity;
}

// The settings by name; none where one is misspelt, or the ends are single cells.
std::optional<std::map<std::string, const ast::Binding*>> Checker::projection_settings(const ast::Projection& written,
                                                                                      const std::vector<std::string>& known) {
  const char* what = written.gap ? "a gap junction" : "a projection";
  std::string takes = fmt::format("it takes `{}` and `{}`", fmt::join(known.begin(), known.end() - 1, "`, `"), known.back());
  for (const auto* end : {&written.from, &written.to})
    if (!end->indices.empty()) {
      error(Kind::ItemMisplaced, end->span, fmt::format("{} joins populations or views, not single cells", what))
          .help("declare a view in the population's braces: `A = 0 .. 10`");
      return std::nullopt;
    }
  bool misspelt = false;
  std::map<std::string, const ast::Binding*> given;
  const ast::Item* rule_item = nullptr;
  for (const ast::Item& inner : written.items) {
    auto* setting = std::get_if<ast::Setting>(&inner.node);
    if (is_rule(inner) && !written.gap) {
      if (rule_item)
        error(Kind::ItemTwice, inner.keyword, fmt::format("the projection `{}` has two plasticity rules", written.name.text))
            .note(rule_item->span, "the first is here")
            .help("one rule may hold both: their states stand side by side, and `on pre` does what both do");
      else rule_item = &inner;
      continue;
    }
    if (!setting) {
      if (!std::holds_alternative<ast::Allow>(inner.node))
        error(Kind::ItemMisplaced, inner.keyword, fmt::format("this item does not belong into {}", what)).help(takes);
      continue;
    }
    const ast::Binding& binding = setting->binding;
    const std::string& name = binding.path[0].text;
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      Diagnostic& diagnostic = error(Kind::NameUnknown, binding.path[0].span, fmt::format("{} has no `{}`", what, name));
      if (written.gap && name == "weight")
        diagnostic.fix(binding.path[0].span, "conductance", "its strength is its `conductance`");
      else if (written.gap && name == "delay")
        diagnostic.help("a gap junction acts at once: it is a conductance between two cells");
      else if (!diagnostic.suggest(binding.path[0].span, name, known)) diagnostic.help(takes);
      misspelt = true;
    } else if (!given.emplace(name, &binding).second) {
      error(Kind::ItemTwice, binding.span, fmt::format("`{}` is given twice", name)).note(given[name]->span, "first given here");
    }
  }
  return misspelt ? std::nullopt : std::optional(given);
}

void Checker::projection(Network& network, Scope& scope, const ast::Item& item) {
  const auto& written = std::get<ast::Projection>(item.node);
  Projection projection;
  projection.name = written.name.text;
  projection.path = scope.path_of(projection.name);
  projection.span = written.name.span;
  own_name(network, projection);
  auto from = target(written.from, network, scope, false), to = target(written.to, network, scope, true);
  auto settings = projection_settings(written, {"connect", "weight", "delay"});
  if (!settings) return;
  std::map<std::string, const ast::Binding*>& given = *settings;
  const ast::Binding* connect = given.count("connect") ? given["connect"] : nullptr;
  if (!connect)
    error(Kind::ItemMissing, written.name.span, fmt::format("the projection `{}` does not say how to connect", projection.name))
        .help("add `connect = fixed_outdegree(80)` or another rule");
  auto found = connect ? rule(*connect->value, scope) : std::nullopt;
  if (!from || !to || !found) return;
  if (const Cell& source = model_.cells[network.populations[from->population].cell]; !source.spike)
    error(Kind::SourceSilent, written.from.span,
          fmt::format("`{}` never spikes, so `{}` carries nothing", from->text, projection.name))
        .note(source.span, "add `spike when v crosses -20 mV` here");
  projection.from = *from;
  projection.to = *to;
  projection.rule = *found;
  const Port& port = model_.cells[network.populations[to->population].cell].ports[*to->port];
  Place place;
  place.scope = &scope;
  place.states = false;
  place.distance = true;
  bool csv = found->kind == plan::Rule::Kind::Csv;
  if (given.count("weight")) {
    place.what = "a weight";
    size_t said = emitter_.all().size();
    projection.weight = check_spread(*given["weight"]->value, place, port.weight_dimension, port.weight_unit, "weight",
                                     fmt::format("a weight of `{}`", port.name));
    if (!projection.weight) note_unit_since(emitter_, said, port.span, fmt::format("what an event of `{}` carries", port.name));
    if (!projection.weight) return;
  } else if (!csv) {
    error(Kind::ItemMissing, written.name.span, fmt::format("the projection `{}` has no `weight`", projection.name))
        .help(fmt::format("add `weight = 6 {}`", port.weight_unit.text));
    return;
  }
  if (given.count("delay")) {
    place.what = "a delay";
    projection.delay = check_spread(*given["delay"]->value, place, dims::time, *units::parse_unit("ms"), "delay", "a delay");
    if (!projection.delay) return;
  } else if (!csv) {
    error(Kind::ItemMissing, written.name.span, fmt::format("the projection `{}` has no `delay`", projection.name))
        .help("add `delay = 0.1 ms`; it must be at least one dt");
    return;
  }
  if (auto rule = std::find_if(written.items.begin(), written.items.end(), is_rule); rule != written.items.end()) {
    projection.plasticity = plasticity_of(projection, network, scope, *rule);
    if (!projection.plasticity) return;
  }
  if (needs_positions(*this, projection, network)) network.projections.push_back(std::move(projection));
}

// A symmetric conductance between pairs of cells; each pair of the rule is one junction.
void Checker::gap(Network& network, Scope& scope, const ast::Item& item) {
  const auto& written = std::get<ast::Projection>(item.node);
  Projection made;
  made.gap = true;
  made.name = written.name.text;
  made.path = scope.path_of(made.name);
  made.span = written.name.span;
  own_name(network, made);
  auto from = target(written.from, network, scope, false), to = target(written.to, network, scope, false);
  auto settings = projection_settings(written, {"connect", "conductance"});
  if (!settings || !from || !to) return;
  for (auto [name, example] : {std::pair{"connect", "bernoulli(0.1)` or another rule"}, std::pair{"conductance", "1 nS`"}})
    if (!settings->count(name)) {
      error(Kind::ItemMissing, written.name.span, fmt::format("the gap junctions `{}` have no `{}`", made.name, name))
          .help(fmt::format("add `{} = {}", name, example));
      return;
    }
  auto found = rule(*(*settings)["connect"]->value, scope);
  if (!found) return;
  if (found->multi) {
    error(Kind::RuleArgument, found->span, "two cells have one gap junction of a kind")
        .help("leave `multi` out, and raise the conductance");
    return;
  }
  Place place;
  place.scope = &scope;
  place.states = false;
  place.what = "a conductance";
  auto conductance = check_spread(*(*settings)["conductance"]->value, place, dims::conductance, *units::parse_unit("nS"),
                                  "conductance", "`conductance`");
  if (!conductance) return;
  if (conductance->kind == plan::Draw::Kind::Csv) return not_yet(conductance->span, "conductances of gap junctions from a file");
  made.from = *from;
  made.to = *to;
  made.rule = *found;
  made.weight = *conductance;
  if (needs_positions(*this, made, network)) network.projections.push_back(std::move(made));
}

}  // namespace eic::sema
