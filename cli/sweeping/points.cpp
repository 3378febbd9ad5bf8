#include "cli/sweeping/points.h"

#include <fmt/format.h>

namespace eic::cli {

namespace {

// What is wrong with a point is often said of another place: then which point it is.
void name_point(diagnostics::Emitter& emitter, size_t said, const plan::SweepGrid& grid, size_t point) {
  for (size_t i = said; i < emitter.all().size(); i++)
    for (size_t a = 0; a < grid.axes.size(); a++) {
      const plan::SweepValue& value = grid.points[point][a];
      if (value.value->span != emitter.all()[i].span)
        emitter.revise(i).note(value.value->span, fmt::format("where `{}` is {}", grid.axes[a]->path, plan::shown(value, *grid.axes[a])));
    }
}

}  // namespace

std::optional<plan::SweepGrid> plan_points(Front& front, const sema::Sweep& sweep, const TakePoint& take) {
  constexpr size_t k_enough_wrong = 20;
  size_t errors = front.emitter.error_count();
  auto grid = plan::sweep_grid(*front.model, sweep, front.emitter);
  if (!grid) return std::nullopt;
  for (size_t point = 0; point < grid->points.size() && front.emitter.error_count() < errors + k_enough_wrong; point++) {
    size_t said = front.emitter.all().size();
    sema::Model model = plan::at_point(*front.model, sweep, *grid, point);
    auto planned = plan::plan(model, model.simulations[sweep.simulation], {}, {}, front.emitter);
    name_point(front.emitter, said, *grid, point);
    if (planned && !take(point, model, std::move(*planned))) return std::nullopt;
  }
  return front.emitter.error_count() == errors ? std::move(grid) : std::nullopt;
}

}  // namespace eic::cli
