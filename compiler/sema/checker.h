// The work of check(): one object that holds what is being built, its methods grouped in one file a construct.
// Internal to sema.
#pragma once
#include <algorithm>
#include <deque>
#include <set>
#include <span>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/sema/check.h"
#include "compiler/sema/scope.h"

namespace eic::sema {

using diagnostics::Diagnostic;
using diagnostics::Kind;

// What an expression may read besides parameters, in the place where it stands.
struct Place {
  Scope* scope = nullptr;
  Cell* cell = nullptr;  // v, states, input, area … ; null outside cells
  bool states = true;    // false: only parameters ("an argument of the kernel")
  bool rule = false;     // of a plasticity rule: `cell` holds its states, and has no membrane
  bool distance = false; // between the two cells of a synapse
  bool noise = false;    // white noise as well: the equation of a state
  const char* what = "this expression";
};

class Checker {
 public:
  Checker(const Program& program, const std::vector<Setting>& settings, const source::SourceSet& sources,
          diagnostics::Emitter& emitter, Index& index)
      : program_(program), settings_(settings), sources_(sources), emitter_(emitter), index_(index) {}
  std::optional<Model> run();

  // expressions (check_expr.cpp, check_call.cpp, check_dimension.cpp) — null after a diagnostic
  ExprPtr check(const ast::Expr& expr, const Place& place);
  ExprPtr check_as(const ast::Expr& expr, const Place& place, const Dimension& wanted, const std::string& unit,
                   const std::string& why);
  ExprPtr check_bool(const ast::Expr& expr, const Place& place);
  ExprPtr check_constant(const ast::Expr& expr, Scope* scope, const char* what);
  ExprPtr check_constant_as(const ast::Expr& expr, Scope* scope, const Dimension& wanted, const std::string& unit,
                            const std::string& why);
  bool expect_dimension(const Expr& expr, const Dimension& wanted, const std::string& unit, const std::string& why);
  Diagnostic& error(Kind kind, Span span, std::string message) { return emitter_.emit(kind, span, std::move(message)); }
  void not_yet(Span span, const std::string& what);

 private:
  // what is used where (refer.cpp)
  void refer(Span use, const Symbol& symbol, const std::string& name);
  void refer(Span use, Span declaration, const char* word, const std::string& path, const std::string& unit = "",
             bool sets = false);
  void refer_set(Span use, uint32_t param);
  void refer_variable(Span use, const Cell& cell, const std::string& variable);

  // names (check_names.cpp)
  ExprPtr check_path(const ast::Expr& expr, const Place& place);
  ExprPtr resolve(Symbol& symbol, Span use, const Place& place);
  ExprPtr white_noise(Span span, const Place& place);
  void unknown_name(const std::string& name, Span span, Scope* scope, const char* what);
  bool declare(Scope& scope, const ast::Ident& name, Symbol symbol);
  bool set_on_command_line(const std::string& path) const;  // `--set` beats what the file says anywhere
  bool declare_param(Scope& scope, const ast::Item& item);
  ExprPtr resolve_param(Symbol& symbol);
  uint32_t add_param(const std::string& path, const ast::Param& param, ExprPtr value, Scope* scope, Span span);
  ExprPtr param_leaf(uint32_t index, Span span);
  Symbol* find_kind(const ast::Ident& name, Scope* scope, Symbol::Kind kind, const char* what);
  void declare_items(Scope& scope, const std::vector<ast::Item>& items, bool params);  // (params,) lets, fns
  void force_items(std::span<const ast::Item> items, const Place& place);              // check those that nobody read
  ExprPtr setting_param(Scope& scope, const ast::Binding& binding, const std::vector<const char*>& units);

  // expressions
  ExprPtr check_kind(const ast::Expr& expr, const Place& place);
  ExprPtr check_literal(const ast::Expr& expr);
  ExprPtr check_unary(const ast::Expr& expr, const Place& place);
  ExprPtr check_binary(const ast::Expr& expr, const Place& place);
  bool has_root(const Expr& base, Span span);
  ExprPtr check_power(const ast::Expr& expr, const Place& place);
  ExprPtr check_if(const ast::Expr& expr, const Place& place);
  ExprPtr check_call(const ast::Expr& expr, const Place& place);
  ExprPtr check_fn(const ast::Expr& expr, const ast::Item& fn, Scope* home, const Place& place);
  bool same_dimension(const Expr& a, const Expr& b, const char* verb);
  bool expect_number(const Expr& expr, const char* what);
  void hint_other_reading(Diagnostic& diagnostic, const Expr& expr);
  std::optional<Spread> check_spread(const ast::Expr& expr, const Place& place, const Dimension& wanted, const units::Unit& unit,
                                     const std::string& column, const std::string& why);
  std::optional<std::string> resolve_file(const std::string& written, Span span);
  bool is_spread(const ast::Expr& expr) const;

