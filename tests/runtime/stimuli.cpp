// Stimuli against what they are defined to be: waves at t_k, the statistics of random ones against theory, files.
#include <fmt/format.h>

#include <numbers>

#include "runtime/stimuli/currents.h"
#include "runtime/stimuli/events.h"
#include "tests/runtime/scratch.h"
#include "tests/runtime/toy.h"

using namespace eic;
using Kind = plan::Stimulus::Kind;

namespace {

plan::Stimulus stimulus(Kind kind, uint64_t cells, const char* path = "NET.a") {
  plan::Stimulus made = toy::step("a", {0, 0, cells}, {}, 0, 0, UINT64_MAX);
  made.kind = kind;
  made.path = path;
  return made;
}

plan::Run run_of(plan::Stimulus stimulus, uint64_t steps = 1000) {
  plan::Run run = toy::run({toy::population("N", stimulus.to.end)}, steps);
  run.stimuli.push_back(std::move(stimulus));
  return run;
}

// What flows into each cell in each step.
std::vector<std::vector<double>> currents(const plan::Run& run, uint64_t owners = 1) {
  const auto partition = state::divide(run, owners).front();
  auto currents = stimuli::Currents::make(run, 0, partition);
  BOOST_REQUIRE_MESSAGE(currents.ok(), "no currents");
  state::Columns columns(run.populations[0].size, toy::k_columns, run.single);
  std::vector<std::vector<double>> rows;
  for (uint64_t step = 0; step < run.steps; ++step) {
    for (stimuli::Currents& own : *currents) own.update(step, columns);
    std::vector<double>& row = rows.emplace_back();
    for (uint64_t cell = 0; cell < run.populations[0].size; ++cell) row.push_back(columns.value(toy::I, cell));
  }
  return rows;
}

std::string refusal(const plan::Run& run) {
  const auto error = toy::refusal(run);
  BOOST_REQUIRE(error.has_value());
  return error->message;
}

// The number of events in each step and cell.
std::vector<std::vector<uint32_t>> counts(const plan::Run& run) {
  const stimuli::Request request{run, run.stimuli[0]};
  const auto cells = stimuli::cells_of(run.stimuli[0]);
  auto arrivals = stimuli::make_poisson(request, cells, state::divide(run, 1).front());
  BOOST_REQUIRE_MESSAGE(arrivals.ok(), "no arrivals");
  std::vector<std::vector<uint32_t>> rows;
  std::vector<uint32_t> places;
  for (uint64_t step = run.stimuli[0].from_step; step < run.steps; ++step) {
    places.clear();
    arrivals->front()->arrive(step, places);
    BOOST_TEST(std::is_sorted(places.begin(), places.end()));
    rows.emplace_back(cells.size(), 0);
    for (const uint32_t place : places) ++rows.back()[place];
  }
  return rows;
}

}  // namespace

BOOST_AUTO_TEST_CASE(pulses_have_width_period_count_and_window) {
  plan::Stimulus pulses = stimulus(Kind::Pulses, 2);
  pulses.amplitude = toy::constant(2);
  pulses.width = 2, pulses.period = 5, pulses.from_step = 3;
  const auto on = [&](const plan::Stimulus& of) {
    std::string text;
    for (const auto& row : currents(run_of(of, 24))) text += row[0] == 2 && row[1] == 2 ? '1' : row[0] == 0 ? '0' : '?';
    return text;
  };
  BOOST_TEST(on(pulses) == "000110001100011000110001");
  pulses.count = 2;
  BOOST_TEST(on(pulses) == "000110001100000000000000");
  pulses.count = 0;
  BOOST_TEST(on(pulses) == "000000000000000000000000");
  pulses.count = UINT64_MAX, pulses.to_step = 14;  // cuts the third
  BOOST_TEST(on(pulses) == "000110001100010000000000");
  pulses.to_step = UINT64_MAX, pulses.width = 5;  // without a pause
  BOOST_TEST(on(pulses) == "000111111111111111111111");
}

