#include "bench/flagship.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "compiler/diagnostics/render.h"
#include "runtime/contract/check.h"

namespace eic::bench {

void give_up(const Front& front) {
  fmt::print(stderr, "{}", diagnostics::render_text(front.emitter, front.sources, false));
  std::exit(1);
}

bool read_flagship(Front& front) { return read_model(front, EIC_ROOT "/models/cobahh.eic", nullptr, {}); }

Flagship::Flagship(bool single, std::optional<std::filesystem::path> cache, bool avx512) {
  options.choices.single = single;
  options.cache = std::move(cache);
  options.avx512 = avx512;
  if (!read_flagship(front)) give_up(front);
  simulation = &front.model->simulations.front();
  auto made = compile(front, *simulation, options);
  if (!made) give_up(front);
  compiled = std::move(*made);
}

namespace {

plan::Population resized(plan::Population plan, uint64_t cells) {
  plan.size = cells;
  plan.views.clear();
  return plan;
}

// One owner of all cells.
state::Partition whole(uint64_t cells) {
  return {.cuts = {0, (cells + k_padding_cells - 1) / k_padding_cells * k_padding_cells}};
}

}  // namespace

FlagshipCells::FlagshipCells(const Flagship& flagship, uint64_t cells)
    : plan_(resized(flagship.compiled.planned.run.populations.front(), cells)),
      population_(plan_, flagship.compiled.kernels.populations.front(), flagship.compiled.planned.run.single,
                  whole(cells)),
      excited_(index_of("exc.s")) {
  population_.columns().clear(0, population_.columns().padded());
  auto fault = state::fill_starting_values(plan_, flagship.compiled.planned.run.seed, population_.columns());
  EIC_CHECK(!fault, "the flagship starts from a distribution");
  population_.init();
}

uint64_t FlagshipCells::step() {
  const auto fault = population_.step(0);
  EIC_CHECK(!fault, "the flagship does not blow up");
  return population_.spikes(0).size();
}

void FlagshipCells::excite(uint64_t cell, double weight_us) {
  state::Columns& columns = population_.columns();
  if (columns.single()) static_cast<float*>(columns.pointer(excited_))[cell] += static_cast<float>(weight_us);
  else static_cast<double*>(columns.pointer(excited_))[cell] += weight_us;
}

uint32_t FlagshipCells::index_of(std::string_view column) const {
  auto found = std::find_if(plan_.columns.begin(), plan_.columns.end(), [&](const plan::Column& c) { return c.name == column; });
  EIC_CHECK(found != plan_.columns.end(), "the flagship has this column");
  return static_cast<uint32_t>(found - plan_.columns.begin());
}

}  // namespace eic::bench
