// Events into columns, and through a port's function, against a loop that follows docs/numerics.md to the letter.
#include <algorithm>
#include <cmath>

#include "runtime/connect/connect.h"
#include "runtime/events/deliver.h"
#include "runtime/state/columns.h"
#include "tests/runtime/toy.h"

using namespace eic;
using Kind = plan::Rule::Kind;

namespace {

constexpr uint64_t k_steps = 12;

struct Setting {
  uint64_t cells;
  uint64_t owners;
  bool single, drawn, single_weights, handled;
};

plan::Run network(const Setting& setting) {
  plan::Run run = toy::run({toy::population("A", 300), toy::population("B", setting.cells)}, k_steps);
  run.single = setting.single;
  plan::Projection p = toy::projection(run, 0, 1, toy::rule(Kind::FixedOutdegree, std::min<uint64_t>(setting.cells / 2, 1200)), 0.1, 3);
  p.rule.multi = true;
  p.from = {0, 20, 290};
  p.to = {1, setting.cells / 5, setting.cells};
  p.port = setting.handled ? toy::handled : toy::add;
  if (setting.drawn) {
    p.weight = plan::Draw{plan::Draw::Kind::Normal, 0.1, 0.03, {}, {}};
    p.delay = plan::Draw{plan::Draw::Kind::Uniform, 1, 4, {}, {}};
  }
  run.projections.push_back(std::move(p));
  return run;
}

std::vector<uint32_t> raised(uint64_t step) {
  std::vector<uint32_t> cells;
  for (uint32_t cell = static_cast<uint32_t>(step % 5); cell < 300; cell += 37 - 3 * static_cast<uint32_t>(step)) cells.push_back(cell);
  return cells;
}

// What each synapse sends, one after the other.
template <class R>
std::vector<R> expected(const plan::Run& run, const connect::Synapses& synapses, uint64_t cells, bool handled) {
  std::vector<R> column(cells, R(0));
  const plan::Range& from = run.projections[0].from;
  for (uint64_t step = 0; step < k_steps; ++step) {
    for (uint64_t group = 0; group < synapses.delays.size(); ++group) {
      if (synapses.delays[group] > step) continue;
      for (const uint32_t cell : raised(step - synapses.delays[group])) {
        if (cell < from.begin || cell >= from.end) continue;
        synapses.for_row(cell - from.begin, [&](uint64_t, uint64_t g, uint32_t target, uint64_t at) {
          if (g != group) return;
          const R weight = static_cast<R>(synapses.weight(at));
          column[target] = handled ? column[target] * R(0.5) + weight : column[target] + weight;
        });
      }
    }
  }
  return column;
}

template <class R>
void check(const Setting& setting) {
  const plan::Run run = network(setting);
  state::Budget budget(1e12);
  const auto partitions = state::divide(run, setting.owners);
  const connect::Synapses synapses =
      std::move(*connect::connect({.run = run, .projection = run.projections[0], .budget = budget, .partition = &partitions[1],
                                   .prefer_single = setting.single_weights}));
  BOOST_TEST(synapses.single_weights == (setting.single || (setting.single_weights && setting.drawn)));
  state::Columns columns(setting.cells, toy::k_columns, setting.single);
  const uint32_t column = setting.handled ? toy::h : toy::s;
  for (uint64_t cell = 0; cell < setting.cells; ++cell) columns.set(column, cell, 0);
  events::Ring ring(4);
  events::Delivery delivery{.synapses = &synapses, .ring = &ring, .from_begin = 20, .from_end = 290};
  delivery.column = setting.handled ? nullptr : columns.pointer(column);
  delivery.handler = toy::kernel(setting.single).events[toy::handled];
  delivery.columns = columns.pointers();
  delivery.uniforms.assign(setting.owners, nullptr);
  delivery.partition = &partitions[1];
  delivery.single = setting.single;
  uint64_t events = 0;
  for (uint64_t step = 0; step < k_steps; ++step) {
    for (uint64_t owner = setting.owners; owner-- > 0;) events += events::deliver(delivery, step, owner);  // in whatever order
    ring.push(step, raised(step));
  }
  BOOST_TEST(events > 0u);
  const std::vector<R> right = expected<R>(run, synapses, setting.cells, setting.handled);
  uint64_t wrong = 0;
  for (uint64_t cell = 0; cell < setting.cells; ++cell) wrong += columns.value(column, cell) != static_cast<double>(right[cell]) ? 1 : 0;
  BOOST_TEST(wrong == 0u, setting.cells << " cells, owners " << setting.owners << " single " << setting.single << " drawn " << setting.drawn
                                        << " handled " << setting.handled);
}

}  // namespace

BOOST_AUTO_TEST_CASE(events_arrive_in_the_order_that_is_stated) {
  for (const uint64_t cells : {500, 70000})
    for (const uint64_t owners : {1, 3})
      for (const bool drawn : {false, true})
        for (const bool handled : {false, true}) {
          if (cells > 500 && (handled || owners > 1) && !drawn) continue;  // enough of the slow ones
          check<float>({cells, owners, true, drawn, false, handled});
          check<double>({cells, owners, false, drawn, false, handled});
          check<double>({cells, owners, false, drawn, true, handled});
        }
}

BOOST_AUTO_TEST_CASE(weights_in_single_are_half_as_large) {
  plan::Run run = network({500, 1, false, true, false, false});
  state::Budget budget(1e12);
  const auto whole = connect::connect({run, run.projections[0], budget});
  const auto half = connect::connect({.run = run, .projection = run.projections[0], .budget = budget, .prefer_single = true});
  BOOST_TEST(2 * half->weights.bytes() == whole->weights.bytes());
  for (uint64_t i = 0; i < whole->statistics.synapses; i += 101) BOOST_TEST(half->weight(i) == static_cast<double>(static_cast<float>(whole->weight(i))));
}
