// Threads and owners: the same results for every number of them, faults and ends included.
#include "runtime/threads/team.h"

#include <fmt/format.h>

#include <stdexcept>
#include <thread>

#include "runtime/engine/tempo.h"
#include "runtime/state/partition.h"
#include "runtime/threads/processors.h"
#include "tests/runtime/scratch.h"
#include "tests/runtime/toy.h"

using namespace eic;
using Kind = plan::Rule::Kind;

namespace {

constexpr unsigned k_counts[] = {2, 3, 4, 8, 70};

engine::Options with(unsigned threads) { return {.threads = threads}; }

// Two populations that drive each other, with delays of `shortest` steps and more, and something of each kind besides.
plan::Run lively(double shortest, bool single) {
  plan::Run run = toy::run({toy::population("A", 700), toy::population("B", 130), toy::population("C", 5)}, 150);
  run.single = single;
  for (plan::Population& population : run.populations) {
    population.columns[toy::v].start = plan::Draw{plan::Draw::Kind::Uniform, 0, 1, {}, {}};
    population.uniforms[toy::theta] = 1.05;
    population.uniforms[toy::growth] = 0.97;
  }
  for (const double p : {0, 1, 2}) run.populations[static_cast<size_t>(p)].columns[toy::fire_at].start = toy::constant(3 + 4 * p);
  run.projections = {toy::projection(run, 0, 1, toy::rule(Kind::FixedOutdegree, 10), 0.05, shortest),
                     toy::projection(run, 1, 0, toy::rule(Kind::FixedIndegree, 5), 0.1, shortest),
                     toy::projection(run, 0, 0, toy::rule(Kind::Bernoulli, 0, 0.01), 0.01, shortest + 2),
                     toy::projection(run, 2, 0, toy::rule(Kind::AllToAll), 0.02, shortest)};
  run.projections[0].delay = plan::Draw{plan::Draw::Kind::Uniform, shortest, 20, {}, {}};
  run.projections[2].weight = plan::Draw{plan::Draw::Kind::Uniform, 0, 0.1, {}, {}};
  run.projections[1].port = run.projections[3].port = toy::handled;
  const char* names[] = {"a", "b", "c", "d"};
  for (uint32_t p = 0; p < 4; ++p) run.projections[p].path = std::string("NET.") + names[p];
  return run;
}

plan::Stimulus stimulus(plan::Stimulus::Kind kind, const char* name, plan::Range to) {
  plan::Stimulus made;
  made.kind = kind;
  made.name = name;
  made.path = std::string("NET.") + name;
  made.to = to;
  return made;
}

void stimulate(plan::Run& run) {
  using K = plan::Stimulus::Kind;
  run.stimuli.push_back(stimulus(K::OuNoise, "ou", {0, 3, 699}));
  run.stimuli.back().amplitude = toy::constant(0.5), run.stimuli.back().sd = toy::constant(2), run.stimuli.back().tau = 2;
  run.stimuli.push_back(stimulus(K::Sine, "sine", {1, 0, 130}));
  run.stimuli.back().amplitude = toy::constant(0.5), run.stimuli.back().offset = toy::constant(0.2);
  run.stimuli.back().phase = plan::Draw{plan::Draw::Kind::Uniform, 0, 6, {}, {}}, run.stimuli.back().frequency = 0.1;
  run.stimuli.push_back(toy::step("step", {0, 100, 500}, {}, 0.3, 20, 90));
  run.stimuli.push_back(stimulus(K::Pulses, "pulses", {1, 5, 90}));
  run.stimuli.back().amplitude = toy::constant(0.25), run.stimuli.back().width = 3, run.stimuli.back().period = 11;
  run.stimuli.push_back(stimulus(K::Poisson, "rare", {0, 10, 650}));
  run.stimuli.back().rate = plan::Draw{plan::Draw::Kind::Uniform, 0, 2, {}, {}}, run.stimuli.back().weight = toy::constant(0.3);
  run.stimuli.push_back(stimulus(K::Poisson, "dense", {1, 0, 130}));
  run.stimuli.back().rate = toy::constant(30), run.stimuli.back().weight = toy::constant(0.01), run.stimuli.back().port = toy::handled;
}

void same(const toy::Ran& got, const toy::Ran& wanted, const std::string& what) {
  BOOST_TEST((got.memory.heard == wanted.memory.heard), "spikes, " << what);
  BOOST_TEST((got.memory.rows == wanted.memory.rows), "rows, " << what);
  BOOST_TEST(got.memory.steps == wanted.memory.steps, what);
  BOOST_TEST((got.memory.outcome == wanted.memory.outcome), what);
  const auto message = [](const toy::Ran& ran) { return ran.finished.error ? ran.finished.error->message : ""; };
  BOOST_TEST(message(got) == message(wanted), what);
}

void same_for_every_count(const plan::Run& run, const std::string& what) {
  const toy::Ran one = toy::go(run, {}, with(1));
  for (const unsigned threads : k_counts) same(toy::go(run, {}, with(threads)), one, fmt::format("{}, {} threads", what, threads));
}

}  // namespace

