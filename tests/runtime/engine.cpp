#include "runtime/engine/engine.h"

#include <fmt/format.h>

#include "tests/runtime/scratch.h"
#include "tests/runtime/toy.h"

using namespace eic;
using Kind = plan::Rule::Kind;
using Spikes = std::vector<toy::Memory::Spike>;

namespace {

// A source S, a cell for each of `fires`, and a target T that listens.
plan::Run source_and_target(const std::vector<double>& fires, uint64_t targets, uint64_t steps) {
  plan::Run run = toy::run({toy::population("S", fires.size()), toy::population("T", targets)}, steps);
  run.spikes.push_back({{0, 0, fires.size()}});
  return run;
}

// Fires in the given steps: the column of starting values comes from a file.
struct Fixture {
  Scratch scratch;
  plan::Run run;
  Fixture(const std::vector<double>& fires, uint64_t targets, uint64_t steps) : run(source_and_target(fires, targets, steps)) {
    std::string text = "fire_at\n";
    for (const double step : fires) text += fmt::format("{}\n", step);
    run.populations[0].columns[toy::fire_at].start =
        plan::Draw{plan::Draw::Kind::Csv, 0, 0, {scratch.write("fires.csv", text), "fires.csv", "fire_at", 1}, {}};
  }
};

std::vector<double> series(const toy::Memory& memory, uint32_t trace, uint64_t place = 0) {
  std::vector<double> values;
  for (const auto& [row, sampled] : memory.rows.at(trace)) values.push_back(sampled.at(place));
  return values;
}

}  // namespace

