// A network as one of its simulations would build it: sizes, degrees, bytes, steps. From the plan alone.
#include <fmt/format.h>

#include <cmath>

#include "compiler/explain/explain.h"

namespace eic::explain {

namespace {

constexpr const char* k_rules[] = {
#define EIC_RULE(kind, name, argument, random) name,
#include "runtime/contract/rules.def"
#undef EIC_RULE
};

std::string count(double value) { return fmt::format("{:.0f}", value); }

std::string rule_text(const plan::Rule& rule) {
  std::string name = k_rules[static_cast<int>(rule.kind)], out;
  switch (rule.kind) {
    case plan::Rule::Kind::Bernoulli:
      out = rule.p_of ? name + "(of the distance)" : fmt::format("{}({:.6g})", name, rule.p);
      break;
    case plan::Rule::Kind::Csv: return fmt::format("{}(\"{}\")", name, rule.csv.shown);
    case plan::Rule::Kind::OneToOne:
    case plan::Rule::Kind::AllToAll: return name;
    default: out = fmt::format("{}({})", name, rule.k);
  }
  if (!rule.self) out += ", not itself";
  if (rule.multi) out += ", pairs may repeat";
  return out;
}

std::string range_text(const plan::Run& run, const plan::Range& range) {
  const plan::Population& population = run.populations[range.population];
  if (range.begin == 0 && range.end == population.size) return population.name;
  for (const plan::View& view : population.views)
    if (view.begin == range.begin && view.end == range.end) return population.name + "." + view.name;
  return fmt::format("{}[{} .. {}]", population.name, range.begin, range.end);
}

std::string draw_text(const std::optional<plan::Draw>& draw, double scale, const std::string& unit) {
  if (!draw) return "from the file";
  auto shown = [&](double value) { return fmt::format("{:.6g}", value * scale) + (unit.empty() || unit == "1" ? "" : " " + unit); };
  switch (draw->kind) {
    case plan::Draw::Kind::Constant: return shown(draw->a);
    case plan::Draw::Kind::Uniform: return fmt::format("uniform({}, {})", shown(draw->a), shown(draw->b));
    case plan::Draw::Kind::Normal: return fmt::format("normal({}, {})", shown(draw->a), shown(draw->b));
    case plan::Draw::Kind::LogNormal: return fmt::format("lognormal({}, {})", shown(draw->a), shown(draw->b));
    case plan::Draw::Kind::Exponential: return fmt::format("exponential({})", shown(draw->a));
    case plan::Draw::Kind::Gamma: return fmt::format("gamma({:.6g}, {})", draw->a, shown(draw->b));
    case plan::Draw::Kind::Csv: return fmt::format("csv(\"{}\")", draw->csv.shown);
  }
  return "";
}

// The mean of a degree where that is all the rule fixes; the degree itself where it fixes it.
std::string degree(double synapses, uint64_t cells, bool fixed) {
  if (cells == 0 || synapses == 0) return "–";
  return fmt::format("{}{:.4g}", fixed ? "" : "≈ ", synapses / static_cast<double>(cells));
}

// Where the states of a projection's plasticity rule live.
std::string rule_text(const plan::Projection& projection) {
  const plan::Plasticity& rule = *projection.plasticity;
  std::string kept;
  for (auto [home, where] : {std::pair{plan::Home::Synapse, "one a synapse"}, std::pair{plan::Home::Source, "one a source and delay"},
                             std::pair{plan::Home::Target, "one a target"}}) {
    std::string names;
    for (const plan::RuleColumn& column : rule.columns)
      if (column.home == home && column.name.front() != '(') names += (names.empty() ? "`" : ", `") + column.name + "`";
    if (!names.empty()) kept += fmt::format("{}{} {}", kept.empty() ? "" : "; ", names, where);
  }
  return fmt::format("The synapses of `{}` follow the rule `{}`, which keeps {}.", projection.name, rule.rule, kept.empty() ? "nothing" : kept);
}

}  // namespace

void add_network(Document& document, const sema::Network& network, const plan::Run& run, const Sizes& sizes) {
  Section section{1, "Network " + network.name, {}};
  double bytes = 0, synapses = 0;
  uint64_t cells = 0;
  Table populations{{"population", "cell", "cells", "numbers a cell", "bytes"}, {}};
  for (size_t i = 0; i < run.populations.size(); i++) {
    const plan::Population& population = run.populations[i];
    populations.rows.push_back({population.name, population.cell, count(static_cast<double>(population.size)),
                                count(static_cast<double>(population.columns.size())), sizes.bytes_text(sizes.population_bytes[i])});
    for (const plan::View& view : population.views)
      populations.rows.push_back({fmt::format("{}.{}", population.name, view.name), "", count(static_cast<double>(view.end - view.begin)), "", ""});
    cells += population.size;
    bytes += sizes.population_bytes[i];
  }
  Table cell_values{{"value of each cell", "drawn or read"}, {}};
  for (const plan::Population& population : run.populations)
    for (const plan::Column& column : population.columns)
      if (column.role == plan::ColumnRole::Parameter)
        cell_values.rows.push_back({population.name + "." + column.name,
                                    column.start ? draw_text(column.start, column.from_internal, column.unit) : "follows"});
  Table phases{{"phase", "from", "to"}, {}};
  for (const plan::Phase& phase : run.phases) {
    auto ms = [&](uint64_t step) { return fmt::format("{:.12g} ms", static_cast<double>(step) * run.dt); };
    phases.rows.push_back({phase.name, ms(phase.steps.begin), ms(phase.steps.end)});
  }
  using Kind = plan::Rule::Kind;
  Table projections{{"projection", "from", "to", "rule", "synapses", "out-degree", "in-degree", "weight", "delay", "bytes"}, {}};
  for (size_t i = 0; i < run.projections.size(); i++) {
    const plan::Projection& projection = run.projections[i];
    static const plan::Port k_gap = {"gap", -1, "nS", 1000};  // what a gap junction's conductance is shown in
    const plan::Port& port = projection.gap ? k_gap : run.populations[projection.to.population].ports[projection.port];
    Kind kind = projection.rule.kind;
    bool all = kind == Kind::OneToOne || kind == Kind::AllToAll;
    projections.rows.push_back({projection.name, range_text(run, projection.from), range_text(run, projection.to) + (projection.gap ? " (gap)" : "." + port.name),
                                rule_text(projection.rule), kind == Kind::Csv ? "as the file says" : projection.rule.p_of ? "as the distances say" : (kind == Kind::Bernoulli ? "≈ " : "") + count(sizes.synapses[i]),
                                degree(sizes.synapses[i], projection.from.end - projection.from.begin, all || kind == Kind::FixedOutdegree),
                                degree(sizes.synapses[i], projection.to.end - projection.to.begin, all || kind == Kind::FixedIndegree),
                                projection.weight_of ? "of the distance" : draw_text(projection.weight, port.weight_from_internal, port.weight_unit),
                                projection.gap ? "none" : projection.delay_of ? "of the distance" : draw_text(projection.delay, run.dt, "ms"),
                                sizes.bytes_text(sizes.projection_bytes[i])});
    synapses += sizes.synapses[i];
    bytes += sizes.projection_bytes[i];
  }
  double seconds = static_cast<double>(run.steps) * run.dt / 1000;
  section.blocks.push_back(Paragraph{fmt::format("As `{}` runs it: {} steps of {} ms ({:.6g} s), {} precision, seed {}; {} cells, {} synapses, {} at most while it is built.",
                                                 run.simulation, run.steps, run.dt_text, seconds, run.single ? "single" : "double", run.seed, cells,
                                                 count(synapses), sizes.bytes_text(bytes))});
  section.blocks.push_back(std::move(populations));
  if (!cell_values.rows.empty()) section.blocks.push_back(std::move(cell_values));
  if (!phases.rows.empty()) section.blocks.push_back(std::move(phases));
  if (!projections.rows.empty()) section.blocks.push_back(std::move(projections));
  for (const plan::Projection& projection : run.projections)
    if (projection.plasticity) section.blocks.push_back(Paragraph{rule_text(projection)});
  document.sections.push_back(std::move(section));
}

}  // namespace eic::explain