BOOST_AUTO_TEST_CASE(a_ramp_goes_from_one_amplitude_to_the_other) {
  plan::Stimulus ramp = stimulus(Kind::Ramp, 1);
  ramp.amplitude = toy::constant(1), ramp.to_amplitude = toy::constant(-3);
  ramp.from_step = 4, ramp.to_step = 12;
  const auto rows = currents(run_of(ramp, 20));
  for (uint64_t step = 0; step < 20; ++step) {
    const double expected = step < 4 || step >= 12 ? 0 : 1 - 4 * static_cast<double>(step - 4) / 8;
    BOOST_TEST(rows[step][0] == expected);
  }
  ramp.to_step = UINT64_MAX;  // arrives at the end of the run
  BOOST_TEST(currents(run_of(ramp, 20))[12][0] == -1);
}

BOOST_AUTO_TEST_CASE(a_sine_begins_at_from_with_its_phase_and_offset) {
  plan::Stimulus sine = stimulus(Kind::Sine, 5);
  sine.amplitude = toy::constant(0.5), sine.offset = toy::constant(0.25);
  sine.phase = {plan::Draw::Kind::Uniform, 0, 2 * std::numbers::pi, {}, {}};
  sine.frequency = 0.0375, sine.from_step = 7;
  const plan::Run run = run_of(sine, 2000);
  const auto rows = currents(run);
  const auto phases = stimuli::values_of({run, run.stimuli[0]}, {0, 1, 2, 3, 4}, sine.phase, "phase");
  double worst = 0;
  for (uint64_t step = 7; step < 2000; ++step) {
    for (uint64_t cell = 0; cell < 5; ++cell) {
      const double t = 0.1 * static_cast<double>(step - 7);
      const double expected = 0.25 + 0.5 * std::sin(2 * std::numbers::pi * 0.0375 * t + (*phases)[cell]);
      worst = std::fmax(worst, std::fabs(rows[step][cell] - expected));
    }
  }
  BOOST_TEST(worst < 1e-13);
  BOOST_TEST(rows[6][0] == 0);
}

BOOST_AUTO_TEST_CASE(a_waveform_is_interpolated_and_held_outside_its_rows) {
  const Scratch scratch;
  plan::Stimulus wave = stimulus(Kind::Waveform, 1);
  wave.series = {scratch.write("w.csv", "time_ms,i_pA\n0.2,100\n0.4,300\n0.45,300\n1,-100\n"), "w.csv", "i_pA", 1e-3};
  const auto rows = currents(run_of(wave, 15));
  const std::vector<double> expected = {0.1, 0.1, 0.1, 0.2, 0.3, 0.3 - 0.4 / 11, 0.3 - 0.4 * 3 / 11};
  for (uint64_t step = 0; step < expected.size(); ++step) {
    BOOST_TEST(rows[step][0] == expected[step], boost::test_tools::tolerance(1e-12));
  }
  BOOST_TEST(rows[14][0] == -0.1, boost::test_tools::tolerance(1e-12));
  const auto bad = [&](const char* text) {
    wave.series.path = scratch.write("bad.csv", text);
    return refusal(run_of(wave));
  };
  BOOST_TEST(bad("time_ms,i_pA\n") == "`w.csv` has no row");
  BOOST_TEST(bad("time_ms,i_pA\n1,0\n1,2\n") == "`w.csv` line 3: 1 ms stands behind 1 ms");
  BOOST_TEST(bad("time_s,i_pA\n1,0\n") == "`w.csv` has no column of times");
}

