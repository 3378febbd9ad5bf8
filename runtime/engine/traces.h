// Samples what `record v, INa.i of N[…]` asks for, in two moments of a step: synaptic columns as delivery left them,
// before the kernel stores them decayed, and so what plasticity rules keep; all else after the step. Derived columns are computed here, at sampled steps
// and around the recorded cells only. Called by the engine.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "runtime/contract/plan.h"
#include "runtime/engine/population.h"
#include "runtime/events/plastic.h"
#include "runtime/record/recorder.h"
#include "runtime/state/array.h"

namespace eic::engine {

class Traces {
 public:
  Traces(const plan::Run& run, std::span<Population> populations, std::span<const std::unique_ptr<events::Plastic>> rules);

  // Whether that row has something, and whether something of it has to be captured.
  bool due(uint64_t row_step) const;
  bool captures(uint64_t row_step) const;
  // Between delivery and kernels of the step that leads to row `row_step` (once before the first step for row 0).
  void capture(uint64_t row_step);
  // After that step: hands the row to every recorder.
  void emit(uint64_t row_step, double t_ms, std::span<record::Recorder* const> recorders);

 private:
  struct Block {
    uint64_t begin, end;
  };
  // What `observe` reads and where: the population's columns, synaptic ones replaced by copies from the moment of capture.
  struct Observer {
    std::vector<Block> blocks;       // around the recorded cells; empty: nothing derived is recorded
    std::vector<uint32_t> synaptic;  // columns that are copied
    state::Array copies;
    std::vector<void*> columns;
  };
  struct Trace {
    const plan::TraceRecording* plan;
    bool derived = false, captured = false;
    std::vector<double> row;
    events::Plastic* rule = nullptr;  // of synapses
    events::Plastic::Looked looked;
  };

  bool due(const Trace& trace, uint64_t row_step) const { return trace.plan->keeps_row(row_step); }
  void prepare_observer(uint32_t population, std::vector<uint64_t> cells);
  void copy_synaptic(uint32_t population);
  void gather(Trace& trace, bool synaptic);
  void gather_synapses(Trace& trace);
  bool observed_at(uint32_t population, uint64_t row_step) const;

  std::span<Population> populations_;
  std::vector<Trace> traces_;        // as in the plan
  std::vector<Observer> observers_;  // one a population
};

}  // namespace eic::engine
