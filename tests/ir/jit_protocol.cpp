// What engine and kernel agreed on in runtime/contract/kernel.h: ranges, faults, spikes, events.
#include <cmath>
#include <limits>

#include "tests/ir/jit_hand.h"
#include "tests/ir/jit_run.h"

using namespace eic;
using namespace eic::hand;

namespace {

constexpr uint32_t k_widths[] = {1, 2, 4, 8, 16, 32, 64};

// x ← x·u and y ← y + u, both states; z ← x is a mere derived variable. A spike where x is above y.
ir::Function two_states() {
  Maker m("pair", ir::Precision::Double);
  Term x = m.column(0), y = m.column(1), u = m.uniform(0);
  m.store(0, x * u);
  m.store(2, x / m.number(0), /*guarded=*/false);
  m.store(1, y + u);
  m.function.spike = less(y, x).id;
  return m.function;
}

}  // namespace

BOOST_AUTO_TEST_CASE(jit_processes_only_the_range_given) {
  for (uint32_t width : k_widths) {
    Compiled compiled = compile(two_states(), {.width = width});
    Population<double> population(200, 3, {2});
    population.fill(0, [](size_t i) { return i + 1; });
    population.fill(1, [](size_t) { return 1e9; });
    StepArgs args = population.run(compiled.kernel.step, 64, 128);
    BOOST_TEST(args.spike_count == 0u);
    for (size_t i = 0; i < 200; i++) {
      bool inside = i >= 64 && i < 128;
      BOOST_REQUIRE(population.column(0)[i] == (inside ? 2.0 : 1.0) * (i + 1));
      BOOST_REQUIRE(std::isinf(population.column(2)[i]) == inside);  // not guarded: infinity is stored
    }
    args = population.run(compiled.kernel.step, 64, 64);
    BOOST_TEST(args.spike_count == 0u);
    BOOST_TEST(population.column(0)[64] == 2.0 * 65);
  }
}

BOOST_AUTO_TEST_CASE(jit_refuses_the_block_of_a_nan_or_infinity) {
  constexpr double k_infinity = std::numeric_limits<double>::infinity();
  const double bad[] = {std::numeric_limits<double>::quiet_NaN(), k_infinity, -k_infinity, 1e308};
  for (uint32_t width : k_widths)
    for (double culprit : bad)
      for (size_t column : {0, 1}) {
        if (column == 1 && culprit == 1e308) continue;  // y + 10 stays finite
        Compiled compiled = compile(two_states(), {.width = width});
        Population<double> population(150, 3, {10});
        population.fill(0, [&](size_t i) { return column == 0 && i == 101 ? culprit : i; });
        population.fill(1, [&](size_t i) { return column == 1 && i == 101 ? culprit : i == 3 || i == 120 ? -1.0 : 1000.0; });
        StepArgs args = population.run(compiled.kernel.step);
        size_t block = 101 / width * width;
        BOOST_TEST(args.fault == block);
        BOOST_TEST(args.spike_count == 1u);  // of cell 3; those of the refused block and after it are not counted
        BOOST_TEST(population.spikes()[0] == 3u);
        for (size_t i = 0; i < 150; i++) BOOST_REQUIRE(i == 101 || population.column(0)[i] == (i < block ? 10.0 * i : i));
        for (size_t lane = 0; lane < width; lane++) {  // x first, then y: the order of the guarded stores
          size_t i = block + lane;
          double x = column == 0 && i == 101 ? culprit : i < 150 ? i : 149;
          double y = column == 1 && i == 101 ? culprit : i == 3 || i == 120 ? -1.0 : 1000.0;
          BOOST_REQUIRE(same_bits(population.fault_values()[lane], x * 10));
          BOOST_REQUIRE(same_bits(population.fault_values()[width + lane], y + 10));
        }
      }
}

BOOST_AUTO_TEST_CASE(jit_finite_values_are_no_fault) {
  Compiled compiled = compile(two_states(), {});
  Population<double> population(64, 3, {1});
  population.fill(0, [](size_t i) { return i % 2 ? 1.7e308 : -1.7e308; });
  population.fill(1, [](size_t) { return 1.7e308; });
  StepArgs args = population.run(compiled.kernel.step);
  BOOST_TEST(args.fault == k_no_fault);
}

