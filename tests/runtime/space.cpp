// Cells in space: positions, distances on a plane and on a torus, and connections, weights and delays that depend on them,
// against the theory of their means.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <set>

#include "runtime/connect/connect.h"
#include "runtime/state/positions.h"
#include "tests/runtime/scratch.h"
#include "tests/runtime/toy.h"

using namespace eic;
using Kind = plan::Rule::Kind;
using Place = plan::Positions::Kind;

namespace {

constexpr double k_sigma = 30, k_most = 0.5;  // um; the probability at 0

// Functions as a kernel has them: column 0 is the distance, column 1 takes the result, uniforms are R.
template <class R, class F>
void each(StepArgs* a, F f) {
  for (uint64_t i = a->begin; i < a->end; ++i) static_cast<R*>(a->columns[1])[i] = f(static_cast<const R*>(a->columns[0])[i], static_cast<const R*>(a->uniforms));
}
template <class R>
void bell(StepArgs* a) {  // u[0]·exp(−d²/2u[1]²)
  each<R>(a, [](R d, const R* u) { return u[0] * std::exp(-d * d / (2 * u[1] * u[1])); });
}
template <class R>
void linear(StepArgs* a) {  // u[0] + u[1]·d
  each<R>(a, [](R d, const R* u) { return u[0] + u[1] * d; });
}

plan::Positions grid(uint64_t nx, uint64_t ny, double spacing, bool periodic) {
  return {Place::Grid, 2, nx, spacing, {spacing * static_cast<double>(nx), spacing * static_cast<double>(ny), 0}, periodic, {}, {}};
}
plan::Positions box(double width, double height, bool periodic) { return {Place::Uniform, 2, 0, 0, {width, height, 0}, periodic, {}, {}}; }
plan::Positions line(uint64_t n, double spacing, bool periodic) {
  return {Place::Line, 1, 0, spacing, {spacing * static_cast<double>(n), 0, 0}, periodic, {}, {}};
}

plan::Population placed(uint64_t size, plan::Positions positions, const char* name = "A") {
  plan::Population population = toy::population(name, size);
  population.positions = std::move(positions);
  return population;
}

// One population, connected with itself by the bell.
plan::Run net(uint64_t size, plan::Positions positions, double most = k_most) {
  plan::Run run = toy::run({placed(size, std::move(positions))}, 10);
  run.projections.push_back(toy::projection(run, 0, 0, toy::rule(Kind::Bernoulli)));
  run.projections[0].rule.p_of = plan::OfDistance{0, {most, k_sigma}, {7, 8, 9}};
  return run;
}

struct Made {
  std::vector<std::optional<state::Positions>> positions;
  Result<connect::Synapses, RunError> synapses;
};

Made connect_all(const plan::Run& run, double memory = 1e12) {
  static const std::vector<StepFn> doubles = {bell<double>, linear<double>}, singles = {bell<float>, linear<float>};
  connect::Space space{{}, run.single ? singles : doubles};
  for (const plan::Population& population : run.populations) {
    space.positions.emplace_back();
    if (!population.positions) continue;
    auto made = state::Positions::make(population, run.seed);
    if (!made) BOOST_FAIL(made.error().message);
    space.positions.back() = std::move(*made);
  }
  state::Budget budget(memory);
  auto synapses = connect::connect({run, run.projections[0], budget, false, &space});
  return {std::move(space.positions), std::move(synapses)};
}

// Calls see(source, target, weight, delay) for every synapse.
template <class See>
void for_each(const connect::Synapses& s, See see) {
  s.for_each([&](uint64_t row, uint64_t group, uint32_t target, uint64_t at) { see(row, target, s.weight(at), s.delays[group]); });
}

}  // namespace

