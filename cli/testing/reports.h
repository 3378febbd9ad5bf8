// In: the outcomes of tests. Out: what is printed for one, JUnit's XML, a JSON object, a picture. Called by `eic test`.
#pragma once
#include <chrono>
#include <nlohmann/json_fwd.hpp>

#include "cli/testing/outcome.h"

namespace eic::cli {

// The lines of a test: its own, and under it what failed. Colour as on a terminal.
std::string text_of(const TestOutcome& outcome, bool colour);
// "N passed, N failed"
std::string closing_line(const std::vector<TestOutcome>& outcomes, double seconds, bool colour);

// Valid against the schema of Ant's JUnit reports (tests/cli/data/JUnit.xsd): a suite a file, a case a test.
std::string junit_of(const std::vector<TestOutcome>& outcomes, std::chrono::system_clock::time_point began);

nlohmann::json json_of(const std::vector<TestOutcome>& outcomes, double seconds);

// What was expected and what came out, as SVG; empty where there is nothing to draw.
std::string picture_of(const TestOutcome& outcome, const ExpectOutcome& expect);
// Draws each failed comparison into `folder` and notes the file in its verdict; says on stderr what cannot be written.
void draw_failures(TestOutcome& outcome, const std::string& folder);

}  // namespace eic::cli
