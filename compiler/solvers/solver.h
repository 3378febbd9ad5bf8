// In: the rates of change of one cell's states, as IR. Out: their new values one dt later. One file a method.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "compiler/ir/builder.h"
#include "compiler/solvers/scheme.h"

namespace eic::solvers {

struct Rate {
  uint32_t column = 0;         // of the state
  ir::ValueId rate = 0;        // x' at the old values of all states
};

// What columns and uniforms stand for at another moment or in another state.
struct Moment {
  std::map<uint32_t, ir::ValueId> columns, uniforms;
};

struct System {
  ir::Builder& builder;
  std::vector<Rate> rates;     // of the states that the method advances
  ir::ValueId dt = 0;
  std::function<ir::ValueId()> moves;  // Bool: v, the column 0, keeps its value where this is false; empty: it always moves
  // What no method advances, once the given fraction of the step has passed: states that decay by themselves, the time.
  std::function<void(double fraction, Moment&)> passing;
  std::vector<Diagram> diagrams;  // kinetic schemes, for a method that places them in its step; the others leave them alone
  std::set<uint32_t> jumping;     // columns that are not continuous where two steps meet: what arrives there changes them
  std::function<ir::ValueId(ir::ValueId v)> arriving;  // v at the end of a step that led to `v`, before what then changes it
  std::function<ir::ValueId()> begins;                 // Bool: this step is the first one

  ir::ValueId make(ir::Op op, ir::ValueId a, ir::ValueId b = ir::k_no_value) { return builder.make(op, a, b); }
  ir::ValueId old(size_t i) { return builder.column(rates[i].column); }
  std::vector<ir::ValueId> old_rates() const;
  // `states` (one a rate), a fraction of the step after t_k; v as it is where it is held.
  Moment moment(const std::vector<ir::ValueId>& states, double fraction);
  // Values of the old states, as they are at another moment.
  std::vector<ir::ValueId> at(const Moment& moment, const std::vector<ir::ValueId>& values);
  // All rates where the states are these.
  std::vector<ir::ValueId> rates_at(const std::vector<ir::ValueId>& states, double fraction);
  // old + weight·dt·rate for each state
  std::vector<ir::ValueId> moved(const std::vector<ir::ValueId>& by, double weight);
};

// Which states exp_leapfrog keeps at t_k + dt/2, and in which order it takes the others. A part is a state of System::rates, or
// a diagram.
struct Part {
  std::vector<uint32_t> columns;
  std::optional<size_t> rate, diagram;
};
struct Stagger {
  std::vector<Part> half_way;             // from t_k − dt/2 to t_k + dt/2 in one
  std::vector<std::vector<Part>> layers;  // half a step before v, half a step after it, the last layer next to v
  bool keeps_half_way(uint32_t column) const;
};
Stagger stagger(const System& system);
// What is kept half-way, as it is at t_k: by half a step with v of t_k.
std::map<uint32_t, ir::ValueId> on_grid(System& system);

struct Advanced {
  std::vector<ir::ValueId> values;    // one a rate
  std::vector<uint32_t> frozen;       // columns whose equation is not linear in themselves: what is held over the step
  std::map<uint32_t, ir::ValueId> occupancies = {};  // by column, of the diagrams, where the method places them
};

#define EIC_METHOD(name, order, family) Advanced name(System& system);
#include "compiler/sema/methods.def"
#undef EIC_METHOD

// dt·φ₁(slope·dt), by which a rate is multiplied in an exponential step; dt itself where the slope is none.
ir::ValueId exponential_step(ir::Builder& builder, ir::ValueId slope, ir::ValueId dt);

}  // namespace eic::solvers