BOOST_AUTO_TEST_CASE(cells_stand_where_the_plan_says) {
  const auto on_line = *state::Positions::make(placed(4, line(4, 10, false)), 1);
  BOOST_TEST((on_line.at(0, 0) == 5 && on_line.at(3, 0) == 35));
  BOOST_TEST((on_line.distance(0, on_line, 3) == 30 && on_line.distance(2, on_line, 2) == 0));
  const auto on_grid = *state::Positions::make(placed(12, grid(4, 3, 2, false)), 1);
  BOOST_TEST((on_grid.at(6, 0) == 5 && on_grid.at(6, 1) == 3));
  BOOST_TEST(on_grid.distance(0, on_grid, 11) == std::sqrt(36.0 + 16.0));
  const auto inside = *state::Positions::make(placed(20000, box(100, 50, false)), 3);
  double mean[2] = {0, 0};
  for (uint64_t cell = 0; cell < 20000; ++cell)
    for (uint32_t axis = 0; axis < 2; ++axis) {
      BOOST_REQUIRE((inside.at(cell, axis) >= 0 && inside.at(cell, axis) < (axis == 0 ? 100 : 50)));
      mean[axis] += inside.at(cell, axis) / 20000;
    }
  BOOST_TEST(std::abs(mean[0] - 50) < 5 * 100 / std::sqrt(12 * 20000.0));
  BOOST_TEST(std::abs(mean[1] - 25) < 5 * 50 / std::sqrt(12 * 20000.0));
  const auto other_seed = *state::Positions::make(placed(20000, box(100, 50, false)), 4);
  BOOST_TEST(other_seed.at(0, 0) != inside.at(0, 0));
  const auto more = *state::Positions::make(placed(20001, box(100, 50, false)), 3);  // one more moves none of the others
  BOOST_TEST((more.at(19999, 0) == inside.at(19999, 0) && more.at(19999, 1) == inside.at(19999, 1)));
}

BOOST_AUTO_TEST_CASE(a_torus_has_no_edges) {
  const auto ring = *state::Positions::make(placed(10, line(10, 10, true)), 1);
  for (uint64_t cell = 0; cell < 10; ++cell)
    for (uint64_t other = 0; other < 10; ++other) {
      const uint64_t apart = (cell + 10 - other) % 10;
      BOOST_TEST(ring.distance(cell, ring, other) == 10.0 * static_cast<double>(std::min(apart, 10 - apart)));
    }
  const auto torus = *state::Positions::make(placed(30, grid(6, 5, 1, true)), 1);
  BOOST_TEST(torus.distance(0, torus, 29) == std::sqrt(2.0));
  BOOST_TEST(torus.distance(0, torus, 3 + 6 * 2) == std::sqrt(9.0 + 4.0));
}

BOOST_AUTO_TEST_CASE(positions_come_from_a_file) {
  const Scratch scratch;
  plan::Positions from{Place::Csv, 1, 0, 0, {}, false, {scratch.write("p.csv", "y_um,x_um,name\n1,2,a\n3,4,b\n"), "p.csv", "", 1}, {}};
  const auto read = *state::Positions::make(placed(2, from), 1);
  BOOST_TEST((read.dimensions() == 2 && read.at(1, 0) == 4 && read.at(1, 1) == 3));
  const auto short_of = state::Positions::make(placed(3, from), 1);
  BOOST_REQUIRE(!short_of);
  BOOST_TEST(short_of.error().message == "`p.csv` has 2 positions, but `A` has 3 cells");
  from.csv.path = scratch.write("q.csv", "y_um\n1\n");
  BOOST_TEST(state::Positions::make(placed(1, from), 1).error().message == "`p.csv` has no column `x_um`");
}

