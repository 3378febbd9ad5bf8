// In: an expanded Function. Out: an LLVM function with the signature of runtime/contract/kernel.h, explicit vectors of
// `width` cells. Op to instruction: adds no arithmetic. Called by jit/.
#pragma once
#include <llvm/IR/Module.h>

#include "compiler/ir/ir.h"
#include "compiler/source/source.h"

namespace eic::lower {

struct Options {
  ir::Precision precision = ir::Precision::Double;
  uint32_t width = 1;
  bool debug_info = true;
  std::string texts;  // folder of the library's texts, for debug locations in files that are embedded
};

// A loop over [begin, end) in vectors: loads columns, computes, tests guarded stores for NaN and infinity, stores,
// collects spikes. `name` is the symbol.
void lower_cells(llvm::Module& module, const ir::Function& function, const std::string& name, const Options& options,
                 const source::SourceSet& sources);
// The same with two functions: vectors of which all cells are inside the guard of `quick` are computed by it, others by
// `function`, and what it refuses is left to `function` to name.
void lower_guarded_cells(llvm::Module& module, const ir::Function& quick, const ir::Function& function, const std::string& name,
                         const Options& options, const source::SourceSet& sources);
// A scalar loop over the targets of one row; the last uniform is the event's weight.
void lower_event(llvm::Module& module, const ir::Function& function, const std::string& name, const Options& options,
                 const source::SourceSet& sources);

// A scalar loop over the synapses of one row (SynapseArgs).
void lower_synapses(llvm::Module& module, const ir::Function& function, const std::string& name, const Options& options,
                    const source::SourceSet& sources);

}  // namespace eic::lower
