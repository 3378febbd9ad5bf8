// Events from outside for the cells that one owner has: at random times (poisson) or at those of a file (spike_times). In: the
// plan. Out: what arrives in a step, brought to the synapse. Called by the engine after the projections' delivery, as declared.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/contract/kernel.h"
#include "runtime/contract/plan.h"
#include "runtime/stimuli/values.h"

namespace eic::stimuli {

// When events arrive. `places` count the stimulus' cells, of those that the owner has.
class Arrivals {
 public:
  virtual ~Arrivals() = default;
  // Appends the places of what arrives in `step`, one for each event; steps come in ascending order, none left out.
  virtual void arrive(uint64_t step, std::vector<uint32_t>& places) = 0;
};

// One an owner.
using ArrivalsOfOwners = std::vector<std::unique_ptr<Arrivals>>;
Result<ArrivalsOfOwners, RunError> make_poisson(const Request& request, const std::vector<uint32_t>& cells,
                                                const state::Partition& partition);
Result<ArrivalsOfOwners, RunError> make_spike_times(const Request& request, const std::vector<uint32_t>& cells,
                                                    const state::Partition& partition);

// A synapse of the target population, as the kernel takes events.
struct Port {
  void* column = nullptr;          // `column += weight`
  EventFn handler = nullptr;       // otherwise
  void* const* columns = nullptr;
  const void* uniforms = nullptr;
  bool single = false;
};

class Events {
 public:
  // One an owner; ports may differ in what is their owner's own.
  static Result<std::vector<Events>, RunError> make(const Request& request, const std::vector<Port>& ports,
                                                    const state::Partition& partition);
  uint64_t deliver(uint64_t step);  // returns how many events arrived

 private:
  template <class R>
  void deliver_as();

  Port port_;
  uint64_t from_ = 0, to_ = UINT64_MAX;
  std::unique_ptr<Arrivals> arrivals_;
  std::vector<uint32_t> cells_, places_, targets_;
  std::vector<double> weights_;              // one a cell
  std::vector<double> event_weights_;        // of the step, in the run's precision
};

}  // namespace eic::stimuli
