// models/cobahh.eic on its way through the compiler, and its population without a network: what both benchmark programs
// start from. A fault ends the program with the diagnostics on stderr.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "compiler/compile.h"
#include "runtime/engine/population.h"

namespace eic::bench {

constexpr double k_flagship_capacitance_nf = 0.2;
constexpr double k_flagship_weight_us = 0.006;  // w_exc

struct Flagship {
  explicit Flagship(bool single, std::optional<std::filesystem::path> cache = {}, bool avx512 = true);

  Front front;
  const sema::Simulation* simulation = nullptr;
  CompileOptions options;
  Compiled compiled;
};

// Reads and checks the flagship; false after a fault.
bool read_flagship(Front& front);
// Prints what the emitter holds, and ends the program.
[[noreturn]] void give_up(const Front& front);

// Cells of the flagship's only population with their starting values, no synapses.
class FlagshipCells {
 public:
  FlagshipCells(const Flagship& flagship, uint64_t cells);

  uint64_t step();  // gives the number of spikes
  void init() { population_.init(); }
  void excite(uint64_t cell, double weight_us);
  uint64_t padded() const { return population_.columns().padded(); }
  double value(std::string_view column, uint64_t cell) const { return population_.columns().value(index_of(column), cell); }

 private:
  uint32_t index_of(std::string_view column) const;

  plan::Population plan_;
  engine::Population population_;
  uint32_t excited_;
};

}  // namespace eic::bench
