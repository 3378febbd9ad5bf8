// The loop over the synapses of one row: load what each column holds for the synapse, its cells or its place, compute, store.
// One after the other, for a row may name a cell twice.
#include <algorithm>
#include <cstddef>
#include <map>

#include "compiler/lower/emit.h"
#include "runtime/contract/check.h"
#include "runtime/contract/kernel.h"

namespace eic::lower {

using ir::Index;
using llvm::BasicBlock, llvm::Value;

namespace {

class RowLoop : Frame {
 public:
  using Frame::Frame;

  void emit() {
    load_arguments();
    BasicBlock *entry = b_.GetInsertBlock(), *loop = block("synapse"), *done = block("done");
    b_.CreateCondBr(b_.CreateIsNull(count_), done, loop);

    b_.SetInsertPoint(loop);
    place_ = b_.CreatePHI(b_.getInt64Ty(), 2, "place");
    other_ = needs(Index::Other) ? listed(cells_, "other") : nullptr;
    synapse_ = needs(Index::Synapse) ? b_.CreateAdd(first_, place_) : needs(Index::Listed) ? listed(synapses_, "synapse") : nullptr;
    std::vector<Value*> values = emit_values(b_, function_, lanes_, locations_, [&](const ir::Value& v) { return input(v); });
    for (const ir::Store& store : function_.stores) {
      locations_.set(b_, store.span);
      b_.CreateStore(function_.columns[store.slot].steps ? now_ : values[store.value], element(store.slot));
    }
    Value* next = b_.CreateAdd(place_, b_.getInt64(1));
    place_->addIncoming(b_.getInt64(0), entry);
    place_->addIncoming(next, b_.GetInsertBlock());
    b_.CreateCondBr(b_.CreateICmpULT(next, count_), loop, done);

    b_.SetInsertPoint(done);
    b_.CreateRetVoid();
  }

 private:
  void use_column(uint32_t slot, Value* columns) {
    EIC_CHECK(slot < function_.columns.size(), "a column that the function does not have");
    if (columns_.contains(slot)) return;
    columns_[slot] = load_argument(b_, b_.getPtrTy(), columns, slot * sizeof(void*), "column");
    used_.push_back(function_.columns[slot].index);
  }

  void load_arguments() {
    Value* args = kernel_->getArg(0);
    llvm::Type *word = b_.getInt64Ty(), *pointer = b_.getPtrTy();
    Value* columns = load_argument(b_, pointer, args, offsetof(SynapseArgs, columns), "columns");
    Value* uniforms = load_argument(b_, pointer, args, offsetof(SynapseArgs, uniforms), "uniforms");
    count_ = load_argument(b_, word, args, offsetof(SynapseArgs, count), "count");
    now_ = load_argument(b_, b_.getInt32Ty(), args, offsetof(SynapseArgs, now), "now");
    row_ = load_argument(b_, word, args, offsetof(SynapseArgs, row), "row");
    first_ = load_argument(b_, word, args, offsetof(SynapseArgs, first), "first");
    cells_ = load_argument(b_, pointer, args, offsetof(SynapseArgs, cells), "cells");
    synapses_ = load_argument(b_, pointer, args, offsetof(SynapseArgs, synapses), "synapses");
    for (const ir::Value& value : function_.values) {
      if (value.op == ir::Op::Column) use_column(value.slot, columns);
      if (value.op == ir::Op::Uniform && !uniforms_.contains(value.slot))
        uniforms_[value.slot] = load_argument(b_, lanes_.scalar, uniforms, value.slot * lanes_.scalar_bytes, "uniform");
    }
    for (const ir::Store& store : function_.stores) use_column(store.slot, columns);
    for (const auto& [slot, column] : columns_)  // no synapse writes what the row's cell keeps
      if (function_.columns[slot].index == Index::Row) shared_[slot] = load(slot, row_);
  }

  bool needs(Index index) const { return std::find(used_.begin(), used_.end(), index) != used_.end(); }

  Value* listed(Value* list, const char* name) {
    Value* index = b_.CreateLoad(b_.getInt32Ty(), b_.CreateInBoundsGEP(b_.getInt32Ty(), list, place_), name);
    return b_.CreateZExt(index, b_.getInt64Ty());
  }

  Value* input(const ir::Value& value) {
    if (value.op == ir::Op::Uniform) return uniforms_.at(value.slot);
    auto shared = shared_.find(value.slot);
    return shared != shared_.end() ? shared->second : load(value.slot, index_of(value.slot));
  }

  Value* index_of(uint32_t slot) {
    switch (function_.columns[slot].index) {
      case Index::Row: return row_;
      case Index::Other: return other_;
      case Index::Synapse:
      case Index::Listed: return synapse_;
      case Index::Place: return place_;
      case Index::Cell: break;
    }
    internal_error(__FILE__, __LINE__, "a column of cells in a row of synapses");
  }

  llvm::Type* type_of(uint32_t slot) { return function_.columns[slot].steps ? b_.getInt32Ty() : lanes_.scalar; }
  Value* element(uint32_t slot) { return b_.CreateInBoundsGEP(type_of(slot), columns_.at(slot), index_of(slot)); }

  Value* load(uint32_t slot, Value* index) {
    Value* loaded = b_.CreateLoad(type_of(slot), b_.CreateInBoundsGEP(type_of(slot), columns_.at(slot), index));
    if (!function_.columns[slot].steps) return loaded;
    return b_.CreateUIToFP(b_.CreateSub(now_, loaded), lanes_.scalar, "steps");
  }

  Value *count_ = nullptr, *now_ = nullptr, *row_ = nullptr, *first_ = nullptr, *cells_ = nullptr, *synapses_ = nullptr;
  llvm::PHINode* place_ = nullptr;
  Value *other_ = nullptr, *synapse_ = nullptr;
  std::map<uint32_t, Value*> columns_, uniforms_, shared_;  // pointers; numbers; values of the row's cell
  std::vector<Index> used_;
};

}  // namespace

void lower_synapses(llvm::Module& module, const ir::Function& function, const std::string& name, const Options& options,
                    const source::SourceSet& sources) {
  Options scalar = options;
  scalar.width = 1;
  RowLoop(module, function, name, scalar, sources).emit();
}

}  // namespace eic::lower
