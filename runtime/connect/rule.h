// What every connection rule is: an expected size, and a drawing that leaves rows of targets. Each rule of
// runtime/contract/rules.def has one specialisation of both, in the file of its family; connect.cpp calls them.
#pragma once
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/connect/synapses.h"
#include "runtime/contract/error.h"
#include "runtime/contract/kernel.h"
#include "runtime/contract/plan.h"
#include "runtime/contract/result.h"
#include "runtime/random/stream.h"
#include "runtime/state/array.h"
#include "runtime/state/memory.h"
#include "runtime/state/partition.h"
#include "runtime/state/positions.h"

namespace eic::connect {

// What a distance needs: positions of each population, where it has some, and the compiled functions (KernelSet::pairs).
struct Space {
  std::vector<std::optional<state::Positions>> positions;
  const std::vector<StepFn>& functions;
};

// A projection as the rules see it: sources and targets counted from 0 within their ranges.
struct Request {
  const plan::Run& run;
  const plan::Projection& projection;
  state::Budget& budget;
  bool keep_places = false;  // somebody counts synapses row by row
  const Space* space = nullptr;  // needed where a distance is read
  const state::Partition* partition = nullptr;  // of the target population; none: one owner has it all
  uint32_t threads = 1;
  const std::atomic<int>* interrupt = nullptr;  // nonzero: give up
  bool prefer_single = false;  // weights that differ, also of a run in double; not where a rule keeps them

  uint64_t sources() const { return projection.from.end - projection.from.begin; }
  uint64_t targets() const { return projection.to.end - projection.to.begin; }
  const plan::Port& port() const { return run.populations[projection.to.population].ports[projection.port]; }
  random::Key key(const char* purpose) const { return random::key_of(run.seed, projection.path, purpose); }

  // A plasticity rule and gap junctions look at all synapses together.
  bool one_block() const { return projection.plasticity.has_value() || projection.gap; }
  bool one_weight() const { return projection.weight && projection.weight->kind == plan::Draw::Kind::Constant; }
  bool single_weights() const { return run.single || (prefer_single && !one_block() && !one_weight()); }

  // The target that is the same cell as this source, if it is among the targets.
  std::optional<uint64_t> same_cell(uint64_t source) const {
    const plan::Range &from = projection.from, &to = projection.to;
    const uint64_t cell = from.begin + source;
    const bool same = from.population == to.population && cell >= to.begin && cell < to.end;
    return same ? std::optional(cell - to.begin) : std::nullopt;
  }
  // The same, when `self = false` asks to leave it out.
  std::optional<uint64_t> excluded(uint64_t source) const { return projection.rule.self ? std::nullopt : same_cell(source); }

  bool interrupted() const { return interrupt != nullptr && interrupt->load(std::memory_order_relaxed) != 0; }
  // No more threads than have something to do.
  uint32_t threads_for(double synapses) const;
  // At the moment that needs most, with targets of that size.
  double bytes_a_synapse(uint64_t target_bytes) const;
  RunError fault(std::string what, std::string help = {}) const;  // Data, at the projection
};

// Rows of targets as the rule gave them; what only a file can give stands beside them.
struct Drawn {
  std::vector<Block> blocks;  // of a file: one, its rows not in order
  bool listed = false;        // by a file
  bool narrow = false;
  state::Array offsets;       // u64[sources·blocks + 1]
  state::Array targets;       // u16 or u32 from the block's base
  state::Array weights;       // one a synapse, in the order of `targets`
  state::Array delays;        // double[synapses], in steps before rounding, of a CSV's delay_ms column
  std::vector<uint64_t> lines;  // of a CSV of pairs whose weights or delays another file gives: where each line went
  uint64_t rows = 0, synapses = 0;

  uint64_t begin_of(uint64_t row, uint64_t block = 0) const { return offsets.as<uint64_t>()[row * blocks.size() + block]; }
  // The cells of places [begin, end) of a row.
  void copy_targets(uint64_t row, uint64_t begin, uint64_t end, uint32_t* to) const;
};

// The number of synapses to make room for; a rule that reads a file answers 0 and asks the budget itself.
template <plan::Rule::Kind>
double expected_synapses(const Request&);
template <plan::Rule::Kind>
Result<Drawn, RunError> draw_rows(const Request&);

#define EIC_RULE(kind, name, argument, random)              \
  template <>                                               \
  double expected_synapses<plan::Rule::Kind::kind>(const Request&); \
  template <>                                               \
  Result<Drawn, RunError> draw_rows<plan::Rule::Kind::kind>(const Request&);
#include "runtime/contract/rules.def"
#undef EIC_RULE

}  // namespace eic::connect