  // mechanisms and cells (check_mechanism.cpp, check_equations.cpp, check_gate.cpp, check_synapse.cpp, check_cell.cpp)
  struct Instance;
  void check_definition(const ast::Mechanism& mechanism, Scope& module);
  void instance(Cell& cell, Scope& cell_scope, const ast::Instance& written, Span item);
  std::set<std::string> unknown_bindings(const Instance& instance, const std::vector<std::string>& names);
  void mechanism_params(Instance& instance);
  void mechanism_body(Instance& instance);
  void gate(Instance& instance, const ast::Item& item);
  void kinetic_states(Instance& instance, const ast::Kinetic& written);
  void kinetic_rates(Instance& instance, const ast::Item& item);
  ExprPtr gate_q10(Instance& instance, const ast::Gate& written, const ast::Binding& binding);
  void gate_degree(Instance& instance, const ast::Item& item);
  using DeclaredStates = std::vector<std::pair<uint32_t, const ast::State*>>;
  DeclaredStates declare_states(Cell& cell, Scope& scope, const std::vector<ast::Item>& items, const std::string& prefix,
                                StateRole role);
  void rates(Cell& cell, Scope& scope, const std::vector<ast::Item>& items, const std::string& prefix,
             const DeclaredStates& added);
  void equations(Cell& cell, Scope& scope, const std::vector<ast::Item>& items, const std::string& prefix, StateRole role);
  void current(Instance& instance, const ast::Item& item);
  void on_event(Instance& instance, const ast::Item& item);
  void assignments(std::vector<Assignment>& body, const std::vector<ast::Binding>& bindings, const Place& place,
                   const std::string& prefix);
  ExprPtr total(ExprPtr value, const Dimension& whole, const std::string& what, const Cell& cell);
  uint32_t add_state(Cell& cell, Scope& scope, const std::string& path, const std::string& name, StateRole role,
                     Dimension dimension, units::Unit unit, Span span);
  // A cell is made of parts: what is written of it, behind the cells that it derives from, the outermost base first. Names
  // and expressions of a part mean what they mean where it is written (check_derived.cpp).
  struct Part {
    const ast::Cell* written = nullptr;
    Scope* scope = nullptr;
  };
  using CellParts = std::vector<Part>;
  // A setting of a derived cell that gives another value to something of its base, and where its value is resolved.
  struct Overruling {
    const ast::Binding* binding = nullptr;
    Scope* site = nullptr;
    bool used = false;
  };
  // A binding of an ion's or an instance's braces: as they have it, or as a derived cell overrules it.
  struct Bound {
    std::vector<ast::Ident> path;  // within the braces
    const ast::Binding* binding = nullptr;
    Scope* site = nullptr;
  };
  void make_cell(Symbol& symbol, Scope& module);
  uint32_t cell(const ast::Item& item, Scope& module);
  CellParts parts_of(const ast::Cell& written, Scope& module, Cell& cell);
  void collect_overrulings(const CellParts& parts);
  void report_overrulings(const Cell& cell, const ast::Cell& written);
  const Overruling* overruling(const std::string& path);
  std::vector<Bound> bindings_of(const std::vector<ast::Binding>& written, const std::string& path, Scope* site);
  void cell_settings(Cell& cell, const CellParts& parts);
  void unknown_setting(Scope& scope, const ast::Binding& binding);
  void cell_items(Cell& cell, const Part& part, std::map<uint32_t, Spread>& starts);
  void cell_start(Cell& cell, const CellParts& parts);
  void cell_voltage(Cell& cell, const CellParts& parts);
  void cell_spike(Cell& cell, const Part& part);
  void init(const Cell& cell, Scope& scope, const std::vector<ast::Ident>& path, const ast::Binding& binding,
            std::map<uint32_t, Spread>& starts);
  ExprPtr voltage(const Cell& cell, Span span) const;

  // ions and pools (check_ion.cpp, check_pool.cpp)
  ExprPtr physical_constant(const std::string& name, Span span);
  ExprPtr temperature(Span use, const Place& place);
  ExprPtr check_ion_call(const ast::Expr& expr, const Place& place);
  void ion_value(Scope& members, const Bound& bound, Scope& scope);
  void ion(Cell& cell, Scope& scope, const ast::Item& item, std::deque<Instance>& pools);
  void ion_lacks(const Symbol& ion, const std::string& member, Span use);
  void ion_currents(Cell& cell, Scope& scope);
  Instance* begin_pool(Cell& cell, Scope& scope, const ast::Ion& written, std::deque<Instance>& pools);
  bool pool_states(Instance& pool, Scope& members);
  void pool_body(Instance& pool);

