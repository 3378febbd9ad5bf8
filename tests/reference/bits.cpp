// Equal bits: the interpreter against the JIT at every width on the flagship's own step, and whole runs of 400 cells at
// every width. Single and double.
#include <random>

#include "compiler/ir/interpret.h"
#include "tests/ir/jit_run.h"
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

// The events of every step, the same for all who take it: (column, cell, weight).
struct Event {
  size_t column, cell;
  double weight;
};

// 131 cells (no whole number of vectors) for 400 steps: started at random below threshold, driven by events at random.
template <class R>
class Walk {
 public:
  static constexpr size_t k_cells = 131, k_steps = 400;
  explicit Walk(const plan::Population& population) : population_(population) {
    std::mt19937_64 random(20070101);
    auto uniform = [&](double low, double high) { return low + (high - low) * static_cast<double>(random() >> 11) * 0x1p-53; };
    for (double x : population.uniforms) uniforms_.push_back(static_cast<R>(x));
    for (size_t cell = 0; cell < k_cells; cell++) {
      start_.emplace_back(population.columns.size(), R(0));
      start_.back()[0] = static_cast<R>(uniform(-70, -60));
    }
    for (size_t step = 0; step < k_steps; step++) {
      events_.emplace_back();
      for (size_t cell = 0; cell < k_cells; cell++)
        for (const plan::Port& port : population.ports)
          if (uniform(0, 1) < 0.03) events_.back().push_back({static_cast<size_t>(port.add_column), cell, uniform(0, 0.01)});
    }
  }

  // After each step all columns of all cells, and in the end who spiked when.
  struct History {
    std::vector<R> states;
    std::vector<uint64_t> spikes;
    bool operator==(const History& other) const {
      return spikes == other.spikes && same_bytes(states, other.states);
    }
  };

  History interpreted(const plan::Kernel& kernel) const {
    History history;
    auto cells = start_;
    auto advance = [&](const ir::Function& function, size_t cell) {
      auto result = ir::interpret<R>(function, cells[cell], uniforms_);
      for (size_t i = 0; i < function.stores.size(); i++) cells[cell][function.stores[i].slot] = result.stores[i];
      return result.spike;
    };
    for (size_t cell = 0; cell < k_cells; cell++) advance(*kernel.init, cell);
    for (size_t step = 0; step < k_steps; step++) {
      for (const Event& event : events_[step]) cells[event.cell][event.column] += static_cast<R>(event.weight);
      for (size_t cell = 0; cell < k_cells; cell++)
        if (advance(kernel.step, cell)) history.spikes.push_back(step * k_cells + cell);
      for (const auto& cell : cells) history.states.insert(history.states.end(), cell.begin(), cell.end());
    }
    return history;
  }

  History compiled(const PopulationKernel& kernel) const {
    History history;
    hand::Population<R> cells(k_cells, population_.columns.size(), population_.uniforms);
    for (size_t column = 0; column < population_.columns.size(); column++)
      cells.fill(column, [&](size_t cell) { return start_[cell][column]; });
    BOOST_REQUIRE_EQUAL(cells.run(kernel.init).fault, k_no_fault);
    for (size_t step = 0; step < k_steps; step++) {
      for (const Event& event : events_[step]) cells.column(event.column)[event.cell] += static_cast<R>(event.weight);
      StepArgs args = cells.run(kernel.step);
      BOOST_REQUIRE_EQUAL(args.fault, k_no_fault);
      for (uint64_t i = 0; i < args.spike_count; i++)
        if (cells.spikes()[i] < k_cells) history.spikes.push_back(step * k_cells + cells.spikes()[i]);
      for (size_t cell = 0; cell < k_cells; cell++)
        for (R value : cells.cell(cell)) history.states.push_back(value);
    }
    return history;
  }

 private:
  const plan::Population& population_;
  std::vector<R> uniforms_;
  std::vector<std::vector<R>> start_;
  std::vector<std::vector<Event>> events_;
};

template <class R>
void interpreter_is_jit() {
  auto front = reference::load("models/cobahh.eic");
  std::optional<typename Walk<R>::History> oracle;
  for (uint32_t width : k_widths) {
    Compiled made = reference::compiled(*front, choice(width, sizeof(R) == 4));
    BOOST_REQUIRE_EQUAL(made.jit->width(), width);
    Walk<R> walk(made.planned.run.populations[0]);
    if (!oracle) {
      oracle = walk.interpreted(made.planned.kernels[0]);
      BOOST_TEST(oracle->spikes.size() > 200);  // the walk visits the whole action potential
    }
    BOOST_TEST((walk.compiled(made.kernels.populations[0]) == *oracle), "width " << width);
  }
}

void every_width_is_one(bool single) {
  auto front = reference::load("tests/reference/net400.eic");
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
    BOOST_REQUIRE_EQUAL(got.traces.traces().size(), first->traces.traces().size());
    for (size_t i = 0; i < got.traces.traces().size(); i++) {
      bool same = same_bytes(got.traces.traces()[i].values, first->traces.traces()[i].values);
      BOOST_TEST(same, "trace " << i << " at width " << width);
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(interpreter_is_jit_at_every_width_in_double) { interpreter_is_jit<double>(); }
BOOST_AUTO_TEST_CASE(interpreter_is_jit_at_every_width_in_single) { interpreter_is_jit<float>(); }
BOOST_AUTO_TEST_CASE(a_network_is_the_same_at_every_width_in_double) { every_width_is_one(false); }
BOOST_AUTO_TEST_CASE(a_network_is_the_same_at_every_width_in_single) { every_width_is_one(true); }
