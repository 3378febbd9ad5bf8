#include <fmt/format.h>

#include "compiler/ir/verify.h"
#include "compiler/passes/passes.h"
#include "runtime/contract/check.h"

namespace eic::passes {

namespace {

// A value on its way through the passes: what each makes of it must verify, and can be watched.
class Walk {
 public:
  Walk(Function function, const Watch& watch) : function_(std::move(function)), watch_(watch) { verified("solver"); }

  template <class Pass, class... Options>
  Walk& then(const std::string& name, Pass&& pass, Options... options) {
    function_ = prune(pass(function_, options...));
    verified(name);
    if (watch_) watch_(name, function_);
    return *this;
  }
  Function take() { return std::move(function_); }

 private:
  void verified(const std::string& name) {
    std::string error = ir::verify(function_);
    EIC_CHECK(error.empty(), fmt::format("after `{}`: {}", name, error).c_str());
  }

  Function function_;
  const Watch& watch_;
};

}  // namespace

Lowerable run_pipeline(const Function& function, Precision precision, const Watch& watch, const Evaluate& evaluate) {
  Hoisted hoisted = hoist(Walk(function, watch)
                              .then("recognise_exprel", recognise_exprel)
                              .then("simplify", simplify)
                              .take());
  Lowerable out;
  out.prologue = Walk(std::move(hoisted.prologue), watch)
                     .then("prologue", prune)
                     .then("prologue.expand", expand, Precision::Double)
                     .then("prologue.fuse", fuse)
                     .take();
  Function kernel = Walk(std::move(hoisted.kernel), watch).then("hoist", prune).take();
  if (evaluate) {
    out.guarded = guard(kernel, precision, evaluate(out.prologue));
    kernel = Walk(out.guarded.function, watch).then("guard", prune).take();
  }
  kernel = Walk(std::move(kernel), watch).then("expand", expand, precision).then("fuse", fuse).take();
  if (!out.guarded.columns.empty()) out.quick = Walk(kernel, watch).then("narrow", narrow).take();
  out.kernel = prune(widen(kernel));
  return out;
}

Function run_scalar_pipeline(const Function& function) {
  return Walk(function, {})
      .then("recognise_exprel", recognise_exprel)
      .then("expand", expand, Precision::Double)
      .then("fuse", fuse)
      .take();
}

}  // namespace eic::passes