  // networks and runs (check_network.cpp, check_projection.cpp, check_stimulus.cpp, check_simulate.cpp, check_phase.cpp,
  // check_test.cpp, check_channel.cpp)
  uint32_t network(const ast::Item& item, Scope& module);
  void population(Network& network, Scope& scope, const ast::Item& item);
  void positions(Population& population, const ast::Binding& binding, Scope& scope);
  void overrule(Population& population, const ast::Binding& binding, Scope& scope);
  void projection(Network& network, Scope& scope, const ast::Item& item);
  void gap(Network& network, Scope& scope, const ast::Item& item);
  bool own_name(const Network& network, const Projection& projection);
  std::optional<std::map<std::string, const ast::Binding*>> projection_settings(const ast::Projection& written,
                                                                                const std::vector<std::string>& known);
  std::optional<Rule> rule(const ast::Expr& expr, Scope& scope);
  struct RuleUse;  // check_plasticity.cpp
  std::optional<Plasticity> plasticity(RuleUse& use);
  std::optional<Plasticity> plasticity_of(const Projection& projection, const Network& network, Scope& scope,
                                          const ast::Item& item);
  void check_rule_definition(const ast::Mechanism& mechanism, Scope& module);
  void rule_event(Instance& instance, const ast::Item& item, Plasticity& rule);
  bool rule_reads(const Plasticity& rule, const Expr& expr, std::initializer_list<plan::Home> allowed, Span at,
                  const std::string& what);
  std::optional<uint32_t> projection_named(const Network& network, const std::string& name) const;
  const State* synapse_state(const Network& network, uint32_t projection, const std::vector<ast::Ident>& path);
  std::optional<Recording> synapse_recording(const ast::Item& item, const Network& network, Scope& scope, uint32_t projection);
  bool recording_ends(const ast::Record& written, Recording& recording, Scope& scope);  // `every`, `to`
  bool indices(const ast::Target& written, Target& target, Scope& scope);
  void restore(size_t diagnostics, size_t references, size_t params);
  std::optional<Target> target(const ast::Target& written, const Network& network, Scope& scope, bool port_wanted);
  std::optional<Stimulus> stimulus(const ast::Item& item, const Network& network, Scope& scope,
                                   const std::vector<Stimulus>& others);
  bool stimulus_setting(Stimulus& stimulus, const ast::Binding& binding, const Network& network, Scope& scope);
  void name_stimulus(Stimulus& stimulus, const ast::Stimulus& written, Scope& scope, const std::vector<Stimulus>& others);
  const units::Unit& weight_unit(const Stimulus& stimulus, const Network& network) const;
  std::optional<Recording> recording(const ast::Item& item, const Simulation& run, Scope& scope);
  std::vector<std::string> variables(const Simulation& run, uint32_t population) const;
  std::optional<Simulation> simulation(const ast::Simulate& written, Span span, Scope& module);
  void simulation_items(Simulation& run, const std::vector<ast::Item>& items, Scope& scope);
  bool simulation_setting(Simulation& run, const ast::Binding& binding, Scope& scope);
  bool overrule_for_run(std::map<uint32_t, ExprPtr>& params, const ast::Binding& binding, Scope& scope);
  void phase(Simulation& run, const ast::Item& item, Scope& scope);
  void phase_setting(Phase& phase, const ast::Binding& binding, Scope& scope);
  void simulation_init(Simulation& run, const ast::Item& item, Scope& scope);
  void sweep(const ast::Sweep& written, Scope& module);
  std::optional<SweepAxis> sweep_axis(const ast::Binding& binding, Scope& module);
  bool sweep_points(const ast::Expr& value, Scope& module, SweepAxis& axis);
  void test(const ast::Item& item, Scope& module);
  class Expectation;  // check_expect.h
  void pass_in(const ast::Item& item, Test& test, Scope& scope);
  std::optional<ast::Binding> start_in(const ast::Mechanism& channel, const ast::Ident& instance, const ast::Binding& written);
  uint32_t cell_of_channel(const ast::Test& written, const ast::Mechanism& channel, Test& test, Scope& scope);
  uint32_t network_of_one(uint32_t cell, const ast::Ident& name);

  void import_names(size_t module);
  void module_items(size_t module);

  const Program& program_;
  const std::vector<Setting>& settings_;
  const source::SourceSet& sources_;
  diagnostics::Emitter& emitter_;
  Index& index_;
  Model model_;
  std::deque<Scope> scopes_;                     // all that were ever opened; symbols point into them
  std::vector<Scope*> modules_;                  // the scope of each module of the program
  std::map<std::string, uint32_t> param_paths_;  // the latest parameter with each path
  std::map<std::string, Overruling> overrulings_;  // of the cell being made, by the path of what they overrule
  std::set<size_t> settings_used_;
  uint32_t checking_ = 0;                   // calls of check() within one another
  size_t inlined_ = 0;                      // uses of `fn` so far
  std::vector<const ast::Item*> inlining_;  // the `fn`s being inlined, outermost first
};

// Of all phases together; null where there is none.
ExprPtr duration_of(const std::vector<Phase>& phases);

// Dimensions that sema itself asks for.
namespace dims {
Dimension of(const char* unit);
extern const Dimension voltage, current, conductance, capacitance, area, time, temperature, rate;
}  // namespace dims

}  // namespace eic::sema
