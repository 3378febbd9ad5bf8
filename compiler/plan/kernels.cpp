// Kernels of the populations: formulate the equations, run the passes, join the uniforms of all functions to one block.
#include <fmt/format.h>

#include <cmath>
#include <functional>

#include "compiler/plan/planner.h"

namespace eic::plan {

// The function counts its uniforms in the block from `base` on.
void move_uniforms(ir::Function& function, uint32_t base) {
  for (ir::Value& value : function.values)
    if (value.op == ir::Op::Uniform) value.slot += base;
  function.uniforms.insert(function.uniforms.begin(), base, ir::Slot{"(another function's)", {}});
}

namespace {

// The functions of a kernel read one time: `shared` is where the first of them has it.
void share_time(ir::Function& function, uint32_t base, std::optional<uint32_t>& shared) {
  for (uint32_t slot = base; slot < function.uniforms.size(); slot++) {
    if (!function.uniforms[slot].varies) continue;
    if (!shared) shared = slot;
    function.uniforms[*shared] = function.uniforms[slot];
    for (ir::Value& value : function.values)
      if (value.op == ir::Op::Uniform && value.slot == slot) value.slot = *shared;
  }
}

}  // namespace

// The numbers of the population at hand are those that the step's guard is made for; it holds for others as far as their bounds.
Kernel Planner::make_kernel(solvers::Formulation formulation, const passes::Evaluate& evaluate) {
  Kernel kernel;
  uint32_t base = 0;
  ir::Precision precision = out_.run.single ? ir::Precision::Single : ir::Precision::Double;
  auto ready = [&](const ir::Function& function) {
    passes::Lowerable lowerable = passes::run_pipeline(function, precision, watch_);
    move_uniforms(lowerable.kernel, base);
    share_time(lowerable.kernel, base, kernel.time);
    base += static_cast<uint32_t>(lowerable.prologue.results.size());
    kernel.prologues.push_back(std::move(lowerable.prologue));
    return std::move(lowerable.kernel);
  };
  passes::Lowerable step = passes::run_pipeline(formulation.step, precision, watch_, evaluate);
  kernel.step = std::move(step.kernel);
  kernel.quick_step = std::move(step.quick);
  kernel.guarded_step = std::move(step.guarded);
  share_time(kernel.step, base, kernel.time);
  base = static_cast<uint32_t>(kernel.step.uniforms.size());
  kernel.prologues.push_back(std::move(step.prologue));
  if (formulation.init) kernel.init = ready(*formulation.init);
  if (formulation.prime) kernel.prime = ready(*formulation.prime);
  if (formulation.observe) kernel.observe = ready(*formulation.observe);
  for (const ir::Function& event : formulation.events) kernel.events.push_back(ready(event));
  kernel.formulation = std::move(formulation);
  return kernel;
}

namespace {
// A clamp injects current as well; how much, `clamp.i` says.
bool injects_current(Stimulus::Kind kind) { return kind != Stimulus::Kind::Poisson && kind != Stimulus::Kind::SpikeTimes; }
}  // namespace

bool Planner::any_stimulus(const std::function<bool(const sema::Stimulus&)>& wanted) const {
  auto among = [&](const std::vector<sema::Stimulus>& stimuli) { return std::any_of(stimuli.begin(), stimuli.end(), wanted); };
  return among(network_.stimuli) || among(simulation_.stimuli) ||
         std::any_of(simulation_.phases.begin(), simulation_.phases.end(),
                     [&](const sema::Phase& phase) { return among(phase.stimuli); });
}

bool Planner::has_input(uint32_t population) const {
  return any_stimulus([&](const sema::Stimulus& stimulus) {
    return stimulus.to.population == population && injects_current(stimulus.kind);
  });
}

bool Planner::is_clamped(uint32_t population) const {
  return any_stimulus([&](const sema::Stimulus& stimulus) {
    return stimulus.to.population == population && stimulus.kind == Stimulus::Kind::Clamp;
  });
}

bool Planner::has_gap(uint32_t population) const {
  return std::any_of(network_.projections.begin(), network_.projections.end(), [&](const sema::Projection& projection) {
    return projection.gap && (projection.from.population == population || projection.to.population == population);
  });
}

std::vector<std::string> Planner::observed(uint32_t population) const {
  const sema::Cell& cell = model_.cells[network_.populations[population].cell];
  std::vector<std::string> names;
  auto add = [&](const std::vector<sema::Recording>& recordings) {
    for (const sema::Recording& recording : recordings) {
      if (recording.of.projection || recording.of.population != population) continue;
      for (const std::string& name : recording.variables) {
        bool state = !solvers::staggers(simulation_.method) &&
                     std::any_of(cell.states.begin(), cell.states.end(), [&](const sema::State& s) { return s.path == name; });
        if (!state && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
      }
    }
  };
  add(simulation_.recordings);
  for (const sema::Phase& phase : simulation_.phases) add(phase.recordings);
  return names;
}

const sema::Spread& Planner::start(uint32_t population, uint32_t state) const {
  if (auto run = simulation_.starts.find({population, state}); run != simulation_.starts.end()) return run->second;
  const auto& own = network_.populations[population].starts;
  if (auto found = own.find(state); found != own.end()) return found->second;
  return model_.cells[network_.populations[population].cell].states[state].start;
}

// What differs from cell to cell in a population: parameters that are drawn or read, and those whose own value, which nobody
// overrules, is an expression of such.
Planner::PerCell Planner::per_cell(uint32_t population) const {
  const sema::Population& written = network_.populations[population];
  PerCell own;
  if (written.drawn.empty()) return own;
  std::vector<int> known(model_.params.size(), -1);
  std::function<bool(uint32_t)> follows = [&](uint32_t param) {
    if (written.drawn.count(param)) return true;
    if (known[param] >= 0) return known[param] == 1;
    bool overruled = written.params.count(param) || simulation_.params.count(param) || !model_.params[param].value;
    for (const sema::Phase& phase : simulation_.phases) overruled |= phase.params.count(param) > 0;
    known[param] = 0;
    if (!overruled)
      for (uint32_t read : sema::params_of(*model_.params[param].value)) known[param] |= follows(read);
    return known[param] == 1;
  };
  for (const auto& [param, spread] : written.drawn) own.drawn.push_back(param);
  for (uint32_t param = 0; param < model_.params.size(); param++)
    if (!written.drawn.count(param) && follows(param)) own.following.push_back(param);
  return own;
}

// The parameter it reads that differs from cell to cell, if there is one.
std::optional<uint32_t> Planner::per_cell_read(uint32_t population, const sema::Expr& expr) const {
  PerCell own = per_cell(population);
  for (uint32_t param : sema::params_of(expr))
    for (const std::vector<uint32_t>* list : {&own.drawn, &own.following})
      if (std::find(list->begin(), list->end(), param) != list->end()) return param;
  return std::nullopt;
}

// Says so where one number is needed for all cells.
bool Planner::same_in_all_cells(uint32_t population, const sema::Expr& expr, const std::string& what) {
  auto param = per_cell_read(population, expr);
  if (!param) return true;
  const auto& drawn = network_.populations[population].drawn;
  Diagnostic& diagnostic =
      error(Kind::DrawMisplaced, expr.span,
            fmt::format("{} is one number for all cells of `{}`, but `{}` differs from cell to cell", what,
                        network_.populations[population].name, model_.params[*param].path));
  if (auto own = drawn.find(*param); own != drawn.end()) diagnostic.note(own->second.span, "drawn or read here");
  return false;
}

std::vector<const sema::Expr*> Planner::computed_starts(uint32_t population) const {
  const sema::Cell& cell = model_.cells[network_.populations[population].cell];
  std::vector<const sema::Expr*> starts;
  for (uint32_t i = 0; i < cell.states.size(); i++) {
    const sema::Spread& spread = start(population, i);
    bool computed = spread.kind == Draw::Kind::Constant &&
                    (!sema::is_constant(*spread.args[0]) || per_cell_read(population, *spread.args[0]));
    starts.push_back(computed ? spread.args[0].get() : nullptr);
  }
  return starts;
}

void Planner::warn_frozen(const solvers::Formulation& formulation, const sema::Cell& cell) {
  for (uint32_t column : formulation.frozen) {
    const sema::State& state = cell.states[*formulation.columns[column].state];
    emitter_.emit(Kind::NotLinear, state.rate_span,
                  fmt::format("`{}'` is not linear in `{}`: `{}` holds its slope over each step", state.path, state.path,
                              simulation_.method));
  }
}

bool Planner::kernel(uint32_t index) {
  uint32_t cell = network_.populations[index].cell;
  PerCell own = per_cell(index);
  Key key{cell,      has_input(index), is_clamped(index), has_gap(index), observed(index), computed_starts(index),
          own.drawn, own.following};
  auto known = std::find(keys_.begin(), keys_.end(), key);
  if (known != keys_.end()) {
    out_.kernel_of.push_back(static_cast<uint32_t>(known - keys_.begin()));
    return true;
  }
  solvers::Request request{&model_.cells[cell], &model_.params, simulation_.method, network_.populations[index].name,
                           key.input,           key.clamp,      key.gap,            key.observed,       key.starts,
                           key.drawn,           key.following};
  auto formulation = solvers::formulate(request, emitter_);
  if (!formulation) return false;
  auto extra = extra_uniforms(index);
  if (!extra) return false;
  warn_frozen(*formulation, model_.cells[cell]);
  out_.kernel_of.push_back(static_cast<uint32_t>(keys_.size()));
  keys_.push_back(std::move(key));
  out_.kernels.push_back(make_kernel(std::move(*formulation), [&](const ir::Function& prologue) {
    return population_values_[index].results(prologue, *extra);
  }));
  out_.kernels.back().name = network_.populations[index].name;
  return true;
}

std::optional<Planner::Extra> Planner::extra_uniforms(uint32_t index) {
  const sema::Cell& cell = model_.cells[network_.populations[index].cell];
  Extra extra = {{"dt", out_.run.dt}, {"(weight)", 0}};  // no prologue reads the weight
  if (cell.spike && cell.spike->refractory) {
    if (!same_in_all_cells(index, *cell.spike->refractory, "`refractory`")) return std::nullopt;
    auto steps = whole_steps(*cell.spike->refractory, "`refractory`");
    if (!steps) return std::nullopt;
    extra["(refractory steps)"] = static_cast<double>(*steps);
  }
  return extra;
}

std::optional<std::vector<double>> Planner::uniforms(uint32_t index, Values& values) {
  const sema::Cell& cell = model_.cells[network_.populations[index].cell];
  const Kernel& kernel = out_.kernels[out_.kernel_of[index]];
  Population& population = out_.run.populations[index];
  auto extra = extra_uniforms(index);
  if (!extra) return std::nullopt;
  if (kernel.time) population.time_uniform = static_cast<int32_t>(*kernel.time);
  std::vector<double> made;
  for (const ir::Function& prologue : kernel.prologues) {
    std::vector<double> block = values.results(prologue, *extra);
    made.insert(made.end(), block.begin(), block.end());
    if (&prologue != &kernel.prologues.front() || !kernel.quick_step) continue;
    block = passes::bounds(kernel.guarded_step, out_.run.single ? ir::Precision::Single : ir::Precision::Double, block);
    made.insert(made.end(), block.begin(), block.end());
  }
  const solvers::Formulation& formulation = kernel.formulation;
  ir::Function rates = passes::run_scalar_pipeline(formulation.decay_rates);
  rates.columns.clear();  // its slopes read none
  std::vector<double> slopes = values.results(rates, *extra);
  for (size_t k = 0; k < slopes.size(); k++) {
    if (slopes[k] <= 0) continue;
    const sema::State& state = cell.states[formulation.alike[k]];
    error(
        Kind::ParameterValue, state.rate_span,
        fmt::format("`{}` of `{}` grows without bound: its decay rate is {:.6g} ms^-1", state.path, population.name, -slopes[k]))
        .help("is a time constant negative?");
    return std::nullopt;
  }
  return made;
}

}  // namespace eic::plan