BOOST_AUTO_TEST_CASE(values_may_be_drawn_or_read_for_each_cell) {
  const Scratch scratch;
  plan::Stimulus step = stimulus(Kind::Step, 3);
  const std::string file = scratch.write("a.csv", "amplitude_pA\n100\n200\n400\n");
  step.amplitude = {plan::Draw::Kind::Csv, 0, 0, {file, "a.csv", "amplitude_pA", 1e-3}, {}};
  BOOST_TEST((currents(run_of(step, 1))[0] == std::vector<double>{0.1, 0.2, 0.4}));
  plan::Stimulus longer = step;
  longer.to.end = 4;
  BOOST_TEST(refusal(run_of(longer)) == "`a.csv` has 3 values of `amplitude_pA`, but `a` acts on 4 cells");
  step.amplitude = {plan::Draw::Kind::Normal, 1, 0.1, {}, {}};
  const auto drawn = currents(run_of(step, 1))[0];
  BOOST_TEST(drawn[0] != drawn[1]);
  step.to.end = 9;  // more cells change nobody's draw
  BOOST_TEST(currents(run_of(step, 1))[0][2] == drawn[2]);
}

// What stays and what varies together, in both precisions; cells that nothing reaches stay at zero.
BOOST_AUTO_TEST_CASE(currents_of_all_kinds_add_up) {
  plan::Run run = run_of(stimulus(Kind::Step, 8), 40);
  run.stimuli[0] = toy::step("s", {0, 0, 0}, {1, 5}, 2, 3, 9);
  plan::Stimulus ramp = stimulus(Kind::Ramp, 8, "NET.r");
  ramp.to = {0, 2, 6};
  ramp.to_amplitude = toy::constant(4), ramp.from_step = 4, ramp.to_step = 20;
  run.stimuli.push_back(ramp);
  run.stimuli.push_back(toy::step("t", {0, 4, 7}, {}, 1, 8, 30));
  for (const bool single : {false, true}) {
    run.single = single;
    const auto rows = currents(run);
    for (uint64_t step = 0; step < 40; ++step) {
      for (uint64_t cell = 0; cell < 8; ++cell) {
        double expected = (cell == 1 || cell == 5) && step >= 3 && step < 9 ? 2 : 0;
        if (cell >= 4 && cell < 7 && step >= 8 && step < 30) expected += 1;
        if (cell >= 2 && cell < 6 && step >= 4 && step < 20) expected += static_cast<double>(step - 4) / 4;
        BOOST_TEST(rows[step][cell] == expected);
      }
    }
  }
}

// 400 cells for 400 correlation times: mean, sd and the correlation at several lags, against their standard errors.
BOOST_AUTO_TEST_CASE(ou_noise_has_its_mean_sd_and_correlation) {
  constexpr double tau = 2, mean = 0.3, sd = 0.1;
  constexpr uint64_t cells = 400, steps = 8000;
  plan::Stimulus noise = stimulus(Kind::OuNoise, cells);
  noise.amplitude = toy::constant(mean), noise.sd = toy::constant(sd), noise.tau = tau;
  const auto rows = currents(run_of(noise, steps));
  const double samples = static_cast<double>(cells) * steps * 0.1 / (2 * tau);  // that count as independent
  double sum = 0, squares = 0, first = 0;
  for (const auto& row : rows) {
    for (const double x : row) sum += x, squares += (x - mean) * (x - mean);
  }
  for (const double x : rows[0]) first += (x - mean) * (x - mean);
  BOOST_TEST(std::fabs(sum / (cells * steps) - mean) < 4 * sd / std::sqrt(samples));
  BOOST_TEST(std::fabs(std::sqrt(squares / (cells * steps)) / sd - 1) < 4 / std::sqrt(2 * samples));
  BOOST_TEST(std::fabs(std::sqrt(first / cells) / sd - 1) < 4 / std::sqrt(2.0 * cells));  // stationary from the start
  for (const uint64_t lag : {1u, 5u, 20u, 40u, 100u}) {
    double together = 0;
    for (uint64_t step = 0; step + lag < steps; ++step) {
      for (uint64_t cell = 0; cell < cells; ++cell) together += (rows[step][cell] - mean) * (rows[step + lag][cell] - mean);
    }
    const double correlation = together / (cells * (steps - lag)) / (sd * sd);
    BOOST_TEST(std::fabs(correlation - std::exp(-0.1 * static_cast<double>(lag) / tau)) < 5 / std::sqrt(samples), "lag " << lag);
  }
  double across = 0;  // neighbours share a block of the generator, and nothing else
  for (const auto& row : rows) {
    for (uint64_t cell = 0; cell < cells; cell += 2) across += (row[cell] - mean) * (row[cell + 1] - mean);
  }
  BOOST_TEST(std::fabs(across / (cells / 2 * steps) / (sd * sd)) < 5 / std::sqrt(samples / 2));
}

