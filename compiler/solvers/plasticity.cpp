#include "compiler/solvers/plasticity.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "compiler/ir/equations.h"
#include "compiler/solvers/rows.h"
#include "runtime/contract/check.h"

namespace eic::solvers {

using ir::Builder;
using ir::Equations;
using ir::Function;
using ir::Index;
using ir::Op;
using ir::ValueId;
using plan::Home;
using sema::Plasticity;
using Sent = plan::Plasticity::Sent;

namespace {

bool assigns(const std::vector<sema::Assignment>& body, uint32_t state) {
  return std::any_of(body.begin(), body.end(), [&](const sema::Assignment& a) { return a.state == state; });
}

bool reads(const std::vector<sema::Assignment>& body, uint32_t state) {
  return std::any_of(body.begin(), body.end(),
                     [&](const sema::Assignment& a) { return sema::contains(*a.value, sema::ExprOp::State, state); });
}

bool changes_weight(const Plasticity& rule) {
  constexpr uint32_t w = Plasticity::k_weight;
  return rule.states[w].rate || assigns(rule.on_pre, w) || assigns(rule.on_post, w);
}

class RuleFormulator {
 public:
  RuleFormulator(const RuleRequest& request, diagnostics::Emitter& emitter)
      : request_(request), rule_(*request.rule), emitter_(emitter), common_(common_states(rule_, request.constant_weight)) {}

  std::optional<RuleFormulation> run() {
    size_t errors = emitter_.error_count();
    make_columns();
    out_.source_step = step(Home::Source, "source_step");
    out_.target_step = step(Home::Target, "target_step");
    make_pre();
    if (rule_.has_on_post) make_post();
    if (request_.recorded) make_look();
    if (emitter_.error_count() > errors) return std::nullopt;
    give_columns();
    return std::move(out_);
  }

 private:
  bool kept_by_synapse(uint32_t state) const { return rule_.homes[state] == Home::Synapse && !common_[state]; }
  // Advanced from event to event rather than from step to step.
  bool lazy(uint32_t state) const { return rule_.homes[state] == Home::Synapse && rule_.states[state].rate; }
  bool constant(uint32_t state) const { return state == Plasticity::k_weight && !out_.weight; }

  uint32_t add_column(std::string name, Home home, const ir::Dimension& dimension) {
    RuleColumn& made = out_.columns.emplace_back();
    made.name = std::move(name);
    made.home = home;
    made.dimension = dimension;
    made.span = rule_.span;
    return static_cast<uint32_t>(out_.columns.size() - 1);
  }

  void make_columns() {
    out_.changes_weight = changes_weight(rule_);
    bool any_common = false, any_lazy = false;
    column_.resize(rule_.states.size());
    for (uint32_t i = 0; i < rule_.states.size(); i++) {
      const sema::State& state = rule_.states[i];
      bool same = i == Plasticity::k_weight && request_.constant_weight && !out_.changes_weight;
      if (i == Plasticity::k_sent || same) continue;
      if (i == Plasticity::k_weight) out_.weight = static_cast<uint32_t>(out_.columns.size());
      column_[i] = add_column(state.path, common_[i] ? Home::Source : rule_.homes[i], state.dimension);
      out_.columns.back().unit = state.unit.text == "1" ? "" : state.unit.text;
      out_.columns.back().state = i;
      out_.columns.back().stepped = rule_.homes[i] != Home::Synapse && state.rate;
      out_.columns.back().span = state.rate_span;
      if (lazy(i)) (common_[i] ? any_common : any_lazy) = true;
    }
    auto steps = [&](Home home) {
      uint32_t column = add_column("(last)", home, {});
      out_.columns.back().steps = true;
      return column;
    };
    if (any_common) source_last_ = steps(Home::Source);
    if (any_lazy) synapse_last_ = steps(Home::Synapse);
  }

  // What each function counts its columns by: `row` is the end that the row's synapses share.
  Index index_of(const RuleColumn& column, std::optional<Home> row) const {
    if (!row) return Index::Cell;
    if (column.home == Home::Place) return Index::Place;
    if (column.home == Home::Synapse) return *row == Home::Source ? Index::Synapse : Index::Listed;
    return column.home == *row ? Index::Row : Index::Other;
  }

  Function frame(const char* what, std::optional<Home> row) const {
    Function function;
    function.name = request_.name + "." + what;
    for (const RuleColumn& column : out_.columns)
      function.columns.push_back({column.name, column.dimension, false, index_of(column, row), column.steps});
    return function;
  }

