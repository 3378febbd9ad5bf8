// Events from outside: at random times (poisson) or at those of a file (spike_times). In: the plan. Out: what arrives in a step,
// brought to the synapse. Called by the engine after the projections' delivery, as declared.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "runtime/contract/kernel.h"
#include "runtime/contract/plan.h"
#include "runtime/stimuli/values.h"

namespace eic::stimuli {

// When events arrive. `places` count the stimulus' cells.
class Arrivals {
 public:
  virtual ~Arrivals() = default;
  // Appends the places of what arrives in `step`, one for each event; steps come in ascending order, none left out.
  virtual void arrive(uint64_t step, std::vector<uint32_t>& places) = 0;
};

Result<std::unique_ptr<Arrivals>, RunError> make_poisson(const Request& request, const std::vector<uint32_t>& cells);
Result<std::unique_ptr<Arrivals>, RunError> make_spike_times(const Request& request, const std::vector<uint32_t>& cells);

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
  static Result<Events, RunError> make(const Request& request, const Port& port);
  void deliver(uint64_t step);

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
