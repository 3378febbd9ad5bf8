// The loop over the targets of one row: load that cell's columns, compute, store. One target after the other, for a row may
// name a cell twice.
#include <cstddef>

#include "compiler/lower/emit.h"
#include "runtime/contract/check.h"
#include "runtime/contract/kernel.h"

namespace eic::lower {

using llvm::BasicBlock, llvm::Value;

namespace {

class EventLoop : Frame {
 public:
  using Frame::Frame;

  void emit() {
    Value* args = kernel_->getArg(0);
    llvm::Type* pointer = b_.getPtrTy();
    columns_ = load_argument(b_, pointer, args, offsetof(EventArgs, columns), "columns");
    uniforms_ = load_argument(b_, pointer, args, offsetof(EventArgs, uniforms), "uniforms");
    targets_ = load_argument(b_, pointer, args, offsetof(EventArgs, targets), "targets");
    weights_ = load_argument(b_, pointer, args, offsetof(EventArgs, weights), "weights");
    count_ = load_argument(b_, b_.getInt64Ty(), args, offsetof(EventArgs, count), "count");
    Value* constant = load_argument(b_, b_.getInt32Ty(), args, offsetof(EventArgs, constant_weight), "constant_weight");
    BasicBlock *some = block("some"), *one = block("one_weight"), *many = block("a_weight_each"), *done = block("done");
    b_.CreateCondBr(b_.CreateIsNull(count_), done, some);
    b_.SetInsertPoint(some);
    b_.CreateCondBr(b_.CreateIsNotNull(constant), one, many);

    b_.SetInsertPoint(one);
    Value* weight = load_argument(b_, lanes_.scalar, weights_, 0, "weight");
    emit_row(done, [&](Value*) { return weight; });
    b_.SetInsertPoint(many);
    emit_row(done, [&](Value* event) {
      return b_.CreateLoad(lanes_.scalar, b_.CreateInBoundsGEP(lanes_.scalar, weights_, event), "weight");
    });
    b_.SetInsertPoint(done);
    b_.CreateRetVoid();
  }

 private:
  void emit_row(BasicBlock* done, llvm::function_ref<Value*(Value*)> weight_of) {
    BasicBlock *before = b_.GetInsertBlock(), *loop = block("event");
    b_.CreateBr(loop);
    b_.SetInsertPoint(loop);
    auto* event = b_.CreatePHI(b_.getInt64Ty(), 2, "event");
    Value* target = b_.CreateLoad(b_.getInt32Ty(), b_.CreateInBoundsGEP(b_.getInt32Ty(), targets_, event), "target");
    Value* cell = b_.CreateZExt(target, b_.getInt64Ty());
    Value* weight = weight_of(event);
    auto input = [&](const ir::Value& value) -> Value* {
      if (value.op == ir::Op::Column) return b_.CreateLoad(lanes_.scalar, column_at(value.slot, cell));
      if (value.slot + 1 == function_.uniforms.size()) return weight;
      return load_argument(b_, lanes_.scalar, uniforms_, value.slot * lanes_.scalar_bytes, "uniform");
    };
    std::vector<Value*> values = emit_values(b_, function_, lanes_, locations_, input);
    for (const ir::Store& store : function_.stores) b_.CreateStore(values[store.value], column_at(store.slot, cell));
    Value* next = b_.CreateAdd(event, b_.getInt64(1));
    event->addIncoming(b_.getInt64(0), before);
    event->addIncoming(next, b_.GetInsertBlock());
    b_.CreateCondBr(b_.CreateICmpULT(next, count_), loop, done);
  }

  Value* column_at(uint32_t slot, Value* cell) {
    EIC_CHECK(slot < function_.columns.size(), "a column that the function does not have");
    Value* column = load_argument(b_, b_.getPtrTy(), columns_, slot * sizeof(void*), "column");
    return b_.CreateInBoundsGEP(lanes_.scalar, column, cell);
  }

  Value *columns_ = nullptr, *uniforms_ = nullptr, *targets_ = nullptr, *weights_ = nullptr, *count_ = nullptr;
};

}  // namespace

void lower_event(llvm::Module& module, const ir::Function& function, const std::string& name, const Options& options,
                 const source::SourceSet& sources) {
  Options scalar = options;
  scalar.width = 1;
  EventLoop(module, function, name, scalar, sources).emit();
}

}  // namespace eic::lower