// The mean degree is Σ p over the places of a grid, and ∫ p·density in the plane; the variance of the sum is Σ p(1 − p).
BOOST_AUTO_TEST_CASE(the_mean_degree_is_the_integral_of_the_probability) {
  constexpr uint64_t n = 60;
  const double integral = k_most * 2 * std::numbers::pi * k_sigma * k_sigma;
  double sum = 0, variance = 0;
  for (int dx = -30; dx < 30; ++dx)
    for (int dy = -30; dy < 30; ++dy) {
      const double p = k_most * std::exp(-100.0 * (dx * dx + dy * dy) / (2 * k_sigma * k_sigma));
      sum += p;
      variance += p * (1 - p);
    }
  BOOST_TEST(std::abs(sum - integral / 100) < 1e-6 * sum);  // a sum over a grid of a wide bell
  auto on_grid = connect_all(net(n * n, grid(n, n, 10, true)));
  const double cells = n * n;
  BOOST_TEST(std::abs(static_cast<double>(on_grid.synapses->statistics.synapses) - cells * sum) < 5 * std::sqrt(cells * variance));
  // in a random box the positions vary, too: the sum over all pairs there are is known exactly
  auto in_box = connect_all(net(3000, box(600, 500, true)));
  const state::Positions& positions = *in_box.positions[0];
  double expected = 0, spread = 0;
  for (uint64_t i = 0; i < 3000; ++i)
    for (uint64_t j = 0; j < 3000; ++j) {
      const double d = positions.distance(i, positions, j), p = k_most * std::exp(-d * d / (2 * k_sigma * k_sigma));
      expected += p;
      spread += p * (1 - p);
    }
  BOOST_TEST(std::abs(static_cast<double>(in_box.synapses->statistics.synapses) - expected) < 5 * std::sqrt(spread));
  // all other cells are spread evenly; a cell is at distance 0 of itself
  const double theory = 3000 * (k_most + 2999 * integral / (600.0 * 500.0));
  BOOST_TEST(std::abs(expected - theory) < 0.03 * theory);
}

BOOST_AUTO_TEST_CASE(the_probability_falls_with_the_distance_as_it_should) {
  auto made = connect_all(net(3600, grid(60, 60, 10, true)));
  const state::Positions& positions = *made.positions[0];
  std::map<int, std::pair<uint64_t, uint64_t>> rings;  // by squared distance on the grid: pairs, synapses
  for (uint64_t j = 0; j < 3600; ++j) rings[static_cast<int>(std::lround(std::pow(positions.distance(0, positions, j) / 10, 2)))].first += 3600;
  for_each(*made.synapses, [&](uint64_t i, uint64_t j, double, uint64_t) {
    rings[static_cast<int>(std::lround(std::pow(positions.distance(i, positions, j) / 10, 2)))].second++;
  });
  int looked_at = 0;
  for (const auto& [squared, counts] : rings) {
    const double p = k_most * std::exp(-100.0 * squared / (2 * k_sigma * k_sigma)), pairs = static_cast<double>(counts.first);
    if (pairs * p < 50) continue;
    BOOST_TEST(std::abs(static_cast<double>(counts.second) - pairs * p) < 5 * std::sqrt(pairs * p * (1 - p)), "at " << squared);
    looked_at++;
  }
  BOOST_TEST(looked_at >= 40);
}

BOOST_AUTO_TEST_CASE(each_pair_has_a_draw_of_its_own) {
  plan::Run run = net(400, grid(20, 20, 10, false));
  auto with = connect_all(run);
  run.projections[0].rule.self = false;
  auto without = connect_all(run);
  std::set<std::pair<uint64_t, uint64_t>> all, others;
  for_each(*with.synapses, [&](uint64_t i, uint64_t j, double, uint64_t) { if (i != j) all.emplace(i, j); });
  for_each(*without.synapses, [&](uint64_t i, uint64_t j, double, uint64_t) { others.emplace(i, j); });
  BOOST_TEST((all == others));
  BOOST_TEST(with.synapses->statistics.autapses > 0u);
  BOOST_TEST(without.synapses->statistics.autapses == 0u);
  run.projections[0].rule.p_of->uniforms[0] = 0.4;  // a lower probability takes synapses away and adds none
  auto fewer = connect_all(run);
  size_t kept = 0;
  for_each(*fewer.synapses, [&](uint64_t i, uint64_t j, double, uint64_t) {
    kept++;
    BOOST_REQUIRE(others.contains({i, j}));
  });
  BOOST_TEST((kept > 0 && kept < others.size()));
  run.seed = 2;
  BOOST_TEST(connect_all(run).synapses->statistics.synapses != fewer.synapses->statistics.synapses);
}

