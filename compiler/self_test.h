// In: a precision and widths. Out: for each width, whether the code compiled for a cell of the standard library does on
// this machine, bit for bit, what the interpreter of the IR does. Needs no file. Called by `eic doctor`.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace eic {

struct SelfTest {
  bool single = false;
  uint32_t width = 0;
  size_t cells = 0, steps = 0, spikes = 0;  // of the walk
  std::string fault;                        // the first difference; empty: equal bits
};

std::vector<SelfTest> self_test(bool single, const std::vector<uint32_t>& widths);

}  // namespace eic
