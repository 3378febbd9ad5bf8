// Equal bits: the interpreter against the JIT at every width on the flagship's own step and on a cell with
// pools and kinetic schemes, and whole runs at
// every width and for every number of threads. Single and double.
#include "compiler/walk.h"
#include "tests/reference/model_run.h"

namespace {

using namespace eic;

constexpr uint32_t k_widths[] = {1, 2, 4, 8, 16};

CompileOptions choice(uint32_t width, bool single) {
  CompileOptions options;
  options.width = width;
  options.choices.single = single;
  return options;
}

template <class R>
bool same_bytes(const std::vector<R>& a, const std::vector<R>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(R)) == 0;
}

// 131 cells (no whole number of vectors) for 400 steps.
template <class R>
void interpreter_is_jit(const char* model, const char* method = "exp_euler") {
  auto front = reference::load(model);
  front->model->simulations[0].method = method;
  std::optional<typename Walk<R>::History> oracle;
  for (uint32_t width : k_widths) {
    Compiled made = reference::compiled(*front, choice(width, sizeof(R) == 4));
    BOOST_REQUIRE_EQUAL(made.jit->width(), width);
    Walk<R> walk(made.planned.run.populations[0], 131, 400);
    if (!oracle) {
      oracle = walk.interpreted(made.planned.kernels[0]);
      BOOST_TEST(made.planned.run.populations[0].interpolated == !oracle->fractions.empty());
      BOOST_TEST(oracle->spikes.size() > 200);  // the walk visits the whole action potential
    }
    BOOST_TEST(walk.difference(*oracle, walk.compiled(made.kernels.populations[0])).value_or("") == "", "width " << width);
  }
}

// As they are with one thread and four cells a vector.
void same_as(const reference::Recorded& got, const reference::Recorded& first, const std::string& what) {
  BOOST_REQUIRE_EQUAL(got.spikes.populations().size(), first.spikes.populations().size());
  for (size_t p = 0; p < got.spikes.populations().size(); p++) {
    const auto &spikes = got.spikes.populations()[p], &wanted = first.spikes.populations()[p];
    BOOST_TEST((spikes.steps == wanted.steps && spikes.cells == wanted.cells), "spikes, " << what);
    BOOST_TEST(same_bytes(spikes.fractions, wanted.fractions), "times within steps, " << what);
  }
  BOOST_REQUIRE_EQUAL(got.traces.traces().size(), first.traces.traces().size());
  for (size_t i = 0; i < got.traces.traces().size(); i++) {
    bool same = same_bytes(got.traces.traces()[i].values, first.traces.traces()[i].values);
    BOOST_TEST(same, "trace " << i << ", " << what);
  }
}

// Every simulation of the file, at these widths.
void every_number_of_threads_is_one(const std::string& file, std::initializer_list<uint32_t> widths, std::optional<units::Decimal> duration,
                                    const char* method = nullptr) {
  Front front;
  BOOST_REQUIRE_MESSAGE(read_model(front, reference::path(file), nullptr, {}), file << " has errors");
  for (sema::Simulation& simulation : front.model->simulations) {
    if (method != nullptr) simulation.method = method;
    for (bool single : {false, true}) {
      std::optional<reference::Recorded> first;
      for (uint32_t width : widths) {
        CompileOptions options = choice(width, single);
        options.choices.duration = duration;
        auto made = compile(front, simulation, options);
        BOOST_REQUIRE(made.has_value());
        for (unsigned threads : {1, 2, 3, 4, 8}) {
          reference::Recorded got = reference::run(made->planned.run, made->kernels, threads);
          if (first) same_as(got, *first, fmt::format("{}: width {}, {} threads", simulation.name, width, threads));
          else first = std::move(got);
        }
      }
      size_t spikes = 0;
      for (const auto& population : first->spikes.populations()) spikes += population.cells.size();
      BOOST_TEST(spikes > 400, simulation.name);
    }
  }
}

