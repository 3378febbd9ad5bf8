// Stimuli: their cells, windows and settings in internal units; what no stimulus of the kind can do is refused here.
#include <fmt/format.h>

#include <cmath>

#include "compiler/plan/planner.h"

namespace eic::plan {

namespace {
using StimulusKind = Stimulus::Kind;
}

// A value, or one a cell; zero where it is not given.
std::optional<Draw> Planner::stimulus_value(const sema::Stimulus& written, const char* setting, Values& values, double scale) {
  const sema::Spread* spread = written.value(setting);
  return spread ? draw(*spread, values, scale) : Draw{};
}

// Its times count from the begin of `within`, and it ends with that.
bool Planner::window(const sema::Stimulus& written, Stimulus& stimulus, Steps within) {
  for (auto [time, place, what] :
       {std::tuple{&written.from, &stimulus.from_step, "`from`"}, std::tuple{&written.to_time, &stimulus.to_step, "`to`"}}) {
    if (!*time) continue;
    auto steps = whole_steps(**time, what);
    if (!steps) return false;
    *place = *steps;
  }
  for (uint64_t* place : {&stimulus.from_step, &stimulus.to_step})
    *place = *place < within.end - within.begin ? within.begin + *place : within.end;
  if (stimulus.from_step <= stimulus.to_step) return true;
  Diagnostic& diagnostic =
      error(Kind::RangeReversed, written.to_time ? written.to_time->span : written.span, "this stimulus ends before it begins");
  if (written.from) diagnostic.note(written.from->span, "it begins here");
  return false;
}

// Steps of a time that must not be zero.
std::optional<uint64_t> Planner::some_steps(const sema::Stimulus& written, const char* setting) {
  const sema::Expr& time = *written.constant(setting);
  auto steps = whole_steps(time, setting);
  if (steps && *steps == 0) {
    error(Kind::TimeNotPositive, time.span, fmt::format("`{}` must be at least one dt", setting));
    return std::nullopt;
  }
  return steps;
}

bool Planner::pulses(const sema::Stimulus& written, Stimulus& stimulus) {
  auto width = some_steps(written, "width"), period = some_steps(written, "period");
  if (!width || !period) return false;
  if (*width > *period) {
    error(Kind::ParameterValue, written.value("width")->span, "the pulses are longer than their period, so they overlap")
        .note(written.value("period")->span, "from the begin of one to the begin of the next");
    return false;
  }
  stimulus.width = *width;
  stimulus.period = *period;
  if (const sema::Expr* count = written.constant("count")) {
    auto n = whole(*count, "`count`");
    if (!n) return false;
    stimulus.count = *n;
  }
  return true;
}

bool Planner::sine(const sema::Stimulus& written, Stimulus& stimulus, Values& values) {
  const sema::Expr& frequency = *written.constant("frequency");
  stimulus.frequency = values.number(frequency);
  if (!(stimulus.frequency >= 0 && std::isfinite(stimulus.frequency))) {
    error(Kind::ParameterValue, frequency.span, "a frequency must not be negative");
    return false;
  }
  if (2 * stimulus.frequency * out_.run.dt > 1) {
    error(Kind::ParameterValue, frequency.span,
          fmt::format("{} Hz is more than half a period a step: dt = {} shows it as a slower one", stimulus.frequency * 1000,
                      milliseconds(dt_)));
    return false;
  }
  auto offset = stimulus_value(written, "offset", values), phase = stimulus_value(written, "phase", values);
  if (!offset || !phase) return false;
  stimulus.offset = *offset;
  stimulus.phase = *phase;
  return true;
}

bool Planner::noise(const sema::Stimulus& written, Stimulus& stimulus, Values& values) {
  auto mean = stimulus_value(written, "mean", values), sd = stimulus_value(written, "sd", values);
  if (!mean || !sd) return false;
  stimulus.amplitude = *mean;
  stimulus.sd = *sd;
  const sema::Expr& tau = *written.constant("tau");
  stimulus.tau = values.number(tau);
  if (!(stimulus.tau > 0 && std::isfinite(stimulus.tau))) {
    error(Kind::TimeNotPositive, tau.span, "the correlation time `tau` must be positive");
    return false;
  }
  return not_negative(*written.value("sd"), *sd, "a standard deviation");
}

bool Planner::not_negative(const sema::Spread& written, const Draw& draw, const char* what) {
  if (draw.kind != Draw::Kind::Constant || draw.a >= 0) return true;
  error(Kind::ParameterValue, written.span, fmt::format("{} must not be negative", what));
  return false;
}

bool Planner::events(const sema::Stimulus& written, Stimulus& stimulus, Values& values) {
  stimulus.port = *written.to.port;
  auto weight = stimulus_value(written, "weight", values);
  if (!weight) return false;
  stimulus.weight = *weight;
  if (stimulus.kind == StimulusKind::SpikeTimes) return true;
  double sources = 1;
  if (const sema::Expr* n = written.constant("n")) {
    auto whole_number = whole(*n, "the number of sources");
    if (!whole_number) return false;
    sources = static_cast<double>(*whole_number);
  }
  auto rate = stimulus_value(written, "rate", values, sources);
  if (!rate || !not_negative(*written.value("rate"), *rate, "a rate")) return false;
  stimulus.rate = *rate;
  return true;
}

// What the kind has besides cells and window.
bool Planner::stimulus_settings(const sema::Stimulus& written, Stimulus& stimulus, Values& values) {
  auto set = [&](const char* setting, Draw& place) {
    auto value = stimulus_value(written, setting, values);
    if (value) place = *value;
    return value.has_value();
  };
  auto series = [&](const char* setting) {
    auto column = draw(*written.value(setting), values, 1);
    stimulus.series = column->csv;
    return true;
  };
  switch (stimulus.kind) {
    case StimulusKind::Step: return set("amplitude", stimulus.amplitude);
    case StimulusKind::Pulses: return set("amplitude", stimulus.amplitude) && pulses(written, stimulus);
    case StimulusKind::Ramp: return set("from_amplitude", stimulus.amplitude) && set("to_amplitude", stimulus.to_amplitude);
    case StimulusKind::Sine: return set("amplitude", stimulus.amplitude) && sine(written, stimulus, values);
    case StimulusKind::OuNoise: return noise(written, stimulus, values);
    case StimulusKind::Waveform: return series("amplitude");
    case StimulusKind::Clamp: return set("v", stimulus.amplitude);
    case StimulusKind::Poisson: return events(written, stimulus, values);
    case StimulusKind::SpikeTimes: return events(written, stimulus, values) && series("times");
  }
  return false;
}

// In the same steps; one may begin where another ends.
bool Planner::one_clamp_a_cell() {
  auto cells = [](const Stimulus& stimulus) {
    std::vector<uint64_t> all = stimulus.cells;
    for (uint64_t cell = stimulus.to.begin; stimulus.cells.empty() && cell < stimulus.to.end; cell++) all.push_back(cell);
    std::sort(all.begin(), all.end());
    return all;
  };
  const std::vector<Stimulus>& stimuli = out_.run.stimuli;
  for (size_t i = 0; i < stimuli.size(); i++)
    for (size_t k = 0; k < i; k++) {
      const Stimulus &a = stimuli[k], &b = stimuli[i];
      if (a.kind != StimulusKind::Clamp || b.kind != StimulusKind::Clamp || a.to.population != b.to.population) continue;
      uint64_t from = std::max(a.from_step, b.from_step), to = std::min(a.to_step, b.to_step);
      std::vector<uint64_t> of_a = cells(a), of_b = cells(b), both;
      std::set_intersection(of_a.begin(), of_a.end(), of_b.begin(), of_b.end(), std::back_inserter(both));
      if (from >= to || both.empty()) continue;
      error(Kind::ItemTwice, {b.origin.file, b.origin.begin, b.origin.end},
            fmt::format("two clamps hold {}[{}] at {} ms", out_.run.populations[a.to.population].name, both[0],
                        static_cast<double>(from) * out_.run.dt))
          .note({a.origin.file, a.origin.begin, a.origin.end}, "the other is here")
          .help("give them windows that do not overlap: `to = 10 ms`, `from = 10 ms`");
      return false;
    }
  return true;
}

bool Planner::stimulus(const sema::Stimulus& written, Values& values, Steps within) {
  Stimulus stimulus;
  stimulus.kind = written.kind;
  stimulus.name = written.name;
  stimulus.path = written.path;
  stimulus.origin = origin(written.span);
  auto to = range(written.to);
  auto list = cells(written.to);
  if (!to || !list) return false;
  stimulus.to = *to;
  stimulus.cells = *list;
  if (!window(written, stimulus, within) || !stimulus_settings(written, stimulus, values)) return false;
  out_.run.stimuli.push_back(std::move(stimulus));
  return true;
}

}  // namespace eic::plan