BOOST_AUTO_TEST_CASE(views_have_the_positions_of_their_cells) {
  plan::Run run = toy::run({placed(100, line(100, 1, false)), placed(40, line(40, 1, false), "B")}, 10);
  run.projections.push_back(toy::projection(run, 0, 1, toy::rule(Kind::AllToAll)));
  plan::Projection& p = run.projections[0];
  p.from = {0, 30, 35};
  p.to = {1, 10, 13};
  p.weight.reset();
  p.weight_of = plan::OfDistance{1, {0, 1}, {}};
  auto made = connect_all(run);
  uint64_t seen = 0;
  for_each(*made.synapses, [&](uint64_t row, uint64_t target, double weight, uint64_t) {
    BOOST_TEST(weight == std::abs(static_cast<double>(row + 30) - static_cast<double>(target)));
    seen++;
  });
  BOOST_TEST(seen == 15u);
}

BOOST_AUTO_TEST_CASE(delays_are_the_nearest_step_and_at_least_one) {
  for (const bool single : {false, true}) {
    plan::Run run = toy::run({placed(50, line(50, 7, true))}, 1000);
    run.single = single;
    run.projections.push_back(toy::projection(run, 0, 0, toy::rule(Kind::AllToAll)));
    plan::Projection& p = run.projections[0];
    p.delay.reset();
    p.delay_of = plan::OfDistance{1, {0, 0.02}, {}};  // ms and ms/um: 0.14 ms a cell, dt = 0.1 ms
    auto made = connect_all(run);
    const state::Positions& positions = *made.positions[0];
    uint64_t clipped = 0;
    double sum = 0;
    for_each(*made.synapses, [&](uint64_t row, uint64_t target, double, uint64_t delay) {
      const double steps = positions.distance(row, positions, target) * 0.02 / 0.1;
      BOOST_TEST(static_cast<double>(delay) == std::max(1.0, std::floor(steps + 0.5)));
      clipped += steps < 0.5 ? 1 : 0;
      sum += static_cast<double>(delay);
    });
    const connect::DelayStatistics& delays = *made.synapses->statistics.delays;
    BOOST_TEST((delays.shortest == 1 && delays.longest == 35));  // 25 cells away: 3.5 ms
    BOOST_TEST(delays.clipped == static_cast<double>(clipped) / 2500);
    BOOST_TEST(clipped == 50u);
    BOOST_TEST(delays.mean == sum / 2500, boost::test_tools::tolerance(1e-12));
  }
}

BOOST_AUTO_TEST_CASE(what_no_probability_is_names_the_distance) {
  plan::Run run = net(400, grid(20, 20, 10, false), 1.5);
  auto made = connect_all(run);
  BOOST_REQUIRE(!made.synapses);
  BOOST_TEST(made.synapses.error().message == "projection `p`: at a distance of 0 um the probability is 1.5, which does not lie in 0 .. 1");
  BOOST_TEST(made.synapses.error().origin.file == 7u);
  run.projections[0].rule.p_of = plan::OfDistance{1, {0.2, -0.01}, {}};  // below zero beyond 20 um
  made = connect_all(run);
  BOOST_REQUIRE(!made.synapses);
  BOOST_TEST(made.synapses.error().message == "projection `p`: at a distance of 30 um the probability is -0.1, which does not lie in 0 .. 1");
  run.projections[0].rule.p_of = plan::OfDistance{1, {0.2, NAN}, {}};
  BOOST_TEST(connect_all(run).synapses.error().message.find("is no number") != std::string::npos);
  run.projections[0].rule = toy::rule(Kind::AllToAll);
  run.projections[0].weight.reset();
  run.projections[0].weight_of = plan::OfDistance{1, {0.2, NAN}, {}};
  BOOST_TEST(connect_all(run).synapses.error().message == "projection `p`: at a distance of 0 um the weight is no finite number");
}