void every_width_is_one(bool single, const char* method = "exp_euler") {
  auto front = reference::load("tests/reference/net400.eic");
  front->model->simulations[0].method = method;
  std::optional<reference::Recorded> first;
  for (uint32_t width : k_widths) {
    Compiled made = reference::compiled(*front, choice(width, single));
    reference::Recorded got = reference::run(made.planned.run, made.kernels);
    if (!first) {
      first = std::move(got);
      BOOST_TEST(first->spikes.populations()[0].cells.size() > 500);
      BOOST_TEST(first->traces.traces()[0].steps.size() == made.planned.run.steps + 1);
      continue;
    }
    const auto &spikes = got.spikes.populations()[0], &wanted = first->spikes.populations()[0];
    BOOST_TEST((spikes.steps == wanted.steps && spikes.cells == wanted.cells), "spikes at width " << width);
    BOOST_TEST(same_bytes(spikes.fractions, wanted.fractions), "times within steps at width " << width);
    BOOST_REQUIRE_EQUAL(got.traces.traces().size(), first->traces.traces().size());
    for (size_t i = 0; i < got.traces.traces().size(); i++) {
      bool same = same_bytes(got.traces.traces()[i].values, first->traces.traces()[i].values);
      BOOST_TEST(same, "trace " << i << " at width " << width);
    }
  }
}

// Cells far outside the guard, among others that are inside it: finite values, however extreme.
template <class R>
std::vector<std::vector<R>> extreme_cells(const plan::Kernel& kernel, const std::vector<R>& uniforms) {
  std::vector<std::vector<R>> cells;
  auto add = [&](double v, double m, double h, double n, double exc, double inh) {
    std::vector<R> cell = {static_cast<R>(v),   static_cast<R>(m),   static_cast<R>(h), static_cast<R>(n),
                           static_cast<R>(exc), static_cast<R>(inh)};
    auto result = ir::interpret<R>(kernel.step, cell, uniforms);
    if (std::all_of(result.stores.begin(), result.stores.end(), [](R x) { return std::isfinite(x); })) cells.push_back(cell);
  };
  for (double v : {-65.0, -1e6, 1e6, -1e4, 1e4, -4000.0, 4000.0, -2700.0, 2783.0, 2784.0, 400.0, 300.0, -223.0, -222.0, -350.0, -63.0, 40.0})
    for (double g : {0.0, 0.02, 1e3, 1e6, 1e20})
      for (double gate : {0.3, 0.0, 1.0, -50.0, 1e3}) {
        add(-60, 0.1, 0.6, 0.3, 0.01, 0);
        add(v, gate, 0.6, 0.3, g, 0);
        add(v, 0.05, 0.6, gate, 0, g);
        add(-70, 0.05, gate, 0.3, g, 1e-30);
      }
  return cells;
}