BOOST_AUTO_TEST_CASE(cells_are_divided_evenly_and_each_has_one_owner) {
  const plan::Run run = toy::run({toy::population("A", 4000), toy::population("B", 65), toy::population("C", 0), toy::population("D", 1)}, 1);
  for (const uint64_t owners : {1, 2, 3, 7, 66}) {
    const auto parts = state::divide(run, owners);
    std::vector<uint64_t> blocks(owners, 0);
    for (uint64_t p = 0; p < parts.size(); ++p) {
      BOOST_REQUIRE(parts[p].owners() == owners);
      BOOST_TEST(parts[p].cuts.front() == 0u);
      BOOST_TEST(parts[p].cuts.back() == (run.populations[p].size + 63) / 64 * 64);
      for (uint64_t o = 0; o < owners; ++o) {
        BOOST_TEST(parts[p].begin(o) % k_padding_cells == 0u);
        BOOST_REQUIRE(parts[p].begin(o) <= parts[p].end(o));
        blocks[o] += (parts[p].end(o) - parts[p].begin(o)) / k_padding_cells;
        for (const uint64_t cell : {parts[p].begin(o), parts[p].end(o) - 1})
          if (parts[p].begin(o) < parts[p].end(o)) BOOST_TEST(parts[p].owner_of(cell) == o);
      }
    }
    const auto [least, most] = std::minmax_element(blocks.begin(), blocks.end());
    BOOST_TEST(*most - *least <= 1u);  // 63 + 2 + 1 blocks
  }
  BOOST_TEST(state::most_owners(run) == 66u);
}

BOOST_AUTO_TEST_CASE(a_team_does_every_part_of_every_job) {
  for (const unsigned size : {1, 2, 5, 33}) {
    threads::Team team(size);
    BOOST_TEST(team.size() == size);
    std::vector<uint64_t> done(size, 0);
    for (uint64_t job = 0; job < 300; ++job) {
      const unsigned some = job % 3 == 0 ? 1 : job % 3 == 1 ? size : (size + 1) / 2;
      if (job % 100 == 50) std::this_thread::sleep_for(std::chrono::milliseconds(1));  // the others fall asleep
      team.run(some, [&](unsigned i) { done[i] += job; });
    }
    uint64_t all = 0, wanted = 0;
    for (const uint64_t each : done) all += each;
    for (uint64_t job = 0; job < 300; ++job) wanted += job * (job % 3 == 0 ? 1 : job % 3 == 1 ? size : (size + 1) / 2);
    BOOST_TEST(all == wanted);
  }
}

BOOST_AUTO_TEST_CASE(what_a_part_throws_comes_out_and_the_team_goes_on) {
  threads::Team team(3);
  for (const unsigned culprit : {0, 2})
    BOOST_CHECK_THROW(team.run(3, [&](unsigned i) { if (i == culprit) throw std::bad_alloc(); }), std::bad_alloc);
  std::atomic<int> done = 0;
  team.run(3, [&](unsigned) { ++done; });
  BOOST_TEST(done == 3);
}

