// In: a SpikeStore and what was run. Out: an SVG picture: every spike, cells coloured by view, and the rate of each view under
// it. Called by `eic run --raster`.
#pragma once
#include <string>

#include "runtime/record/stores.h"

namespace eic::report {

struct RasterTitle {
  std::string model, simulation;
  uint64_t seed = 1;
};

// Beyond this many marks only every k-th cell is drawn, and the picture says so.
constexpr uint64_t k_most_marks = 200'000;

std::string raster_svg(const record::SpikeStore& store, const RasterTitle& title, uint64_t most_marks = k_most_marks);

}  // namespace eic::report
