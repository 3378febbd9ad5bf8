// Out: what code is generated for on this machine, and why; or why none can be. For `eic doctor`; free of LLVM's headers.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/contract/result.h"

namespace eic::jit {

struct About {
  std::string cpu, architecture;      // as LLVM names them
  std::vector<std::string> needed;    // features without which eic refuses the machine
  std::vector<std::string> features;  // all that were found and that code may use
  uint32_t vector_bits = 0;
  std::string why_bits;
  uint32_t single_width = 0, double_width = 0;  // cells a vector where the user does not say
  std::string llvm;
  bool llvm_linked_in = false;  // or the shared library of the system
};

Result<About, std::string> about_host();

}  // namespace eic::jit