// The numbers of events in disjoint steps and cells are Poisson and independent: mean, variance, the whole distribution, and
// neighbours in time and place. Means below and above the border between gaps and numbers, and above that of one number.
BOOST_AUTO_TEST_CASE(poisson_events_are_poisson) {
  for (const double mean : {0.003, 0.4, 0.6, 3.0, 40.0}) {
    constexpr uint64_t cells = 130, steps = 2000;
    plan::Stimulus poisson = stimulus(Kind::Poisson, cells);
    poisson.rate = toy::constant(mean / 0.1), poisson.from_step = 17;
    const auto rows = counts(run_of(poisson, steps + 17));
    const double n = static_cast<double>(cells * steps);
    double sum = 0, squares = 0, in_time = 0, in_place = 0, none = 0;
    for (uint64_t step = 0; step < steps; ++step) {
      for (uint64_t cell = 0; cell < cells; ++cell) {
        const double x = rows[step][cell] - mean;
        sum += x, squares += x * x;
        none += rows[step][cell] == 0 ? 1 : 0;
        if (step > 0) in_time += x * (rows[step - 1][cell] - mean);
        if (cell > 0) in_place += x * (rows[step][cell - 1] - mean);
      }
    }
    BOOST_TEST_CONTEXT("mean " << mean) {
      const double share = std::exp(-mean);
      BOOST_TEST(std::fabs(sum / n) < 4 * std::sqrt(mean / n));
      BOOST_TEST(std::fabs(squares / n - mean) < 4 * std::sqrt((mean + 2 * mean * mean) / n));  // of a Poisson variance
      BOOST_TEST(std::fabs(in_time / n) < 4 * mean / std::sqrt(n));
      BOOST_TEST(std::fabs(in_place / n) < 4 * mean / std::sqrt(n));
      BOOST_TEST(std::fabs(none / n - share) <= 4 * std::sqrt(share * (1 - share) / n));
    }
  }
}

BOOST_AUTO_TEST_CASE(rare_events_keep_their_times_when_dt_is_halved) {
  plan::Stimulus poisson = stimulus(Kind::Poisson, 50);
  poisson.rate = toy::constant(0.5);
  plan::Run coarse = run_of(poisson, 1000), fine = run_of(poisson, 2000);
  fine.dt = 0.05;
  const auto a = counts(coarse), b = counts(fine);
  uint64_t events = 0;
  for (uint64_t step = 0; step < 1000; ++step) {
    for (uint64_t cell = 0; cell < 50; ++cell) {
      BOOST_TEST(a[step][cell] == b[2 * step][cell] + b[2 * step + 1][cell]);
      events += a[step][cell];
    }
  }
  BOOST_TEST(events > 2000u);
}

BOOST_AUTO_TEST_CASE(poisson_events_belong_to_seed_path_and_cell) {
  for (const double mean : {0.05, 2.0}) {
    plan::Stimulus poisson = stimulus(Kind::Poisson, 20);
    poisson.rate = toy::constant(mean / 0.1);
    const plan::Run run = run_of(poisson, 300);
    plan::Run other = run, seeded = run, more = run;
    other.stimuli[0].path = "NET.b", seeded.seed = 2, more.stimuli[0].to.end = more.populations[0].size = 40;
    BOOST_TEST((counts(run) == counts(run)));
    BOOST_TEST((counts(run) != counts(other)));
    BOOST_TEST((counts(run) != counts(seeded)));
    const auto few = counts(run), many = counts(more);
    for (uint64_t step = 0; step < 300; ++step) BOOST_TEST(std::equal(few[step].begin(), few[step].end(), many[step].begin()));
  }
}

