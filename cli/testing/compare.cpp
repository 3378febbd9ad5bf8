#include "cli/testing/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "runtime/report/format.h"
#include "runtime/tables/csv.h"

namespace eic::cli {

using sema::Comparison;
using sema::Expect;
using Within = sema::Expect::Within;

Shown shown_as(const std::string& unit) {
  units::Unit parsed = units::parse_unit(unit).value_or(units::dimensionless());
  return {parsed.dimension, parsed};
}

Shown shown_as(const sema::Expr& number) {
  auto unit = units::parse_unit(sema::unit_of(number));
  bool fits = unit && unit->dimension == number.dimension && !unit->celsius;
  return {number.dimension, fits ? *unit : units::usual(number.dimension)};
}

Verdict compare(const Expect& expect, plan::Values& values, std::optional<double> got) {
  Verdict verdict;
  Shown shown = shown_as(*expect.low);
  double low = values.number(*expect.low), high = values.number(*expect.high);
  verdict.got = got ? shown(*got) : "nothing that could be measured";
  auto judge = [&](std::string expected, bool holds) {
    verdict.expected = std::move(expected);
    verdict.holds = got && holds;
  };
  double value = got.value_or(0);
  switch (expect.comparison) {
    case Comparison::Less: judge("< " + shown(low), value < low); break;
    case Comparison::LessEqual: judge("<= " + shown(low), value <= low); break;
    case Comparison::Greater: judge("> " + shown(low), value > low); break;
    case Comparison::GreaterEqual: judge(">= " + shown(low), value >= low); break;
    case Comparison::In: judge("in " + shown(low) + " .. " + shown(high), value >= low && value <= high); break;
    case Comparison::About: judge(shown(low) + " +- " + shown(high), std::fabs(value - low) <= high); break;
    case Comparison::File: break;
  }
  return verdict;
}

// To six digits: how far off, where the values themselves are given in full.
static std::string about(double internal, const units::Unit& unit) {
  bool plain = unit.dimension.dimensionless() && unit.scale == 0;
  return fmt::format("{:.6g}{}{}", units::from_internal(internal, unit), plain ? "" : " ", plain ? "" : unit.text);
}

bool close(double got, double wanted, double tolerance, Within within) {
  return std::fabs(got - wanted) <= (within == Within::Rel ? tolerance * std::fabs(wanted) : tolerance);
}

Verdict compare(const Expect& expect, double tolerance, const Series& series) {
  Verdict verdict{true, "", "", "", {}};
  double worst = -1, worst_at = 0, squares = 0;
  bool relative = expect.within == Within::Rel, rmse = expect.within == Within::Rmse;
  for (size_t i = 0; i < series.x.size(); i++) {
    double got = series.got[i], wanted = series.expected[i], off = std::fabs(got - wanted);
    squares += off * off;
    if (relative) off = off == 0 ? 0 : off / std::fabs(wanted);
    if (off > worst || std::isnan(off)) worst = off, worst_at = series.x[i];
    if (rmse || !verdict.holds || close(got, wanted, tolerance, expect.within)) continue;
    verdict.holds = false;
    verdict.divergence =
        fmt::format("first at {}{} {}: expected {}, got {}", series.x_name == "time" ? "" : series.x_name + " = ", series.x[i],
                    series.x_unit, series.y(wanted), series.y(got));
  }
  double mean = std::sqrt(squares / static_cast<double>(series.x.size()));
  if (rmse) verdict.holds = mean <= tolerance;
  verdict.expected = fmt::format("{} of `{}` within {}", report::counted(series.x.size(), series.point), expect.shown,
                                 relative ? fmt::format("{} of the value", tolerance) : series.y(tolerance));
  verdict.got = rmse       ? fmt::format("a root mean square error of {}", about(mean, series.y.unit))
                : relative ? fmt::format("a largest error of {:.6g} of the value at {} {}", worst, worst_at, series.x_unit)
                           : fmt::format("a largest error of {} at {} {}", about(worst, series.y.unit), worst_at, series.x_unit);
  Curves curves;
  curves.x_label = fmt::format("{} ({})", series.x_name, series.x_unit);
  bool plain = series.y.unit.dimension.dimensionless() && series.y.unit.scale == 0;
  curves.y_label = plain ? series.y_name : fmt::format("{} ({})", series.y_name, series.y.unit.text);
  curves.file = expect.file;
  curves.x_column = series.x_column;
  curves.y_column = expect.column;
  curves.expected_x = curves.got_x = series.x;
  for (size_t i = 0; i < series.x.size(); i++) {
    curves.expected_y.push_back(units::from_internal(series.expected[i], series.y.unit));
    curves.got_y.push_back(units::from_internal(series.got[i], series.y.unit));
  }
  verdict.curves = std::move(curves);
  return verdict;
}

Origin origin_of(const Expect& expect) { return {expect.span.file, expect.span.begin, expect.span.end}; }

RunError bad_data(const Expect& expect, std::string what, std::string help) {
  return {RunError::Kind::Data, std::move(what), std::move(help), origin_of(expect)};
}

Result<report::Window, RunError> window_of(const Expect& expect, double dt, uint64_t steps, plan::Values& values) {
  report::Window window;
  for (auto [time, step] : {std::pair{&expect.from, &window.from}, std::pair{&expect.to, &window.to}}) {
    if (!*time) continue;
    double at = values.number(**time) / dt;
    if (!(at >= 0)) return Failure{bad_data(expect, "a window of time begins and ends at 0 or later")};
    *step = static_cast<uint64_t>(std::llround(at));
  }
  if (window.from >= std::min(window.to, steps)) return Failure{bad_data(expect, "this window of time holds no step of the run")};
  return window;
}

Result<std::vector<std::vector<double>>, RunError> columns_of(const Expect& expect, const std::vector<std::string>& columns) {
  return tables::read_columns(expect.file, expect.shown, columns, origin_of(expect));
}

Result<std::string, RunError> time_column_of(const Expect& expect) {
  auto table = tables::CsvReader::open(expect.file, expect.shown, origin_of(expect));
  if (!table) return Failure{table.error()};
  return tables::time_column(*table).value_or("time_ms");
}

units::Unit unit_of_column(const std::string& column) {
  size_t mark = column.rfind('_');
  auto unit = mark == std::string::npos ? std::nullopt : units::parse_unit(column.substr(mark + 1));
  return unit.value_or(units::dimensionless());
}

}  // namespace eic::cli
