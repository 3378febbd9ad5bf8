// The loop over the cells of a population: load, compute, test the new states, store, collect spikes.
#include <llvm/IR/MDBuilder.h>

#include <cstddef>
#include <map>

#include "compiler/lower/emit.h"
#include "runtime/contract/check.h"
#include "runtime/contract/kernel.h"

namespace eic::lower {

using llvm::BasicBlock, llvm::Value;

namespace {

class CellLoop : Frame {
 public:
  CellLoop(llvm::Module& module, const ir::Function& function, const std::string& name, const Options& options,
           const source::SourceSet& sources)
      : Frame(module, function, name, options, sources),
        never_(llvm::MDBuilder(module.getContext()).createUnlikelyBranchWeights()) {}

  void emit() {
    args_ = kernel_->getArg(0);
    load_arguments();
    BasicBlock *entry = b_.GetInsertBlock(), *some = block("some"), *body = block("cells"), *done = block("done");
    b_.CreateCondBr(b_.CreateICmpULT(begin_, end_), some, done);

    const Ahead ahead = first_half();
    b_.SetInsertPoint(some);
    const std::vector<Value*> first = emit_ahead(ahead, begin_);
    b_.CreateBr(body);

    b_.SetInsertPoint(body);
    cell_ = b_.CreatePHI(b_.getInt64Ty(), 2, "cell");
    count_ = b_.CreatePHI(b_.getInt64Ty(), 2, "count");
    std::vector<Value*> known(function_.values.size());
    for (ir::ValueId id : ahead.carried) {
      auto* carried = b_.CreatePHI(first[id]->getType(), 2, "carried");
      carried->addIncoming(first[id], some);
      known[id] = carried;
    }
    Value* next = b_.CreateAdd(cell_, b_.getInt64(lanes_.width));
    Value* more = b_.CreateICmpULT(next, end_);
    std::vector<Value*> following;
    if (!ahead.carried.empty()) following = emit_ahead(ahead, b_.CreateSelect(more, next, cell_));
    const std::vector<bool> always = needed_always(ahead);
    std::vector<Value*> values =
        emit_values(b_, function_, lanes_, locations_, [&](const ir::Value& v) { return input(v, cell_); }, known, &always);
    test_states(values);
    store(values);
    Value* count = function_.spike ? collect_spikes(values) : count_;
    BasicBlock* latch = b_.GetInsertBlock();
    b_.CreateCondBr(more, body, done);
    cell_->addIncoming(begin_, some);
    cell_->addIncoming(next, latch);
    count_->addIncoming(b_.getInt64(0), some);
    count_->addIncoming(count, latch);
    for (ir::ValueId id : ahead.carried) llvm::cast<llvm::PHINode>(known[id])->addIncoming(following[id], latch);

    b_.SetInsertPoint(done);
    auto* total = b_.CreatePHI(b_.getInt64Ty(), 2, "spike_count");
    total->addIncoming(b_.getInt64(0), entry);
    total->addIncoming(count, latch);
    set_argument(offsetof(StepArgs, spike_count), total);
    b_.CreateRetVoid();
  }

 private:
  void load_arguments() {
    llvm::Type *word = b_.getInt64Ty(), *pointer = b_.getPtrTy();
    begin_ = load_argument(b_, word, args_, offsetof(StepArgs, begin), "begin");
    end_ = load_argument(b_, word, args_, offsetof(StepArgs, end), "end");
    if (function_.spike) {
      cells_ = load_argument(b_, word, args_, offsetof(StepArgs, cells), "cells");
      spikes_ = load_argument(b_, pointer, args_, offsetof(StepArgs, spikes), "spikes");
      if (function_.spike_fraction)
        fractions_ = load_argument(b_, pointer, args_, offsetof(StepArgs, spike_fractions), "spike_fractions");
    }
    Value* columns = load_argument(b_, pointer, args_, offsetof(StepArgs, columns), "columns");
    Value* uniforms = load_argument(b_, pointer, args_, offsetof(StepArgs, uniforms), "uniforms");
    auto use_column = [&](uint32_t slot) {
      EIC_CHECK(slot < function_.columns.size(), "a column that the function does not have");
      if (!columns_.contains(slot)) columns_[slot] = load_argument(b_, pointer, columns, slot * sizeof(void*), "column");
    };
    for (const ir::Value& value : function_.values) {
      if (value.op == ir::Op::Column) use_column(value.slot);
      if (value.op != ir::Op::Uniform || uniforms_.contains(value.slot)) continue;
      Value* number = load_argument(b_, lanes_.scalar, uniforms, value.slot * lanes_.scalar_bytes, "uniform");
      uniforms_[value.slot] = lanes_.splat(b_, number);
    }
    for (const ir::Store& store : function_.stores) use_column(store.slot);
  }

