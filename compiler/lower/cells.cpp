// The loop over the cells of a population: load, compute, test the new states, store, collect spikes. Of a function with a
// guard it is three parts: a loop that ends at the first vector with a cell outside, one vector by the other function, and the
// kernel itself, which calls the two in turns. So the quick loop holds no call, and nothing lives across one.
#include <llvm/IR/MDBuilder.h>

#include <cstddef>
#include <map>

#include "compiler/lower/emit.h"
#include "runtime/contract/check.h"
#include "runtime/contract/kernel.h"

namespace eic::lower {

using llvm::BasicBlock, llvm::Value;

namespace {

// A count that says: refused, and all that the engine must know is written.
constexpr uint64_t k_refused = UINT64_MAX;

class CellLoop : Frame {
 public:
  CellLoop(llvm::Module& module, const ir::Function& function, const std::string& name, const Options& options,
           const source::SourceSet& sources, Signature signature)
      : Frame(module, function, name, options, sources, signature),
        never_(llvm::MDBuilder(module.getContext()).createUnlikelyBranchWeights()) {}

  // void (args): all cells.
  void emit() {
    load_arguments();
    Value* begin = load_argument(b_, b_.getInt64Ty(), args_, offsetof(StepArgs, begin), "begin");
    BasicBlock *entry = b_.GetInsertBlock(), *some = block("some"), *done = block("done");
    b_.CreateCondBr(b_.CreateICmpULT(begin, end_), some, done);
    auto [count, latch] = loop(some, done, begin, b_.getInt64(0));
    b_.SetInsertPoint(done);
    auto* total = b_.CreatePHI(b_.getInt64Ty(), 2, "spike_count");
    total->addIncoming(b_.getInt64(0), entry);
    total->addIncoming(count, latch);
    set_argument(offsetof(StepArgs, spike_count), total);
    b_.CreateRetVoid();
  }

  // {cell, count} (args, cell, count): from this cell on, up to the end or to a vector that is not all inside the guard.
  llvm::Function* emit_inside() {
    load_arguments();
    BasicBlock* done = block("done");
    const Turn turn = loop(b_.GetInsertBlock(), done, kernel_->getArg(1), kernel_->getArg(2));
    b_.SetInsertPoint(done);
    Value* ends[] = {end_, turn.count};
    b_.CreateAggregateRet(ends, 2);
    return kernel_;
  }

  // count (args, cell, count): the one vector that begins with this cell.
  llvm::Function* emit_vector() {
    load_arguments();
    cell_ = kernel_->getArg(1);
    count_ = kernel_->getArg(2);
    b_.CreateRet(vector(std::vector<Value*>(function_.values.size()), {std::vector<bool>(function_.values.size(), false), {}}));
    return kernel_;
  }

  // void (args): all cells, by the two parts.
  void emit_turns(llvm::Function* inside, llvm::Function* any) {
    args_ = kernel_->getArg(0);
    llvm::Type* word = b_.getInt64Ty();
    Value* begin = load_argument(b_, word, args_, offsetof(StepArgs, begin), "begin");
    Value* end = load_argument(b_, word, args_, offsetof(StepArgs, end), "end");
    BasicBlock *entry = b_.GetInsertBlock(), *quick = block("quick"), *slow = block("slow"), *next = block("next"), *done = block("done"),
               *refused = block("refused");
    b_.CreateCondBr(b_.CreateICmpULT(begin, end), quick, done);

    b_.SetInsertPoint(quick);
    auto *cell = b_.CreatePHI(word, 2, "cell"), *count = b_.CreatePHI(word, 2, "count");
    Value* reached = b_.CreateCall(inside, {args_, cell, count});
    Value *at = b_.CreateExtractValue(reached, 0), *before = b_.CreateExtractValue(reached, 1);
    b_.CreateCondBr(b_.CreateICmpULT(at, end), slow, done);

    b_.SetInsertPoint(slow);
    Value* after = b_.CreateCall(any, {args_, at, before});
    b_.CreateCondBr(b_.CreateICmpEQ(after, b_.getInt64(k_refused)), refused, next);

    b_.SetInsertPoint(next);
    Value* further = b_.CreateAdd(at, b_.getInt64(lanes_.width));
    b_.CreateCondBr(b_.CreateICmpULT(further, end), quick, done);
    cell->addIncoming(begin, entry);
    cell->addIncoming(further, next);
    count->addIncoming(b_.getInt64(0), entry);
    count->addIncoming(after, next);

    b_.SetInsertPoint(done);
    auto* total = b_.CreatePHI(word, 3, "spike_count");
    total->addIncoming(b_.getInt64(0), entry);
    total->addIncoming(before, quick);
    total->addIncoming(after, next);
    set_argument(offsetof(StepArgs, spike_count), total);
    b_.CreateRetVoid();
    b_.SetInsertPoint(refused);
    b_.CreateRetVoid();
  }

 private:
  // New states that other new states are made of, as v is of the gates half a step ahead of it: two stretches of work, one waiting
  // for the other. The first is done one vector ahead of the second, so that both of them have something to do all the time.
  struct Ahead {
    std::vector<bool> values;
    std::vector<ir::ValueId> carried;  // those of them that the second stretch reads
  };

