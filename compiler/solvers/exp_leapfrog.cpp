#include <algorithm>

#include "compiler/solvers/solver.h"

namespace eic::solvers {

using ir::Op;
using ir::ValueId;

// Hines (1984), doi:10.1016/0020-7101(84)90008-4: v at t_k, gates at t_k + dt/2, each advanced over dt with the other held where
// it is half-way. The step of both is symmetric in time, and so of second order. This stays so for states that would read one
// another at the same time, in layers,
//
//   gates dt/2 · layer 1 dt/2 · layer 2 dt/2 · … · v dt · … · layer 2 dt/2 · layer 1 dt/2 · gates dt/2,
//
// each from the newest values of all the others (Strang 1968, doi:10.1137/0705041). The half steps of two neighbouring steps
// become one where nothing changes between them what that step reads: only there a state is kept half-way.
namespace {

class Leapfrog {
 public:
  explicit Leapfrog(System& system) : system_(system), builder_(system.builder) {}

  Advanced run() {
    Stagger order = stagger(system_);
    begin_at(0);
    take_together(order.half_way, [&](const Part& part) { return whole_unless_first(part); });
    for (const auto& layer : order.layers) take_together(layer, [&](const Part& part) { return half(part); });
    begin_at(0.5);
    advance_v();
    begin_at(1);
    if (system_.arriving && now_.count(0)) {
      after_ = now_[0];
      now_[0] = system_.arriving(after_);
    }
    for (size_t i = order.layers.size(); i-- > 0;) take_together(order.layers[i], [&](const Part& part) { return half(part); });
    if (system_.arriving && now_.count(0)) now_[0] = after_;
    Advanced out;
    for (const Rate& rate : system_.rates) {
      out.values.push_back(now_.at(rate.column));
      ValueId slope = ir::differentiate(builder_, rate.rate, rate.column);
      if (ir::depends_on(builder_.function(), slope, rate.column)) out.frozen.push_back(rate.column);
    }
    for (const Diagram& diagram : system_.diagrams)
      for (uint32_t column : diagram.columns) out.occupancies[column] = now_.at(column);
    return out;
  }

  std::map<uint32_t, ValueId> on_grid() {
    Stagger order = stagger(system_);
    begin_at(0);
    std::map<uint32_t, ValueId> out;
    for (const Part& part : order.half_way) {
      std::vector<ValueId> moved = half(part);
      for (size_t k = 0; k < part.columns.size(); k++)
        out[part.columns[k]] = builder_.make(Op::Select, system_.begins(), builder_.column(part.columns[k]), moved[k]);
    }
    return out;
  }

 private:
  using Taken = std::vector<ValueId>;  // new values of a part's columns

  void begin_at(double fraction) {
    passed_ = {};
    if (fraction > 0) system_.passing(fraction, passed_);
  }

  Taken at_present(std::vector<ValueId> values) {
    Moment moment = passed_;
    for (auto [column, value] : now_) moment.columns[column] = value;
    return system_.at(moment, values);
  }

  ValueId present(uint32_t column) {
    auto found = now_.find(column);
    return found == now_.end() ? builder_.column(column) : found->second;
  }

  template <class Take>
  void take_together(const std::vector<Part>& parts, Take take) {
    std::map<uint32_t, ValueId> taken;
    for (const Part& part : parts) {
      Taken values = take(part);
      for (size_t k = 0; k < part.columns.size(); k++) taken[part.columns[k]] = values[k];
    }
    for (auto [column, value] : taken) now_[column] = value;
  }

  ValueId half_dt() { return builder_.make(Op::Mul, builder_.constant(0.5), system_.dt); }
  Taken half(const Part& part) { return stepped(part, half_dt(), std::nullopt); }
  Taken whole_unless_first(const Part& part) { return stepped(part, system_.dt, half_dt()); }