  // The value of a state `time` later, exact where it is linear in itself with coefficients of parameters.
  ValueId advanced(Builder& builder, Equations& equations, uint32_t state, ValueId time) {
    const sema::State& written = rule_.states[state];
    uint32_t column = column_[state];
    builder.at(written.rate_span);
    ValueId rate = equations.build(*written.rate), x = builder.column(column);
    ValueId slope = ir::differentiate(builder, rate, column);
    if (ir::depends_on(builder.function(), slope, column)) {
      if (lazy(state))
        emitter_
            .emit(diagnostics::Kind::RuleNotLinear, written.rate_span,
                  fmt::format("`{}'` is not linear in `{}`", written.path, written.path))
            .help("a synapse's state is advanced from one event to the next, all at once: only a linear equation is solved exactly")
            .help("what a cell keeps, `pre.x` or `post.y`, is advanced in every step and may follow any equation");
      else if (std::find(out_.frozen.begin(), out_.frozen.end(), state) == out_.frozen.end()) out_.frozen.push_back(state);
    }
    const ir::Value& known = builder[slope];
    if (known.op == Op::Const && known.number == 0) return builder.make(Op::Add, x, builder.make(Op::Mul, time, rate));
    ValueId exponent = builder.make(Op::Mul, slope, time);
    if (!ir::depends_on_columns(builder.function(), slope) && vanishes_at_zero(builder, rate, column))
      return builder.make(Op::Mul, x, builder.make(Op::Exp, exponent));
    ValueId span = builder.make(Op::Mul, time, builder.make(Op::Exprel, exponent));
    return builder.make(Op::Add, x, builder.make(Op::Mul, span, rate));
  }

  // One dt of what the cells of one end keep; every state from the old values of the others.
  std::optional<Function> step(Home home, const char* what) {
    Function function = frame(what, std::nullopt);
    Builder builder(function);
    Equations equations(builder, *request_.params);
    equations.state = [&](uint32_t state) { return builder.column(column_[state]); };
    ValueId dt = equations.uniform("dt", units::parse_unit("ms")->dimension);
    for (uint32_t i = Plasticity::k_own; i < rule_.states.size(); i++)
      if (rule_.homes[i] == home && rule_.states[i].rate)
        function.stores.push_back({column_[i], advanced(builder, equations, i, dt), rule_.states[i].rate_span, true});
    return function.stores.empty() ? std::nullopt : std::optional(std::move(function));
  }

  // One event while it is formulated: assignments one after another, each state advanced to now before the first reads it.
  struct Event {
    Function function;
    Builder builder;
    Equations equations;
    std::map<uint32_t, ValueId> now;  // of the states that were read or written
    std::map<uint32_t, ValueId> written;
    explicit Event(Function frame, const std::vector<sema::Param>& params)
        : function(std::move(frame)), builder(function), equations(builder, params) {}
  };

  ValueId before(Event& event, uint32_t state) {
    if (auto known = event.now.find(state); known != event.now.end()) return known->second;
    if (constant(state)) return event.now[state] = event.equations.uniform("(weight)", rule_.states[state].dimension);
    if (!lazy(state)) return event.now[state] = event.builder.column(column_[state]);
    ValueId dt = event.equations.uniform("dt", units::parse_unit("ms")->dimension);
    ValueId steps = event.builder.column(common_[state] ? *source_last_ : *synapse_last_);
    auto outer = event.equations.state;
    event.equations.forget();
    event.equations.state = [&](uint32_t read) { return event.builder.column(column_[read]); };
    ValueId value = advanced(event.builder, event.equations, state, event.builder.make(Op::Mul, dt, steps));
    event.equations.state = outer;
    event.equations.forget();
    return event.now[state] = value;
  }

  void assign(Event& event, const std::vector<sema::Assignment>& body) {
    event.equations.state = [&](uint32_t state) {
      auto written = event.written.find(state);
      return written != event.written.end() ? written->second : before(event, state);
    };
    for (const sema::Assignment& assignment : body) {
      // first what it reads, for advancing a state forgets what was built
      for (uint32_t i = 0; i < rule_.states.size(); i++)
        if (i != Plasticity::k_sent && sema::contains(*assignment.value, sema::ExprOp::State, i)) event.equations.state(i);
      event.equations.forget();
      event.written[assignment.state] = event.equations.build(*assignment.value);
    }
  }

  // Every state that shares a time of last update is brought to now as soon as one of them is.
  void store(Event& event) {
    for (bool common : {false, true}) {
      bool any = std::any_of(event.now.begin(), event.now.end(), [&](const auto& entry) {
        return lazy(entry.first) && common_[entry.first] == common;
      });
      any = any || std::any_of(event.written.begin(), event.written.end(), [&](const auto& entry) {
        return lazy(entry.first) && common_[entry.first] == common;
      });
      for (uint32_t i = 0; any && i < rule_.states.size(); i++)
        if (lazy(i) && common_[i] == common && !event.written.count(i)) event.written[i] = before(event, i);
      uint32_t last = common ? source_last_.value_or(0) : synapse_last_.value_or(0);
      if (any) event.function.stores.push_back({last, event.builder.constant(0), rule_.span, false});
    }
    for (auto [state, value] : event.written)
      if (state != Plasticity::k_sent)
        event.function.stores.push_back({column_[state], value, rule_.states[state].rate_span, false});
  }

