// What came of a test: each expectation's verdict, and what a report, a picture or `--bless` need to know of it.
// Made by run_test.h, read by the reporters.
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace eic::cli {

// Two curves over one axis, for the picture of a failure. Spikes: y is the cell's index, and points are drawn, not lines.
struct Curves {
  std::string x_label, y_label;  // "time (ms)", "v (mV)"
  bool points = false;
  std::vector<double> expected_x, expected_y, got_x, got_y;  // in the units of the labels
  bool window = false;                   // only a part of the file is compared
  std::string file, x_column, y_column;  // where the expected stands; y_column empty: times alone
};

struct Verdict {
  bool holds = false;
  std::string expected, got, divergence;  // the last: the first place where a comparison with a file parts
  std::optional<Curves> curves = {};      // of comparisons with a file
};

struct ExpectOutcome {
  std::string place, text;  // "models/cobahh.eic:52", "rate(N.E, from = 200 ms) in 10 Hz .. 60 Hz"
  Verdict verdict;
  std::string picture = {};  // the file where the failure is drawn
};

struct TestOutcome {
  std::string file, name, place;  // place: of the test, "models/cobahh.eic:50"
  bool passed = false;
  int status = 0;                       // exit status that a failure asks for
  double seconds = 0;                   // wall time
  std::vector<ExpectOutcome> expects;   // in the order of the file; of the last seed that failed, else of the last
  std::string diagnostics, diagnostics_plain;  // what stopped the test, with and without colour; empty: it ran
  uint64_t seeds = 1, seeds_passed = 0;
};

}  // namespace eic::cli
