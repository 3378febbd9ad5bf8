// Sweeps: axes are parameters, or `seed`, `duration` and `dt`; their points are constants of the axis' dimension.
#include <fmt/format.h>

#include "compiler/sema/checker.h"
#include "compiler/sema/hints.h"

namespace eic::sema {

namespace {

struct KnownForm {
  const char* name;
  SweepAxis::Form form;
};
constexpr KnownForm k_forms[] = {{"linspace", SweepAxis::Form::Linear}, {"logspace", SweepAxis::Form::Logarithmic}};

}  // namespace

// A list, a range of whole numbers, or `linspace(first, last, n)` and `logspace`.
bool Checker::sweep_points(const ast::Expr& value, Scope& module, SweepAxis& axis) {
  std::string why = "`" + axis.path + "`";
  auto point = [&](const ast::Expr& written) {
    ExprPtr checked = check_constant_as(written, &module, axis.dimension, axis.unit.text, why);
    if (checked) axis.args.push_back(checked);
    return checked != nullptr;
  };
  if (value.kind == ast::ExprKind::List) {
    bool good = true;
    for (const auto& written : value.args) good = point(*written) && good;
    if (!value.args.empty()) return good;
    error(Kind::RuleArgument, value.span, fmt::format("{} has no points", why));
    return false;
  }
  if (value.kind == ast::ExprKind::Range) {
    axis.form = SweepAxis::Form::Range;
    if (axis.dimension.dimensionless()) return point(*value.args[0]) && point(*value.args[1]);
    std::string first = as_written(sources_, value.args[0]->span), last = as_written(sources_, value.args[1]->span);
    error(Kind::RuleArgument, value.span, fmt::format("a range counts in ones, and {} is {}", why, units::describe(axis.dimension)))
        .help(fmt::format("write the points, `[{0}, {1}]`, or `linspace({0}, {1}, 5)`", first, last));
    return false;
  }
  bool called = value.kind == ast::ExprKind::Call && value.path.size() == 1;
  const KnownForm* known =
      std::find_if(std::begin(k_forms), std::end(k_forms), [&](const KnownForm& f) { return called && value.path[0].text == f.name; });
  if (known == std::end(k_forms)) {
    Diagnostic& diagnostic = error(Kind::RuleArgument, value.span, "an axis of a sweep is a list, a range, `linspace` or `logspace`");
    if (!called || !diagnostic.suggest(value.path[0].span, value.path[0].text, {"linspace", "logspace"}))
      diagnostic.help("write `[20 nS, 67 nS]`, `1 .. 5` or `linspace(20 nS, 120 nS, 6)`");
    return false;
  }
  axis.form = known->form;
  bool named = std::any_of(value.names.begin(), value.names.end(), [](const ast::Ident& name) { return !name.text.empty(); });
  if (value.args.size() != 3 || named) {
    error(Kind::CallArguments, value.span, fmt::format("`{}` takes the first point, the last, and how many there are", known->name))
        .help(fmt::format("such as `{}(20 nS, 120 nS, 6)`", known->name));
    return false;
  }
  if (!point(*value.args[0]) || !point(*value.args[1])) return false;
  ExprPtr count = check_constant_as(*value.args[2], &module, {}, "1", "the number of points");
  if (count) axis.args.push_back(count);
  return count != nullptr;
}

std::optional<SweepAxis> Checker::sweep_axis(const ast::Binding& binding, Scope& module) {
  SweepAxis axis;
  axis.path = ast::dotted(binding.path);
  axis.span = ast::span_of(binding.path);
  axis.values_span = binding.value->span;
  using What = SweepAxis::What;
  Symbol* named = binding.path.size() == 1 ? module.find(axis.path) : nullptr;  // as this file calls it
  bool known = named && named->kind == Symbol::Kind::Param && named->value;
  const Param* meant = nullptr;
  std::vector<std::string> names = {"seed", "duration", "dt"};
  for (uint32_t i = 0; i < model_.params.size(); i++) {
    const Param& param = model_.params[i];
    names.push_back(param.path);
    if (known ? i == named->index : param.path == axis.path) meant = &param;
  }
  if (meant) {
    axis.param = static_cast<uint32_t>(meant - model_.params.data());
    refer_set(axis.span, axis.param);
    axis.dimension = meant->dimension;
    axis.unit = *units::parse_unit(shown_unit(*meant));
  } else if (axis.path == "seed") {
    axis.what = What::Seed;
    axis.unit = units::dimensionless();
  } else if (axis.path == "duration" || axis.path == "dt") {
    axis.what = axis.path == "dt" ? What::Step : What::Duration;
    axis.dimension = dims::time;
    axis.unit = *units::parse_unit("ms");
  } else {
    if (named && named->kind == Symbol::Kind::Param) return std::nullopt;  // in error, and said
    Diagnostic& diagnostic = error(Kind::NameUnknown, axis.span, fmt::format("there is no parameter `{}` to sweep", axis.path));
    diagnostic.suggest(axis.span, axis.path, names);
    return std::nullopt;
  }
  size_t said = emitter_.all().size();
  if (!sweep_points(*binding.value, module, axis)) {
    if (meant) note_unit_since(emitter_, said, meant->span, "given here");
    return std::nullopt;
  }
  if (auto unit = units::parse_unit(unit_of(*axis.args[0])); unit && unit->dimension == axis.dimension) axis.unit = *unit;
  return axis;
}

void Checker::sweep(const ast::Sweep& written, Scope& module) {
  Symbol* of = find_kind(written.of, &module, Symbol::Kind::Simulation, "simulation");
  if (!of) return;
  size_t errors = emitter_.error_count();
  Sweep sweep;
  sweep.name = written.name.text;
  sweep.simulation = of->index;
  sweep.span = written.name.span;
  for (const Sweep& other : model_.sweeps)
    if (other.name == sweep.name)
      error(Kind::NameTwice, written.name.span, fmt::format("the sweep `{}` is declared twice", sweep.name))
          .note(other.span, "first declared here");
  std::vector<std::pair<std::string, Span>> seen;
  auto add = [&](const ast::Binding& binding, std::vector<SweepAxis>& together) {
    std::string path = ast::dotted(binding.path);
    for (const auto& [other, span] : seen)
      if (other == path) {
        error(Kind::ItemTwice, binding.span, fmt::format("`{}` is an axis already", path)).note(span, "first given here");
        return;
      }
    seen.emplace_back(path, binding.span);
    if (auto axis = sweep_axis(binding, module)) together.push_back(std::move(*axis));
  };
  for (const ast::Item& item : written.items) {
    std::vector<SweepAxis> together;
    if (auto* setting = std::get_if<ast::Setting>(&item.node)) {
      add(setting->binding, together);
    } else if (auto* zip = std::get_if<ast::Zip>(&item.node)) {
      for (const ast::Binding& binding : zip->bindings) add(binding, together);
    } else if (!std::holds_alternative<ast::Allow>(item.node)) {
      error(Kind::ItemMisplaced, item.keyword, "this item does not belong into a sweep");
    }
    if (!together.empty()) sweep.axes.push_back(std::move(together));
  }
  if (emitter_.error_count() > errors) return;
  if (sweep.axes.empty()) {
    error(Kind::ItemMissing, written.name.span, fmt::format("the sweep `{}` has no axis", sweep.name))
        .help("add what it changes, such as `w_inh = [20 nS, 67 nS]` or `seed = 1 .. 5`");
    return;
  }
  if (of->index != UINT32_MAX) model_.sweeps.push_back(std::move(sweep));
}

}  // namespace eic::sema
