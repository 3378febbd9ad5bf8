// Builds a network and runs it. In: a plan, its kernels, the limits. Out: calls to recorders, and how it ended.
// build() refuses what does not fit before it allocates; run() takes the steps of docs/numerics.md, once. Called by the
// commands; the plan and the kernels must outlive the engine. The results do not depend on the number of threads.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "runtime/connect/synapses.h"
#include "runtime/contract/error.h"
#include "runtime/contract/kernel.h"
#include "runtime/contract/plan.h"
#include "runtime/contract/result.h"
#include "runtime/engine/profile.h"
#include "runtime/record/recorder.h"

namespace eic::engine {

struct Options {
  uint64_t memory_limit = 0;  // bytes; 0: what the machine has
  double time_limit_s = 0;    // of the step loop; 0: none
  unsigned threads = 1;       // 0: as many as are of use
  bool pin = false;           // each thread to a processor of its own
  bool profile = false;       // Finished::profile
  const std::atomic<int>* interrupt = nullptr;  // nonzero: stop building
  bool single_weights = false;  // weights that differ from synapse to synapse, in a run in double
};

struct Built {
  uint64_t cells = 0, synapses = 0, bytes = 0;
  double build_s = 0;
  std::vector<connect::Statistics> projections;  // as in the plan
};

struct Finished {
  record::Outcome outcome = record::Outcome::Complete;
  uint64_t steps = 0;             // completed
  double run_s = 0;               // the step loop, recording included
  std::optional<RunError> error;  // why it failed, why the time limit stopped it, or what a recorder could not write
  unsigned threads = 1;           // that took most of the steps
  Profile profile = {};           // where it was asked for
};

struct Hooks {
  const std::atomic<int>* interrupt = nullptr;                      // nonzero: stop after the current step
  std::function<void(uint64_t done, uint64_t steps)> progress = {}; // about ten times a second
};

// What a run will take, as far as that is known before a file is read or a number drawn.
double bytes_needed(const plan::Run& run);

struct Network;

class Engine {
 public:
  static Result<Engine, RunError> build(const plan::Run& run, const KernelSet& kernels, const Options& options);
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;
  ~Engine();

  const Built& built() const;
  Finished run(std::span<record::Recorder* const> recorders, const Hooks& hooks = {});

 private:
  explicit Engine(std::unique_ptr<Network> network);
  static Result<Engine, RunError> build_network(const plan::Run& run, const KernelSet& kernels, const Options& options);

  std::unique_ptr<Network> network_;
};

}  // namespace eic::engine
