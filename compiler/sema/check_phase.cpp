// Phases: parts of a run that follow one another, with values, stimuli and recordings of their own.
#include <fmt/format.h>

#include "compiler/sema/checker.h"
#include "compiler/sema/hints.h"

namespace eic::sema {

ExprPtr duration_of(const std::vector<Phase>& phases) {
  ExprPtr sum;
  for (const Phase& phase : phases) sum = sum ? binary(ExprOp::Add, sum, phase.duration, phase.duration->span) : phase.duration;
  return sum;
}

void Checker::phase(Simulation& run, const ast::Item& item, Scope& scope) {
  const auto& written = std::get<ast::Phase>(item.node);
  const Network& network = model_.networks[run.network];
  Phase phase;
  phase.name = written.name.text;
  phase.span = written.name.span;
  for (const Phase& other : run.phases)
    if (other.name == phase.name)
      error(Kind::NameTwice, phase.span, fmt::format("there are two phases `{}`", phase.name)).note(other.span, "the first is here");
  phase.duration = check_constant_as(*written.duration, &scope, dims::time, "ms", "the duration of a phase");
  Scope& own = scopes_.emplace_back(&scope, scope.path_of(phase.name));
  for (const ast::Item& inner : written.items)  // first: a clamp has a current to record
    if (std::holds_alternative<ast::Stimulus>(inner.node))
      if (auto found = stimulus(inner, network, own, phase.stimuli)) phase.stimuli.push_back(std::move(*found));
  Phase& made = run.phases.emplace_back(std::move(phase));
  std::map<std::string, Span> seen;
  for (const ast::Item& inner : written.items) {
    if (auto* setting = std::get_if<ast::Setting>(&inner.node)) {
      const ast::Binding& binding = setting->binding;
      std::string path = ast::dotted(binding.path);
      if (auto [first, fresh] = seen.emplace(path, binding.span); !fresh)
        error(Kind::ItemTwice, binding.span, fmt::format("`{}` is given twice", path)).note(first->second, "first given here");
      else phase_setting(made, binding, scope);
    } else if (auto* record = std::get_if<ast::Record>(&inner.node)) {
      made.records = true;
      if (record->nothing) continue;
      if (auto found = recording(inner, run, scope)) made.recordings.push_back(std::move(*found));
    } else if (!std::holds_alternative<ast::Stimulus>(inner.node) && !std::holds_alternative<ast::Allow>(inner.node)) {
      Diagnostic& diagnostic = error(Kind::ItemMisplaced, inner.keyword, "this item does not belong into a phase");
      if (std::string where = where_it_belongs(inner); !where.empty()) diagnostic.help(where);
      else diagnostic.help("it takes parameters, `w_inh = 120 nS`, `stimulus` and `record`");
    }
  }
  if (!made.duration) run.phases.pop_back();
}

void Checker::phase_setting(Phase& phase, const ast::Binding& binding, Scope& scope) {
  static const std::vector<std::string> k_of_the_run = {"duration", "dt", "method", "seed", "precision"};
  const std::string& name = binding.path[0].text;
  if (overrule_for_run(phase.params, binding, scope)) return;
  std::string path = ast::dotted(binding.path);
  if (binding.path.size() == 1 && std::find(k_of_the_run.begin(), k_of_the_run.end(), name) != k_of_the_run.end()) {
    Diagnostic& diagnostic = error(Kind::ItemMisplaced, binding.span, fmt::format("`{}` is that of the whole run", name));
    diagnostic.help(name == "duration" ? "a phase says how long it lasts behind its name: `phase settle 200 ms { … }`"
                                       : "it stands in the `simulate`, beside its phases");
    return;
  }
  std::vector<std::string> names;
  for (const Param& param : model_.params) names.push_back(param.path);
  error(Kind::NameUnknown, binding.path[0].span, fmt::format("there is no parameter `{}`", path))
      .suggest(ast::span_of(binding.path), path, names);
}

}  // namespace eic::sema
