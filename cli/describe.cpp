#include "cli/describe.h"

#include <fmt/format.h>

#include "cli/version.h"
#include "runtime/events/plastic.h"
#include "runtime/record/step_clock.h"

namespace eic::cli {

std::string model_hash(const source::SourceSet& sources) {
  uint64_t hash = 0xcbf29ce484222325;  // FNV-1a over the texts of all files
  for (uint32_t i = 0; i < sources.size(); i++)
    for (unsigned char c : sources.get(i).text()) hash = (hash ^ c) * 0x100000001b3;
  return fmt::format("{:016x}", hash);
}

namespace {

std::string range_name(const plan::Run& run, const plan::Range& range) {
  const plan::Population& population = run.populations[range.population];
  for (const plan::View& view : population.views)
    if (view.begin == range.begin && view.end == range.end) return population.name + "." + view.name;
  return population.name;
}

// In the unit in which its value was given, to the 15 digits that survive any conversion.
std::string shown(plan::Values& values, uint32_t index, const sema::Param& param) {
  auto given = units::parse_unit(sema::unit_of(values.source(index)));
  const units::Unit& unit = given && given->dimension == param.dimension ? *given : param.unit;
  std::string number = fmt::format("{:.15g}", units::from_internal(values.param(index), unit));
  return unit.text == "1" ? number : number + " " + unit.text;
}

report::RuleReport rule_report(const plan::Projection& projection, const connect::Statistics& made, bool single) {
  const plan::Plasticity& rule = *projection.plasticity;
  report::RuleReport report;
  report.rule = rule.rule;
  report.bytes = made.rule_bytes;
  for (const plan::RuleColumn& column : rule.columns) {
    if (column.name.front() == '(') continue;  // the compiler's own
    if (column.home == plan::Home::Synapse) report.of_synapse.push_back(column.name);
    if (column.home == plan::Home::Source) report.of_source.push_back(column.name);
    if (column.home == plan::Home::Target) report.of_target.push_back(column.name);
  }
  const bool one_weight = projection.weight && projection.weight->kind == plan::Draw::Kind::Constant;
  const double weight = one_weight ? 0 : single ? sizeof(float) : sizeof(double);
  report.bytes_a_synapse = sizeof(uint32_t) + weight + events::Plastic::bytes_a_synapse(projection, single);
  return report;
}

void add_parameters(report::RunReport& report, const source::SourceSet& sources, const sema::Model& model,
                    const sema::Simulation& simulation) {
  plan::Values values(model, {&simulation.params});
  for (uint32_t i = 0; i < model.params.size(); i++) {
    const sema::Param& param = model.params[i];
    report.parameters.push_back({param.path, shown(values, i, param)});
  }
  for (const sema::Population& population : model.networks[simulation.network].populations) {
    plan::Values own(model, {&simulation.params, &population.params});
    for (const auto& [i, overruled] : population.params) {  // "N.INa.g": what this population overrules
      const sema::Param& param = model.params[i];
      report.parameters.push_back({population.name + param.path.substr(param.path.find('.')), shown(own, i, param)});
    }
    for (const auto& [i, spread] : population.drawn) {  // as it is written: a distribution or a file
      const std::string& path = model.params[i].path;
      std::string written(sources.get(spread.span.file).text().substr(spread.span.begin, spread.span.end - spread.span.begin));
      report.parameters.push_back({population.name + path.substr(path.find('.')), written + ", for each cell"});
    }
  }
}

}  // namespace

report::RunReport describe_model(const source::SourceSet& sources, const std::string& hash, const sema::Model& model,
                                 const sema::Simulation& simulation, const plan::Run& run) {
  report::RunReport report;
  report.model = run.model;
  report.simulation = run.simulation;
  report.method = simulation.method;
  report.model_hash = hash;
  report.version = k_version;
  report.seed = run.seed;
  report.dt_ms = run.dt;
  report.duration_ms = record::StepClock(run.dt_text).ms(run.steps);
  report.single = run.single;
  report.steps_planned = run.steps;
  add_parameters(report, sources, model, simulation);
  record::StepClock clock(run.dt_text);
  for (const plan::Phase& phase : run.phases)
    report.phases.push_back({phase.name, clock.ms(phase.steps.begin), clock.ms(phase.steps.end)});
  return report;
}

void describe_built(report::RunReport& report, const plan::Run& run, const engine::Built& built) {
  report.cells = built.cells;
  report.synapses = built.synapses;
  report.bytes = built.bytes;
  report.build_s = built.build_s;
  for (size_t i = 0; i < run.projections.size(); i++) {
    const plan::Projection& plan = run.projections[i];
    const connect::Statistics& made = built.projections[i];
    const std::string end = plan.gap ? " (gap)" : "." + run.populations[plan.to.population].ports[plan.port].name;
    std::string to = range_name(run, plan.to) + end;
    report::ProjectionReport entry;
    entry.name = plan.name;
    entry.from = range_name(run, plan.from);
    entry.to = to;
    entry.synapses = made.synapses;
    entry.in = {made.in_min, made.in_max};
    entry.out = {made.out_min, made.out_max};
    entry.autapses = made.autapses;
    entry.multapses = made.multapses;
    if (!plan.gap) entry.delay_ms = (made.delays ? made.delays->mean : plan.delay ? plan.delay->a : 1) * run.dt;
    if (made.delays) {
      entry.delay_sd_ms = made.delays->sd * run.dt;
      entry.delay_clipped = made.delays->clipped;
    }
    if (plan.plasticity) entry.plasticity = rule_report(plan, made, run.single);
    report.projections.push_back(std::move(entry));
  }
}

void describe_finished(report::RunReport& report, const engine::Finished& finished, const report::SpikeStatistics& statistics,
                       const std::vector<std::unique_ptr<record::FileRecorder>>& files) {
  report.outcome = finished.outcome;
  report.steps = finished.steps;
  report.run_s = finished.run_s;
  report.threads = finished.threads;
  report.populations = statistics.results();
  report.spikes = statistics.spike_count();
  for (const auto& file : files)
    for (const record::WrittenFile& written : file->files()) report.files.push_back(written);
}

}  // namespace eic::cli
