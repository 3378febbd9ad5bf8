// The table of a sweep: a row a point, with its axes, the measures of every population and view, and what became of it. In: the
// grid and each point's run.json. Out: sweep.csv, the text on stdout, JSON. Called by `eic sweep`.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "compiler/plan/sweep.h"
#include "runtime/contract/plan.h"

namespace eic::cli {

class SweepTable {
 public:
  // `run`: the plan of any point; all have the same populations and views.
  SweepTable(const plan::SweepGrid& grid, const plan::Run& run);

  // `report`: its run.json; null where there is none. Measures are those of a point that is complete.
  void set(size_t point, const std::string& outcome, const nlohmann::json& report);
  std::string csv() const;   // of the points that have ended, in order
  std::string text() const;  // for people: a line a view
  nlohmann::ordered_json json() const;

 private:
  struct Row {
    std::string outcome;  // empty: has not ended
    nlohmann::json report;
  };
  const nlohmann::json* measures(const Row& row, const std::string& view) const;

  const plan::SweepGrid& grid_;
  std::vector<std::string> views_;
  std::vector<Row> rows_;  // one a point
};

// "w_inh_nS"; a plain number has no unit.
std::string axis_column(const sema::SweepAxis& axis);

}  // namespace eic::cli
