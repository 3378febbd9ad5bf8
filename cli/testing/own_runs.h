// An `expect` that needs runs of its own: the f–I curve (one a current) and the order of convergence (one a dt). In: the
// test. Out: whether it holds. The model is compiled once; what differs between the runs are numbers of their plans.
// Called by run_test.h.
#pragma once
#include <memory>

#include "cli/session.h"
#include "cli/testing/compare.h"
#include "runtime/record/recorder.h"

namespace eic::cli {

// Runs the plan; Ok, or the exit status of what stopped it, which is then in the emitter.
int run_plan(Front& front, const plan::Run& run, const KernelSet& kernels, std::span<record::Recorder* const> recorders);

class OwnRuns {
 public:
  static bool needs(const sema::Expect& expect);
  // Nothing after a diagnostic. `others` of the same test: the f–I curves of a cell share their code.
  static std::unique_ptr<OwnRuns> make(Front& front, const sema::Test& test, const sema::Expect& expect, plan::Values& values,
                                       std::span<const std::unique_ptr<OwnRuns>> others);
  // With the `seed_offset`-th seed after the test's own; a failure is an exit status.
  Result<Verdict, int> judge(uint64_t seed_offset, plan::Values& values);

 private:
  OwnRuns(Front& front, const sema::Expect& expect, std::shared_ptr<const Compiled> compiled)
      : front_(front), expect_(expect), compiled_(std::move(compiled)) {}
  Result<Verdict, int> firing_curve(uint64_t seed_offset, plan::Values& values);
  Result<std::optional<double>, int> rate_at(double amplitude, uint64_t seed_offset, plan::Values& values);
  Result<Verdict, int> convergence(uint64_t seed_offset, plan::Values& values);

  Front& front_;
  const sema::Expect& expect_;
  std::shared_ptr<const Compiled> compiled_;
  std::vector<plan::Run> halved_;  // the plans at dt/2, dt/4, …
};

}  // namespace eic::cli
