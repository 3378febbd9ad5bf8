#include "cli/sweeping/table.h"

#include <fmt/format.h>

#include "runtime/report/format.h"

namespace eic::cli {

namespace {

using Json = nlohmann::json;

constexpr const char* k_measures[] = {"spikes", "rate_hz", "cv_isi", "silent_fraction", "fano_1ms", "synchrony"};

// The shortest decimal; nothing where it could not be computed.
std::string number(const Json& value) {
  if (value.is_number_integer()) return fmt::format("{}", value.get<int64_t>());
  return value.is_number() ? fmt::format("{}", value.get<double>()) : "";
}

std::optional<double> perhaps(const Json* measures, const char* name) {
  if (!measures || !measures->contains(name) || !(*measures)[name].is_number()) return std::nullopt;
  return (*measures)[name].get<double>();
}

}  // namespace

std::string axis_column(const sema::SweepAxis& axis) {
  return axis.unit.text == "1" ? axis.path : axis.path + "_" + axis.unit.text;
}

SweepTable::SweepTable(const plan::SweepGrid& grid, const plan::Run& run) : grid_(grid), rows_(grid.points.size()) {
  for (const plan::Population& population : run.populations) {
    views_.push_back(population.name);
    for (const plan::View& view : population.views) views_.push_back(population.name + "." + view.name);
  }
}

void SweepTable::set(size_t point, const std::string& outcome, const Json& report) { rows_[point] = {outcome, report}; }

const Json* SweepTable::measures(const Row& row, const std::string& view) const {
  if (row.outcome != "complete" || !row.report.contains("populations")) return nullptr;
  auto found = row.report["populations"].find(view);
  return found == row.report["populations"].end() ? nullptr : &*found;
}

std::string SweepTable::csv() const {
  std::string out = "point";
  for (const sema::SweepAxis* axis : grid_.axes) out += "," + axis_column(*axis);
  for (const std::string& view : views_)
    for (const char* measure : k_measures) out += fmt::format(",{}.{}", view, measure);
  out += ",run_s,outcome\n";
  for (size_t point = 0; point < rows_.size(); point++) {
    const Row& row = rows_[point];
    if (row.outcome.empty()) continue;
    out += fmt::format("{}", point + 1);
    for (const plan::SweepValue& value : grid_.points[point]) out += "," + value.digits;
    for (const std::string& view : views_) {
      const Json* found = measures(row, view);
      for (const char* measure : k_measures) out += "," + (found && found->contains(measure) ? number((*found)[measure]) : "");
    }
    out += fmt::format(",{},{}\n", row.report.contains("run_s") ? number(row.report["run_s"]) : "", row.outcome);
  }
  return out;
}

std::string SweepTable::text() const {
  report::Table table({});
  std::vector<std::string> head = {"point"};
  for (const sema::SweepAxis* axis : grid_.axes) head.push_back(axis->path);
  for (const char* name : {"view", "spikes", "rate", "CV of ISI", "silent", "Fano 1 ms", "synchrony", "ran in"}) head.emplace_back(name);
  table.row(head);
  for (size_t point = 0; point < rows_.size(); point++) {
    const Row& row = rows_[point];
    if (row.outcome.empty()) continue;
    for (size_t v = 0; v < views_.size(); v++) {
      std::vector<std::string> line = {v == 0 ? fmt::format("{}", point + 1) : ""};
      for (size_t a = 0; a < grid_.axes.size(); a++) line.push_back(v == 0 ? plan::shown(grid_.points[point][a], *grid_.axes[a]) : "");
      line.push_back(views_[v]);
      const Json* found = measures(row, views_[v]);
      auto spikes = perhaps(found, "spikes");
      line.push_back(spikes ? report::thousands(static_cast<uint64_t>(*spikes)) : found ? "–" : row.outcome);
      line.push_back(report::or_dash(perhaps(found, "rate_hz"), 3, "Hz"));
      line.push_back(report::or_dash(perhaps(found, "cv_isi"), 3));
      line.push_back(report::or_dash(perhaps(found, "silent_fraction"), 3, "%", 100));
      line.push_back(report::or_dash(perhaps(found, "fano_1ms"), 3));
      line.push_back(report::or_dash(perhaps(found, "synchrony"), 2));
      auto seconds = v == 0 && row.report.contains("run_s") ? perhaps(&row.report, "run_s") : std::nullopt;
      line.push_back(seconds ? report::seconds_text(*seconds) : "");
      table.row(line);
      if (!found) break;
    }
  }
  return table.text("  ");
}

nlohmann::ordered_json SweepTable::json() const {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (size_t point = 0; point < rows_.size(); point++) {
    const Row& row = rows_[point];
    if (row.outcome.empty()) continue;
    nlohmann::ordered_json made{{"point", point + 1}};
    for (size_t a = 0; a < grid_.axes.size(); a++)
      made["axes"][grid_.axes[a]->path] = plan::shown(grid_.points[point][a], *grid_.axes[a]);
    made["outcome"] = row.outcome;
    made["run_s"] = row.report.contains("run_s") ? row.report["run_s"] : Json(nullptr);
    made["populations"] = nlohmann::ordered_json::object();
    for (const std::string& view : views_) {
      const Json* found = measures(row, view);
      if (!found) continue;
      for (const char* measure : k_measures)
        made["populations"][view][measure] = found->contains(measure) ? (*found)[measure] : Json(nullptr);
    }
    rows.push_back(std::move(made));
  }
  return rows;
}

}  // namespace eic::cli