BOOST_AUTO_TEST_CASE(pinned_threads_are_where_they_belong_and_the_caller_is_free_again) {
  const auto allowed = threads::allowed_processors();
  BOOST_REQUIRE(!allowed.empty());
  {
    threads::Team team(static_cast<unsigned>(allowed.size()));
    BOOST_REQUIRE(team.pin());
    std::vector<std::vector<unsigned>> where(allowed.size());
    team.run(team.size(), [&](unsigned i) { where[i] = threads::allowed_processors(); });
    for (size_t i = 0; i < allowed.size(); ++i) BOOST_TEST((where[i] == std::vector<unsigned>{allowed[i]}));
    team.free_caller();
    BOOST_TEST((threads::allowed_processors() == allowed));
    team.bind_caller();
    BOOST_TEST((threads::allowed_processors() == std::vector<unsigned>{allowed[0]}));
  }
  BOOST_TEST((threads::allowed_processors() == allowed));
  threads::Team more(static_cast<unsigned>(allowed.size()) + 1);
  BOOST_TEST(!more.pin());
  BOOST_TEST((threads::allowed_processors() == allowed));
  plan::Run run = toy::run({toy::population("N", 64 * (allowed.size() + 1))}, 1);
  const auto error = toy::refusal(run, {.threads = static_cast<unsigned>(allowed.size()) + 1, .pin = true});
  BOOST_REQUIRE(error.has_value());
  BOOST_TEST(error->message == fmt::format("{} threads cannot be pinned: {} processors may be used", allowed.size() + 1, allowed.size()));
}

// Times are made up: what is tested is what follows from them.
BOOST_AUTO_TEST_CASE(of_two_numbers_of_threads_the_faster_goes_on) {
  for (const double all_s : {2e-5, 9e-5, 3.0, 9.0}) {
    const double one_s = all_s < 1 ? 4e-5 : 4.0;
    engine::Tempo tempo(2, true);
    uint64_t steps[2] = {0, 0};
    for (int i = 0; i < 4000; ++i) {
      const unsigned threads = tempo.threads();
      ++steps[threads - 1];
      tempo.took(1, threads == 1 ? one_s : all_s);
    }
    const bool more = all_s < one_s;
    BOOST_TEST(tempo.used() == (more ? 2u : 1u));
    BOOST_TEST(steps[more ? 0 : 1] > 0u);
    BOOST_TEST(steps[more ? 0 : 1] < 400u);
  }
  engine::Tempo asked(3, false);
  for (int i = 0; i < 100; ++i) asked.took(1, 1);
  BOOST_TEST(asked.threads() == 3u);
  BOOST_TEST(asked.used() == 3u);
}

BOOST_AUTO_TEST_CASE(spikes_and_traces_are_the_same_for_every_number_of_threads) {
  for (const bool single : {false, true}) {
    for (const double shortest : {1.0, 3.0, 40.0}) {
      plan::Run run = lively(shortest, single);
      stimulate(run);
      run.traces = {toy::trace(run, 0, {toy::v, toy::s, toy::h}, 50), {1, std::nullopt, {toy::i}, {0, 64, 129}, 7, "i.csv", {}},
                    {0, std::nullopt, {toy::v}, {699, 5}, 3, "v.csv", {}}};
      run.traces[2].during = {{20, 60}, {100, 140}};
      const toy::Ran one = toy::go(run);
      BOOST_TEST(one.memory.heard.size() > 1800u);
      BOOST_TEST(one.memory.rows.at(1).size() == 22u);
      same_for_every_count(run, fmt::format("shortest delay {}", shortest));
    }
  }
}

BOOST_AUTO_TEST_CASE(without_connections_too) {
  plan::Run run = lively(1, false);
  run.projections.clear();
  stimulate(run);
  same_for_every_count(run, "alone");
}

