// Space: where the cells of a population are, and what a projection may make of the distance between two of them.
#include <fmt/format.h>

#include "compiler/sema/checker.h"
#include "compiler/sema/hints.h"

namespace eic::sema {

namespace {

using PositionKind = plan::Positions::Kind;

struct Arrangement {
  const char* name;
  PositionKind kind;
  std::vector<const char*> args;
  size_t least;
  const char* example;
};
const std::vector<Arrangement> k_arrangements = {
    {"line", PositionKind::Line, {"spacing"}, 1, "line(spacing = 10 um)"},
    {"grid", PositionKind::Grid, {"nx", "ny", "spacing"}, 3, "grid(20, 20, spacing = 10 um)"},
    {"uniform", PositionKind::Uniform, {"width", "height", "depth"}, 2, "uniform(1 mm, 1 mm)"},
    {"csv", PositionKind::Csv, {}, 0, "csv(\"positions.csv\")"}};

bool is_count(const char* name) { return std::string_view(name).starts_with("n"); }

}  // namespace

// `positions = …` and `periodic = …` of a population.
void Checker::positions(Population& population, const ast::Binding& binding, Scope& scope) {
  const ast::Expr& value = *binding.value;
  if (!population.positions) population.positions.emplace();
  Positions& positions = *population.positions;
  if (binding.path[0].text == "periodic") {
    if (value.kind == ast::ExprKind::Bool) positions.periodic = value.text == "true";
    else error(Kind::RuleArgument, value.span, "`periodic` is `true` or `false`");
    if (positions.span == Span{}) positions.span = binding.span;
    return;
  }
  positions.span = value.span;
  const Arrangement* known = nullptr;
  std::vector<std::string> names;
  for (const Arrangement& candidate : k_arrangements) {
    names.emplace_back(candidate.name);
    if (value.kind == ast::ExprKind::Call && value.path.size() == 1 && value.path[0].text == candidate.name) known = &candidate;
  }
  auto like = [&](const Arrangement& one) { return fmt::format("write `positions = {}`", one.example); };
  if (!known) {
    Diagnostic& diagnostic =
        error(Kind::NameUnknown, value.span, "positions are a `line`, a `grid`, `uniform` in a box, or from a `csv`");
    if (value.kind != ast::ExprKind::Call || !diagnostic.suggest(value.path[0].span, value.path[0].text, names))
      diagnostic.help(like(k_arrangements[1]));
    return;
  }
  positions.kind = known->kind;
  if (known->kind == PositionKind::Csv) {
    if (value.args.size() != 1 || value.args[0]->kind != ast::ExprKind::String) {
      error(Kind::CallArguments, value.span, "`csv` takes a file in quotes").help(like(*known));
      return;
    }
    auto file = resolve_file(value.args[0]->text, value.args[0]->span);
    if (!file) return;
    positions.file = *file;
    positions.shown = value.args[0]->text;
    return;
  }
  std::vector<ExprPtr> args(known->args.size());
  size_t positional = 0;
  for (size_t i = 0; i < value.args.size(); i++) {
    const std::string& name = value.names[i].text;
    size_t place = name.empty() ? positional++ : 0;
    while (!name.empty() && place < known->args.size() && name != known->args[place]) place++;
    if (place >= known->args.size()) {
      Span at = name.empty() ? value.args[i]->span : value.names[i].span;
      error(Kind::CallArguments, at, name.empty() ? fmt::format("`{}` does not take so many arguments", known->name)
                                                  : fmt::format("`{}` has no argument `{}`", known->name, name))
          .help(like(*known));
      return;
    }
    if (args[place]) {
      error(Kind::ItemTwice, value.args[i]->span, fmt::format("`{}` is given twice", known->args[place]));
      return;
    }
    bool count = is_count(known->args[place]);
    args[place] = check_constant_as(*value.args[i], &scope, count ? Dimension{} : dims::of("um"), count ? "1" : "um",
                                    fmt::format("`{}`", known->args[place]));
    if (!args[place]) return;
  }
  for (size_t i = 0; i < known->least; i++)
    if (!args[i]) {
      error(Kind::CallArguments, value.span, fmt::format("`{}` needs its `{}`", known->name, known->args[i])).help(like(*known));
      return;
    }
  if (!args.back()) args.pop_back();
  positions.args = std::move(args);
}

}  // namespace eic::sema
