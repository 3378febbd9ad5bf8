#include "runtime/report/profile.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "runtime/report/format.h"

namespace eic::report {

namespace {

using Json = nlohmann::ordered_json;

double ns_each(double seconds, uint64_t count) { return count > 0 ? seconds * 1e9 / static_cast<double>(count) : 0; }
std::string percent(double part, double whole) { return whole > 0 && part != 0 ? significant(100 * part / whole, 2) + " %" : "–"; }
std::string ns(double seconds, uint64_t count) { return count > 0 ? significant(ns_each(seconds, count), 3) + " ns" : "–"; }

double floor_share(const ProfileReport::Population& p) {
  const double taken = ns_each(p.update_s, p.cell_steps);
  return taken > 0 ? p.floor_ns / taken : 0;
}

void print_parts(const ProfileReport& profile, std::string& out) {
  Table table({0});
  table.row({"part", "time", "share"});
  const std::pair<const char*, double> parts[] = {
      {"read and check", profile.read_s}, {"plan", profile.plan_s},        {"compile", profile.compile_s}, {"build", profile.build_s},
      {"run", profile.run_s},             {"end of files", profile.files_s}, {"other", profile.other_s()},   {"all", profile.total_s}};
  for (const auto& [name, seconds] : parts) table.row({name, seconds_text(seconds), percent(seconds, profile.total_s)});
  out += '\n' + table.text("  ");
}

void print_threads(const ProfileReport& profile, std::string& out) {
  Table table({0});
  table.row({"run", "deliver", "stimuli", "update", "gaps", "record", "wait", "other"});
  for (size_t i = 0; i < profile.threads.size(); ++i) {
    const ProfileReport::Thread& t = profile.threads[i];
    std::vector<std::string> row = {fmt::format("thread {}", i)};
    for (const double part : {t.deliver_s, t.stimuli_s, t.update_s, t.gaps_s, t.record_s, t.wait_s, t.other_s})
      row.push_back(percent(part, profile.run_s));
    table.row(std::move(row));
  }
  out += '\n' + table.text("  ");
}

void print_objects(const ProfileReport& profile, std::string& out) {
  Table cells({0});
  cells.row({"population", "cell-steps", "each", "floor", "share", "stimuli", "traffic"});
  for (const auto& p : profile.populations)
    cells.row({p.name, thousands(p.cell_steps), ns(p.update_s, p.cell_steps), significant(p.floor_ns, 3) + " ns",
               percent(floor_share(p), 1), ns(p.stimuli_s, p.cell_steps), bytes_text(p.bytes)});
  out += '\n' + cells.text("  ");
  if (profile.projections.empty() && profile.stimuli.empty()) return;
  Table events({0});
  events.row({"sender", "events", "each", "traffic"});
  for (const auto& p : profile.projections) events.row({p.name, thousands(p.events), ns(p.deliver_s, p.events), bytes_text(p.bytes)});
  for (const auto& s : profile.stimuli) events.row({s.name, thousands(s.events), ns(s.deliver_s, s.events), ""});
  out += '\n' + events.text("  ");
}

}  // namespace

nlohmann::ordered_json profile_json(const ProfileReport& profile) {
  Json json = {{"read_s", profile.read_s}, {"plan_s", profile.plan_s}, {"compile_s", profile.compile_s},
               {"build_s", profile.build_s}, {"run_s", profile.run_s}, {"files_s", profile.files_s},
               {"other_s", profile.other_s()}, {"total_s", profile.total_s}, {"steps", profile.steps}};
  json["threads"] = Json::array();
  for (const auto& t : profile.threads)
    json["threads"].push_back({{"deliver_s", t.deliver_s}, {"stimuli_s", t.stimuli_s}, {"update_s", t.update_s}, {"gaps_s", t.gaps_s},
                               {"record_s", t.record_s}, {"wait_s", t.wait_s}, {"other_s", t.other_s}});
  json["populations"] = Json::object();
  for (const auto& p : profile.populations)
    json["populations"][p.name] = {{"cell_steps", p.cell_steps}, {"update_s", p.update_s}, {"stimuli_s", p.stimuli_s},
                                   {"ns_per_cell_step", ns_each(p.update_s, p.cell_steps)}, {"operations", p.operations},
                                   {"floor_ns", p.floor_ns}, {"floor_share", floor_share(p)}, {"bytes", p.bytes}};
  json["projections"] = Json::object();
  for (const auto& p : profile.projections)
    json["projections"][p.name] = {{"events", p.events}, {"deliver_s", p.deliver_s},
                                   {"ns_per_event", ns_each(p.deliver_s, p.events)}, {"bytes", p.bytes}};
  json["stimuli"] = Json::object();
  for (const auto& s : profile.stimuli)
    json["stimuli"][s.name] = {{"events", s.events}, {"deliver_s", s.deliver_s}, {"ns_per_event", ns_each(s.deliver_s, s.events)}};
  json["clock_ghz"] = profile.clock_ghz;
  return json;
}

std::string profile_text(const ProfileReport& profile) {
  std::string out;
  print_parts(profile, out);
  print_threads(profile, out);
  print_objects(profile, out);
  return out;
}

}  // namespace eic::report