BOOST_AUTO_TEST_CASE(memory_is_asked_for_as_synapses_come) {
  const plan::Run run = net(3600, grid(60, 60, 10, true));
  auto refused = connect_all(run, 100'000);
  BOOST_REQUIRE(!refused.synapses);
  BOOST_TEST((refused.synapses.error().kind == RunError::Kind::Memory));
  BOOST_TEST(connect_all(run, 2'000'000).synapses.ok());
}

BOOST_AUTO_TEST_CASE(weights_and_delays_come_from_files_of_their_own) {
  const Scratch scratch;
  plan::Run run = toy::run({toy::population("A", 2), toy::population("B", 3)}, 10);
  run.projections.push_back(toy::projection(run, 0, 1, toy::rule(Kind::AllToAll)));
  plan::Projection& p = run.projections[0];
  p.weight = plan::Draw{plan::Draw::Kind::Csv, 0, 0, {scratch.write("w.csv", "weight_nS\n1\n2\n3\n4\n5\n6\n"), "w.csv", "weight_nS", 1e-3}, {}};
  p.delay = plan::Draw{plan::Draw::Kind::Csv, 0, 0, {scratch.write("d.csv", "delay_ms\n0.1\n0.2\n0.3\n0.34\n0.26\n0.1\n"), "d.csv", "delay_ms", 10}, {}};
  std::map<std::pair<uint64_t, uint64_t>, std::pair<double, uint64_t>> got;
  const auto collect = [&] {
    got.clear();
    auto made = connect_all(run);
    if (!made.synapses) BOOST_FAIL(made.synapses.error().message);
    for_each(*made.synapses, [&](uint64_t row, uint64_t target, double weight, uint64_t delay) { got[{row, target}] = {weight, delay}; });
  };
  collect();
  BOOST_TEST((got[{0, 0}] == std::pair{1e-3, uint64_t{1}}));
  BOOST_TEST((got[{0, 2}] == std::pair{3e-3, uint64_t{3}}));
  BOOST_TEST((got[{1, 0}] == std::pair{4e-3, uint64_t{3}}));
  BOOST_TEST((got[{1, 2}] == std::pair{6e-3, uint64_t{1}}));
  // of a list of pairs, line by line of that list, in whatever order it is
  p.rule = toy::rule(Kind::Csv);
  p.rule.csv = {scratch.write("edges.csv", "pre,post\n1,0\n0,2\n1,1\n0,0\n1,2\n0,1\n"), "edges.csv", "", 1};
  collect();
  BOOST_TEST((got[{1, 0}] == std::pair{1e-3, uint64_t{1}}));
  BOOST_TEST((got[{0, 2}] == std::pair{2e-3, uint64_t{2}}));
  BOOST_TEST((got[{0, 1}] == std::pair{6e-3, uint64_t{1}}));
  scratch.write("w.csv", "weight_nS\n1\n2\n");
  auto refused = connect_all(run);
  BOOST_REQUIRE(!refused.synapses);
  BOOST_TEST(refused.synapses.error().message == "`w.csv` has 2 values of `weight_nS`, but `p` has 6 synapses");
  scratch.write("w.csv", "weight_nS\n1\n2\n3\n4\n5\n6\n");
  scratch.write("d.csv", "delay_ms\n0.1\n0.02\n0.3\n0.34\n0.26\n0.1\n");
  refused = connect_all(run);
  BOOST_REQUIRE(!refused.synapses);
  BOOST_TEST(refused.synapses.error().message.find("shorter than dt") != std::string::npos);
}
