// The picture of a failed comparison: the file's curve and the run's, over one axis.
#include <fmt/format.h>

#include <filesystem>

#include "cli/session.h"
#include "cli/testing/reports.h"
#include "runtime/record/atomic_file.h"
#include "runtime/report/chart.h"
#include "runtime/report/svg.h"

namespace eic::cli {

std::string picture_of(const TestOutcome& outcome, const ExpectOutcome& expect) {
  if (!expect.verdict.curves) return "";
  const Curves& curves = *expect.verdict.curves;
  report::Chart chart;
  chart.title = outcome.name;
  chart.note = fmt::format("{}: expect {}", expect.place, expect.text);
  chart.x_label = curves.x_label;
  chart.y_label = curves.y_label;
  chart.series.push_back({"expected", report::k_colours[0], curves.expected_x, curves.expected_y, curves.points, false});
  chart.series.push_back({"got", report::k_colours[1], curves.got_x, curves.got_y, curves.points, true});
  return report::chart_svg(chart);
}

void draw_failures(TestOutcome& outcome, const std::string& folder) {
  std::string stem = std::filesystem::path(outcome.file).replace_extension().string() + "." + outcome.name;
  for (char& c : stem)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '-') c = '_';
  stem.erase(0, stem.find_first_not_of("._"));
  if (stem.size() > 120) stem.resize(120);
  for (size_t i = 0; i < outcome.expects.size(); i++) {
    ExpectOutcome& expect = outcome.expects[i];
    if (expect.verdict.holds || !expect.verdict.curves) continue;
    std::string file = fmt::format("{}/{}.{}.svg", folder, stem, i + 1);
    auto fault = record::create_folder(folder);
    if (!fault) fault = record::write_file(file, picture_of(outcome, expect));
    if (fault) {
      say("eic: the picture of a failure cannot be written: {}\n", fault->message);
      return;
    }
    expect.picture = file;
  }
}

}  // namespace eic::cli