  void make_pre() {
    Event event(frame("pre", Home::Source), *request_.params);
    bool given = assigns(rule_.on_pre, Plasticity::k_sent);
    if (!given) before(event, Plasticity::k_weight);
    assign(event, rule_.on_pre);
    ValueId sent = given ? event.written[Plasticity::k_sent] : event.now[Plasticity::k_weight];
    store(event);
    const ir::Value& value = event.function.values[sent];
    bool weight = constant(Plasticity::k_weight)
                      ? value.op == Op::Uniform && event.function.uniforms[value.slot].name == "(weight)"
                      : value.op == Op::Column && value.slot == *out_.weight && !event.written.count(Plasticity::k_weight);
    if (!weight) {
      bool row = same_in_row(event.function, sent);
      out_.sent = row ? Sent::Row : Sent::Each;
      out_.sent_column = add_column("(send)", row ? Home::Source : Home::Place, rule_.states[Plasticity::k_sent].dimension);
      event.function.columns.push_back(
          {"(send)", rule_.states[Plasticity::k_sent].dimension, false, row ? Index::Row : Index::Place, false});
      event.function.stores.push_back({out_.sent_column, sent, rule_.span, false});
    }
    out_.pre = halves(std::move(event.function), Home::Source);
  }

  void make_post() {
    Event event(frame("post", Home::Target), *request_.params);
    assign(event, rule_.on_post);
    store(event);
    out_.post = halves(std::move(event.function), Home::Target);
  }

  // States that are advanced from event to event, as they are now; nothing changes.
  void make_look() {
    std::vector<std::pair<uint32_t, uint32_t>> looked;  // state, column of places
    for (uint32_t i = 0; i < rule_.states.size(); i++)
      if (lazy(i)) looked.emplace_back(i, add_column("(" + rule_.states[i].path + " now)", Home::Place, rule_.states[i].dimension));
    if (looked.empty()) return;
    Event event(frame("look", Home::Target), *request_.params);  // synapses by a list, sources at their other end
    for (auto [state, column] : looked) {
      out_.columns[column_[state]].look = column;
      event.function.stores.push_back({column, before(event, state), rule_.states[state].rate_span, false});
    }
    out_.look = std::move(event.function);
  }

  RuleEvent halves(Function whole, Home row) {
    std::string name = whole.name;
    RowSplit split = split_rows(whole, static_cast<uint32_t>(out_.columns.size()));
    for (const ir::Slot& slot : split.shared) add_column(slot.name, row, slot.dimension);
    RuleEvent event;
    split.cells.name = name + "_cells";
    split.synapses.name = name + "_synapses";
    if (!split.cells.stores.empty()) event.cells = std::move(split.cells);
    if (!split.synapses.stores.empty()) event.synapses = std::move(split.synapses);
    return event;
  }

  // Columns were added while functions were made; all count in the same ones.
  void give_columns() {
    auto give = [&](std::optional<Function>& function, std::optional<Home> row, bool of_cells) {
      if (!function) return;
      function->columns.clear();
      for (uint32_t i = 0; i < out_.columns.size(); i++) {
        const RuleColumn& column = out_.columns[i];
        Index index = of_cells && column.home != Home::Place ? Index::Other : index_of(column, row);
        function->columns.push_back({column.name, column.dimension, false, index, column.steps});
      }
    };
    give(out_.source_step, std::nullopt, false);
    give(out_.target_step, std::nullopt, false);
    give(out_.pre.cells, Home::Source, true);
    give(out_.pre.synapses, Home::Source, false);
    give(out_.post.cells, Home::Target, true);
    give(out_.post.synapses, Home::Target, false);
    give(out_.look, Home::Target, false);
  }

  const RuleRequest& request_;
  const Plasticity& rule_;
  diagnostics::Emitter& emitter_;
  std::vector<bool> common_;
  RuleFormulation out_;
  std::vector<uint32_t> column_;  // of each state
  std::optional<uint32_t> source_last_, synapse_last_;
};

}  // namespace

std::vector<bool> common_states(const Plasticity& rule, bool constant_weight) {
  std::vector<bool> common(rule.states.size());
  for (uint32_t i = Plasticity::k_own; i < common.size(); i++)
    common[i] = rule.homes[i] == Home::Synapse && !assigns(rule.on_post, i) && !reads(rule.on_post, i);
  bool weight = constant_weight && !changes_weight(rule);
  auto differs = [&](const sema::Expr& value) {
    for (uint32_t j = 0; j < common.size(); j++) {
      bool same = j == Plasticity::k_weight ? weight : rule.homes[j] == Home::Source || common[j];
      if (!same && sema::contains(value, sema::ExprOp::State, j)) return true;
    }
    return false;
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (const sema::Assignment& assignment : rule.on_pre) {
      if (!common[assignment.state] || !differs(*assignment.value)) continue;
      common[assignment.state] = false;
      changed = true;
    }
  }
  return common;
}

std::optional<RuleFormulation> formulate_rule(const RuleRequest& request, diagnostics::Emitter& emitter) {
  return RuleFormulator(request, emitter).run();
}

}  // namespace eic::solvers
