#include "cli/columns.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/session.h"
#include "runtime/tables/csv.h"

namespace eic::cli {

namespace {

using diagnostics::Diagnostic;
using diagnostics::Kind;
using sema::Expect;
using sema::Measure;

// The `csv(…)` as it is written; null where the expectation is not found.
const ast::Expr* csv_of(const Front& front, const sema::Test& test, const Expect& expect) {
  for (const ast::Item& item : front.program->modules[0].ast.items) {
    auto* written = std::get_if<ast::Test>(&item.node);
    if (!written || !(written->name_span == test.span)) continue;
    for (const ast::Item& inner : written->items)
      if (auto* found = std::get_if<ast::Expect>(&inner.node); found && inner.span == expect.span) return found->against.get();
  }
  return nullptr;
}

// What the file has to hold. A time may be called either way.
std::vector<std::string> wanted(const Expect& expect, const tables::CsvReader& table) {
  std::string time = tables::time_column(table).value_or("time_ms");
  switch (expect.measure) {
    case Measure::SpikeTimes: return {expect.column == "time_ms" ? time : expect.column};
    case Measure::Spikes: return {time, "index"};
    case Measure::Trace: return {time, expect.column};
    case Measure::Curve: return {expect.variable == "rate" ? "amplitude_nA" : "v_mV", expect.column};
    default: return {};
  }
}

units::Dimension dimension_of(const std::string& column) {
  size_t mark = column.rfind('_');
  auto unit = mark == std::string::npos ? std::nullopt : units::parse_unit(column.substr(mark + 1));
  return unit.value_or(units::dimensionless()).dimension;
}

// The column that was probably meant: one of nearly this name, or of the name behind the last `.`, `tau_ms` for `m.tau_ms`.
std::optional<std::string> meant(const std::string& column, const std::vector<std::string>& header) {
  std::vector<std::string> fitting;
  for (const std::string& name : header)
    if (dimension_of(name) == dimension_of(column)) fitting.push_back(name);
  std::string last = column.substr(column.rfind('.') + 1);
  if (std::find(fitting.begin(), fitting.end(), last) != fitting.end()) return last;
  auto near = diagnostics::did_you_mean(column, fitting);
  return near ? near : diagnostics::did_you_mean(last, fitting);
}

void lacking(Front& front, const Expect& expect, const std::string& column, const std::vector<std::string>& header,
             const ast::Expr* csv) {
  source::Span at = csv ? csv->span : expect.span;
  Diagnostic& diagnostic = front.emitter.emit(Kind::DataBad, at, fmt::format("`{}` has no column `{}`", expect.shown, column));
  diagnostic.help(fmt::format("its columns are `{}`", fmt::join(header, "`, `")));
  bool choosable = csv && column == expect.column && expect.measure != Measure::Spikes;
  auto near = choosable ? meant(column, header) : std::nullopt;
  if (!near) return;
  std::string whole = fmt::format("csv(\"{}\", column = \"{}\")", expect.shown, *near);
  diagnostic.fix(at, whole, fmt::format("write `{}`", whole));
}

void check_file_of(Front& front, const sema::Test& test, const Expect& expect) {
  if (expect.comparison != sema::Comparison::File) return;
  const ast::Expr* csv = csv_of(front, test, expect);
  source::Span at = csv ? csv->span : expect.span;
  auto table = tables::CsvReader::open(expect.file, expect.shown, {at.file, at.begin, at.end});
  if (!table) {
    emit_error(front, table.error());
    return;
  }
  for (const std::string& column : wanted(expect, *table))
    if (!table->has(column)) lacking(front, expect, column, table->header(), csv);
}

}  // namespace

std::vector<bool> check_columns(Front& front, const sema::Test& test) {
  std::vector<bool> good;
  for (const Expect& expect : test.expects) {
    size_t errors = front.emitter.error_count();
    check_file_of(front, test, expect);
    good.push_back(front.emitter.error_count() == errors);
  }
  return good;
}

}  // namespace eic::cli
