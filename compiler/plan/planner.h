// The work of plan(): what its files share. Internal to plan/.
#pragma once
#include <algorithm>
#include <functional>
#include <set>

#include "compiler/plan/plan.h"

namespace eic::plan {

using diagnostics::Diagnostic;
using diagnostics::Kind;
using source::Span;

class Planner {
 public:
  Planner(const sema::Model& model, const sema::Simulation& simulation, const Choices& choices, const passes::Watch& watch,
          diagnostics::Emitter& emitter)
      : model_(model),
        simulation_(simulation),
        network_(model.networks[simulation.network]),
        choices_(choices),
        watch_(watch),
        emitter_(emitter),
        values_(model, {&simulation.params}),
        start_values_(model, layers(0)) {}
  std::optional<Planned> run();

 private:
  // times and numbers (planner.cpp)
  bool settings();
  std::optional<uint64_t> whole_steps(const sema::Expr& time, const char* what);
  std::optional<uint64_t> whole(const sema::Expr& expr, const char* what);
  Diagnostic& error(Kind kind, Span span, std::string message) { return emitter_.emit(kind, span, std::move(message)); }
  std::string milliseconds(const units::Decimal& time) const;

  // populations and their kernels (populations.cpp, kernels.cpp)
  bool population(uint32_t index);
  bool kernel(uint32_t index);
  std::vector<const sema::Expr*> computed_starts(uint32_t index) const;
  struct PerCell {
    std::vector<uint32_t> drawn, following;  // ascending
  };
  PerCell per_cell(uint32_t population) const;
  std::optional<uint32_t> per_cell_read(uint32_t population, const sema::Expr& expr) const;
  bool same_in_all_cells(uint32_t population, const sema::Expr& expr, const std::string& what);
  Limits limits(const sema::Param& param, Values& values) const;
  const sema::Spread& start(uint32_t population, uint32_t state) const;
  std::vector<std::string> observed(uint32_t population) const;
  bool has_input(uint32_t population) const;
  bool any_stimulus(const std::function<bool(const sema::Stimulus&)>& wanted) const;
  bool is_clamped(uint32_t population) const;
  bool has_gap(uint32_t population) const;
  std::optional<std::vector<double>> uniforms(uint32_t index, Values& values);
  using Extra = std::map<std::string, double>;
  std::optional<Extra> extra_uniforms(uint32_t index);  // that are no parameters
  bool columns(uint32_t index, Values& values);
  Kernel make_kernel(solvers::Formulation formulation, const passes::Evaluate& evaluate);
  void warn_frozen(const solvers::Formulation& formulation, const sema::Cell& cell);

  // connections, recordings (connections.cpp, recordings.cpp)
  bool projection(const sema::Projection& written);
  bool gap(const sema::Projection& written, Projection& projection);
  bool rule(const sema::Rule& written, Projection& projection);
  bool plasticity(const sema::Projection& written, Projection& projection);  // rules.cpp
  bool is_recorded(const sema::Projection& written) const;
  std::optional<Draw> draw(const sema::Spread& spread, Values& values, double scale) const;
  std::optional<Draw> delay(const sema::Spread& spread);
  std::optional<Positions> positions(const sema::Positions& written, uint64_t cells);
  bool same_space(const sema::Projection& written);
  OfDistance of_distance(const sema::Expr& expr, const std::string& name);
  std::optional<Range> range(const sema::Target& target);
  std::optional<std::vector<uint64_t>> cells(const sema::Target& target);
  bool recording(const sema::Recording& written, const std::vector<Steps>& during);
  bool synapse_recording(const sema::Recording& written, const std::vector<Steps>& during);
  std::optional<std::vector<uint64_t>> synapses(const sema::Target& target);
  bool free_file(const std::string& file, Span span);
  bool add_traces(const sema::Recording& written, TraceRecording like, const std::vector<uint32_t>& columns,
                  const std::string& of);
  bool add_trace(TraceRecording trace, Span written);
  int32_t find_column(uint32_t population, const std::string& name) const;

  // stimuli (stimuli.cpp), with the values of the run or of their phase
  bool stimulus(const sema::Stimulus& written, Values& values, Steps within);
  bool one_clamp_a_cell();
  bool stimulus_settings(const sema::Stimulus& written, Stimulus& stimulus, Values& values);
  bool window(const sema::Stimulus& written, Stimulus& stimulus, Steps within);
  bool pulses(const sema::Stimulus& written, Stimulus& stimulus);
  bool sine(const sema::Stimulus& written, Stimulus& stimulus, Values& values);
  bool noise(const sema::Stimulus& written, Stimulus& stimulus, Values& values);
  bool events(const sema::Stimulus& written, Stimulus& stimulus, Values& values);
  std::optional<Draw> stimulus_value(const sema::Stimulus& written, const char* setting, Values& values, double scale = 1);
  std::optional<uint64_t> some_steps(const sema::Stimulus& written, const char* setting);
  bool not_negative(const sema::Spread& written, const Draw& draw, const char* what);

  // phases (phases.cpp)
  std::vector<const Overrides*> layers(size_t phase, const sema::Population* population = nullptr) const;
  bool phase_spans();
  bool phases_fit();
  bool phase_changes();
  bool phase_change(size_t index);
  std::set<uint32_t> affected(const sema::Phase& phase) const;
  bool fixed(const sema::Phase& phase, const std::set<uint32_t>& affected, const sema::Expr& expr, const std::string& what);
  bool built_without(const sema::Phase& phase);
  bool recordings();

  const sema::Model& model_;
  const sema::Simulation& simulation_;
  const sema::Network& network_;
  const Choices& choices_;
  const passes::Watch& watch_;
  diagnostics::Emitter& emitter_;
  Values values_;        // of the run as a whole: sizes, times, connections
  Values start_values_;  // of its first phase
  std::vector<Values> population_values_;
  units::Decimal dt_;
  Planned out_;
  struct Key {
    uint32_t cell;
    bool input, clamp, gap;
    std::vector<std::string> observed;
    std::vector<const sema::Expr*> starts;
    std::vector<uint32_t> drawn, following;
    bool operator==(const Key&) const = default;
  };
  std::vector<Key> keys_;
};

void move_uniforms(ir::Function& function, uint32_t base);

// A weight or delay that is a function of the distance.
inline bool reads_distance(const sema::Spread& spread) {
  return spread.kind == Draw::Kind::Constant && sema::contains(*spread.args[0], sema::ExprOp::Distance);
}

inline Origin origin(Span span) { return {span.file, span.begin, span.end}; }

}  // namespace eic::plan
