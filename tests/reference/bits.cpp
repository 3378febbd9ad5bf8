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

}  // namespace

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
