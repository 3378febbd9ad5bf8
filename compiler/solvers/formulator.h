// The work of formulate(): one object that holds what is being built; its methods stand in formulate.cpp, in
// formulate_columns.cpp (what a cell keeps) and in formulate_step.cpp (one dt). Internal to solvers/.
#pragma once
#include <map>
#include <set>

#include "compiler/ir/equations.h"
#include "compiler/solvers/formulate.h"
#include "compiler/solvers/solver.h"

namespace eic::solvers {

using ir::Builder;
using ir::Equations;
using ir::Function;
using ir::Op;
using ir::ValueId;
using sema::StateRole;

struct Method {
  const char* name;
  int order;
  Advanced (*advance)(System&);
};

class Formulator {
 public:
  Formulator(const Request& request, diagnostics::Emitter& emitter)
      : request_(request), cell_(*request.cell), emitter_(emitter) {}

  std::optional<Formulation> run();

 private:
  void make_columns();
  void make_observed_columns();
  bool events_move_membrane() const;
  bool is_clamp_current(const std::string& name) const;
  const sema::Expr& derived(const std::string& name) const;
  Function frame(const char* what) const;
  Equations equations(Builder& builder) const;
  bool changes(const Function& function, ValueId id) const;
  void find_decaying();
  static bool zero_at_rest(const Function& function, ValueId id);
  bool is_decaying(uint32_t state) const;
  ValueId decayed(Builder& builder, Equations& equations, uint32_t state, double fraction = 1);
  System system(Builder& builder, Equations& equations);
  std::set<uint32_t> jumping() const;
  void find_half_way();
  ValueId begins(Builder& builder, Equations& equations);
  void make_step();
  ValueId shaken(Builder& builder, Equations& equations, const Method& method, uint32_t state, ValueId value, ValueId dt);
  std::optional<ValueId> fraction(Builder& builder, ValueId fires, ValueId after, std::optional<ValueId> threshold);
  void detect(Builder& builder, Equations& equations, std::vector<ValueId>& now);
  void clamp(Builder& builder, std::vector<ValueId>& now);
  ValueId clamp_current(Builder& builder, Equations& equations);
  void make_prime();
  void make_init();
  void make_observe();
  void make_event(const sema::Port& port);

  const Request& request_;
  const sema::Cell& cell_;
  diagnostics::Emitter& emitter_;
  Formulation out_;
  std::map<uint32_t, uint32_t> per_cell_;  // parameter → its column
  std::map<uint32_t, uint32_t> noise_;     // state → the column of its noise
  std::set<uint32_t> half_way_;            // states that stand at t_k + dt/2: recordings are of the grid
  std::optional<uint32_t> refractory_;
  std::optional<uint32_t> before_events_;  // v as the last step left it, where events write v
  ValueId refractory_left_ = 0;
};

}  // namespace eic::solvers
