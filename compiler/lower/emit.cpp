#include "compiler/lower/emit.h"

#include <llvm/IR/Intrinsics.h>
#include <llvm/IR/Module.h>

#include <algorithm>
#include <cmath>

#include "runtime/contract/check.h"
#include "runtime/contract/kernel.h"

namespace eic::lower {

using llvm::Value;

static llvm::Type* lanes_of(llvm::Type* scalar, uint32_t width) {
  return width == 1 ? scalar : llvm::FixedVectorType::get(scalar, width);
}

Lanes::Lanes(llvm::LLVMContext& context, const Options& options) : width(options.width) {
  bool single = options.precision == ir::Precision::Single;
  scalar_bytes = single ? 4 : 8;
  scalar = single ? llvm::Type::getFloatTy(context) : llvm::Type::getDoubleTy(context);
  real = lanes_of(scalar, width);
  integer = lanes_of(llvm::Type::getIntNTy(context, scalar_bytes * 8), width);
  boolean = lanes_of(llvm::Type::getInt1Ty(context), width);
}

Value* Lanes::splat(Builder& builder, Value* value) const { return width == 1 ? value : builder.CreateVectorSplat(width, value); }

// A subnormal that rounding to single makes is flushed, as the conversion itself does at run time.
llvm::Constant* Lanes::number(double value) const {
  if (scalar_bytes == 4 && std::fpclassify(static_cast<float>(value)) == FP_SUBNORMAL) value = std::copysign(0.0, value);
  return llvm::ConstantFP::get(real, value);
}

Value* Lanes::mask(Builder& builder, Value* bools) const {
  return width == 1 ? bools : builder.CreateBitCast(bools, builder.getIntNTy(width));
}

llvm::Align Lanes::alignment() const { return llvm::Align(std::min<uint64_t>(k_alignment, bytes())); }

static Value* emit_op(Builder& b, const ir::Value& value, const Lanes& lanes, Value* x, Value* y, Value* z) {
  using llvm::Intrinsic::fabs, llvm::Intrinsic::fma, llvm::Intrinsic::sqrt;
  switch (value.op) {
    case ir::Op::Const: return lanes.number(value.number);
    case ir::Op::BoolConst: return llvm::ConstantInt::get(lanes.boolean, value.integer != 0);
    case ir::Op::IntConst: return llvm::ConstantInt::get(lanes.integer, static_cast<uint64_t>(value.integer), /*signed=*/true);
    case ir::Op::Add: return b.CreateFAdd(x, y);
    case ir::Op::Sub: return b.CreateFSub(x, y);
    case ir::Op::Mul: return b.CreateFMul(x, y);
    case ir::Op::Div: return b.CreateFDiv(x, y);
    case ir::Op::Neg: return b.CreateFNeg(x);
    case ir::Op::Fma: return b.CreateIntrinsic(fma, {lanes.real}, {x, y, z});
    case ir::Op::Sqrt: return b.CreateIntrinsic(sqrt, {lanes.real}, {x});
    case ir::Op::Abs: return b.CreateIntrinsic(fabs, {lanes.real}, {x});
    case ir::Op::Min: return b.CreateSelect(b.CreateFCmpOLT(x, y), x, y);
    case ir::Op::Max: return b.CreateSelect(b.CreateFCmpOGT(x, y), x, y);
    case ir::Op::Less: return b.CreateFCmpOLT(x, y);
    case ir::Op::LessEqual: return b.CreateFCmpOLE(x, y);
    case ir::Op::Equal: return b.CreateFCmpOEQ(x, y);
    case ir::Op::NotEqual: return b.CreateFCmpUNE(x, y);
    case ir::Op::And: return b.CreateAnd(x, y);
    case ir::Op::Or: return b.CreateOr(x, y);
    case ir::Op::Not: return b.CreateNot(x);
    case ir::Op::Select: return b.CreateSelect(x, y, z);
    case ir::Op::ToBits: return b.CreateBitCast(x, lanes.integer);
    case ir::Op::FromBits: return b.CreateBitCast(x, lanes.real);
    case ir::Op::IAdd: return b.CreateAdd(x, y);
    case ir::Op::ISub: return b.CreateSub(x, y);
    case ir::Op::IAnd: return b.CreateAnd(x, y);
    case ir::Op::IOr: return b.CreateOr(x, y);
    case ir::Op::IXor: return b.CreateXor(x, y);
    case ir::Op::IShl: return b.CreateShl(x, y);
    case ir::Op::IShr: return b.CreateLShr(x, y);
    case ir::Op::ISar: return b.CreateAShr(x, y);
    default: internal_error(__FILE__, __LINE__, "an op reached the lowering that the pass `expand` removes");
  }
}

std::vector<Value*> emit_values(Builder& builder, const ir::Function& function, const Lanes& lanes, Locations& locations,
                                Input input, std::vector<Value*> made, const std::vector<bool>* wanted) {
  made.resize(function.values.size());
  auto argument = [&](ir::ValueId id) -> Value* {
    if (id == ir::k_no_value) return nullptr;
    EIC_CHECK(made[id] != nullptr, "a value is used before it is computed");
    return made[id];
  };
  for (ir::ValueId id = 0; id < made.size(); id++) {
    if (made[id] != nullptr || (wanted != nullptr && !(*wanted)[id])) continue;
    const ir::Value& value = function.values[id];
    locations.set(builder, value.span);
    bool is_input = value.op == ir::Op::Column || value.op == ir::Op::Uniform;
    const auto& [x, y, z] = value.args;
    made[id] = is_input ? input(value) : emit_op(builder, value, lanes, argument(x), argument(y), argument(z));
  }
  return made;
}

static llvm::FunctionType* type_of(llvm::LLVMContext& context, Signature signature) {
  llvm::Type *pointer = llvm::PointerType::getUnqual(context), *word = llvm::Type::getInt64Ty(context);
  if (signature == Signature::Kernel) return llvm::FunctionType::get(llvm::Type::getVoidTy(context), {pointer}, false);
  llvm::Type* result = signature == Signature::Count ? word : llvm::StructType::get(word, word);
  return llvm::FunctionType::get(result, {pointer, word, word}, false);
}

llvm::Function* begin_kernel(llvm::Module& module, const std::string& name, const Lanes& lanes, Signature signature) {
  EIC_CHECK(!module.getFunction(name), "two kernels of one name");
  bool own = signature == Signature::Kernel;
  auto* kernel = llvm::Function::Create(type_of(module.getContext(), signature),
                                        own ? llvm::Function::ExternalLinkage : llvm::Function::InternalLinkage, name, module);
  if (!own) kernel->addFnAttr(llvm::Attribute::NoInline);
  kernel->setDoesNotThrow();
  kernel->addParamAttr(0, llvm::Attribute::NoAlias);
  // The engine's threads run with FTZ and DAZ set.
  kernel->addFnAttr("denormal-fp-math", "preserve-sign,preserve-sign");
  // Keeps the stack aligned to the vectors that are spilled: 4 % of the kernel's time, and perf can walk the frames.
  kernel->addFnAttr("frame-pointer", "all");
  // Without these, 512-bit vectors are split in two on processors that are tuned for 256.
  std::string bits = std::to_string(std::clamp(lanes.bytes() * 8, 128u, 512u));
  kernel->addFnAttr("prefer-vector-width", bits);
  kernel->addFnAttr("min-legal-vector-width", bits);
  return kernel;
}

Value* load_argument(Builder& builder, llvm::Type* type, Value* base, uint64_t byte_offset, const char* name) {
  auto* load = builder.CreateLoad(type, builder.CreateConstInBoundsGEP1_64(builder.getInt8Ty(), base, byte_offset), name);
  load->setMetadata(llvm::LLVMContext::MD_invariant_load, llvm::MDNode::get(builder.getContext(), {}));
  return load;
}

Frame::Frame(llvm::Module& module, const ir::Function& function, const std::string& name, const Options& options,
             const source::SourceSet& sources, Signature signature)
    : function_(function),
      lanes_(module.getContext(), options),
      kernel_(begin_kernel(module, name, lanes_, signature)),
      locations_(*kernel_, function, options, sources),
      b_(block("entry")) {
  locations_.set(b_, function.stores.empty() ? ir::Span{} : function.stores.front().span);
}

llvm::BasicBlock* Frame::block(const char* name) { return llvm::BasicBlock::Create(kernel_->getContext(), name, kernel_); }

}  // namespace eic::lower