  struct Turn {
    Value* count;       // after the last vector
    BasicBlock* latch;
  };
  // From `entry`, which branches to `some`, to `done`.
  Turn loop(BasicBlock* some, BasicBlock* done, Value* begin, Value* before) {
    BasicBlock* body = block("cells");
    const Ahead ahead = first_half();
    b_.SetInsertPoint(some);
    const std::vector<Value*> first = emit_ahead(ahead, begin);
    b_.CreateBr(body);

    b_.SetInsertPoint(body);
    auto *cell = b_.CreatePHI(b_.getInt64Ty(), 2, "cell"), *count = b_.CreatePHI(b_.getInt64Ty(), 2, "count");
    cell_ = cell;
    count_ = count;
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
    Value* after = vector(known, ahead);
    BasicBlock* latch = b_.GetInsertBlock();
    b_.CreateCondBr(more, body, done);
    cell->addIncoming(begin, some);
    cell->addIncoming(next, latch);
    count->addIncoming(before, some);
    count->addIncoming(after, latch);
    for (ir::ValueId id : ahead.carried) llvm::cast<llvm::PHINode>(known[id])->addIncoming(following[id], latch);
    return {after, latch};
  }

  // Gives the number of spikes after it.
  Value* vector(const std::vector<Value*>& known, const Ahead& ahead) {
    const std::vector<bool> always = needed_always(ahead);
    const std::vector<Value*> values =
        emit_values(b_, function_, lanes_, locations_, [&](const ir::Value& v) { return input(v, cell_); }, known, &always);
    test(values);
    store(values);
    return function_.spike ? collect_spikes(values) : count_;
  }

  void load_arguments() {
    args_ = kernel_->getArg(0);
    llvm::Type *word = b_.getInt64Ty(), *pointer = b_.getPtrTy();
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

  // See Ahead.
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
    for (auto end : {function_.spike, function_.spike_fraction, function_.guard})
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

  // Leaves the vector to who called where a cell is outside the guard or a new state is no finite number.
  void test(const std::vector<Value*>& values) {
    Value* sum = states_by_zero(values);
    Value* fit = function_.guard ? values[*function_.guard] : nullptr;
    if (sum && fit) fit = b_.CreateAnd(fit, b_.CreateFCmpORD(sum, sum));
    if (!sum && !fit) return;
    BasicBlock *refuse = block("refuse"), *good = block("good");
    Value* bad = fit ? b_.CreateICmpNE(lanes_.mask(b_, fit), llvm::Constant::getAllOnesValue(lanes_.mask(b_, fit)->getType()))
                     : b_.CreateIsNotNull(lanes_.mask(b_, b_.CreateFCmpUNO(sum, sum)));
    b_.CreateCondBr(bad, refuse, good, never_);
    b_.SetInsertPoint(refuse);
    if (fit) {
      Value* here[] = {cell_, count_};
      b_.CreateAggregateRet(here, 2);
    } else {
      emit_refusal(values);
    }
    b_.SetInsertPoint(good);
  }

  // x·0 is NaN where x is NaN or infinite, and so is any sum with it: one test a vector for all states.
  Value* states_by_zero(const std::vector<Value*>& values) {
    Value* sum = nullptr;
    Value* zero = lanes_.number(0);
    for (const ir::Store& store : function_.stores) {
      if (!store.guarded) continue;
      Value* x = values[store.value];
      sum = sum ? b_.CreateIntrinsic(llvm::Intrinsic::fma, {lanes_.real}, {x, zero, sum}) : b_.CreateFMul(x, zero);
    }
    return sum;
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
    if (kernel_->getReturnType()->isVoidTy()) b_.CreateRetVoid();
    else b_.CreateRet(b_.getInt64(k_refused));
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
    if (function_.guard) needed[*function_.guard] = true;
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
  Value *args_ = nullptr, *end_ = nullptr, *cells_ = nullptr, *spikes_ = nullptr, *fractions_ = nullptr;
  Value *cell_ = nullptr, *count_ = nullptr;  // first cell of the vector; spikes found before it
  std::map<uint32_t, Value*> columns_, uniforms_;     // pointers; splats
};

}  // namespace

void lower_cells(llvm::Module& module, const ir::Function& function, const std::string& name, const Options& options,
                 const source::SourceSet& sources) {
  CellLoop(module, function, name, options, sources, Signature::Kernel).emit();
}

void lower_guarded_cells(llvm::Module& module, const ir::Function& quick, const ir::Function& function, const std::string& name,
                         const Options& options, const source::SourceSet& sources) {
  llvm::Function* inside = CellLoop(module, quick, name + ".inside", options, sources, Signature::CellAndCount).emit_inside();
  llvm::Function* any = CellLoop(module, function, name + ".any", options, sources, Signature::Count).emit_vector();
  CellLoop(module, function, name, options, sources, Signature::Kernel).emit_turns(inside, any);
}

}  // namespace eic::lower
