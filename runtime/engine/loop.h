// The steps of docs/numerics.md, "One step". In: the network and who listens. Out: its end. Owners of cells take several steps at
// once where nothing connects them: spikes are exchanged once a shortest delay, and a batch of steps ends where a row of a
// recording is due or a phase begins. What depends on all cells is done by one thread between two jobs of all.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "runtime/engine/network.h"
#include "runtime/engine/profile.h"
#include "runtime/engine/tempo.h"

namespace eic::engine {

class Loop {
 public:
  using Recorders = std::span<record::Recorder* const>;

  Loop(Network& network, Recorders recorders, const Hooks& hooks);
  Loop(const Loop&) = delete;
  Finished run();  // all steps, from the row at t = 0 on
  uint64_t taken() const { return taken_; }

 private:
  // What an owner has to say after a batch: its spikes, by step, then population, and where it met a fault. Written by the owner
  // alone: what two threads write by turns costs each of them a wait.
  struct alignas(k_alignment) Owner {
    std::vector<uint32_t> raised;
    std::vector<double> fractions;  // of those whose population tells
    std::vector<uint64_t> counts;
    std::optional<Fault> fault;
    uint64_t fault_step = 0;
    uint32_t fault_population = 0;
  };
  // What all owners do at once: of the steps [begin, end) these deliveries, then what else is asked for.
  struct alignas(k_alignment) Job {
    unsigned threads = 1;
    uint64_t begin = 0, end = 0;
    uint64_t deliver_begin = 0, deliver_end = 0;
    bool send = false, gaps = false, update = false;
  };
  struct Part {
    Loop* loop;
    void operator()(unsigned thread) const { loop->part(thread); }
  };

  uint64_t batch_end(uint64_t step) const;
  std::optional<RunError> take(uint64_t begin, uint64_t end);  // a fault leaves its step incomplete: `taken_` says how many are not
  std::optional<RunError> take_in_stages(uint64_t step);
  void all(const Job& job);
  void part(unsigned thread);  // of `job_`
  void work(uint64_t owner, Tally* tally);
  bool update(uint64_t owner, uint64_t step, Lap& lap, Tally* tally);
  std::optional<RunError> first_fault();
  void hand_on(uint64_t begin, uint64_t end);
  bool any_faulted(uint64_t step);

  Network& network_;
  Recorders recorders_;
  const Hooks& hooks_;
  Part part_{this};
  Tempo tempo_;
  std::vector<Owner> owners_;
  std::vector<uint64_t> read_, fractions_read_;  // of what owners raised, while it is handed on
  Job job_;                     // at hand
  uint64_t longest_batch_ = 1;
  bool together_ = true;  // a step has no stage but the one of all owners
  uint64_t taken_ = 0;    // steps that are complete
  uint64_t next_fault_look_ = 0;
  Profile profile_;
};

}  // namespace eic::engine
