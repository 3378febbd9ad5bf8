// Positions of cells in um, and what projections make of a distance: functions of one column for the JIT.
#include <fmt/format.h>

#include <cmath>

#include "compiler/ir/equations.h"
#include "compiler/plan/planner.h"
#include "runtime/contract/check.h"

namespace eic::plan {

std::optional<Positions> Planner::positions(const sema::Positions& written, uint64_t cells) {
  using K = Positions::Kind;
  Positions positions;
  positions.kind = written.kind;
  positions.periodic = written.periodic;
  positions.origin = origin(written.span);
  auto length = [&](const sema::Expr& expr) -> std::optional<double> {
    double um = values_.number(expr);
    if (std::isfinite(um) && um > 0) return um;
    error(Kind::ParameterValue, expr.span, fmt::format("a length here must be positive, this is {} um", um));
    return std::nullopt;
  };
  auto extent = [&](uint32_t axis, double um) {
    positions.extent[axis] = um;
    positions.dimensions = axis + 1;
  };
  switch (written.kind) {
    case K::Csv:
      positions.csv = {written.file, written.shown, "", 1};
      if (!written.periodic) return positions;
      error(Kind::RuleArgument, written.span, "positions of a file have no edges that could be joined: `periodic` needs a `line`, a `grid` or `uniform`");
      return std::nullopt;
    case K::Line: {
      auto spacing = length(*written.args[0]);
      if (!spacing) return std::nullopt;
      positions.spacing = *spacing;
      extent(0, *spacing * static_cast<double>(cells));
      return positions;
    }
    case K::Grid: {
      auto nx = whole(*written.args[0], "the width of a grid"), ny = whole(*written.args[1], "the height of a grid");
      auto spacing = length(*written.args[2]);
      if (!nx || !ny || !spacing) return std::nullopt;
      if (static_cast<unsigned __int128>(*nx) * *ny != cells) {
        error(Kind::RuleArgument, written.span, fmt::format("a grid of {} × {} has {} places, the population has {} cells", *nx, *ny,
                                                            static_cast<double>(*nx) * static_cast<double>(*ny), cells));
        return std::nullopt;
      }
      positions.nx = *nx;
      positions.spacing = *spacing;
      extent(0, *spacing * static_cast<double>(*nx));
      extent(1, *spacing * static_cast<double>(*ny));
      return positions;
    }
    case K::Uniform:
      for (uint32_t axis = 0; axis < written.args.size(); axis++) {
        auto um = length(*written.args[axis]);
        if (!um) return std::nullopt;
        extent(axis, *um);
      }
      return positions;
  }
  return std::nullopt;
}

// On a torus the shortest way is known only where both sides lie on the same one.
bool Planner::same_space(const sema::Projection& written) {
  const auto& from = out_.run.populations[written.from.population].positions;
  const auto& to = out_.run.populations[written.to.population].positions;
  EIC_CHECK(from && to, "a distance between cells without positions");
  if (!from->periodic && !to->periodic) return true;
  bool same = from->periodic && to->periodic && from->dimensions == to->dimensions;
  for (uint32_t axis = 0; same && axis < from->dimensions; axis++)
    same = std::fabs(from->extent[axis] - to->extent[axis]) <= 1e-9 * from->extent[axis];
  if (same) return true;
  auto shape = [](const Positions& p) {
    std::string text;
    for (uint32_t axis = 0; axis < p.dimensions; axis++) text += fmt::format("{}{:.6g} um", axis ? " × " : "", p.extent[axis]);
    return p.periodic ? text : p.kind == Positions::Kind::Csv ? std::string("not periodic") : text + ", not periodic";
  };
  error(Kind::RuleArgument, written.span,
        fmt::format("`{}` joins cells of two different spaces: one is {}, the other {}", written.name, shape(*from), shape(*to)))
      .help("give both populations `periodic = true` and the same extent");
  return false;
}

OfDistance Planner::of_distance(const sema::Expr& expr, const std::string& name) {
  ir::Function function;
  function.name = name;
  function.columns = {{"distance", units::parse_unit("um")->dimension}, {name, expr.dimension}};
  ir::Builder builder(function);
  ir::Equations equations(builder, model_.params);
  equations.distance = [&] { return builder.column(0); };
  ir::ValueId value = equations.build(expr);
  function.stores.push_back({1, value, expr.span, false});
  passes::Lowerable lowerable =
      passes::run_pipeline(function, out_.run.single ? ir::Precision::Single : ir::Precision::Double, watch_);
  OfDistance made;
  made.function = static_cast<uint32_t>(out_.pairs.size());
  made.uniforms = values_.results(lowerable.prologue, {{"dt", out_.run.dt}});
  made.origin = origin(expr.span);
  out_.pairs.push_back(std::move(lowerable.kernel));
  return made;
}

}  // namespace eic::plan