// decay = ½, weight 1, v integrates s·dt: all exact in binary but dt, so values are compared as they are computed.
BOOST_AUTO_TEST_CASE(events_act_one_delay_after_their_step) {
  for (const bool single : {false, true}) {
    for (uint64_t delay = 1; delay <= 5; ++delay) {
      Fixture f({2}, 1, 10);
      f.run.single = single;
      f.run.projections.push_back(toy::projection(f.run, 0, 1, toy::rule(Kind::AllToAll), 1, static_cast<double>(delay)));
      f.run.traces.push_back(toy::trace(f.run, 1, {toy::s, toy::v}));
      const toy::Ran ran = toy::go(f.run);
      BOOST_TEST((ran.memory.heard == Spikes{{0, 2, 0}}));
      const auto s = series(ran.memory, 0), v = series(ran.memory, 0, 1);
      BOOST_REQUIRE(s.size() == 11u);
      double expected_v = 0;
      for (uint64_t step = 0; step < 10; ++step) {
        const double expected = step < 2 + delay ? 0.0 : std::ldexp(1.0, -static_cast<int>(step - 2 - delay));
        BOOST_TEST(s[step + 1] == expected);  // row step + 1 holds the s that step used
        expected_v += 0.1 * expected;
        BOOST_TEST(v[step + 1] == expected_v, boost::test_tools::tolerance(1e-6));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(synaptic_start_is_recorded_then_decays_before_the_first_step) {
  plan::Run run = toy::run({toy::population("N", 1)}, 3);
  run.populations[0].columns[toy::s].start = toy::constant(8);
  run.traces.push_back(toy::trace(run, 0, {toy::s}));
  BOOST_TEST((series(toy::go(run).memory, 0) == std::vector<double>{8, 4, 2, 1}));
}

BOOST_AUTO_TEST_CASE(derived_columns_see_the_synapses_of_step_two_and_their_own_time) {
  Fixture f({0}, 70, 4);
  f.run.projections.push_back(toy::projection(f.run, 0, 1, toy::rule(Kind::AllToAll), 1, 1));
  f.run.traces.push_back(toy::trace(f.run, 1, {toy::i, toy::s, toy::v}, 2));
  f.run.traces.push_back({1, std::nullopt, {toy::i}, {69}, 1, "one.csv", {}});
  const toy::Ran ran = toy::go(f.run);
  BOOST_TEST(ran.memory.rows.at(0).size() == 3u);
  for (const auto& [row, values] : ran.memory.rows.at(0)) {
    for (uint64_t cell : {0, 69}) {
      BOOST_TEST(values[cell] == 2 * values[70 + cell] + values[140 + cell] + static_cast<double>(row) * 0.1);
    }
    BOOST_TEST(ran.memory.rows.at(1).at(row)[0] == values[69]);
  }
  BOOST_TEST(ran.memory.rows.at(0).at(2)[70] == 1.0);
}

// h ← h/2 + w shows the order: projections as declared, then longer delays, then sources, then places in the row.
BOOST_AUTO_TEST_CASE(events_arrive_in_the_stated_order) {
  for (const bool single : {false, true}) {
    Fixture f({3, 3, 1}, 1, 6);  // in step 4 arrive: source 2 (delay 3), then 0 and 1 (delay 1)
    f.run.single = single;
    plan::Rule rule = toy::rule(Kind::Csv);
    const char* edges = "pre,post,weight_nS,delay_ms\n1,0,3000,0.1\n0,0,1000,0.1\n2,0,4000,0.3\n0,0,2000,0.1\n";
    rule.csv = {f.scratch.write("e.csv", edges), "e.csv", "", 1};
    f.run.projections.push_back(toy::projection(f.run, 0, 1, rule));
    f.run.projections[0].port = toy::handled;
    f.run.projections[0].weight.reset();
    f.run.projections[0].delay.reset();
    f.run.projections.push_back(toy::projection(f.run, 0, 1, toy::rule(Kind::AllToAll), 16, 1));
    f.run.projections[1].port = toy::handled;
    f.run.projections[1].from = {0, 1, 2};
    f.run.traces.push_back({1, std::nullopt, {toy::h}, {0}, 1, "h.csv", {}});
    const auto h = series(toy::go(f.run).memory, 0);
    double expected = 0;
    for (const double weight : {4.0, 1.0, 2.0, 3.0, 16.0}) expected = expected * 0.5 + weight;
    BOOST_TEST(h[4] == 0.0);
    BOOST_TEST(h[5] == expected);
  }
}

BOOST_AUTO_TEST_CASE(added_weights_of_their_own_reach_their_targets) {
  for (const bool single : {false, true}) {
    Fixture f({0, 1}, 3, 3);
    f.run.single = single;
    plan::Rule rule = toy::rule(Kind::Csv);
    rule.csv = {f.scratch.write("e.csv", "pre,post,weight_nS\n0,2,1000\n0,0,2000\n1,2,4000\n"), "e.csv", "", 1};
    f.run.projections.push_back(toy::projection(f.run, 0, 1, rule));
    f.run.projections[0].weight.reset();
    f.run.traces.push_back(toy::trace(f.run, 1, {toy::s}));
    const auto rows = toy::go(f.run).memory.rows.at(0);
    BOOST_TEST((rows.at(2) == std::vector<double>{2, 0, 1}));
    BOOST_TEST((rows.at(3) == std::vector<double>{1, 0, 4.5}));
  }
}

BOOST_AUTO_TEST_CASE(a_view_sends_only_its_own_spikes) {
  Fixture f({0, 0, 0, 0}, 4, 2);
  f.run.projections.push_back(toy::projection(f.run, 0, 1, toy::rule(Kind::OneToOne)));
  f.run.projections[0].from = {0, 1, 3};
  f.run.projections[0].to = {1, 2, 4};
  f.run.traces.push_back(toy::trace(f.run, 1, {toy::s}));
  BOOST_TEST((toy::go(f.run).memory.rows.at(0).at(2) == std::vector<double>{0, 0, 1, 1}));
}

// The statistics count every spike; what a file holds is the file's business (record_csv.cpp).
BOOST_AUTO_TEST_CASE(recorders_hear_every_spike_whatever_is_recorded) {
  Fixture f({0, 0, 0, 1, 0, 0}, 1, 3);
  const Spikes all = {{0, 0, 0}, {0, 0, 1}, {0, 0, 2}, {0, 0, 4}, {0, 0, 5}, {0, 1, 3}};
  f.run.spikes = {{{0, 4, 5}}, {{0, 0, 2}}, {{0, 1, 4}}, {{1, 0, 1}}};
  BOOST_TEST((toy::go(f.run).memory.heard == all));
  f.run.spikes.clear();
  BOOST_TEST((toy::go(f.run).memory.heard == all));
}

BOOST_AUTO_TEST_CASE(crossings_are_upward_and_not_at_the_start) {
  plan::Run run = toy::run({toy::population("N", 1)}, 30);
  run.populations[0].uniforms[toy::theta] = 0.95;
  run.stimuli.push_back(toy::step("step", {0, 0, 1}, {}, 1.0, 5, 100));
  run.spikes.push_back({{0, 0, 1}});
  BOOST_TEST((toy::go(run).memory.heard == Spikes{{0, 14, 0}}));  // ten steps of 0.1 from step 5 on
  run.populations[0].columns[toy::v].start = toy::constant(0.95);
  BOOST_TEST(toy::go(run).memory.heard.empty());
}

BOOST_AUTO_TEST_CASE(stimuli_act_in_their_windows_and_add_up) {
  plan::Run run = toy::run({toy::population("M", 2), toy::population("N", 3)}, 8);
  run.stimuli.push_back(toy::step("a", {1, 0, 2}, {}, 0.5, 2, 5));
  run.stimuli.push_back(toy::step("b", {1, 0, 0}, {1, 2}, 0.25, 4, UINT64_MAX));
  run.stimuli.push_back(toy::step("never", {1, 0, 3}, {}, 9, 3, 3));
  run.stimuli.push_back(toy::step("first", {1, 2, 3}, {}, 1, 0, 1));
  run.traces.push_back(toy::trace(run, 1, {toy::I}));
  run.traces.push_back(toy::trace(run, 0, {toy::I}));
  const toy::Memory memory = toy::go(run).memory;
  const std::vector<std::vector<double>> expected = {{0, 0, 1},     {0, 0, 1},         {0, 0, 0},
                                                     {0.5, 0.5, 0}, {0.5, 0.5, 0},     {0.5, 0.75, 0.25},
                                                     {0, 0.25, 0.25}, {0, 0.25, 0.25}, {0, 0.25, 0.25}};
  for (uint64_t row = 0; row <= 8; ++row) {  // row k + 1 shows what acted in step k
    BOOST_TEST(memory.rows.at(0).at(row) == expected[row], boost::test_tools::per_element());
    BOOST_TEST(memory.rows.at(1).at(row) == (std::vector<double>{0, 0}), boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(starting_values_come_from_draws_files_and_init) {
  Fixture f({1, 2, 3}, 5, 0);
  f.run.populations[1].columns[toy::v].start = plan::Draw{plan::Draw::Kind::Uniform, -70, -60, {}, {}};
  f.run.traces.push_back(toy::trace(f.run, 0, {toy::fire_at}));
  f.run.traces.push_back(toy::trace(f.run, 1, {toy::v, toy::q}));
  const toy::Memory memory = toy::go(f.run).memory;
  BOOST_TEST((memory.rows.at(0).at(0) == std::vector<double>{1, 2, 3}));
  const auto& row = memory.rows.at(1).at(0);
  for (uint64_t cell = 0; cell < 5; ++cell) {
    BOOST_TEST((row[cell] >= -70 && row[cell] < -60));
    BOOST_TEST(row[5 + cell] == row[cell] * 0.5);
  }
  BOOST_TEST(row[0] != row[1]);
  // Neither another population nor the size of one changes what a cell draws.
  f.run.populations.insert(f.run.populations.begin(), toy::population("X", 7));
  f.run.spikes.clear();
  f.run.populations[2].size = 9;
  f.run.traces = {{2, std::nullopt, {toy::v}, {0, 1, 2, 3, 4}, 1, "v.csv", {}}};
  const toy::Memory grown = toy::go(f.run).memory;
  BOOST_TEST(grown.rows.at(0).at(0) == std::vector<double>(row.begin(), row.begin() + 5), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_file_of_starting_values_has_one_line_a_cell) {
  Fixture f({1, 2, 3}, 1, 1);
  f.run.populations[0].size = 4;
  const auto error = toy::refusal(f.run);
  BOOST_REQUIRE(error.has_value());
  BOOST_TEST(error->message == "`fires.csv` has 3 values of `fire_at`, but `S` has 4 cells");
}

BOOST_AUTO_TEST_CASE(a_fault_names_cell_variable_time_and_value_before) {
  plan::Run run = toy::run({toy::population("N", 30)}, 300);
  const Scratch scratch;
  std::string text = "fail_at\n";
  for (int cell = 0; cell < 30; ++cell) text += cell == 17 || cell == 18 ? "122\n" : "-1\n";
  run.populations[0].columns[toy::fail_at].start =
      plan::Draw{plan::Draw::Kind::Csv, 0, 0, {scratch.write("f.csv", text), "f.csv", "fail_at", 1}, {}};
  run.populations[0].columns[toy::v].start = toy::constant(0.1);
  run.spikes.push_back({{0, 0, 30}});
  run.traces.push_back(toy::trace(run, 0, {toy::v}));
  for (const bool single : {false, true}) {
    run.single = single;
    const toy::Ran ran = toy::go(run);
    BOOST_REQUIRE(ran.finished.error.has_value());
    BOOST_TEST((ran.finished.error->kind == RunError::Kind::Numerical));
    BOOST_TEST(ran.finished.error->message == "`q` of N[17] became NaN at t = 12.3 ms (value before: 0.05)");
    BOOST_TEST(ran.finished.error->origin.begin == 100u);
    BOOST_TEST((ran.memory.outcome == record::Outcome::Failed));
    BOOST_TEST(ran.memory.steps == 122u);
    BOOST_TEST(ran.memory.rows.at(0).size() == 123u);  // what came before is kept
    BOOST_TEST(ran.memory.ended == 1);
  }
}

BOOST_AUTO_TEST_CASE(an_infinity_is_shown_in_the_unit_of_its_variable) {
  plan::Run run = toy::run({toy::population("N", 2)}, 10);
  run.populations[0].uniforms[toy::growth] = 1e200;
  run.populations[0].columns[toy::v].start = toy::constant(-2);
  const toy::Ran ran = toy::go(run);
  BOOST_TEST(ran.finished.error->message == "`v` of N[0] became minus infinity at t = 0.2 ms (value before: -2e+200 mV)");
}

BOOST_AUTO_TEST_CASE(a_starting_value_that_is_not_finite_is_named) {
  plan::Run run = toy::run({toy::population("N", 2)}, 10);
  run.single = true;
  run.populations[0].columns[toy::v].start = toy::constant(1e300);
  const auto error = toy::refusal(run);
  BOOST_REQUIRE(error.has_value());
  BOOST_TEST(error->message == "`v` of N[0] starts as infinite");
  BOOST_TEST((error->kind == RunError::Kind::Numerical));
}

// v grows a hundredfold a step in every cell that no event holds; the padding never gets an event.
BOOST_AUTO_TEST_CASE(padding_that_blows_up_stops_nobody) {
  for (const uint64_t cells : {1, 2, 3, 4, 61, 64, 65}) {
    Fixture f({0}, cells, 400);
    f.run.populations[1].uniforms[toy::growth] = 1e10;
    f.run.populations[1].uniforms[toy::decay] = 1;
    f.run.populations[1].uniforms[toy::theta] = 900;
    f.run.populations[1].columns[toy::v].start = toy::constant(1);
    f.run.projections.push_back(toy::projection(f.run, 0, 1, toy::rule(Kind::AllToAll), 1, 1));
    f.run.traces.push_back(toy::trace(f.run, 1, {toy::v}, 400));
    f.run.spikes.push_back({{1, 0, cells}});
    const toy::Ran ran = toy::go(f.run);
    BOOST_TEST(!ran.finished.error.has_value());
    BOOST_TEST(ran.finished.steps == 400u);
    BOOST_TEST(ran.memory.heard.size() == 1 + cells);  // each crosses once, in step 0
    const auto& v = ran.memory.rows.at(0).at(400);
    for (const double value : v) BOOST_TEST(value == 1e10 + 39.9, boost::test_tools::tolerance(1e-9));
  }
}

BOOST_AUTO_TEST_CASE(subnormals_are_flushed_in_the_loop_and_not_outside) {
  plan::Run run = toy::run({toy::population("N", 1)}, 1040);
  run.populations[0].columns[toy::s].start = toy::constant(1);
  run.traces.push_back(toy::trace(run, 0, {toy::s}));
  const auto s = series(toy::go(run).memory, 0);
  BOOST_TEST(s[1022] == std::numeric_limits<double>::min());
  BOOST_TEST(s[1023] == 0.0);
  volatile double smallest = std::numeric_limits<double>::min();
  BOOST_TEST(smallest / 2 > 0.0);
}

BOOST_AUTO_TEST_CASE(populations_of_no_cells_are_legal) {
  plan::Run run = toy::run({toy::population("Z", 0), toy::population("N", 2)}, 5);
  run.projections = {toy::projection(run, 0, 1, toy::rule(Kind::AllToAll)),
                     toy::projection(run, 1, 0, toy::rule(Kind::Bernoulli, 0, 0.5))};
  run.spikes = {{{0, 0, 0}}, {{1, 0, 2}}};
  run.traces.push_back(toy::trace(run, 1, {toy::v}));
  run.stimuli.push_back(toy::step("a", {0, 0, 0}, {}, 1, 0, 5));
  const toy::Ran ran = toy::go(run);
  BOOST_TEST(!ran.finished.error.has_value());
  BOOST_TEST(ran.finished.steps == 5u);
  BOOST_TEST(ran.built.cells == 2u);
}

// A delay beyond the end of the run, and one that comes back to the same slot of the ring.
BOOST_AUTO_TEST_CASE(rings_hold_the_longest_delay_of_all_projections) {
  Fixture f({0, 4, 9}, 1, 20);
  f.run.projections.push_back(toy::projection(f.run, 0, 1, toy::rule(Kind::AllToAll), 1, 7));
  f.run.projections.push_back(toy::projection(f.run, 0, 1, toy::rule(Kind::AllToAll), 100, 2));
  f.run.projections.push_back(toy::projection(f.run, 0, 1, toy::rule(Kind::AllToAll), 1e9, 4e9));
  f.run.populations[1].uniforms[toy::decay] = 0;
  f.run.traces.push_back(toy::trace(f.run, 1, {toy::s}));
  const auto s = series(toy::go(f.run).memory, 0);
  std::vector<double> expected(21, 0);
  for (const int raised : {0, 4, 9}) {
    expected[static_cast<uint64_t>(raised + 7 + 1)] += 1;
    expected[static_cast<uint64_t>(raised + 2 + 1)] += 100;
  }
  BOOST_TEST(s == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_before_it_is_taken) {
  plan::Run run = toy::run({toy::population("N", 1'000'000)}, 1);
  run.projections.push_back(toy::projection(run, 0, 0, toy::rule(Kind::FixedOutdegree, 1'000'000'000)));
  const auto error = toy::refusal(run, {8'000'000'000, 0});
  BOOST_REQUIRE(error.has_value());
  BOOST_TEST((error->kind == RunError::Kind::Memory));
  BOOST_TEST(error->message.starts_with("the run needs 2.0 PB, has "));
  BOOST_TEST(error->help == "most of it, 2.0 PB, is for the synapses of `p`");
  run.projections.clear();
  BOOST_TEST(toy::refusal(run, {1'000'000, 0})->message.ends_with("has 1.0 MB"));
  run.populations[0].size = uint64_t{1} << 32;
  const auto limit = toy::refusal(run);
  BOOST_REQUIRE(limit.has_value());
  BOOST_TEST((limit->kind == RunError::Kind::Limit));
  BOOST_TEST(limit->message == "population `N` has 4294967296 cells, at most 4294967232 are possible");
}

BOOST_AUTO_TEST_CASE(an_interrupt_ends_after_the_step) {
  plan::Run run = toy::run({toy::population("N", 1)}, 1000);
  std::atomic<int> interrupt = 0;
  struct Interrupter : toy::Memory {
    std::atomic<int>* flag = nullptr;
    void sample(uint32_t, uint64_t row_step, std::span<const double>) override { *flag = row_step >= 40 ? 2 : 0; }
  } recorder;
  recorder.flag = &interrupt;
  run.traces.push_back(toy::trace(run, 0, {toy::v}, 20));
  const KernelSet set = toy::kernels(run);
  auto engine = engine::Engine::build(run, set, {});
  record::Recorder* recorders[] = {&recorder};
  const engine::Finished finished = engine->run(recorders, {&interrupt, {}});
  BOOST_TEST((finished.outcome == record::Outcome::Interrupted));
  BOOST_TEST(finished.steps == 40u);
  BOOST_TEST(!finished.error.has_value());
  BOOST_TEST((recorder.outcome == record::Outcome::Interrupted));
}

BOOST_AUTO_TEST_CASE(a_time_limit_ends_the_run_and_says_so) {
  plan::Run run = toy::run({toy::population("N", 1000)}, UINT64_MAX);
  int calls = 0;
  const toy::Ran ran = toy::go(run, {nullptr, [&](uint64_t, uint64_t) { ++calls; }}, {0, 0.25});
  BOOST_TEST((ran.finished.outcome == record::Outcome::Interrupted));
  BOOST_REQUIRE(ran.finished.error.has_value());
  BOOST_TEST((ran.finished.error->kind == RunError::Kind::Limit));
  BOOST_TEST(ran.finished.error->message.starts_with("the time limit of 0.25 s was reached at t = "));
  BOOST_TEST(calls == 2);
  BOOST_TEST(ran.memory.ended == 1);
}

BOOST_AUTO_TEST_CASE(recorders_that_fail_are_heard) {
  plan::Run run = toy::run({toy::population("N", 1)}, 3);
  const KernelSet set = toy::kernels(run);
  toy::Memory good, bad;
  record::Recorder* recorders[] = {&good, &bad};
  bad.begin_error = RunError{RunError::Kind::FileUnwritable, "no"};
  auto finished = engine::Engine::build(run, set, {})->run(recorders);
  BOOST_TEST(finished.error->message == "no");
  BOOST_TEST((good.ended == 1 && bad.ended == 0 && good.outcome == record::Outcome::Failed));
  bad.begin_error.reset();
  bad.end_error = RunError{RunError::Kind::FileUnwritable, "full"};
  finished = engine::Engine::build(run, set, {})->run(recorders);
  BOOST_TEST(finished.error->message == "full");
  BOOST_TEST((finished.outcome == record::Outcome::Complete && good.ended == 2 && bad.ended == 1));
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_run_and_another_does_not) {
  plan::Run run = toy::run({toy::population("N", 200)}, 200);
  run.populations[0].columns[toy::fire_at].start = plan::Draw{plan::Draw::Kind::Constant, 3, 0, {}, {}};
  run.populations[0].columns[toy::v].start = plan::Draw{plan::Draw::Kind::Uniform, 0, 1, {}, {}};
  run.populations[0].uniforms[toy::theta] = 1.05;
  run.projections.push_back(toy::projection(run, 0, 0, toy::rule(Kind::FixedOutdegree, 10), 0.1, 1));
  run.projections[0].delay = plan::Draw{plan::Draw::Kind::Uniform, 1, 20, {}, {}};
  run.spikes.push_back({{0, 0, 200}});
  run.traces.push_back(toy::trace(run, 0, {toy::v}, 50));
  for (const bool single : {false, true}) {
    run.single = single;
    run.seed = 1;
    const toy::Ran first = toy::go(run), second = toy::go(run);
    BOOST_TEST(first.memory.heard.size() > 200u);
    BOOST_TEST((first.memory.heard == second.memory.heard));
    BOOST_TEST((first.memory.rows == second.memory.rows));
    BOOST_TEST(first.built.synapses == 2000u);
    BOOST_TEST(first.built.bytes > 8000u);
    run.seed = 2;
    BOOST_TEST((toy::go(run).memory.rows != first.memory.rows));
  }
}