  Value* input(const ir::Value& value, Value* cell) {
    if (value.op == ir::Op::Uniform) return uniforms_.at(value.slot);
    return b_.CreateAlignedLoad(lanes_.real, column_at(value.slot, cell), lanes_.alignment());
  }

  Value* column_at(uint32_t slot, Value* cell) { return b_.CreateInBoundsGEP(lanes_.scalar, columns_.at(slot), cell); }

  // New states that other new states are made of, as v is of the gates half a step ahead of it: two stretches of work, one waiting
  // for the other. The first is done one vector ahead of the second, so that both of them have something to do all the time.
  struct Ahead {
    std::vector<bool> values;
    std::vector<ir::ValueId> carried;  // those of them that the second stretch reads
  };
  Ahead first_half() const {
    const size_t count = function_.values.size();
    const auto below = [&](std::vector<bool> marked) {
      for (size_t id = count; id-- > 0;)
        for (int i = 0; marked[id] && i < ir::info(function_.values[id].op).arity; i++) marked[function_.values[id].args[i]] = true;
      return marked;
    };
    Ahead ahead{std::vector<bool>(count, false), {}};
    for (const ir::Store& late : function_.stores) {
      std::vector<bool> of(count, false);
      of[late.value] = true;
      of = below(std::move(of));
      for (const ir::Store& early : function_.stores)
        if (early.value != late.value && of[early.value] && !is_input(early.value)) ahead.values[early.value] = true;
    }
    ahead.values = below(std::move(ahead.values));
    std::vector<bool> read(count, false);
    for (const ir::Store& store : function_.stores) read[store.value] = true;
    for (auto end : {function_.spike, function_.spike_fraction})
      if (end) read[*end] = true;
    for (size_t id = 0; id < count; id++)
      for (int i = 0; !ahead.values[id] && i < ir::info(function_.values[id].op).arity; i++) read[function_.values[id].args[i]] = true;
    for (ir::ValueId id = 0; id < count; id++)
      if (ahead.values[id] && read[id] && !is_input(id)) ahead.carried.push_back(id);
    return ahead;
  }
  bool is_input(ir::ValueId id) const { return ir::info(function_.values[id].op).arity == 0; }

  std::vector<Value*> emit_ahead(const Ahead& ahead, Value* cell) {
    if (ahead.carried.empty()) return {};
    return emit_values(b_, function_, lanes_, locations_, [&](const ir::Value& v) { return input(v, cell); }, {}, &ahead.values);
  }

  void set_argument(uint64_t byte_offset, Value* value) {
    b_.CreateStore(value, b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), args_, byte_offset));
  }

  // x·0 is NaN where x is NaN or infinite, and so is any sum with it: one test a vector for all states.
  void test_states(const std::vector<Value*>& values) {
    Value* sum = nullptr;
    Value* zero = lanes_.number(0);
    for (const ir::Store& store : function_.stores) {
      if (!store.guarded) continue;
      Value* x = values[store.value];
      sum = sum ? b_.CreateIntrinsic(llvm::Intrinsic::fma, {lanes_.real}, {x, zero, sum}) : b_.CreateFMul(x, zero);
    }
    if (!sum) return;
    Value* bad = lanes_.mask(b_, b_.CreateFCmpUNO(sum, sum));
    BasicBlock *refuse = block("refuse"), *good = block("good");
    b_.CreateCondBr(b_.CreateIsNotNull(bad), refuse, good, never_);
    b_.SetInsertPoint(refuse);
    emit_refusal(values);
    b_.SetInsertPoint(good);
  }

  // Nothing of the block has been stored yet, so the old values are still in the columns.
  void emit_refusal(const std::vector<Value*>& values) {
    Value* out = load_argument(b_, b_.getPtrTy(), args_, offsetof(StepArgs, fault_values), "fault_values");
    uint64_t row = 0;
    for (const ir::Store& store : function_.stores)
      if (store.guarded)
        b_.CreateAlignedStore(values[store.value], b_.CreateConstInBoundsGEP1_64(lanes_.scalar, out, lanes_.width * row++),
                              llvm::Align(lanes_.scalar_bytes));
    set_argument(offsetof(StepArgs, fault), cell_);
    set_argument(offsetof(StepArgs, spike_count), count_);
    b_.CreateRetVoid();
  }

