#include "cli/positions.h"

#include <fmt/format.h>

#include "runtime/state/positions.h"

namespace eic::cli {

std::optional<RunError> write_positions(const plan::Run& run, const std::string& folder, std::vector<record::WrittenFile>& files) {
  for (const plan::Population& population : run.populations) {
    if (!population.positions) continue;
    auto positions = state::Positions::make(population, run.seed);
    if (!positions) return positions.error();
    auto file = record::AtomicFile::create(fmt::format("{}/positions_{}.csv", folder, population.name));
    if (!file) return file.error();
    constexpr const char* k_names[] = {",x_um", ",y_um", ",z_um"};
    std::string header = "index";
    for (uint32_t axis = 0; axis < positions->dimensions(); axis++) header += k_names[axis];
    file->write(header + "\n");
    for (uint64_t cell = 0; cell < population.size; cell++) {
      std::string line = fmt::format("{}", cell);
      for (uint32_t axis = 0; axis < positions->dimensions(); axis++) line += fmt::format(",{}", positions->at(cell, axis));
      file->write(line + "\n");
    }
    if (auto fault = file->commit()) return fault;
    files.push_back(file->written());
  }
  return std::nullopt;
}

}  // namespace eic::cli
