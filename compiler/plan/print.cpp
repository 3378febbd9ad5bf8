// The plan as text, for `eic dump --after=plan`.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compiler/plan/plan.h"

namespace eic::plan {

namespace {

constexpr const char* k_roles[] = {"state", "synaptic", "parameter", "input", "derived", "noise"};
constexpr const char* k_rules[] = {
#define EIC_RULE(kind, name, argument, random) name,
#include "runtime/contract/rules.def"
#undef EIC_RULE
};

std::string text(const Draw& draw) {
  constexpr const char* k_kinds[] = {"constant", "uniform", "normal", "lognormal", "exponential", "gamma"};
  if (draw.kind == Draw::Kind::Csv)
    return fmt::format("csv {} column {} × {}", draw.csv.shown, draw.csv.column, draw.csv.to_internal);
  return draw.kind == Draw::Kind::Constant ? fmt::format("{}", draw.a)
                                           : fmt::format("{}({}, {})", k_kinds[static_cast<int>(draw.kind)], draw.a, draw.b);
}

// Nothing where it is the whole run.
std::string text(const std::vector<Steps>& during) {
  std::string out;
  for (const Steps& span : during)
    if (span.begin != 0 || span.end != UINT64_MAX)
      out += fmt::format("{} {} .. {}", out.empty() ? ", in steps" : ",", span.begin, span.end);
  return out;
}

std::string text(const Stimulus& stimulus) {
  constexpr const char* k_kinds[] = {
#define EIC_STIMULUS(kind, name, effect, doc) name,
#include "runtime/contract/stimuli.def"
#undef EIC_STIMULUS
  };
  std::string to_step = stimulus.to_step == UINT64_MAX ? "end" : std::to_string(stimulus.to_step);
  std::string out = fmt::format("stimulus {} : {} -> {}[{} .. {}], steps {} .. {}", stimulus.path,
                                k_kinds[static_cast<int>(stimulus.kind)], stimulus.to.population, stimulus.to.begin,
                                stimulus.to.end, stimulus.from_step, to_step);
  if (!stimulus.cells.empty()) out += fmt::format(", cells {}", fmt::join(stimulus.cells, " "));
  using K = Stimulus::Kind;
  switch (stimulus.kind) {
    case K::Step: out += fmt::format(": {} nA", text(stimulus.amplitude)); break;
    case K::Pulses:
      out += fmt::format(": {} nA for {} of {} steps, {} times", text(stimulus.amplitude), stimulus.width, stimulus.period,
                         stimulus.count == UINT64_MAX ? "any" : std::to_string(stimulus.count));
      break;
    case K::Ramp: out += fmt::format(": {} .. {} nA", text(stimulus.amplitude), text(stimulus.to_amplitude)); break;
    case K::Sine:
      out += fmt::format(": {} + {} nA, {} per ms, phase {}", text(stimulus.offset), text(stimulus.amplitude), stimulus.frequency,
                         text(stimulus.phase));
      break;
    case K::OuNoise:
      out += fmt::format(": mean {}, sd {} nA, tau {} ms", text(stimulus.amplitude), text(stimulus.sd), stimulus.tau);
      break;
    case K::Waveform: out += fmt::format(": csv {} column {}", stimulus.series.shown, stimulus.series.column); break;
    case K::Clamp: out += fmt::format(": {} mV", text(stimulus.amplitude)); break;
    case K::Poisson:
      out += fmt::format(": port {}, {} per ms, weight {}", stimulus.port, text(stimulus.rate), text(stimulus.weight));
      break;
    case K::SpikeTimes:
      out += fmt::format(": port {}, csv {} column {}, weight {}", stimulus.port, stimulus.series.shown, stimulus.series.column,
                         text(stimulus.weight));
      break;
  }
  return out + "\n";
}

std::string text(const Plasticity& rule) {
  constexpr const char* k_homes[] = {"synapse", "source and delay", "target", "place of a row"};
  constexpr const char* k_sent[] = {"the weight", "one number a row", "one number a synapse"};
  std::string out = fmt::format("  plasticity {} : {}, sends {}{}\n", rule.name, rule.rule, k_sent[static_cast<int>(rule.sent)],
                                rule.on_post ? ", hears the targets" : "");
  for (const RuleColumn& column : rule.columns)
    out += fmt::format("    column {} (one a {}), unit {}, starts at {}\n", column.name, k_homes[static_cast<int>(column.home)],
                       column.steps ? "steps" : column.unit.empty() ? "1" : column.unit, column.start);
  out += "    uniforms";
  for (double value : rule.uniforms) out += fmt::format(" {}", value);
  return out + "\n";
}

std::string text(const Positions& positions) {
  constexpr const char* k_kinds[] = {"line", "grid", "uniform"};
  if (positions.kind == Positions::Kind::Csv) return "csv " + positions.csv.shown;
  std::string out = k_kinds[static_cast<int>(positions.kind)];
  for (uint32_t axis = 0; axis < positions.dimensions; axis++) out += fmt::format("{}{}", axis ? " × " : " ", positions.extent[axis]);
  return out + (positions.periodic ? ", periodic" : "");
}

std::string text(const OfDistance& of) {
  std::string out = fmt::format("function {} of the distance(", of.function);
  for (size_t i = 0; i < of.uniforms.size(); i++) out += fmt::format("{}{}", i ? ", " : "", of.uniforms[i]);
  return out + ")";
}

std::string text(const std::optional<Draw>& draw, const std::optional<OfDistance>& of) {
  return of ? text(*of) : draw ? text(*draw) : "of the file";
}

}  // namespace

std::string print(const Run& run) {
  std::string out =
      fmt::format("run {} of {}: {} steps of {} ms, seed {}, {} (internal units: ms, mV, nA, uS, nF, um, amol, K)\n",
                  run.simulation, run.model, run.steps, run.dt_text, run.seed, run.single ? "single" : "double");
  for (const Population& population : run.populations) {
    out += fmt::format("population {} : {}[{}]\n", population.path, population.cell, population.size);
    if (population.positions) out += "  positions: " + text(*population.positions) + "\n";
    for (const View& view : population.views) out += fmt::format("  view {} = {} .. {}\n", view.name, view.begin, view.end);
    for (const Column& column : population.columns)
      out += fmt::format("  column {} ({}), unit {}, starts at {}\n", column.name, k_roles[static_cast<int>(column.role)],
                         column.unit.empty() ? "1" : column.unit, column.start ? text(*column.start) : "what init computes");
    for (const Port& port : population.ports)
      out += fmt::format(
          "  port {}, {}\n", port.name,
          port.add_column >= 0 ? fmt::format("adds to {}", population.columns[port.add_column].name) : "calls its handler");
    out += "  uniforms";
    for (double value : population.uniforms) out += fmt::format(" {}", value);
    out += "\n";
  }
  for (const Projection& projection : run.projections) {
    const Rule& rule = projection.rule;
    std::string argument = rule.kind == Rule::Kind::Csv         ? rule.csv.shown
                           : rule.p_of                          ? text(*rule.p_of)
                           : rule.kind == Rule::Kind::Bernoulli ? fmt::format("{}", rule.p)
                                                                : fmt::format("{}", rule.k);
    if (projection.gap) {
      out += fmt::format("gap {} : {}[{} .. {}] -> {}[{} .. {}], {}({}), conductance {}\n", projection.path,
                         projection.from.population, projection.from.begin, projection.from.end, projection.to.population,
                         projection.to.begin, projection.to.end, k_rules[static_cast<int>(rule.kind)], argument, text(*projection.weight));
      continue;
    }
    out += fmt::format(
        "projection {} : {}[{} .. {}] -> {}[{} .. {}] port {}, {}({}) self={} multi={}, weight {}, delay {} steps\n",
        projection.path, projection.from.population, projection.from.begin, projection.from.end, projection.to.population,
        projection.to.begin, projection.to.end, projection.port, k_rules[static_cast<int>(rule.kind)], argument, rule.self,
        rule.multi, text(projection.weight, projection.weight_of), text(projection.delay, projection.delay_of));
    if (projection.plasticity) out += text(*projection.plasticity);
  }
  for (const Stimulus& stimulus : run.stimuli)
    out += text(stimulus);
  for (const SpikeRecording& recording : run.spikes)
    out += fmt::format("record spikes of {}[{} .. {}]{}\n", recording.of.population, recording.of.begin, recording.of.end,
                       text(recording.during));
  for (const TraceRecording& trace : run.traces)
    out += fmt::format("record {} columns of {} cells of {} every {} steps to {}{}\n", trace.columns.size(), trace.cells.size(),
                       trace.population, trace.every, trace.file, text(trace.during));
  for (const Phase& phase : run.phases) {
    out += fmt::format("phase {} in steps {} .. {}\n", phase.name, phase.steps.begin, phase.steps.end);
    for (size_t p = 0; p < phase.uniforms.size(); p++) {
      out += fmt::format("  uniforms of {}", run.populations[p].name);
      for (double value : phase.uniforms[p]) out += fmt::format(" {}", value);
      out += "\n";
    }
    for (size_t p = 0; p < phase.weights.size(); p++)
      if (phase.weights[p]) out += fmt::format("  weight of {} {}\n", run.projections[p].path, text(*phase.weights[p]));
  }
  return out;
}

}  // namespace eic::plan