  void store(const std::vector<Value*>& values) {
    for (const ir::Store& store : function_.stores) {
      locations_.set(b_, store.span);
      b_.CreateAlignedStore(values[store.value], column_at(store.slot, cell_), lanes_.alignment());
    }
  }

  // All but what was computed ahead, and what only the place of a spike within its step needs. What is read is read at once, before
  // new values are stored.
  std::vector<bool> needed_always(const Ahead& ahead) const {
    std::vector<bool> needed(function_.values.size(), false);
    for (const ir::Store& store : function_.stores) needed[store.value] = true;
    if (function_.spike) needed[*function_.spike] = true;
    for (size_t id = needed.size(); id-- > 0;) {
      const ir::Value& value = function_.values[id];
      needed[id] = needed[id] || is_input(static_cast<ir::ValueId>(id));
      if (ahead.values[id] && !is_input(static_cast<ir::ValueId>(id))) needed[id] = false;
      for (int i = 0; needed[id] && i < ir::info(value.op).arity; i++) needed[value.args[i]] = true;
    }
    return needed;
  }

  // Bit by bit, for spikes are rare. A padding lane writes its index too, but the next one overwrites it.
  Value* collect_spikes(std::vector<Value*> values) {
    locations_.set(b_, function_.values[*function_.spike].span);
    Value* mask = lanes_.mask(b_, values[*function_.spike]);
    BasicBlock *before = block("spiking"), *loop = block("spike"), *after = block("next");
    BasicBlock* cells = b_.GetInsertBlock();
    b_.CreateCondBr(b_.CreateIsNotNull(mask), before, after, never_);

    b_.SetInsertPoint(before);
    Value* all = b_.CreateZExt(mask, b_.getInt64Ty());
    if (function_.spike_fraction)
      values = emit_values(b_, function_, lanes_, locations_, [&](const ir::Value& v) { return input(v, cell_); }, std::move(values));
    b_.CreateBr(loop);
    b_.SetInsertPoint(loop);
    auto* rest = b_.CreatePHI(b_.getInt64Ty(), 2, "rest");
    auto* count = b_.CreatePHI(b_.getInt64Ty(), 2, "count");
    Value* lane = b_.CreateIntrinsic(llvm::Intrinsic::cttz, {b_.getInt64Ty()}, {rest, b_.getTrue()});
    Value* index = b_.CreateAdd(cell_, lane);
    b_.CreateStore(b_.CreateTrunc(index, b_.getInt32Ty()), b_.CreateInBoundsGEP(b_.getInt32Ty(), spikes_, count));
    if (function_.spike_fraction) {
      Value* fraction = values[*function_.spike_fraction];
      if (lanes_.width > 1) fraction = b_.CreateExtractElement(fraction, lane);
      b_.CreateStore(fraction, b_.CreateInBoundsGEP(lanes_.scalar, fractions_, count));
    }
    Value* more = b_.CreateAdd(count, b_.CreateZExt(b_.CreateICmpULT(index, cells_), b_.getInt64Ty()));
    Value* left = b_.CreateAnd(rest, b_.CreateSub(rest, b_.getInt64(1)));
    rest->addIncoming(all, before);
    rest->addIncoming(left, loop);
    count->addIncoming(count_, before);
    count->addIncoming(more, loop);
    b_.CreateCondBr(b_.CreateIsNotNull(left), loop, after);

    b_.SetInsertPoint(after);
    auto* total = b_.CreatePHI(b_.getInt64Ty(), 2, "count");
    total->addIncoming(count_, cells);
    total->addIncoming(more, loop);
    return total;
  }

  llvm::MDNode* never_;
  Value *args_ = nullptr, *begin_ = nullptr, *end_ = nullptr, *cells_ = nullptr, *spikes_ = nullptr,
        *fractions_ = nullptr;
  llvm::PHINode *cell_ = nullptr, *count_ = nullptr;  // first cell of the vector; spikes found before it
  std::map<uint32_t, Value*> columns_, uniforms_;     // pointers; splats
};

}  // namespace

void lower_cells(llvm::Module& module, const ir::Function& function, const std::string& name, const Options& options,
                 const source::SourceSet& sources) {
  CellLoop(module, function, name, options, sources).emit();
}

}  // namespace eic::lower