BOOST_AUTO_TEST_CASE(gap_junctions_see_the_v_of_all_cells_of_one_time) {
  plan::Run run = lively(2, false);
  run.populations[0].gap_columns = run.populations[1].gap_columns = toy::I;  // and the one behind it: Σ g flows in
  run.populations[0].input_column = run.populations[1].input_column = -1;
  run.projections.push_back(toy::projection(run, 0, 1, toy::rule(Kind::Bernoulli, 0, 0.01), 0.01, 1));
  run.projections.back().gap = true;
  run.projections.push_back(toy::projection(run, 0, 0, toy::rule(Kind::FixedTotal, 500), 0.01, 1));
  run.projections.back().gap = true;
  run.projections.back().path = "NET.g";
  run.traces = {toy::trace(run, 0, {toy::v, toy::fire_at}, 25)};
  same_for_every_count(run, "gap junctions");
}

// In several owners' cells and populations, in one step and in steps of the same batch.
BOOST_AUTO_TEST_CASE(the_earliest_fault_is_the_one_that_is_named) {
  const Scratch scratch;
  for (const bool reverse : {false, true}) {
    plan::Run run = lively(40, false);
    for (uint32_t p = 0; p < 2; ++p) {
      std::string text = "fail_at\n";
      for (uint64_t cell = 0; cell < run.populations[p].size; ++cell) {
        const uint64_t place = reverse ? run.populations[p].size - 1 - cell : cell;
        const int step = place == 10 ? 58 : place == 120 ? (p == 0 ? 57 : 56) : place == 129 ? 56 : place == 690 ? 59 : -1;
        text += fmt::format("{}\n", step);
      }
      const std::string name = fmt::format("f{}{}.csv", p, reverse);
      run.populations[p].columns[toy::fail_at].start = plan::Draw{plan::Draw::Kind::Csv, 0, 0, {scratch.write(name, text), name, "fail_at", 1}, {}};
    }
    run.traces = {{0, std::nullopt, {toy::v}, {0, 650}, 9, "v.csv", {}}};
    const toy::Ran one = toy::go(run);
    BOOST_REQUIRE(one.finished.error.has_value());
    BOOST_TEST(one.finished.error->message.find(reverse ? "of A[570] became NaN at t = 5.7 ms" : "of A[129] became NaN at t = 5.7 ms") != std::string::npos,
               one.finished.error->message);
    BOOST_TEST(one.memory.steps == 56u);
    same_for_every_count(run, "a fault");
  }
}

BOOST_AUTO_TEST_CASE(an_interrupt_ends_a_run_of_several_threads) {
  plan::Run run = lively(1, false);
  run.steps = 100'000'000;
  std::atomic<int> interrupt = 0;
  const toy::Ran ran = toy::go(run, {&interrupt, [&](uint64_t, uint64_t) { interrupt = 2; }}, with(3));
  BOOST_TEST((ran.finished.outcome == record::Outcome::Interrupted));
  BOOST_TEST(ran.finished.threads == 3u);
  BOOST_TEST(ran.memory.steps == ran.finished.steps);
  const uint64_t last = ran.memory.heard.empty() ? 0 : ran.memory.heard.back().step;
  BOOST_TEST(last < ran.finished.steps);
}

BOOST_AUTO_TEST_CASE(without_memory_for_more_a_run_ends_and_says_so) {
  struct Full : toy::Memory {
    void spikes(uint32_t, uint64_t step, const record::Spikes&) override { if (step >= 7) throw std::bad_alloc(); }
  } recorder;
  const plan::Run run = lively(1, false);
  const KernelSet set = toy::kernels(run);
  record::Recorder* recorders[] = {&recorder};
  const engine::Finished finished = engine::Engine::build(run, set, with(2))->run(recorders);
  BOOST_REQUIRE(finished.error.has_value());
  BOOST_TEST((finished.error->kind == RunError::Kind::Memory));
  BOOST_TEST((recorder.outcome == record::Outcome::Failed && recorder.ended == 1));
}

BOOST_AUTO_TEST_CASE(few_cells_take_no_thread_and_more_threads_than_blocks_are_not_started) {
  plan::Run run = toy::run({toy::population("N", 100)}, 3);
  BOOST_TEST(toy::go(run, {}, with(0)).finished.threads == 1u);
  BOOST_TEST(toy::go(run, {}, with(4000)).finished.threads == 2u);
}
