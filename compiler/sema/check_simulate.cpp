// Simulations: settings, recordings, starting values and stimuli of one run.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compiler/sema/checker.h"
#include "compiler/sema/clamp.h"
#include "compiler/sema/hints.h"

namespace eic::sema {

namespace {
const std::vector<std::string> k_working = {
#define EIC_METHOD(name, order, family) #name,
#include "compiler/sema/methods.def"
#undef EIC_METHOD
};
// What other simulators call a method that is here.
const std::map<std::string, std::string> k_elsewhere = {
    {"rk2", "midpoint"},       {"explicit_midpoint", "midpoint"},   {"heun2", "heun"},
    {"cnexp", "exp_euler"},    {"exponential_euler", "exp_euler"},  {"ind_exp_euler", "exp_euler"},
    {"runge_kutta", "rk4"},    {"implicit_euler", "backward_euler"}, {"derivimplicit", "backward_euler"},
    {"euler_maruyama", "euler"},   {"leapfrog", "exp_leapfrog"},     {"staggered", "exp_leapfrog"}};
}

// duration, dt, method, seed, precision, or a parameter of the model; false where none of these is meant.
bool Checker::simulation_setting(Simulation& run, const ast::Binding& binding, Scope& scope) {
  const std::string& name = binding.path[0].text;
  const ast::Expr& value = *binding.value;
  if (binding.path.size() == 1 && (name == "duration" || name == "dt")) {
    ExprPtr time = check_constant_as(value, &scope, dims::time, "ms", "`" + name + "`");
    if (time) (name == "dt" ? run.dt : run.duration) = time;
    return true;
  }
  if (binding.path.size() == 1 && name == "seed") {
    if (ExprPtr seed = check_constant_as(value, &scope, {}, "1", "`seed`")) run.seed = seed;
    return true;
  }
  bool word = value.kind == ast::ExprKind::Path && value.path.size() == 1;
  if (binding.path.size() == 1 && (name == "method" || name == "precision")) {
    std::vector<std::string> known = {"double", "single"};
    if (name == "method") known = k_working;
    std::string text = word ? value.path[0].text : "";
    if (std::find(known.begin(), known.end(), text) == known.end()) {
      bool quoted = value.kind == ast::ExprKind::String && std::find(known.begin(), known.end(), value.text) != known.end();
      std::string shown(sources_.get(value.span.file).text().substr(value.span.begin, value.span.end - value.span.begin));
      Diagnostic& diagnostic =
          error(Kind::NameUnknown, value.span,
                quoted ? fmt::format("a {} stands without quotes", name) : fmt::format("there is no {} `{}`", name, shown));
      bool method = name == "method";
      auto elsewhere = method ? k_elsewhere.find(quoted ? value.text : text) : k_elsewhere.end();
      if (elsewhere != k_elsewhere.end())
        diagnostic.fix(value.span, elsewhere->second, fmt::format("here it is `{}`", elsewhere->second));
      else if (quoted) diagnostic.fix(value.span, value.text, fmt::format("write `{}`", value.text));
      else if (!diagnostic.suggest(value.span, text, known))
        diagnostic.help(method ? fmt::format("there is `{}`", fmt::join(known, "`, `")) : "it is `double` or `single`");
    } else if (name == "precision") {
      run.single = text == "single";
    } else {
      run.method = text;
    }
    return true;
  }
  return overrule_for_run(run.params, binding, scope);
}

// A parameter of the model, by its path; false where none is meant.
bool Checker::overrule_for_run(std::map<uint32_t, ExprPtr>& params, const ast::Binding& binding, Scope& scope) {
  std::string path = ast::dotted(binding.path);
  Symbol* named = binding.path.size() == 1 ? scope.find(path) : nullptr;  // as this file calls it
  bool known = named && named->kind == Symbol::Kind::Param && named->value;
  for (uint32_t i = 0; i < model_.params.size(); i++) {
    const Param& param = model_.params[i];
    if (known ? i != named->index : param.path != path) continue;
    size_t said = emitter_.all().size();
    ExprPtr given = check_constant_as(*binding.value, &scope, param.dimension, shown_unit(param), "`" + path + "`");
    if (!given) note_unit_since(emitter_, said, param.span, "given here");
    refer_set(ast::span_of(binding.path), i);
    if (given && !set_on_command_line(param.path)) params[i] = given;
    return true;
  }
  return false;
}

void Checker::simulation_init(Simulation& run, const ast::Item& item, Scope& scope) {
  const ast::Binding& binding = std::get<ast::Init>(item.node).binding;
  const Network& network = model_.networks[run.network];
  std::vector<std::string> names;
  for (uint32_t i = 0; i < network.populations.size(); i++) {
    const Population& population = network.populations[i];
    names.push_back(population.name);
    bool named = binding.path.size() > 1 && binding.path[0].text == population.name;
    bool only = network.populations.size() == 1 && binding.path[0].text != population.name;
    if (!named && !only) continue;
    std::vector<ast::Ident> path(binding.path.begin() + (named ? 1 : 0), binding.path.end());
    std::map<uint32_t, Spread> starts;
    init(model_.cells[population.cell], scope, path, binding, starts);
    for (auto& [state, start] : starts) run.starts[{i, state}] = start;
    return;
  }
  Diagnostic& diagnostic = error(Kind::NameUnknown, binding.path[0].span,
                                 fmt::format("an `init` here names its population first, `{}` is none", binding.path[0].text));
  if (!names.empty()) diagnostic.help(fmt::format("write `init {}.{} = …`", names[0], binding.path.back().text));
}

void Checker::simulation_items(Simulation& run, const std::vector<ast::Item>& items, Scope& scope) {
  const Network& network = model_.networks[run.network];
  std::map<std::string, Span> seen;
  for (const ast::Item& item : items)  // first: a clamp has a current to record
    if (std::holds_alternative<ast::Stimulus>(item.node))
      if (auto found = stimulus(item, network, scope, run.stimuli)) run.stimuli.push_back(*found);
  for (const ast::Item& item : items) {
    if (auto* setting = std::get_if<ast::Setting>(&item.node)) {
      const ast::Binding& binding = setting->binding;
      std::string path = ast::dotted(binding.path);
      if (auto [first, fresh] = seen.emplace(path, binding.span); !fresh) {
        error(Kind::ItemTwice, binding.span, fmt::format("`{}` is given twice", path)).note(first->second, "first given here");
      } else if (!simulation_setting(run, binding, scope)) {
        std::vector<std::string> names = {"duration", "dt", "method", "seed", "precision"};
        for (const Param& param : model_.params) names.push_back(param.path);
        Diagnostic& diagnostic =
            error(Kind::NameUnknown, binding.path[0].span, fmt::format("there is no setting or parameter `{}`", path));
        diagnostic.suggest(ast::span_of(binding.path), path, names);
      }
    } else if (std::holds_alternative<ast::Record>(item.node)) {
      if (auto found = recording(item, run, scope)) run.recordings.push_back(*found);
    } else if (std::holds_alternative<ast::Stimulus>(item.node)) {
      // read above
    } else if (std::holds_alternative<ast::Init>(item.node)) {
      simulation_init(run, item, scope);
    } else if (std::holds_alternative<ast::Phase>(item.node)) {
      phase(run, item, scope);
    } else if (!std::holds_alternative<ast::Allow>(item.node) && !std::holds_alternative<ast::Param>(item.node) &&
               !std::holds_alternative<ast::Expect>(item.node) && !std::holds_alternative<ast::PassIn>(item.node)) {
      Diagnostic& diagnostic = error(Kind::ItemMisplaced, item.keyword, "this item does not belong here");
      if (std::string where = where_it_belongs(item); !where.empty()) diagnostic.help(where);
    }
  }
}

std::optional<Simulation> Checker::simulation(const ast::Simulate& written, Span span, Scope& module) {
  Symbol* found = find_kind(written.of, &module, Symbol::Kind::Network, "network");
  if (!found) return std::nullopt;
  size_t errors = emitter_.error_count();
  Simulation run;
  if (found->index == UINT32_MAX) {  // its network is in error: what has nothing to do with that is checked all the same
    for (const ast::Item& item : written.items)
      if (auto* setting = std::get_if<ast::Setting>(&item.node); setting && setting->binding.path.size() == 1) {
        const std::string& name = setting->binding.path[0].text;
        bool own = name == "duration" || name == "dt" || name == "seed" || name == "method" || name == "precision";
        if (own) simulation_setting(run, setting->binding, module);
      }
    return std::nullopt;
  }
  run.name = written.name.text;
  run.network = found->index;
  run.span = span;
  Scope& scope = scopes_.emplace_back(&module, written.name.text);
  declare_items(scope, written.items, true);
  simulation_items(run, written.items, scope);
  for (const ast::Item& item : written.items)
    if (std::holds_alternative<ast::Expect>(item.node) || std::holds_alternative<ast::PassIn>(item.node))
      error(Kind::ItemMisplaced, item.keyword, "an expectation stands in a `test`")
          .help(fmt::format("write `test \"…\" of {} {{ … }}`", run.name));
  if (!run.duration) run.duration = duration_of(run.phases);
  for (auto [value, name, example] : {std::tuple{&run.duration, "duration", "100 ms"}, std::tuple{&run.dt, "dt", "0.1 ms"}})
    if (!*value && emitter_.error_count() == errors)
      error(Kind::ItemMissing, written.name.span, fmt::format("the simulation `{}` has no `{}`", run.name, name))
          .help(fmt::format("add `{} = {}`", name, example));
  return emitter_.error_count() > errors ? std::nullopt : std::optional(run);
}

// What of a population may be recorded, and expected of.
std::vector<std::string> Checker::variables(const Simulation& run, uint32_t population) const {
  const Network& network = model_.networks[run.network];
  const Cell& cell = model_.cells[network.populations[population].cell];
  std::vector<std::string> names;
  for (const State& state : cell.states) names.push_back(state.path);
  for (const Current& current : cell.currents) names.push_back(current.path + ".i");
  for (const auto& [name, value] : cell.lets)
    if (!value->boolean && !contains(*value, ExprOp::Noise)) names.push_back(name);
  auto clamps = [&](const Stimulus& stimulus) {
    return stimulus.kind == plan::Stimulus::Kind::Clamp && stimulus.to.population == population;
  };
  auto among = [&](const std::vector<Stimulus>& stimuli) { return std::any_of(stimuli.begin(), stimuli.end(), clamps); };
  bool clamped = among(network.stimuli) || among(run.stimuli);
  for (const Phase& phase : run.phases) clamped = clamped || among(phase.stimuli);
  if (clamped) names.emplace_back(k_clamp_current);
  return names;
}

std::optional<Recording> Checker::recording(const ast::Item& item, const Simulation& run, Scope& scope) {
  const Network& network = model_.networks[run.network];
  const auto& written = std::get<ast::Record>(item.node);
  if (written.nothing) return std::nullopt;
  Recording recording;
  recording.span = item.span;
  if (!written.of) {
    Diagnostic& diagnostic = error(Kind::ItemMissing, item.keyword, "a `record` needs the population it is of");
    const std::string& first = network.populations[0].name;
    Span what = ast::span_of(written.what.back());
    bool dotted = written.what.size() == 1 && written.what[0].size() > 1 &&
                  std::any_of(network.populations.begin(), network.populations.end(),
                              [&](const Population& population) { return population.name == written.what[0][0].text; });
    if (dotted) {
      std::string variable = ast::dotted({written.what[0].begin() + 1, written.what[0].end()});
      std::string whole = variable + " of " + written.what[0][0].text;
      diagnostic.fix(what, whole, fmt::format("write `record {}`", whole));
    } else if (network.populations.size() == 1) {
      diagnostic.fix({what.file, what.end, what.end}, " of " + first, fmt::format("add `of {}`", first));
    } else {
      diagnostic.help(fmt::format("write `record spikes of {}`", first));
    }
    return std::nullopt;
  }
  if (auto projection = projection_named(network, written.of->path[0].text))
    return synapse_recording(item, network, scope, *projection);
  auto of = target(*written.of, network, scope, false);
  if (!of) return std::nullopt;
  recording.of = *of;
  const Cell& cell = model_.cells[network.populations[of->population].cell];
  std::vector<std::string> known = variables(run, of->population);
  for (const auto& path : written.what) {
    std::string name = ast::dotted(path);
    if (name == "spikes") {
      recording.spikes = true;
      if (!cell.spike)
        error(Kind::CellIncomplete, path[0].span, fmt::format("the cell `{}` never spikes: it has no `spike when`", cell.name))
            .note(cell.span, "add `spike when v crosses -20 mV` here");
      continue;
    }
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      known.emplace_back("spikes");
      Diagnostic& diagnostic =
          error(Kind::NameUnknown, path[0].span, fmt::format("`{}` has no variable `{}` to record", of->text, name));
      bool is_param = std::any_of(model_.params.begin(), model_.params.end(),
                                  [&](const Param& param) { return param.path == cell.name + "." + name; });
      std::string within;
      for (const std::string& variable : known)
        if (variable.starts_with(name + ".")) within += (within.empty() ? "`" : ", `") + variable + "`";
      if (name == k_clamp_current) diagnostic.help(fmt::format("no `clamp` holds cells of `{}` here", of->text));
      else if (is_param) diagnostic.help(fmt::format("`{}` is a parameter, which does not change", name));
      else if (!within.empty()) diagnostic.help("there is " + within);
      else diagnostic.suggest(ast::span_of(path), name, known);
      return std::nullopt;
    }
    refer_variable(ast::span_of(path), cell, name);
    recording.variables.push_back(name);
  }
  return recording_ends(written, recording, scope) ? std::optional(recording) : std::nullopt;
}

bool Checker::recording_ends(const ast::Record& written, Recording& recording, Scope& scope) {
  if (written.every) recording.every = check_constant_as(*written.every, &scope, dims::time, "ms", "`every`");
  if (written.every && !recording.every) return false;
  if (written.to) {
    recording.file = *written.to;
    bool plain = !recording.file.empty() && recording.file.find('/') == std::string::npos && recording.file != "." &&
                 recording.file != "..";
    if (!plain || recording.file == "spikes.csv" || recording.file == "run.json") {
      error(Kind::RuleArgument, written.to_span,
            plain ? fmt::format("`{}` is written by the run itself", recording.file)
                  : "a recording's file is a plain name in the output folder")
          .help("such as `to \"v.csv\"`; `--out DIR` chooses the folder");
      return false;
    }
  }
  return true;
}

}  // namespace eic::sema
