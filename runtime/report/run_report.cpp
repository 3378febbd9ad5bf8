#include "runtime/report/run_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "runtime/report/format.h"

namespace eic::report {
namespace {

using Json = nlohmann::ordered_json;
using record::Outcome;

const char* outcome_name(Outcome outcome) {
  switch (outcome) {
    case Outcome::Complete: return "complete";
    case Outcome::Interrupted: return "interrupted";
    case Outcome::Failed: return "failed";
  }
  return "failed";
}

double steps_per_s(const RunReport& report) { return report.run_s > 0 ? static_cast<double>(report.steps) / report.run_s : 0; }
double real_time(const RunReport& report) { return steps_per_s(report) * report.dt_ms / 1000; }

Json number(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json view_json(const NamedMeasures& view) {
  const Measures& m = view.measures;
  return {{"cells", m.cells}, {"spikes", m.spikes}, {"rate_hz", number(m.rate_hz)}, {"cv_isi", number(m.cv_isi)},
          {"silent_fraction", number(m.silent_fraction)}, {"fano_1ms", number(m.fano_1ms)},
          {"synchrony", number(m.synchrony)}, {"begin", view.range.begin}, {"end", view.range.end}};
}

Json projection_json(const ProjectionReport& p) {
  Json json = {{"from", p.from}, {"to", p.to}, {"synapses", p.synapses},
               {"in_degree", {p.in.least, p.in.most}}, {"out_degree", {p.out.least, p.out.most}},
               {"autapses", p.autapses}, {"multapses", p.multapses},
               {"delay_ms", p.delay_ms}, {"delay_sd_ms", p.delay_sd_ms}, {"delay_clipped", p.delay_clipped}};
  if (p.plasticity)
    json["plasticity"] = {{"rule", p.plasticity->rule}, {"of_synapse", p.plasticity->of_synapse},
                          {"of_source", p.plasticity->of_source}, {"of_target", p.plasticity->of_target},
                          {"bytes_a_synapse", p.plasticity->bytes_a_synapse}, {"bytes", p.plasticity->bytes}};
  return json;
}

std::string rule_text(const ProjectionReport& p) {
  std::string kept;
  auto say = [&](const std::vector<std::string>& states, const char* where) {
    if (!states.empty()) kept += fmt::format("{}{} {}", kept.empty() ? "" : "; ", fmt::join(states, ", "), where);
  };
  say(p.plasticity->of_synapse, "one a synapse");
  say(p.plasticity->of_source, "one a source and delay");
  say(p.plasticity->of_target, "one a target");
  return fmt::format("  {}: {} ({})\n      {} B a synapse, {} for the rule\n", p.name, p.plasticity->rule,
                     kept.empty() ? "nothing kept" : kept, p.plasticity->bytes_a_synapse, bytes_text(p.plasticity->bytes));
}

std::string range_text(DegreeRange range) {
  if (range.least == range.most) return thousands(range.least);
  return thousands(range.least) + "–" + thousands(range.most);
}

std::string delay_text(const ProjectionReport& p) {
  std::string text = significant(p.delay_ms, 3);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
  }
  if (p.delay_sd_ms > 0) text += " ± " + significant(p.delay_sd_ms, 2);
  return text + " ms";
}

std::string heading(const RunReport& report) {
  std::string text = fmt::format("{} · {} · seed {}", report.model, report.simulation, report.seed);
  if (report.outcome != Outcome::Complete)
    text += fmt::format(" · {} after {} of {} steps", outcome_name(report.outcome), thousands(report.steps),
                        thousands(report.steps_planned));
  return text + '\n';
}

void print_built(const RunReport& report, std::string& out) {
  out += fmt::format("\n  built   {}, {}, {} in {} (compiled in {})\n", counted(report.cells, "cell"),
                     counted(report.synapses, "synapse"), bytes_text(report.bytes), seconds_text(report.build_s),
                     seconds_text(report.compile_s));
  double simulated_ms = static_cast<double>(report.steps) * report.dt_ms;
  out += fmt::format("  ran     {} of {} ({}) in {}\n", counted(report.steps, "step"), biological_text(report.dt_ms),
                     biological_text(simulated_ms), seconds_text(report.run_s));
  double per_second = steps_per_s(report);
  out += fmt::format("          {} steps/s, {} × real time\n", significant(per_second, per_second < 1000 ? 3 : 4),
                     significant(real_time(report), 2));
  out += fmt::format("          {}, {} precision, {}, {} a vector\n", report.method, report.single ? "single" : "double",
                     counted(report.threads, "thread"), counted(report.width, "cell"));
}

void print_projections(const RunReport& report, std::string& out) {
  if (report.projections.empty()) return;
  Table table({0, 1});
  table.row({"", "projection", "synapses", "in-degree", "out-degree", "autapses", "multapses", "delay"});
  for (const auto& p : report.projections)
    table.row({p.name, p.from + " → " + p.to, thousands(p.synapses), range_text(p.in), range_text(p.out), thousands(p.autapses),
               thousands(p.multapses), delay_text(p)});
  out += '\n' + table.text("  ");
  for (const auto& p : report.projections)
    if (p.delay_clipped > 0)
      out += fmt::format("  {}: {} of the delays drawn were below dt and raised to it\n", p.name,
                         or_dash(p.delay_clipped, 2, "%", 100));
  for (const auto& p : report.projections)
    if (p.plasticity) out += rule_text(p);
}

void print_populations(const RunReport& report, std::string& out) {
  if (report.populations.empty()) return;
  Table table({0});
  table.row({"view", "cells", "spikes", "rate", "CV of ISI", "silent", "Fano 1 ms", "synchrony"});
  for (const auto& view : report.populations) {
    const Measures& m = view.measures;
    table.row({view.name, thousands(m.cells), thousands(m.spikes), or_dash(m.rate_hz, 3, "Hz"), or_dash(m.cv_isi, 3),
               or_dash(m.silent_fraction, 3, "%", 100), or_dash(m.fano_1ms, 3), or_dash(m.synchrony, 2)});
  }
  out += '\n' + table.text("  ");
}

void print_files(const RunReport& report, std::string& out) {
  if (report.files.empty()) return;
  Table table({0, 1});
  for (const auto& file : report.files)
    table.row({&file == &report.files.front() ? "files " : "", file.path, file.bytes > 0 ? bytes_text(file.bytes) : ""});
  out += '\n' + table.text("  ");
}

}  // namespace

nlohmann::ordered_json to_json(const RunReport& report) {
  Json json{{"model", report.model}, {"simulation", report.simulation}, {"seed", report.seed}, {"dt_ms", report.dt_ms},
            {"duration_ms", report.duration_ms}, {"precision", report.single ? "single" : "double"}, {"threads", report.threads},
            {"width", report.width}, {"cells", report.cells}, {"synapses", report.synapses}, {"compile_s", report.compile_s},
            {"build_s", report.build_s}, {"run_s", report.run_s}, {"spikes", report.spikes}};
  if (report.single_weights) json["single_weights"] = true;
  json["populations"] = Json::object();
  for (const auto& view : report.populations) json["populations"][view.name] = view_json(view);
  json["files"] = Json::array();
  for (const auto& file : report.files) json["files"].push_back(file.path);
  json["outcome"] = outcome_name(report.outcome);
  json["steps"] = report.steps;
  json["steps_planned"] = report.steps_planned;
  json["steps_per_s"] = steps_per_s(report);
  json["times_real_time"] = real_time(report);
  json["bytes"] = report.bytes;
  json["method"] = report.method;
  json["projections"] = Json::object();
  for (const auto& p : report.projections) json["projections"][p.name] = projection_json(p);
  if (!report.phases.empty()) json["phases"] = Json::array();
  for (const auto& phase : report.phases)
    json["phases"].push_back({{"name", phase.name}, {"from_ms", phase.from_ms}, {"to_ms", phase.to_ms}});
  json["parameters"] = Json::object();
  for (const auto& parameter : report.parameters) json["parameters"][parameter.path] = parameter.value;
  json["model_hash"] = report.model_hash;
  json["version"] = report.version;
  if (report.profile) json["profile"] = profile_json(*report.profile);
  return json;
}

std::string json_text(const RunReport& report) {
  // A path that is no UTF-8 is shown with replacement characters rather than refused.
  return to_json(report).dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string to_text(const RunReport& report) {
  std::string out = heading(report);
  print_built(report, out);
  print_projections(report, out);
  print_populations(report, out);
  print_files(report, out);
  if (report.profile) out += profile_text(*report.profile);
  return out;
}

}  // namespace eic::report
