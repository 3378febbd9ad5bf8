#include "cli/testing/own_runs.h"

#include <fmt/format.h>

#include <cmath>

#include "cli/signals.h"
#include "runtime/engine/engine.h"
#include "runtime/record/stores.h"

namespace eic::cli {

using sema::Comparison;
using sema::Expect;
using sema::Measure;

namespace {

constexpr int k_halvings = 3;
// Differences below so many roundings of the value say nothing about the method.
constexpr double k_roundings = 1000;

units::Decimal half(units::Decimal time) { return {time.mantissa * 5, time.exponent - 1}; }

sema::Simulation firing_run(const sema::Test& test, const Expect& expect) {
  sema::Simulation run = test.run;
  sema::Stimulus step;
  step.name = "amplitude";
  step.to = expect.of;
  step.values["amplitude"].args = {sema::number(0, units::parse_unit("nA")->dimension, expect.span)};
  step.span = expect.span;
  run.stimuli.push_back(step);
  sema::Recording spikes;
  spikes.spikes = true;
  spikes.of = expect.of;
  spikes.span = expect.span;
  run.recordings = {spikes};
  return run;
}

sema::Simulation converging_run(const sema::Test& test, const Expect& expect, const sema::Model& model) {
  sema::Simulation run = test.run;
  sema::Recording recording;
  recording.variables = {expect.variable};
  recording.of = expect.of;
  recording.every = run.dt;  // of every run: the rows are then at the same times
  recording.file = "convergence";
  recording.span = expect.span;
  recording.spikes = model.cells[model.networks[run.network].populations[expect.of.population].cell].spike.has_value();
  run.recordings = {recording};
  return run;
}

}  // namespace

int run_plan(Front& front, const plan::Run& run, const KernelSet& kernels, std::span<record::Recorder* const> recorders) {
  auto engine = engine::Engine::build(run, kernels, {});
  if (!engine) return emit_error(front, engine.error());
  engine::Finished finished = engine->run(recorders, {&interrupt_flag(), {}});
  if (finished.error) return emit_error(front, *finished.error);
  return finished.outcome == record::Outcome::Complete ? int{Ok} : 128 + interrupt_flag().load();
}

bool OwnRuns::needs(const Expect& expect) {
  return expect.measure == Measure::Convergence || (expect.measure == Measure::Curve && expect.variable == "rate");
}

std::unique_ptr<OwnRuns> OwnRuns::make(Front& front, const sema::Test& test, const Expect& expect, plan::Values& values,
                                       std::span<const std::unique_ptr<OwnRuns>> others) {
  bool order = expect.measure == Measure::Convergence;
  for (const auto& other : others)
    if (!order && other && other->expect_.measure == Measure::Curve)
      return std::unique_ptr<OwnRuns>(new OwnRuns(front, expect, other->compiled_));
  sema::Simulation run = order ? converging_run(test, expect, *front.model) : firing_run(test, expect);
  CompileOptions options;
  options.cache = cache_folder();
  auto compiled = compile(front, run, options);
  if (!compiled) return nullptr;
  std::unique_ptr<OwnRuns> made(new OwnRuns(front, expect, std::make_shared<Compiled>(std::move(*compiled))));
  options.choices.dt = values.time(*run.dt);
  for (int i = 0; order && i < k_halvings; i++) {
    options.choices.dt = half(*options.choices.dt);
    auto planned = plan_run(front, run, options);
    if (!planned) return nullptr;
    made->halved_.push_back(std::move(planned->run));
  }
  return made;
}

Result<Verdict, int> OwnRuns::judge(uint64_t seed_offset, plan::Values& values) {
  return expect_.measure == Measure::Convergence ? convergence(seed_offset, values) : firing_curve(seed_offset, values);
}

// In ms^-1. The stimulus of firing_run() is the plan's last.
Result<std::optional<double>, int> OwnRuns::rate_at(double amplitude, uint64_t seed_offset, plan::Values& values) {
  plan::Run run = compiled_->planned.run;
  run.stimuli.back().amplitude.a = amplitude;
  run.seed += seed_offset;
  auto window = window_of(expect_, run.dt, run.steps, values);
  if (!window) return Failure{emit_error(front_, window.error())};
  record::SpikeStore spikes;
  record::Recorder* recorder = &spikes;
  if (int status = run_plan(front_, run, compiled_->kernels, {&recorder, 1})) return Failure{status};
  auto rate = report::measure(spikes, expect_.of.population, {0, 1}, *window).rate_hz;
  return rate ? std::optional(*rate / 1000) : std::nullopt;
}

Result<Verdict, int> OwnRuns::firing_curve(uint64_t seed_offset, plan::Values& values) {
  if (expect_.comparison != Comparison::File) {
    auto rate = rate_at(values.number(*expect_.at), seed_offset, values);
    if (!rate) return Failure{rate.error()};
    return compare(expect_, values, *rate);
  }
  auto columns = columns_of(expect_, {"amplitude_nA", expect_.column});
  if (!columns) return Failure{emit_error(front_, columns.error())};
  if ((*columns)[0].empty()) return Failure{emit_error(front_, bad_data(expect_, fmt::format("`{}` has no row", expect_.shown)))};
  units::Unit unit = unit_of_column(expect_.column);
  double to_internal = 1 / units::from_internal(1, unit);
  Series series{"amplitude", "nA", "rate", {unit.dimension, unit}, "current", "amplitude_nA", (*columns)[0]};
  for (size_t i = 0; i < series.x.size(); i++) {
    auto rate = rate_at(series.x[i], seed_offset, values);
    if (!rate) return Failure{rate.error()};
    series.expected.push_back((*columns)[1][i] * to_internal);
    series.got.push_back(rate->value_or(NAN));
  }
  return compare(expect_, values.number(*expect_.tolerance), series);
}

// From |x(h) − x(h/2)| ~ h^p: p = log2 of how two differences in a row compare, root mean squares over the window's samples.
Result<Verdict, int> OwnRuns::convergence(uint64_t seed_offset, plan::Values& values) {
  const plan::Run& first = compiled_->planned.run;
  auto window = window_of(expect_, first.dt, first.steps, values);
  if (!window) return Failure{emit_error(front_, window.error())};
  std::vector<record::TraceStore> stores(k_halvings + 1);
  record::SpikeStore spikes;
  for (int i = 0; i <= k_halvings; i++) {
    plan::Run run = i == 0 ? first : halved_[static_cast<size_t>(i) - 1];
    run.seed += seed_offset;
    std::vector<record::Recorder*> recorders = {&stores[static_cast<size_t>(i)]};
    if (i == 0) recorders.push_back(&spikes);
    if (int status = run_plan(front_, run, compiled_->kernels, recorders)) return Failure{status};
  }
  const record::TraceStore::Trace& coarse = stores[0].traces()[0];
  std::vector<double> difference(k_halvings);
  double size = 0;
  size_t count = 0;
  for (size_t row = 0; row < coarse.steps.size(); row++) {
    if (coarse.steps[row] < window->from || coarse.steps[row] > window->to) continue;
    for (size_t column = 0; column < coarse.width; column++, count++) {
      size += coarse.at(row, column) * coarse.at(row, column);
      for (size_t i = 0; i < k_halvings; i++) {
        double off = stores[i].traces()[0].at(row, column) - stores[i + 1].traces()[0].at(row, column);
        difference[i] += off * off;
      }
    }
  }
  for (double& squares : difference) squares = std::sqrt(squares / static_cast<double>(count));
  double rounding = k_roundings * (first.single ? 0x1p-24 : 0x1p-53) * std::sqrt(size / static_cast<double>(count));

  std::optional<double> order;  // at the finest dt where there is more than rounding
  std::string levels;
  for (size_t i = 0; i + 1 < k_halvings; i++) {
    double h = first.dt / static_cast<double>(1 << i);
    levels += fmt::format("{}{} ms, {} ms, {} ms: ", i == 0 ? "" : "; ", h, h / 2, h / 4);
    if (difference[i + 1] > rounding) order = std::log2(difference[i] / difference[i + 1]);
    levels += difference[i + 1] > rounding ? fmt::format("{:.3g}", std::log2(difference[i] / difference[i + 1]))
                                           : "the runs agree to rounding";
  }
  Verdict verdict = compare(expect_, values, order);
  if (order) verdict.got = fmt::format("{:.4g}", *order);
  verdict.divergence = "orders at " + levels;
  const auto& fired =
      spikes.populations().empty() ? record::SpikeStore::Population{} : spikes.populations()[expect_.of.population];
  if (!fired.steps.empty())
    verdict.divergence += fmt::format("; there are spikes, from {} ms on: their times move with dt, and v with them",
                                      spikes.time_ms(fired, 0));
  return verdict;
}

}  // namespace eic::cli
