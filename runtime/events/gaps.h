// Gap junctions: the current that flows into each cell from those it is joined to, Σ g·(v_j − v), as two columns that the
// kernel reads, Σ g and Σ g·v_j. In: the pairs that the rules drew. Called by the engine before the populations step.
#pragma once
#include <cstdint>
#include <vector>

#include "runtime/connect/synapses.h"
#include "runtime/contract/plan.h"
#include "runtime/state/columns.h"

namespace eic::events {

// One junction: indices in the two populations of its projection.
struct Junction {
  uint32_t from = 0, to = 0;
  double conductance = 0;  // uS
};

// The pairs of a projection, each once: within one population a pair and its mirror image are the same junction (of a
// `bernoulli` only one of the two is tried), and a cell is not joined to itself. Corrects the statistics to what is left.
std::vector<Junction> junctions_of(const plan::Run& run, const plan::Projection& projection, connect::Synapses& synapses);

class Gaps {
 public:
  explicit Gaps(const plan::Run& run) : sums_(run.populations.size()) {}
  // While it is built: the pairs, their two ends, and what stays of these.
  static constexpr double bytes_a_pair() {
    return sizeof(Junction) + 2 * (sizeof(End) + sizeof(uint32_t) + sizeof(double));
  }
  void add(const plan::Projection& projection, const std::vector<Junction>& junctions, const plan::Run& run);

  // `columns` has one entry a population. start() writes what never changes, update() the currents of this step into the cells
  // [begin, end) of a population, from the v of all; cells of their own may be updated by several threads.
  void start(const plan::Run& run, std::vector<state::Columns*> columns);
  void update(uint32_t population, uint64_t begin, uint64_t end);

 private:
  // What one population receives from another, rows by receiver.
  struct Coupling {
    uint32_t to = 0, from = 0;
    std::vector<uint64_t> offsets;
    std::vector<uint32_t> sources;
    std::vector<double> conductances;
  };
  struct End {
    uint32_t cell, other;
    double conductance;
  };
  void couple(uint32_t to, uint32_t from, uint64_t cells, const std::vector<End>& ends);

  std::vector<Coupling> couplings_;          // as declared
  std::vector<std::vector<double>> sums_;    // one a population; empty: no junctions
  std::vector<state::Columns*> columns_;
  std::vector<uint64_t> first_column_;       // of a population: Σ g, then Σ g·v
};

}  // namespace eic::events
