#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <charconv>
#include <cmath>
#include <cstring>
#include <random>
#include <sstream>
#include <tuple>

#include "runtime/record/background_queue.h"
#include "runtime/record/csv.h"
#include "runtime/record/stores.h"
#include "tests/runtime/record_fixture.h"

using namespace eic;
using record::Outcome;
using test::Folder;

namespace {

plan::Run recorded_run() {
  plan::Run run = test::small_run();
  run.spikes = {{{0, 0, 10}}, {{1, 0, 3}}};
  return run;
}

void raise(record::Recorder& recorder, uint32_t population, uint64_t step, std::vector<uint32_t> cells) {
  recorder.spikes(population, step, cells);
}

void raise_between(record::Recorder& recorder, uint32_t population, uint64_t step, std::vector<uint32_t> cells, std::vector<double> fractions) {
  recorder.spikes(population, step, {cells, fractions});
}

plan::TraceRecording trace_of(std::vector<uint32_t> columns, std::vector<uint64_t> cells, std::string file) {
  return {0, std::nullopt, std::move(columns), std::move(cells), 1, std::move(file)};
}

// Writes one row of one variable a value and gives back what a reader of R finds.
template <class R>
void values_read_back(const std::vector<R>& values) {
  Folder folder;
  plan::Run run = test::small_run();
  run.single = sizeof(R) == 4;
  run.traces = {trace_of({0}, {0}, "v.csv")};
  auto csv = record::make_trace_csv(folder.path());
  BOOST_REQUIRE(!csv->begin(run).has_value());
  for (size_t i = 0; i < values.size(); ++i) csv->sample(0, i, std::vector<double>{values[i]});
  BOOST_REQUIRE(!csv->end(Outcome::Complete, values.size()).has_value());
  std::istringstream in(test::read(folder / "v.csv"));
  std::string line;
  std::getline(in, line);
  for (R value : values) {
    std::getline(in, line);
    std::string text = line.substr(line.find(',') + 1);
    R read = 0;
    BOOST_REQUIRE(std::from_chars(text.data(), text.data() + text.size(), read).ec == std::errc());
    BOOST_REQUIRE(std::memcmp(&read, &value, sizeof(R)) == 0);
    char shortest[64];
    auto end = std::to_chars(shortest, shortest + sizeof shortest, value, std::chars_format::scientific).ptr;
    auto digits = [](std::string_view number) {
      std::string found;
      for (char c : number.substr(0, number.find('e')))
        if (c >= '0' && c <= '9' && !(found.empty() && c == '0')) found += c;
      while (found.ends_with('0')) found.pop_back();
      return found;
    };
    BOOST_REQUIRE_EQUAL(digits(text), digits({shortest, static_cast<size_t>(end - shortest)}));
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(spikes_are_rows_in_order_of_time_population_index) {
  Folder folder;
  auto csv = record::make_spike_csv(folder.path());
  BOOST_REQUIRE(!csv->begin(recorded_run()).has_value());
  raise(*csv, 0, 2, {1, 9});
  raise(*csv, 1, 2, {0});
  raise(*csv, 0, 9, {});
  raise(*csv, 1, 9, {2});
  raise(*csv, 0, 99, {0});
  BOOST_REQUIRE(!csv->end(Outcome::Complete, 100).has_value());
  BOOST_TEST(test::read(folder / "spikes.csv") == "time_ms,population,index\n0.3,N,1\n0.3,N,9\n0.3,M,0\n1,M,2\n10,N,0\n");
  BOOST_TEST(csv->files().size() == 1u);
  BOOST_TEST(csv->files()[0].path == folder / "spikes.csv");
  BOOST_TEST(csv->files()[0].bytes == test::read(folder / "spikes.csv").size());
}

BOOST_AUTO_TEST_CASE(only_recorded_cells_are_printed_and_each_spike_once) {
  Folder folder;
  plan::Run run = test::small_run();
  run.spikes = {{{0, 6, 9}}, {{0, 1, 3}}, {{0, 7, 8}}};
  auto csv = record::make_spike_csv(folder.path());
  BOOST_REQUIRE(!csv->begin(run).has_value());
  raise(*csv, 0, 0, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  raise(*csv, 1, 0, {0, 1, 2});
  BOOST_REQUIRE(!csv->end(Outcome::Complete, 100).has_value());
  BOOST_TEST(test::read(folder / "spikes.csv") == "time_ms,population,index\n0.1,N,1\n0.1,N,2\n0.1,N,6\n0.1,N,7\n0.1,N,8\n");
}

BOOST_AUTO_TEST_CASE(spikes_are_kept_in_the_steps_of_their_recording) {
  Folder folder;
  plan::Run run = test::small_run();
  run.spikes = {{{0, 0, 2}, {{10, 20}, {30, 40}}}, {{0, 1, 3}, {{15, 16}, {39, 100}}}};
  auto csv = record::make_spike_csv(folder.path());
  BOOST_REQUIRE(!csv->begin(run).has_value());
  for (uint64_t step : {9, 10, 15, 19, 20, 29, 30, 39, 40}) raise(*csv, 0, step, {0, 1, 2});
  BOOST_REQUIRE(!csv->end(Outcome::Complete, 100).has_value());
  BOOST_TEST(test::read(folder / "spikes.csv") ==
             "time_ms,population,index\n1.1,N,0\n1.1,N,1\n1.6,N,0\n1.6,N,1\n1.6,N,2\n2,N,0\n2,N,1\n"
             "3.1,N,0\n3.1,N,1\n4,N,0\n4,N,1\n4,N,2\n4.1,N,1\n4.1,N,2\n");
}

BOOST_AUTO_TEST_CASE(traces_have_a_header_with_units_and_the_start_as_first_row) {
  Folder folder;
  plan::Run run = test::small_run();
  run.traces = {trace_of({0, 1}, {0, 7}, "v.csv"), trace_of({2}, {3}, "sub/s.csv")};
  auto csv = record::make_trace_csv(folder.path());
  BOOST_REQUIRE(!csv->begin(run).has_value());
  csv->sample(0, 0, std::vector<double>{-65, -70.25, 0.1, 1e-9});
  csv->sample(1, 0, std::vector<double>{0.006});
  csv->sample(0, 5, std::vector<double>{1.0 / 3, 100000, 0, 1});
  BOOST_REQUIRE(!csv->end(Outcome::Complete, 100).has_value());
  BOOST_TEST(test::read(folder / "v.csv") ==
             "time_ms,v[0]_mV,v[7]_mV,INa.m[0],INa.m[7]\n0,-65,-70.25,0.1,1e-09\n0.5,0.3333333333333333,100000,0,1\n");
  BOOST_TEST(test::read(folder / "sub/s.csv") == "time_ms,exc.s[3]_nS\n0,6\n");
  BOOST_TEST(csv->files().size() == 2u);
}

BOOST_AUTO_TEST_CASE(samples_read_back_exactly_in_the_precision_of_the_run) {
  std::mt19937_64 random(1);
  std::vector<double> doubles{0, -0.0, 0.1, -65, 5e-324, 1.7976931348623157e308, 123456789.125};
  std::vector<float> floats{0, -0.0f, 0.1f, -65, 1e-45f, 3.4028235e38f, 16777216};
  while (doubles.size() < 4000) {
    uint64_t bits = random();
    double value;
    std::memcpy(&value, &bits, 8);
    if (std::isfinite(value)) doubles.push_back(value);
    doubles.push_back(std::uniform_real_distribution<>(-90, 50)(random));
    auto low = static_cast<uint32_t>(random());
    float small;
    std::memcpy(&small, &low, 4);
    if (std::isfinite(small)) floats.push_back(small);
    floats.push_back(std::uniform_real_distribution<float>(-90, 50)(random));
  }
  values_read_back(doubles);
  values_read_back(floats);
}

BOOST_AUTO_TEST_CASE(interrupted_and_failed_runs_keep_their_rows_under_a_telling_name) {
  for (auto [outcome, word] : {std::pair{Outcome::Interrupted, "interrupted"}, std::pair{Outcome::Failed, "failed"}}) {
    Folder folder;
    plan::Run run = recorded_run();
    run.traces = {trace_of({0}, {0}, "v.csv")};
    auto recorders = record::csv_recorders(run, folder.path());
    BOOST_REQUIRE(recorders.size() == 2u);
    for (auto& recorder : recorders) BOOST_REQUIRE(!recorder->begin(run).has_value());
    recorders[0]->spikes(0, 1, std::vector<uint32_t>{4});
    recorders[1]->sample(0, 0, std::vector<double>{-65});
    for (auto& recorder : recorders) BOOST_REQUIRE(!recorder->end(outcome, 2).has_value());
    std::string w = word;
    BOOST_TEST(folder.names() == (std::set<std::string>{"spikes." + w + ".csv", "v." + w + ".csv"}));
    BOOST_TEST(test::read(folder / ("spikes." + w + ".csv")) == "time_ms,population,index\n0.2,N,4\n");
    BOOST_TEST(recorders[1]->files()[0].path == folder / ("v." + w + ".csv"));
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_recorded_has_no_file) {
  BOOST_TEST(record::csv_recorders(test::small_run(), "nowhere").empty());
}

BOOST_AUTO_TEST_CASE(a_recorder_that_ends_before_its_run_leaves_nothing) {
  Folder folder;
  {
    auto csv = record::make_spike_csv(folder.path());
    BOOST_REQUIRE(!csv->begin(recorded_run()).has_value());
    raise(*csv, 0, 0, {1});
  }
  BOOST_TEST(folder.names().empty());
}

BOOST_AUTO_TEST_CASE(a_trace_may_not_leave_the_output_folder) {
  Folder folder;
  for (const char* name : {"../v.csv", "/tmp/v.csv", "a/../../v.csv"}) {
    plan::Run run = test::small_run();
    run.traces = {trace_of({0}, {0}, name)};
    run.traces[0].origin = {1, 2, 3};
    auto error = record::make_trace_csv(folder.path())->begin(run);
    BOOST_REQUIRE(error.has_value());
    BOOST_TEST(error->message == "`" + std::string(name) + "` lies outside the output folder");
    BOOST_TEST(error->origin.begin == 2u);
  }
  BOOST_TEST(folder.names().empty());
}

BOOST_AUTO_TEST_CASE(a_fault_while_running_shows_and_surfaces_at_the_end) {
  Folder folder;
  plan::Run run = recorded_run();
  run.traces = {trace_of({0}, {0}, "v.csv")};
  std::vector<uint32_t> cells{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  for (auto& recorder : record::csv_recorders(run, folder.path())) {
    BOOST_REQUIRE(!recorder->begin(run).has_value());
    std::optional<RunError> error;
    {
      test::FullDisk disk(100'000);
      uint64_t step = 0;
      for (; step < 50'000'000 && !recorder->faulted(); ++step) {
        recorder->spikes(0, step, cells);
        recorder->sample(0, step, std::vector<double>{-65.125});
      }
      BOOST_TEST(recorder->faulted());
      error = recorder->end(Outcome::Complete, step);
    }
    BOOST_REQUIRE(error.has_value());
    BOOST_TEST((error->kind == RunError::Kind::FileUnwritable));
    BOOST_TEST((error->message.find("cannot be written: file too large") != std::string::npos));
    std::string kept = test::read(recorder->files().at(0).path);
    BOOST_TEST(kept.size() > 90'000u);
    BOOST_TEST(kept.size() <= 100'000u);
    BOOST_TEST(kept.ends_with("\n"));
  }
  BOOST_TEST(folder.names() == (std::set<std::string>{"spikes.failed.csv", "v.failed.csv"}));
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_not_there_is_an_error_before_the_first_step) {
  Folder folder;
  auto csv = record::make_spike_csv(folder / "gone");
  auto error = csv->begin(recorded_run());
  BOOST_REQUIRE(error.has_value());
  BOOST_TEST(error->message == "`" + (folder / "gone/spikes.csv") + "` cannot be written: no such file or directory");
}

BOOST_AUTO_TEST_CASE(a_long_recording_goes_through_a_bounded_queue_in_order) {
  struct Block {
    std::vector<int> numbers;
    void clear() { numbers.clear(); }
  };
  std::vector<int> seen;
  std::atomic<int> waiting = 0, most = 0;
  record::BackgroundQueue<Block> queue;
  BOOST_REQUIRE(!queue.start([&](const Block& block) {
    seen.insert(seen.end(), block.numbers.begin(), block.numbers.end());
    --waiting;
  }).has_value());
  Block block;
  for (int i = 0; i < 3000; ++i) {
    block.numbers.push_back(i);
    ++waiting;
    queue.put(block);
    most = std::max<int>(most, waiting);
    BOOST_REQUIRE(block.numbers.empty());
  }
  queue.finish();
  BOOST_TEST(seen.size() == 3000u);
  BOOST_TEST(std::is_sorted(seen.begin(), seen.end()));
  BOOST_TEST(most <= static_cast<int>(record::BackgroundQueue<Block>::k_blocks) + 2);
}

BOOST_AUTO_TEST_CASE(many_spikes_equal_the_same_rows_printed_one_by_one) {
  Folder folder;
  plan::Run run = recorded_run();
  run.steps = 60000;
  auto csv = record::make_spike_csv(folder.path());
  record::SpikeStore store;
  BOOST_REQUIRE(!csv->begin(run).has_value() && !store.begin(run).has_value());
  std::mt19937 random(5);
  std::string expected = "time_ms,population,index\n";
  for (uint64_t step = 0; step < run.steps; ++step) {
    for (uint32_t population = 0; population < 2; ++population) {
      std::vector<uint32_t> cells;
      for (uint32_t cell = 0; cell < run.populations[population].size; ++cell)
        if (random() % 4 == 0) cells.push_back(cell);
      for (uint32_t cell : cells)
        expected += store.clock().text_ms(step + 1) + "," + run.populations[population].name + "," + std::to_string(cell) + "\n";
      csv->spikes(population, step, cells);
      store.spikes(population, step, cells);
    }
  }
  BOOST_REQUIRE(!csv->end(Outcome::Complete, run.steps).has_value() && !store.end(Outcome::Complete, run.steps).has_value());
  BOOST_TEST((test::read(folder / "spikes.csv") == expected));
  BOOST_TEST(store.populations()[0].cells.size() + store.populations()[1].cells.size() ==
             static_cast<size_t>(std::count(expected.begin(), expected.end(), '\n')) - 1);
}

BOOST_AUTO_TEST_CASE(spikes_between_grid_points_are_sorted_by_time_and_read_back) {
  Folder folder;
  plan::Run run = recorded_run();
  run.populations[0].interpolated = true;  // those of the other are on the grid
  auto csv = record::make_spike_csv(folder.path());
  record::SpikeStore store;
  BOOST_REQUIRE(!csv->begin(run).has_value() && !store.begin(run).has_value());
  for (record::Recorder* recorder : {static_cast<record::Recorder*>(csv.get()), static_cast<record::Recorder*>(&store)}) {
    raise_between(*recorder, 0, 2, {1, 4, 5}, {0.75, 0.25, 1});
    raise(*recorder, 1, 2, {0, 2});
    raise_between(*recorder, 0, 3, {0, 2}, {0, 1.0 / 3});
  }
  BOOST_REQUIRE(!csv->end(Outcome::Complete, 100).has_value() && !store.end(Outcome::Complete, 100).has_value());
  BOOST_TEST(test::read(folder / "spikes.csv") ==
             "time_ms,population,index\n0.225,N,4\n0.275,N,1\n0.3,N,0\n0.3,N,5\n0.3,M,0\n0.3,M,2\n0.33333333333333337,N,2\n");
  BOOST_TEST(store.times_ms(0, 1)[0] == 0.275);
  BOOST_TEST(store.times_ms(0, 0)[0] == 0.3);
  BOOST_TEST(store.times_ms(1, 2)[0] == 0.3);
}

// Blocks end between steps, and what is of the very begin of a step waits for it.
BOOST_AUTO_TEST_CASE(many_spikes_between_grid_points_are_in_order) {
  Folder folder;
  plan::Run run = recorded_run();
  run.steps = 60000;
  run.populations[0].interpolated = run.populations[1].interpolated = true;
  auto csv = record::make_spike_csv(folder.path());
  BOOST_REQUIRE(!csv->begin(run).has_value());
  std::mt19937 random(6);
  const double places[] = {0, 0.25, 0.5, 1};
  std::vector<std::tuple<double, std::string, uint32_t>> expected, found;
  for (uint64_t step = 0; step < run.steps; ++step)
    for (uint32_t population = 0; population < 2; ++population) {
      std::vector<uint32_t> cells;
      std::vector<double> fractions;
      for (uint32_t cell = 0; cell < run.populations[population].size; ++cell) {
        if (random() % 4 != 0) continue;
        cells.push_back(cell);
        fractions.push_back(places[random() % 4]);
        expected.emplace_back(record::StepClock("0.1").ms(step, fractions.back()), population == 0 ? "0N" : "1M", cell);
      }
      raise_between(*csv, population, step, cells, fractions);
    }
  BOOST_REQUIRE(!csv->end(Outcome::Complete, run.steps).has_value());
  std::sort(expected.begin(), expected.end());
  std::istringstream in(test::read(folder / "spikes.csv"));
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    size_t first = line.find(','), second = line.find(',', first + 1);
    std::string name = line.substr(first + 1, second - first - 1);
    found.emplace_back(std::stod(line), name == "N" ? "0N" : "1M", std::stoul(line.substr(second + 1)));
  }
  BOOST_TEST((found == expected));
}
