// In: an expanded Function and where its inputs come from. Out: one LLVM value for every IR value, in order.
// The one place that maps op to instruction; used by the loops over cells, over an event's targets, over the synapses of a row.
#pragma once
#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/NoFolder.h>

#include <vector>

#include "compiler/ir/ir.h"
#include "compiler/lower/locations.h"
#include "compiler/lower/lower.h"

namespace eic::lower {

// Nothing is folded while it is built: what LLVM folds later, it folds under the function's denormal mode.
using Builder = llvm::IRBuilder<llvm::NoFolder>;

// The types of one vector of cells; plain scalars at width 1.
struct Lanes {
  Lanes(llvm::LLVMContext& context, const Options& options);

  llvm::Value* splat(Builder& builder, llvm::Value* scalar) const;
  llvm::Constant* number(double value) const;  // rounded to the precision
  llvm::Value* mask(Builder& builder, llvm::Value* bools) const;  // Bool lanes → an integer of `width` bits
  llvm::Align alignment() const;               // of a vector in a column
  uint32_t bytes() const { return width * scalar_bytes; }

  uint32_t width;
  uint32_t scalar_bytes;
  llvm::Type* scalar;  // float or double
  llvm::Type* real;
  llvm::Type* integer;
  llvm::Type* boolean;
};

using Input = llvm::function_ref<llvm::Value*(const ir::Value&)>;  // of Column and Uniform
// `made` holds what was emitted before; of the others those are emitted that `wanted` names, or all.
std::vector<llvm::Value*> emit_values(Builder& builder, const ir::Function& function, const Lanes& lanes,
                                      Locations& locations, Input input, std::vector<llvm::Value*> made = {},
                                      const std::vector<bool>* wanted = nullptr);

// What a function is called with: the kernel's own `void (ptr args)`, or, of a part that only the kernel calls, a cell and the
// number of spikes before it as well; a part gives cell and count, or the count alone.
enum class Signature : uint8_t { Kernel, CellAndCount, Count };
// An empty function `name` with the attributes that every kernel carries; the builder stands in it.
llvm::Function* begin_kernel(llvm::Module& module, const std::string& name, const Lanes& lanes, Signature signature);
// A read of StepArgs, EventArgs or of what they point to: nothing that a kernel writes changes it.
llvm::Value* load_argument(Builder& builder, llvm::Type* type, llvm::Value* base, uint64_t byte_offset, const char* name);

// What every loop is built in: an empty kernel, its types and locations, and a builder that stands in its first block.
struct Frame {
  Frame(llvm::Module& module, const ir::Function& function, const std::string& name, const Options& options,
        const source::SourceSet& sources, Signature signature = Signature::Kernel);
  llvm::BasicBlock* block(const char* name);

  const ir::Function& function_;
  Lanes lanes_;
  llvm::Function* kernel_;
  Locations locations_;
  Builder b_;
};

}  // namespace eic::lower
