// Plasticity rules: their states, at the synapse and at its two ends, and what an event at either end does.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compiler/sema/hints.h"
#include "compiler/sema/instance.h"

namespace eic::sema {

using ast::MechanismKind;
using plan::Home;

// A rule where a projection uses it, or its definition on its own.
struct Checker::RuleUse {
  const ast::Mechanism& mechanism;
  const ast::Instance* written;  // null: the definition
  Scope* scope;                  // its own names
  Scope* site;                   // where its braces are written
  units::Unit weight;            // what the port receives
  Span span;
};

namespace {

Home home_of(const std::string& state) {
  if (state.starts_with("pre.")) return Home::Source;
  return state.starts_with("post.") ? Home::Target : Home::Synapse;
}

const char* owner(Home home) {
  if (home == Home::Synapse) return "of each synapse";
  return home == Home::Source ? "of the source" : "of the target";
}

}  // namespace

// Takes back what an attempt said and added.
void Checker::restore(size_t diagnostics, size_t references, size_t params) {
  emitter_.forget(diagnostics);
  index_.references.resize(references);
  model_.params.resize(params);
}

// What stands in `expr` may only be of these homes.
bool Checker::rule_reads(const Plasticity& rule, const Expr& expr, std::initializer_list<Home> allowed, Span at,
                         const std::string& what) {
  for (uint32_t i = 0; i < rule.states.size(); i++) {
    bool fits = std::find(allowed.begin(), allowed.end(), rule.homes[i]) != allowed.end();
    if (fits || !contains(expr, ExprOp::State, i)) continue;
    error(Kind::RuleEnds, at, fmt::format("{} reads `{}`, which is {}", what, rule.states[i].path, owner(rule.homes[i])))
        .note(rule.states[i].span, "declared here")
        .help("what a cell keeps is one number for all its synapses, so it can follow from parameters and its own kind only");
    return false;
  }
  return true;
}

void Checker::rule_event(Instance& instance, const ast::Item& item, Plasticity& rule) {
  const auto& written = std::get<ast::OnEvent>(item.node);
  const std::string& event = written.event.text;
  if (event != "pre" && event != "post") {
    Diagnostic& diagnostic =
        error(Kind::NameUnknown, written.event.span, fmt::format("there is no `on {}` in a plasticity rule", event));
    if (event == "event") diagnostic.fix(written.event.span, "pre", "write `on pre`: an event arrives from the source");
    else diagnostic.suggest(written.event.span, event, {"pre", "post"});
    return;
  }
  if (!written.args.empty()) {
    error(Kind::CallArguments, written.args[0].name.span, fmt::format("`on {}` takes no argument", event))
        .help("the weight of the synapse is called `w`");
    return;
  }
  bool pre = event == "pre";
  const ast::Binding* sent = nullptr;
  for (const ast::Binding& binding : written.body) {
    if (ast::dotted(binding.path) != "send") continue;
    if (!pre) error(Kind::ItemMisplaced, binding.span, "`send` belongs into `on pre`: nothing is sent when the target spikes");
    else if (sent) error(Kind::ItemTwice, binding.span, "`send` is given twice").note(sent->span, "first given here");
    else if (binding.op != "=")
      error(Kind::ItemMisplaced, binding.span, "`send` is given once, by `=`").help("write `send = w*…`");
    sent = &binding;
  }
  Place place = instance.place();
  place.rule = true;
  std::vector<Assignment>& body = pre ? rule.on_pre : rule.on_post;
  size_t errors = emitter_.error_count();
  assignments(body, written.body, place, "");
  if (emitter_.error_count() > errors) return;
  Home here = pre ? Home::Source : Home::Target;
  for (const Assignment& assignment : body) {
    const State& state = rule.states[assignment.state];
    Home home = rule.homes[assignment.state];
    if (home == Home::Synapse) continue;
    if (home == here) {
      rule_reads(rule, *assignment.value, {home}, assignment.span, fmt::format("`{}`", state.path));
      continue;
    }
    error(Kind::RuleEnds, assignment.span, fmt::format("`{}` is {}, which an event of the other end cannot change", state.path, owner(home)))
        .note(state.span, "declared here")
        .help(fmt::format("it changes `on {}`", pre ? "post" : "pre"));
  }
}

std::optional<Plasticity> Checker::plasticity(RuleUse& use) {
  size_t errors = emitter_.error_count();
  const ast::Mechanism& mechanism = use.mechanism;
  std::string name = use.written ? use.written->name.text : mechanism.name.text;
  Cell cell;  // holds the rule's states, as what expressions count in
  cell.name = name;
  cell.span = mechanism.name.span;
  Instance instance{.cell = cell, .mechanism = mechanism, .name = name, .scope = use.scope, .site = use.site};
  if (use.written) {
    instance.used = true;
    instance.named = use.written->name.span;
    instance.braces = bindings_of(use.written->bindings, use.scope->path(), use.site);
  }
  Plasticity rule;
  rule.name = name;
  rule.type = mechanism.name.text;
  rule.span = use.span;
  rule.definition = mechanism.name.span;
  add_state(cell, *use.scope, "w", "w", StateRole::Rule, use.weight.dimension, use.weight, mechanism.name.span);
  cell.states.push_back(cell.states[0]);
  cell.states[1].path = "send";
  for (const char* end : {"pre", "post"}) {
    Symbol symbol;
    symbol.kind = Symbol::Kind::Ports;
    symbol.scope = &scopes_.emplace_back(nullptr, end);
    declare(*use.scope, {end, mechanism.name.span}, symbol);
  }
  if (!mechanism.ions.empty())
    error(Kind::ItemMisplaced, mechanism.ions[0].span, "a plasticity rule works on no ion");
  mechanism_params(instance);
  if (emitter_.error_count() > errors) return std::nullopt;
  declare_items(*use.scope, mechanism.items, false);
  Place place = instance.place();
  place.rule = true;
  equations(cell, *use.scope, mechanism.items, "", StateRole::Rule);
  std::map<std::string, const ast::Item*> events;
  for (const ast::Item& item : mechanism.items) {
    if (auto* equation = std::get_if<ast::Equation>(&item.node); equation && equation->name.text == "w") {
      ExprPtr rate = check(*equation->rate, place);
      std::string unit = use.weight.text == "1" ? "ms^-1" : use.weight.text + "/ms";
      if (rate && expect_dimension(*rate, use.weight.dimension / dims::time, unit, "`w'`")) cell.states[0].rate = rate;
      cell.states[0].rate_span = item.span;
    }
    bool known = std::holds_alternative<ast::Param>(item.node) || std::holds_alternative<ast::Let>(item.node) ||
                 std::holds_alternative<ast::Fn>(item.node) || std::holds_alternative<ast::State>(item.node) ||
                 std::holds_alternative<ast::Equation>(item.node) || std::holds_alternative<ast::OnEvent>(item.node) ||
                 std::holds_alternative<ast::Allow>(item.node);
    if (known) continue;
    Diagnostic& diagnostic = error(Kind::ItemMisplaced, item.keyword, "this item does not belong into a plasticity rule");
    if (auto* setting = std::get_if<ast::Setting>(&item.node); setting && setting->binding.path[0].text == "send")
      diagnostic.help("`send` is given in `on pre { … }`");
    else diagnostic.help("it takes `param`, `let`, `state`, equations, `on pre` and `on post`");
  }
  rule.states = cell.states;
  for (const State& state : rule.states) rule.homes.push_back(home_of(state.path));
  for (const ast::Item& item : mechanism.items) {
    auto* event = std::get_if<ast::OnEvent>(&item.node);
    if (!event) continue;
    if (auto [first, fresh] = events.emplace(event->event.text, &item); !fresh)
      error(Kind::ItemTwice, item.keyword, fmt::format("a plasticity rule has one `on {}`", event->event.text))
          .note(first->second->span, "the first is here");
    else rule_event(instance, item, rule);
  }
  rule.has_on_post = !rule.on_post.empty();
  if (events.empty() && emitter_.error_count() == errors)
    error(Kind::ItemMissing, mechanism.name.span, fmt::format("`{}` does nothing: it has neither `on pre` nor `on post`", rule.type))
        .help("add `on pre { send = w*u*x }`, or what else an event does");
  for (uint32_t i = 0; i < rule.states.size(); i++) {
    const State& state = rule.states[i];
    if (!state.rate || i == Plasticity::k_sent) continue;
    std::string what = fmt::format("`{}'`", state.path);
    if (rule.homes[i] != Home::Synapse) {
      rule_reads(rule, *state.rate, {rule.homes[i]}, state.rate_span, what);
      continue;
    }
    for (uint32_t j = 0; j < rule.states.size(); j++) {
      if (i == j || !contains(*state.rate, ExprOp::State, j)) continue;
      error(Kind::RuleNotLinear, state.rate_span, fmt::format("{} reads `{}`, which changes as well", what, rule.states[j].path))
          .note(rule.states[j].span, fmt::format("declared here, {}", owner(rule.homes[j])))
          .help("a synapse's state is advanced from one event to the next, all at once: between them it can follow parameters and "
                "itself only")
          .help("what a cell keeps, `pre.x` or `post.y`, is advanced in every step and may read others of its kind");
      break;
    }
  }
  force_items(mechanism.items, place);
  return emitter_.error_count() > errors ? std::nullopt : std::optional(std::move(rule));
}

std::optional<uint32_t> Checker::projection_named(const Network& network, const std::string& name) const {
  auto named = [&](const auto& other) { return other.name == name; };
  if (std::any_of(network.populations.begin(), network.populations.end(), named)) return std::nullopt;
  auto found = std::find_if(network.projections.begin(), network.projections.end(), named);
  if (found == network.projections.end()) return std::nullopt;
  return static_cast<uint32_t>(found - network.projections.begin());
}

// `w`, `u`, `pre.x` of a projection's rule.
const State* Checker::synapse_state(const Network& network, uint32_t projection, const std::vector<ast::Ident>& path) {
  const Projection& of = network.projections[projection];
  std::string name = ast::dotted(path);
  std::vector<std::string> known;
  if (of.plasticity)
    for (uint32_t i = 0; i < of.plasticity->states.size(); i++) {
      if (i == Plasticity::k_sent) continue;
      const State& state = of.plasticity->states[i];
      known.push_back(state.path);
      if (state.path != name) continue;
      refer(ast::span_of(path), state.span, "state", name, state.unit.text);
      return &state;
    }
  Diagnostic& diagnostic = error(Kind::NameUnknown, ast::span_of(path), fmt::format("the synapses of `{}` have no `{}`", of.name, name));
  if (!of.plasticity) diagnostic.help("without a plasticity rule nothing of a synapse changes; `record weights` lists them");
  else if (!diagnostic.suggest(ast::span_of(path), name, known))
    diagnostic.help(fmt::format("there is `{}`", fmt::join(known, "`, `")));
  return nullptr;
}

std::optional<Recording> Checker::synapse_recording(const ast::Item& item, const Network& network, Scope& scope,
                                                    uint32_t projection) {
  const auto& written = std::get<ast::Record>(item.node);
  const Projection& of = network.projections[projection];
  Recording recording;
  recording.span = item.span;
  recording.of.projection = projection;
  recording.of.span = written.of->span;
  recording.of.text = of.name;
  refer(written.of->path[0].span, of.span, "projection", of.path);
  if (written.of->path.size() > 1) {
    error(Kind::NameWrongKind, ast::span_of(written.of->path),
          fmt::format("`{}` is a projection: what is recorded of its synapses stands before `of`", of.name))
        .help(fmt::format("write `record {} of {}`", written.of->path.back().text, of.name));
    return std::nullopt;
  }
  if (of.gap) {
    error(Kind::NameWrongKind, written.of->span, fmt::format("`{}` is of gap junctions, which hold nothing to record", of.name));
    return std::nullopt;
  }
  if (!indices(*written.of, recording.of, scope)) return std::nullopt;
  for (const auto& path : written.what) {
    if (ast::dotted(path) == "weights") {
      recording.weights = true;
      continue;
    }
    const State* state = synapse_state(network, projection, path);
    if (!state) return std::nullopt;
    recording.variables.push_back(state->path);
  }
  if (recording.weights && (!recording.variables.empty() || !written.of->indices.empty() || written.every)) {
    error(Kind::ItemMisplaced, item.keyword, "`record weights` stands alone: it lists all synapses at the end of the run")
        .help(fmt::format("write `record weights of {}`; the course of single ones is `record w of {}[0, 5] every 1 ms`", of.name, of.name));
    return std::nullopt;
  }
  if (!recording.variables.empty() && written.of->indices.empty()) {
    error(Kind::ItemMissing, written.of->span, fmt::format("which synapses of `{}`?", of.name))
        .help(fmt::format("write `{0}[0, 5]` or `{0}[0 .. 100]`; they count from 0, source by source", of.name));
    return std::nullopt;
  }
  return recording_ends(written, recording, scope) ? std::optional(recording) : std::nullopt;
}

// What a weight is depends on where a rule is used. On its own it must be right for one dimension: that of a conductance, or
// of one of its parameters.
void Checker::check_rule_definition(const ast::Mechanism& mechanism, Scope& module) {
  std::vector<units::Unit> units = {*units::parse_unit("nS")};
  for (const ast::Item& item : mechanism.items)
    if (auto* param = std::get_if<ast::Param>(&item.node))
      for (const ast::UnitRef& unit : param->units) units.push_back(unit.unit);
  size_t said = emitter_.all().size(), references = index_.references.size(), params = model_.params.size();
  size_t errors = emitter_.error_count(), fewest = SIZE_MAX, best = 0;
  auto attempt = [&](size_t i) {
    RuleUse use{mechanism, nullptr, &scopes_.emplace_back(&module, mechanism.name.text), &module, units[i], mechanism.name.span};
    plasticity(use);
    return emitter_.error_count() - errors;
  };
  for (size_t i = 0; i < units.size() && fewest > 0; i++) {
    size_t found = attempt(i);
    if (found < fewest) {
      fewest = found;
      best = i;
    }
    restore(said, references, params);
  }
  attempt(best);
  model_.params.resize(params);
}

std::optional<Plasticity> Checker::plasticity_of(const Projection& projection, const Network& network, Scope& scope,
                                                 const ast::Item& item) {
  const auto& written = std::get<ast::Instance>(item.node);
  Symbol* found = find_kind(written.type, &scope, Symbol::Kind::Mechanism, "plasticity rule");
  if (!found) return std::nullopt;
  const auto& mechanism = std::get<ast::Mechanism>(found->item->node);
  if (mechanism.kind != MechanismKind::Plasticity) {
    error(Kind::NameWrongKind, written.type.span, fmt::format("`{}` is not a plasticity rule", written.type.text))
        .note(mechanism.name.span, "declared here");
    return std::nullopt;
  }
  const Cell& target = model_.cells[network.populations[projection.to.population].cell];
  const Port& port = target.ports[*projection.to.port];
  std::string path = projection.path + "." + written.name.text;
  RuleUse use{mechanism, &written, &scopes_.emplace_back(found->scope, path), &scope, port.weight_unit, item.span};
  size_t said = emitter_.all().size();
  auto rule = plasticity(use);
  for (size_t i = said; !rule && i < emitter_.all().size(); i++) {  // what is wrong in the rule's own text
    const Span& at = emitter_.all()[i].span;
    if (at.file == item.span.file && at.begin >= item.span.begin && at.end <= item.span.end) continue;
    emitter_.revise(i).note(item.span, fmt::format("the rule is used here, where `w` is in `{}`: what an event of `{}` carries",
                                                   port.weight_unit.text, port.name));
  }
  if (rule && rule->has_on_post && !target.spike)
    error(Kind::SourceSilent, item.span,
          fmt::format("`{}` never spikes, so what `{}` does `on post` never happens", projection.to.text, rule->type))
        .note(target.span, "add `spike when v crosses -20 mV` here");
  return rule;
}

}  // namespace eic::sema
