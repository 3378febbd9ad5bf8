// What every form of `expect` shares: numbers as the user reads them, a number against a comparator, a series against a
// file's column, the window of time. Internal to testing/.
#pragma once
#include "cli/testing/outcome.h"
#include "compiler/plan/values.h"
#include "runtime/contract/result.h"
#include "runtime/report/statistics.h"

namespace eic::cli {

struct Shown {
  units::Dimension dimension;
  units::Unit unit;
  std::string operator()(double internal) const { return units::print(internal, dimension, &unit); }
};
Shown shown_as(const std::string& unit);
// In the unit that the user gave the number it is compared with.
Shown shown_as(const sema::Expr& number);

// `got` in internal units (a rate counts in ms^-1); nothing where it cannot be measured.
Verdict compare(const sema::Expect& expect, plan::Values& values, std::optional<double> got);

bool close(double got, double wanted, double tolerance, sema::Expect::Within within);

// A curve of the run beside the file's, point by point.
struct Series {
  std::string x_name, x_unit;  // "time", "ms": x is in this unit
  std::string y_name;          // "v"
  Shown y;                     // of the file's column; expected and got are internal
  const char* point;           // what one is called: "sample"
  std::string x_column;        // of the file
  std::vector<double> x, expected = {}, got = {};
};
Verdict compare(const sema::Expect& expect, double tolerance, const Series& series);

Origin origin_of(const sema::Expect& expect);
RunError bad_data(const sema::Expect& expect, std::string what, std::string help = "");
Result<report::Window, RunError> window_of(const sema::Expect& expect, double dt, uint64_t steps, plan::Values& values);
// Columns of the expectation's file; its time column is called `time_ms` or `t_ms`.
Result<std::vector<std::vector<double>>, RunError> columns_of(const sema::Expect& expect,
                                                              const std::vector<std::string>& columns);
Result<std::string, RunError> time_column_of(const sema::Expect& expect);
// "v_mV": the unit that a column's name ends in.
units::Unit unit_of_column(const std::string& column);

}  // namespace eic::cli