BOOST_AUTO_TEST_CASE(jit_spikes_ascend_and_padding_never_spikes) {
  for (uint32_t width : k_widths)
    for (size_t cells : {1, 63, 64, 65, 130}) {
      Compiled compiled = compile(two_states(), {.width = width});
      Population<double> population(cells, 3, {1});
      // The last cell spikes, and so would all the padding.
      auto spiking = [&](size_t i) { return i % 7 == 0 || i % 16 == 15 || i + 1 == cells; };
      population.fill(0, [&](size_t i) { return spiking(i) ? 1 : -1; });
      StepArgs args = population.run(compiled.kernel.step);
      std::vector<uint32_t> expected;
      for (uint32_t i = 0; i < cells; i++)
        if (spiking(i)) expected.push_back(i);
      std::vector<uint32_t> found(population.spikes().begin(), population.spikes().begin() + args.spike_count);
      BOOST_TEST(found == expected, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(jit_functions_without_a_spike_need_no_room_for_spikes) {
  ir::Function function = two_states();
  function.spike.reset();
  Compiled compiled = compile(function, {}, jit::Role::Init);
  BOOST_REQUIRE(compiled.kernel.init && !compiled.kernel.step);
  Population<double> population(64, 3, {2});
  population.fill(0, [](size_t) { return 21; });
  StepArgs args;
  args.cells = args.end = 64;
  args.columns = population.pointers();
  args.uniforms = population.uniforms().data();
  args.spike_count = 99;
  compiled.kernel.init(&args);
  BOOST_TEST(args.spike_count == 0u);
  BOOST_TEST(population.column(0)[63] == 42.0);
}

BOOST_AUTO_TEST_CASE(jit_delivers_events_one_after_the_other) {
  for (uint32_t width : {1u, 16u}) {
    Maker m("port", ir::Precision::Single);  // s ← s + w·u, r ← r·u: the weight is the last uniform
    Term s = m.column(2), r = m.column(0), u = m.uniform(0), w = m.uniform(1);
    m.store(2, fma(w, u, s));
    m.store(0, r * u);
    auto jit = jit::Jit::create({.precision = ir::Precision::Single, .width = width});
    BOOST_REQUIRE(jit.ok());
    source::SourceSet sources;
    auto set = (*jit)->compile({{.population = 1, .role = jit::Role::Event, .port = 1, .function = m.function}}, 2, sources);
    BOOST_REQUIRE(set.ok());
    const PopulationKernel& kernel = set->populations[1];
    BOOST_REQUIRE(kernel.events.size() == 2u && !kernel.events[0] && kernel.events[1]);
    Population<float> population(70, 3, {2});
    population.fill(0, [](size_t) { return 1; });
    const uint32_t targets[] = {3, 69, 3, 0, 3};
    const float weights[] = {0.5, 1, 2, 4, 8};
    EventArgs args;
    args.columns = population.pointers();
    args.uniforms = population.uniforms().data();
    args.targets = targets;
    args.weights = weights;
    kernel.events[1](&args);  // a row of no targets
    args.count = 5;
    args.constant_weight = 0;
    kernel.events[1](&args);
    BOOST_TEST(population.column(2)[3] == 21.f);
    BOOST_TEST(population.column(0)[3] == 8.f);
    BOOST_TEST(population.column(2)[69] == 2.f);
    BOOST_TEST(population.column(2)[0] == 8.f);
    BOOST_TEST(population.column(2)[1] == 0.f);
    args.constant_weight = 1;
    kernel.events[1](&args);
    BOOST_TEST(population.column(2)[3] == 24.f);
    BOOST_TEST(population.column(2)[0] == 9.f);
  }
}

BOOST_AUTO_TEST_CASE(jit_refuses_a_width_that_does_not_divide_the_padding) {
  for (uint32_t width : {3u, 12u, 128u}) {
    auto jit = jit::Jit::create({.width = width});
    BOOST_REQUIRE(!jit.ok());
    BOOST_TEST(jit.error() == "a vector cannot hold " + std::to_string(width) + " cells; the width is a power of two up to 64");
  }
}

// What lies between two grid points is found for spikes alone, from the values before they are stored.
BOOST_AUTO_TEST_CASE(jit_hands_out_where_in_its_step_a_spike_is) {
  Maker m("between", ir::Precision::Double);
  Term x = m.column(0), y = m.column(1), u = m.uniform(0);
  Term after = x * u;
  m.store(0, after);
  m.store(1, y);
  m.function.spike = less(y, after).id;
  m.function.spike_fraction = ((y - x) / (after - x)).id;
  for (uint32_t width : k_widths) {
    Compiled compiled = compile(m.function, {.width = width});
    Population<double> population(130, 2, {3});
    population.fill(0, [](size_t i) { return i + 1; });
    population.fill(1, [](size_t i) { return i % 5 == 2 ? 1.75 * (i + 1) : 1e9; });
    StepArgs args = population.run(compiled.kernel.step);
    BOOST_TEST(args.spike_count == 26u);
    for (uint64_t i = 0; i < args.spike_count; i++) {
      double at = population.spikes()[i] + 1.0;
      BOOST_TEST(population.fractions()[i] == (1.75 * at - at) / (3 * at - at));
    }
  }
}