template <class R>
void extremes_are_the_same() {
  auto front = reference::load("models/cobahh.eic");
  for (uint32_t width : k_widths) {
    Compiled made = reference::compiled(*front, choice(width, sizeof(R) == 4));
    const plan::Kernel& kernel = made.planned.kernels[0];
    BOOST_REQUIRE(kernel.quick_step.has_value());
    const plan::Population& population = made.planned.run.populations[0];
    const std::vector<R> uniforms(population.uniforms.begin(), population.uniforms.end());
    auto states = extreme_cells<R>(kernel, uniforms);
    BOOST_REQUIRE(states.size() > 300);
    jit::Population<R> cells(states.size(), population.columns.size(), population.uniforms);
    for (size_t column = 0; column < 6; column++) cells.fill(column, [&](size_t cell) { return states[cell][column]; });
    StepArgs args = cells.run(made.kernels.populations[0].step);
    BOOST_REQUIRE_EQUAL(args.fault, k_no_fault);
    size_t differ = 0, parted = 0;
    for (size_t cell = 0; cell < states.size(); cell++) {
      auto wanted = ir::interpret<R>(kernel.step, states[cell], uniforms), inside = ir::interpret<R>(*kernel.quick_step, states[cell], uniforms);
      for (size_t i = 0; i < kernel.step.stores.size(); i++) {
        const R got = cells.column(kernel.step.stores[i].slot)[cell];
        differ += std::memcmp(&got, &wanted.stores[i], sizeof(R)) != 0;
      }
      parted += std::memcmp(wanted.stores.data(), inside.stores.data(), wanted.stores.size() * sizeof(R)) != 0;
    }
    BOOST_TEST(differ == 0, "width " << width << ": " << differ << " values differ");
    BOOST_TEST(parted > 50);  // without the guard they would
    BOOST_TEST(parted < states.size());
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(extreme_values_are_the_same_in_double) { extremes_are_the_same<double>(); }
BOOST_AUTO_TEST_CASE(extreme_values_are_the_same_in_single) { extremes_are_the_same<float>(); }
BOOST_AUTO_TEST_CASE(interpreter_is_jit_at_every_width_in_double) { interpreter_is_jit<double>("models/cobahh.eic"); }
BOOST_AUTO_TEST_CASE(interpreter_is_jit_at_every_width_in_single) { interpreter_is_jit<float>("models/cobahh.eic"); }
BOOST_AUTO_TEST_CASE(pools_and_kinetic_schemes_are_the_same_in_double) { interpreter_is_jit<double>("tests/reference/bits_ions.eic"); }
BOOST_AUTO_TEST_CASE(pools_and_kinetic_schemes_are_the_same_in_single) { interpreter_is_jit<float>("tests/reference/bits_ions.eic"); }
BOOST_AUTO_TEST_CASE(leapfrog_is_the_same_in_double) { interpreter_is_jit<double>("models/cobahh.eic", "exp_leapfrog"); }
BOOST_AUTO_TEST_CASE(leapfrog_is_the_same_in_single) { interpreter_is_jit<float>("models/cobahh.eic", "exp_leapfrog"); }
BOOST_AUTO_TEST_CASE(leapfrog_in_layers_is_the_same_in_double) { interpreter_is_jit<double>("tests/reference/bits_ions.eic", "exp_leapfrog"); }
BOOST_AUTO_TEST_CASE(leapfrog_in_layers_is_the_same_in_single) { interpreter_is_jit<float>("tests/reference/bits_ions.eic", "exp_leapfrog"); }
BOOST_AUTO_TEST_CASE(a_network_by_leapfrog_is_the_same_at_every_width) { every_width_is_one(false, "exp_leapfrog"); }
BOOST_AUTO_TEST_CASE(a_network_is_the_same_at_every_width_in_double) { every_width_is_one(false); }
BOOST_AUTO_TEST_CASE(a_network_is_the_same_at_every_width_in_single) { every_width_is_one(true); }

BOOST_AUTO_TEST_CASE(the_flagship_is_the_same_for_every_number_of_threads) {
  every_number_of_threads_is_one("models/cobahh.eic", {4, 8, 16}, units::Decimal{20, -3});
  every_number_of_threads_is_one("models/cobahh.eic", {8}, units::Decimal{20, -3}, "exp_leapfrog");
}
BOOST_AUTO_TEST_CASE(what_threads_could_part_is_the_same_for_every_number) {
  every_number_of_threads_is_one("tests/reference/threads.eic", {8}, std::nullopt);
}

// What `eic doctor` relies on: a difference of one bit, a missing spike and a refused step are each found and named.
BOOST_AUTO_TEST_CASE(a_walk_that_parts_is_found) {
  auto front = reference::load("models/cobahh.eic");
  Compiled made = reference::compiled(*front, choice(4, false));
  Walk<double> walk(made.planned.run.populations[0], 5, 200);
  auto wanted = walk.interpreted(made.planned.kernels[0]);
  size_t columns = made.planned.run.populations[0].columns.size();
  BOOST_TEST(!walk.difference(wanted, wanted));
  BOOST_TEST(wanted.spikes.size() > 0);
  auto bit = wanted;
  double& v = bit.states[(17 * 5 + 3) * columns];
  v = std::nextafter(v, 0);
  BOOST_TEST(walk.difference(wanted, bit).value_or("").starts_with("step 17, cell 3, `v`: the interpreter gives "));
  auto silent = wanted;
  silent.spikes.pop_back();
  BOOST_TEST(walk.difference(wanted, silent).value_or("") ==
             fmt::format("step {}, cell {}: a spike of the interpreter or of compiled code alone", wanted.spikes.back() / 5, wanted.spikes.back() % 5));
  auto refused = wanted;
  refused.states.resize(12 * 5 * columns);
  BOOST_TEST(walk.difference(wanted, refused).value_or("") == "compiled code refused its values after 12 of 200 steps");
  plan::Kernel other = made.planned.kernels[0];
  auto number = std::find_if(other.step.values.begin(), other.step.values.end(), [](const ir::Value& value) { return value.op == ir::Op::Const; });
  BOOST_REQUIRE((number != other.step.values.end()));
  number->number = std::nextafter(number->number, 1e300);
  BOOST_TEST(walk.difference(walk.interpreted(other), walk.compiled(made.kernels.populations[0])).has_value());
}