  // Over `time`, or `first_time` in the first step.
  Taken stepped(const Part& part, ValueId time, std::optional<ValueId> first_time) {
    ValueId chosen = first_time ? builder_.make(Op::Select, system_.begins(), *first_time, time) : time;
    if (part.diagram) {
      const Diagram& diagram = system_.diagrams[*part.diagram];
      std::vector<ValueId> rates, old;
      for (const Diagram::Arrow& arrow : diagram.arrows) rates.push_back(arrow.rate);
      for (uint32_t column : part.columns) old.push_back(present(column));
      return patankar(diagram, builder_, at_present(rates), chosen, old);
    }
    const Rate& rate = system_.rates[*part.rate];
    builder_.at(builder_[rate.rate].span);
    auto [now, slope] = pair(at_present({rate.rate, ir::differentiate(builder_, rate.rate, rate.column)}));
    // a slope that is the same in all cells: the prologue computes both steps
    bool alike = first_time && !ir::depends_on_columns(builder_.function(), slope);
    ValueId step = alike ? builder_.make(Op::Select, system_.begins(), exponential_step(builder_, slope, *first_time),
                                         exponential_step(builder_, slope, time))
                         : exponential_step(builder_, slope, chosen);
    return {builder_.make(Op::Add, present(rate.column), builder_.make(Op::Mul, step, now))};
  }

  static std::pair<ValueId, ValueId> pair(const Taken& values) { return {values[0], values[1]}; }

  void advance_v() {
    for (size_t i = 0; i < system_.rates.size(); i++) {
      if (system_.rates[i].column != 0) continue;
      ValueId moved = stepped({{0}, i, std::nullopt}, system_.dt, std::nullopt)[0];
      now_[0] = system_.moves ? builder_.make(Op::Select, system_.moves(), moved, builder_.column(0)) : moved;
    }
  }

  System& system_;
  ir::Builder& builder_;
  Moment passed_;
  std::map<uint32_t, ValueId> now_;  // by column, the newest values
  ValueId after_ = 0;
};

// What a part's equations read of all columns.
class Readers {
 public:
  explicit Readers(const System& system) : system_(system) {}

  bool reads(const Part& part, uint32_t column) const {
    const ir::Function& function = system_.builder.function();
    if (part.rate) return ir::depends_on(function, system_.rates[*part.rate].rate, column);
    const auto& arrows = system_.diagrams[*part.diagram].arrows;
    return std::any_of(arrows.begin(), arrows.end(),
                       [&](const Diagram::Arrow& arrow) { return ir::depends_on(function, arrow.rate, column); });
  }
  bool read_one_another(const Part& a, const Part& b) const {
    auto one = [&](const Part& reader, const Part& other) {
      return std::any_of(other.columns.begin(), other.columns.end(), [&](uint32_t column) { return reads(reader, column); });
    };
    return one(a, b) || one(b, a);
  }
  // Nothing it is made of, and nothing it reads, changes where two steps meet.
  bool is_continuous(const Part& part) const {
    return std::none_of(system_.jumping.begin(), system_.jumping.end(), [&](uint32_t column) {
      return std::find(part.columns.begin(), part.columns.end(), column) != part.columns.end() || reads(part, column);
    });
  }
  bool apart(const Part& part, const std::vector<Part>& others) const {
    return std::none_of(others.begin(), others.end(), [&](const Part& other) { return read_one_another(part, other); });
  }

 private:
  const System& system_;
};

}  // namespace

bool Stagger::keeps_half_way(uint32_t column) const {
  return std::any_of(half_way.begin(), half_way.end(), [&](const Part& part) {
    return std::find(part.columns.begin(), part.columns.end(), column) != part.columns.end();
  });
}

Stagger stagger(const System& system) {
  Readers readers(system);
  std::vector<Part> parts, rest;
  for (size_t i = 0; i < system.diagrams.size(); i++) parts.push_back({system.diagrams[i].columns, std::nullopt, i});
  for (size_t i = 0; i < system.rates.size(); i++)
    if (system.rates[i].column != 0) parts.push_back({{system.rates[i].column}, i, std::nullopt});
  // what reads v costs most in a step of its own
  std::stable_partition(parts.begin(), parts.end(), [&](const Part& part) { return readers.reads(part, 0); });
  Stagger out;
  for (Part& part : parts)
    (readers.is_continuous(part) && readers.apart(part, out.half_way) ? out.half_way : rest).push_back(std::move(part));
  for (Part& part : rest) {
    auto layer = std::find_if(out.layers.begin(), out.layers.end(),
                              [&](const std::vector<Part>& others) { return readers.apart(part, others); });
    if (layer == out.layers.end()) layer = out.layers.insert(layer, std::vector<Part>());
    layer->push_back(std::move(part));
  }
  return out;
}

Advanced exp_leapfrog(System& system) { return Leapfrog(system).run(); }

std::map<uint32_t, ValueId> on_grid(System& system) { return Leapfrog(system).on_grid(); }

}  // namespace eic::solvers