BOOST_AUTO_TEST_CASE(rates_differ_from_cell_to_cell_and_may_be_zero) {
  const Scratch scratch;
  plan::Stimulus poisson = stimulus(Kind::Poisson, 3);
  poisson.rate = {plan::Draw::Kind::Csv, 0, 0, {scratch.write("r.csv", "rate_Hz\n0\n1000\n3000\n"), "r.csv", "rate_Hz", 1e-3}, {}};
  std::vector<double> sums(3);
  for (const auto& row : counts(run_of(poisson, 20000))) {
    for (uint64_t cell = 0; cell < 3; ++cell) sums[cell] += row[cell];
  }
  BOOST_TEST(sums[0] == 0);
  BOOST_TEST(std::fabs(sums[1] - 2000) < 4 * std::sqrt(2000));
  BOOST_TEST(std::fabs(sums[2] - 6000) < 4 * std::sqrt(6000));
  scratch.write("r.csv", "rate_Hz\n0\n1\n-1\n");
  BOOST_TEST(refusal(run_of(poisson)) == "a rate must not be negative, and one of those drawn or read is");
}

// Events act in the step whose interval holds them, one by one, also where the synapse does more than add.
BOOST_AUTO_TEST_CASE(events_arrive_at_the_times_of_a_file) {
  const Scratch scratch;
  plan::Stimulus times = stimulus(Kind::SpikeTimes, 3);
  times.weight = toy::constant(1);
  times.series = {scratch.write("t.csv", "time_ms,index\n0,2\n0.3,0\n0.3,0\n0.35,1\n99,1\n"), "t.csv", "time_ms", 1};
  for (const bool single : {false, true}) {
    plan::Run run = run_of(times, 6);
    run.single = single;
    run.populations[0].uniforms[toy::decay] = 0;
    run.traces.push_back(toy::trace(run, 0, {toy::s}));
    const auto rows = toy::go(run).memory.rows.at(0);
    const std::vector<std::vector<double>> expected = {{0, 0, 1}, {0, 0, 0}, {0, 0, 0}, {2, 1, 0}, {0, 0, 0}, {0, 0, 0}};
    for (uint64_t step = 0; step < 6; ++step) BOOST_TEST(rows.at(step + 1) == expected[step], boost::test_tools::per_element());
    run.stimuli[0].port = toy::handled;
    run.traces[0] = toy::trace(run, 0, {toy::h});
    BOOST_TEST((toy::go(run).memory.rows.at(0).at(4) == std::vector<double>{1.5, 1, 1}));  // h/2 + w, twice
    run.stimuli[0].from_step = 1, run.stimuli[0].to_step = 3;  // nothing is left
    BOOST_TEST((toy::go(run).memory.rows.at(0).at(6) == std::vector<double>{0, 0, 0}));
  }
  times.series.path = scratch.write("all.csv", "t_ms\n0.1\n");
  plan::Run all = run_of(times, 3);
  all.traces.push_back(toy::trace(all, 0, {toy::s}));
  BOOST_TEST((toy::go(all).memory.rows.at(0).at(2) == std::vector<double>{1, 1, 1}));
}

BOOST_AUTO_TEST_CASE(a_file_of_times_is_refused_with_its_line) {
  const Scratch scratch;
  const auto bad = [&](const char* text) {
    plan::Stimulus times = stimulus(Kind::SpikeTimes, 3);
    times.weight = toy::constant(1);
    times.series = {scratch.write("t.csv", text), "t.csv", "time_ms", 1};
    return refusal(run_of(times));
  };
  BOOST_TEST(bad("time_ms\n") == "`t.csv` has no row");
  BOOST_TEST(bad("time_ms\n3\n2\n") == "`t.csv` line 3: 2 stands behind 3");
  BOOST_TEST(bad("time_ms\n-1\n") == "`t.csv` line 2: a time of -1 is before the run");
  BOOST_TEST(bad("time_ms,index\n1,3\n") == "`t.csv` line 2: `index` is 3, but `a` acts on 3 cells");
  BOOST_TEST(bad("time_ms\n1000\n") == "no time of `t.csv` lies within the run of 100 ms");
}
