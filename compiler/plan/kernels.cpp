// Kernels of the populations: formulate the equations, run the passes, join the uniforms of all functions to one block.
#include <fmt/format.h>

#include <cmath>

#include "compiler/plan/planner.h"

namespace eic::plan {

namespace {

// The function counts its uniforms in the block from `base` on.
void move_uniforms(ir::Function& function, uint32_t base) {
  for (ir::Value& value : function.values)
    if (value.op == ir::Op::Uniform) value.slot += base;
  function.uniforms.insert(function.uniforms.begin(), base, ir::Slot{"(another function's)", {}});
}

}  // namespace

Kernel Planner::make_kernel(solvers::Formulation formulation) {
  Kernel kernel;
  uint32_t base = 0;
  ir::Precision precision = out_.run.single ? ir::Precision::Single : ir::Precision::Double;
  auto ready = [&](const ir::Function& function) {
    passes::Lowerable lowerable = passes::run_pipeline(function, precision, watch_);
    move_uniforms(lowerable.kernel, base);
    base += static_cast<uint32_t>(lowerable.prologue.results.size());
    kernel.prologues.push_back(std::move(lowerable.prologue));
    return std::move(lowerable.kernel);
  };
  kernel.step = ready(formulation.step);
  if (formulation.init) kernel.init = ready(*formulation.init);
  if (formulation.prime) kernel.prime = ready(*formulation.prime);
  if (formulation.observe) kernel.observe = ready(*formulation.observe);
  for (const ir::Function& event : formulation.events) kernel.events.push_back(ready(event));
  kernel.formulation = std::move(formulation);
  return kernel;
}

bool Planner::has_input(uint32_t population) const {
  auto to = [&](const sema::Stimulus& stimulus) { return stimulus.to.population == population; };
  return std::any_of(network_.stimuli.begin(), network_.stimuli.end(), to) ||
         std::any_of(simulation_.stimuli.begin(), simulation_.stimuli.end(), to);
}

std::vector<std::string> Planner::observed(uint32_t population) const {
  const sema::Cell& cell = model_.cells[network_.populations[population].cell];
  std::vector<std::string> names;
  for (const sema::Recording& recording : simulation_.recordings) {
    if (recording.of.population != population) continue;
    for (const std::string& name : recording.variables) {
      bool state = std::any_of(cell.states.begin(), cell.states.end(), [&](const sema::State& s) { return s.path == name; });
      if (!state && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

const sema::Spread& Planner::start(uint32_t population, uint32_t state) const {
  if (auto run = simulation_.starts.find({population, state}); run != simulation_.starts.end()) return run->second;
  const auto& own = network_.populations[population].starts;
  if (auto found = own.find(state); found != own.end()) return found->second;
  return model_.cells[network_.populations[population].cell].states[state].start;
}

std::vector<const sema::Expr*> Planner::computed_starts(uint32_t population) const {
  const sema::Cell& cell = model_.cells[network_.populations[population].cell];
  std::vector<const sema::Expr*> starts;
  for (uint32_t i = 0; i < cell.states.size(); i++) {
    const sema::Spread& spread = start(population, i);
    bool computed = spread.kind == Draw::Kind::Constant && !sema::is_constant(*spread.args[0]);
    starts.push_back(computed ? spread.args[0].get() : nullptr);
  }
  return starts;
}

void Planner::warn_frozen(const solvers::Formulation& formulation, const sema::Cell& cell) {
  for (uint32_t column : formulation.frozen) {
    const sema::State& state = cell.states[*formulation.columns[column].state];
    emitter_.emit(Kind::NotLinear, state.rate_span,
                  fmt::format("`{}'` is not linear in `{}`: `exp_euler` holds its slope over each step", state.path, state.path));
  }
}

bool Planner::kernel(uint32_t index) {
  uint32_t cell = network_.populations[index].cell;
  Key key{cell, has_input(index), observed(index), computed_starts(index)};
  auto known = std::find(keys_.begin(), keys_.end(), key);
  if (known != keys_.end()) {
    out_.kernel_of.push_back(static_cast<uint32_t>(known - keys_.begin()));
    return true;
  }
  solvers::Request request{&model_.cells[cell], &model_.params, simulation_.method, network_.populations[index].name,
                           key.input,           key.observed,   key.starts};
  auto formulation = solvers::formulate(request, emitter_);
  if (!formulation) return false;
  warn_frozen(*formulation, model_.cells[cell]);
  out_.kernel_of.push_back(static_cast<uint32_t>(keys_.size()));
  keys_.push_back(std::move(key));
  out_.kernels.push_back(make_kernel(std::move(*formulation)));
  out_.kernels.back().name = network_.populations[index].name;
  return true;
}

bool Planner::uniforms(uint32_t index, Values& values) {
  const sema::Cell& cell = model_.cells[network_.populations[index].cell];
  const Kernel& kernel = out_.kernels[out_.kernel_of[index]];
  Population& population = out_.run.populations[index];
  std::map<std::string, double> extra = {{"dt", out_.run.dt}, {"(weight)", 0}};  // no prologue reads the weight
  if (cell.spike && cell.spike->refractory) {
    auto steps = whole_steps(*cell.spike->refractory, "`refractory`");
    if (!steps) return false;
    extra["(refractory steps)"] = static_cast<double>(*steps);
  }
  for (const ir::Function& prologue : kernel.prologues) {
    std::vector<double> block = values.results(prologue, extra);
    population.uniforms.insert(population.uniforms.end(), block.begin(), block.end());
  }
  const solvers::Formulation& formulation = kernel.formulation;
  ir::Function rates = passes::run_scalar_pipeline(formulation.decay_rates);
  rates.columns.clear();  // its slopes read none
  std::vector<double> slopes = values.results(rates, extra);
  for (size_t k = 0; k < slopes.size(); k++) {
    if (slopes[k] <= 0) continue;
    const sema::State& state = cell.states[formulation.decaying[k]];
    error(
        Kind::ParameterValue, state.rate_span,
        fmt::format("`{}` of `{}` grows without bound: its decay rate is {:.6g} ms^-1", state.path, population.name, -slopes[k]))
        .help("is a time constant negative?");
    return false;
  }
  return true;
}

}  // namespace eic::plan
