// A cell: the equation of v, each mechanism with its current and its states, how each is stepped, and the derived figures.
// Or one mechanism on its own, read off a cell that was made around it.
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <utility>

#include "compiler/explain/cell_figures.h"
#include "compiler/explain/declared.h"
#include "compiler/explain/explain.h"
#include "compiler/explain/mathematics.h"
#include "compiler/figures/figures.h"

namespace eic::explain {

namespace {

using sema::ExprPtr;

class CellWriter {
 public:
  CellWriter(Document& document, const sema::Model& model, const sema::Cell& cell, const sema::Simulation* run)
      : document_(document), model_(model), cell_(cell), run_(run), values_(model, layers(run)), method_(method_of(run)) {
    dt_ = run && run->dt ? values_.number(*run->dt) : 0.025;
    use_names("");
  }

  void write() {
    section(1, "Cell " + cell_.name);
    voltage();
    ions();
    for (const sema::MechanismUse& mechanism : cell_.mechanisms) this->mechanism(mechanism);
    own_states();
    spike();
    add_figures({document_, model_, cell_, run_, values_, dynamics(), dt_});
    parameters();
  }

  // Nothing is said that only the made cell knows: its area, its reversal potentials.
  void write_alone(const Declared& declared, const Around& around) {
    alone_ = &declared;
    section(1, title_of(declared));
    if (std::string comment = comment_of(declared); !comment.empty()) say(comment);
    if (Table table = parameters_of(declared); !table.rows.empty()) add(std::move(table));
    bool density = equations_of(cell_.mechanisms[0]);
    if (density)
      say(fmt::format("`i` is a density here, outward positive; a cell multiplies it by its `area`.{}",
                      total_or_density() ? " A conductance in S is taken as the total." : ""));
    else if (!cell_.currents.empty()) say("`i` is outward positive.");
    read_gates();
    if (gates_.empty()) return;
    Table table{{"v"}, {}};
    for (const figures::GateCurve& gate : gates_)
      for (const char* part : {".inf", ".tau (ms)"})
        table.header.push_back(within(cell_.states[gate.state].path, cell_.name, declared.name) + part);
    for (size_t i = 0; i < voltages_.size(); i += 10) {
      table.rows.push_back({fmt::format("{} mV", voltages_[i])});
      for (const figures::GateCurve& gate : gates_)
        for (double value : {gate.inf[i], gate.tau[i]}) table.rows.back().push_back(fmt::format("{:.4g}", value));
    }
    section(2, "Curves");
    if (std::string with = curves_read(around); !with.empty())
      say(fmt::format("With {}, which the declaration leaves open: `--set` takes another value.", with));
    add(std::move(table));
    curves(declared.name);
  }

 private:
  Section& section(int level, std::string title) { return document_.sections.emplace_back(Section{level, std::move(title), {}}); }
  void add(Block block) { document_.sections.back().blocks.push_back(std::move(block)); }
  void say(std::string text) { add(Paragraph{std::move(text)}); }

  // Names as they are called inside `mechanism`: what belongs to it loses its name.
  static std::string within(std::string path, const std::string& cell, const std::string& mechanism) {
    if (path.starts_with(cell + ".")) path.erase(0, cell.size() + 1);
    if (!mechanism.empty() && path.starts_with(mechanism + ".")) path.erase(0, mechanism.size() + 1);
    return path;
  }
  void use_names(const std::string& mechanism) {
    mechanism_ = mechanism;
    prefixes_ = {cell_.name + "." + mechanism + ".", cell_.name + "."};
    if (mechanism.empty()) prefixes_.erase(prefixes_.begin());
    names_ = {};
    for (const sema::Param& param : model_.params) names_.params.push_back(within(param.path, cell_.name, mechanism));
    for (const sema::State& state : cell_.states) names_.states.push_back(within(state.path, cell_.name, mechanism));
  }

  std::string shown(const sema::Expr& expr) const { return plain(expr, names_, prefixes_); }
  std::string latex_of(const sema::Expr& expr) const { return latex(expr, names_, prefixes_); }
  std::string shown_name(const std::string& path) const { return within(path, cell_.name, mechanism_); }

  Equation equation(std::string left, std::string left_latex, const ExprPtr& right, std::string unit,
                    std::string note = "") const {
    return {std::move(left), shown(*right), std::move(left_latex), latex_of(*right), std::move(unit), std::move(note)};
  }

  // Each state by its own exponential step.
  bool one_by_one() const { return method_.name == "exp_euler" || method_.name == "exp_leapfrog"; }

  // How the step treats a state: exactly, or with a slope that is held.
  std::string step_note(uint32_t index) const {
    if (!one_by_one()) return "";
    const sema::State& state = cell_.states[index];
    auto terms = nonlinear_terms(state.rate, index);
    if (terms.empty()) return "";
    std::string text;
    for (const ExprPtr& term : terms) text += (text.empty() ? "`" : "`, `") + shown(*term);
    return fmt::format("not linear in `{}`: the slope of {}` is held over each step", names_.states[index], text);
  }

  void voltage() {
    const sema::State& v = cell_.states[0];
    if (cell_.own_voltage) {
      add(Equations{{equation("v'", "\\frac{\\mathrm{d}v}{\\mathrm{d}t}", v.rate, "mV/ms", step_note(0))}});
    } else {
      std::string right = "input", right_latex = "I_{\\mathrm{input}}";
      for (const sema::Current& current : cell_.currents) {
        right += fmt::format(" - {}.i", current.path);
        right_latex += " - " + latex_name(current.path + ".I");
      }
      add(Equations{{{"capacitance*v'", right, "C \\frac{\\mathrm{d}v}{\\mathrm{d}t}", right_latex, "nA", voltage_note()}}});
      say("Currents are outward positive; `input` is what stimuli inject, inward positive.");
    }
    if (method_.name == "exp_leapfrog")
      say("v stands at the times of the steps, gates half a step later, and each is stepped with the exponential Euler method while "
          "the others stand where they are half-way: x grows by x'·dt·(exp(J·dt) − 1)/(J·dt), where J = ∂x'/∂x. What is recorded "
          "is of the row's time (docs/numerics.md).");
    else if (method_.name == "exp_euler")
      say("Each state x is stepped with the exponential Euler method: x grows by x'·dt·(exp(J·dt) − 1)/(J·dt), where J = ∂x'/∂x "
          "and all other states stand as at the beginning of the step. Where x' is linear in x this is the exact solution of its "
          "own equation; where it is not, J is held.");
    else
      say(fmt::format("All states are stepped together with the method `{}`, of order {} (docs/numerics.md); a synaptic state that "
                      "decays linearly is advanced exactly.",
                      method_.name, method_.order));
  }

  std::string voltage_note() const {
    if (!one_by_one()) return "";
    std::string frozen;
    for (const sema::Current& current : cell_.currents)
      if (current.outward && !nonlinear_terms(current.outward, 0).empty())
        frozen += (frozen.empty() ? "" : ", ") + current.path + ".i";
    return frozen.empty() ? "" : "not linear in `v`: the slope of " + frozen + " is held over each step";
  }

  void mechanism(const sema::MechanismUse& use) {
    std::string on;
    for (const std::string& ion : use.ions) on += (on.empty() ? " on " : ", ") + ion;
    section(2, fmt::format("{} {} : {}{}", use.pool ? "Pool" : use.synapse ? "Synapse" : "Channel", use.name, use.type,
                           use.pool ? "" : on));
    equations_of(use);
    curves(use.name);
  }

  // Reversal potentials that follow from concentrations, and the currents that pools read.
  void ions() {
    Equations lines;
    for (const sema::Ion& ion : cell_.ions) {
      bool computed = ion.E && ion.E->op == sema::ExprOp::Let;
      std::string note = ion.live ? "follows the concentrations at every step"
                         : computed && sema::is_constant(*ion.E) ? rounded(values_.number(*ion.E), "mV")
                                                                 : "";
      if (computed) lines.lines.push_back(equation(ion.name + ".E", latex_name(ion.name + ".E"), ion.E->args[0], "mV", note));
      if (!ion.pool.empty())
        lines.lines.push_back(equation(ion.name + ".i", latex_name(ion.name + ".I"), ion.i->args[0], "nA", "outward"));
    }
    if (lines.lines.empty()) return;
    section(2, "Ions");
    add(std::move(lines));
  }

  // The arrows of a diagram with their rates, in place of an equation for each of its states.
  void scheme(const sema::Scheme& scheme, Equations& lines) {
    std::string note = "stepped together by one implicit step (backward Euler); their sum is 1";
    for (const sema::Transition& arrow : scheme.transitions)
      for (auto [rate, from, to] :
           {std::tuple{&arrow.forward, arrow.from, arrow.to}, std::tuple{&arrow.backward, arrow.to, arrow.from}}) {
        if (!*rate) continue;
        std::string a = names_.states[from], b = names_.states[to];
        lines.lines.push_back(equation(fmt::format("{} → {}", a, b), fmt::format("{} \\to {}", latex_name(a), latex_name(b)),
                                       *rate, "ms^-1", std::exchange(note, "")));
      }
  }

  // Whether its current is a density, which only one that stands alone is.
  bool equations_of(const sema::MechanismUse& use) {
    use_names(use.name);
    bool density = false;
    Equations lines;
    for (const sema::Current& current : cell_.currents)
      if (current.path == use.name) density = this->current(current, lines);
    for (const auto& [name, let] : cell_.lets)
      if (name.starts_with(use.name + ".") && !is_curve(name) && !(use.pool && (name == use.name + ".E" || name == use.name + ".i")))
        lines.lines.push_back(
            equation(shown_name(name), latex_name(shown_name(name)), let->args[0], let->boolean ? "" : sema::unit_of(*let)));
    for (uint32_t i = 0; i < cell_.states.size(); i++)
      if (cell_.states[i].path.starts_with(use.name + ".") && cell_.states[i].role != sema::StateRole::Occupancy) state(i, lines);
    for (const sema::Scheme& scheme : cell_.schemes)
      if (scheme.path == use.name) this->scheme(scheme, lines);
    for (const sema::Port& port : cell_.ports)
      if (port.name == use.name) this->port(port, lines);
    add(std::move(lines));
    use_names("");
    return density;
  }

  bool total_or_density() const {
    for (const ast::Item& item : alone_->mechanism->items)
      if (auto* param = std::get_if<ast::Param>(&item.node); param && param->units.size() > 1) return true;
    return false;
  }

  bool gates_read(uint32_t param) const {
    for (const figures::GateCurve& gate : gates_)
      if (sema::contains(*cell_.states[gate.state].rate, sema::ExprOp::Param, param)) return true;
    return false;
  }

  // What a cell must say and the declaration does not, where the curves depend on it: "`tau_max = 4 s`".
  std::string curves_read(const Around& around) const {
    std::string out;
    auto add = [&](const std::string& path, const std::string& name) {
      for (uint32_t i = 0; i < model_.params.size(); i++)
        if (model_.params[i].path == cell_.name + "." + path && gates_read(i))
          out += fmt::format("{}`{} = {}`", out.empty() ? "" : ", ", name, shown(values_.source(i)));
    };
    for (const Around::Given& given : around.given) add(alone_->name + "." + given.param, given.param);
    add("temperature", "temperature");
    return out;
  }

  // "INa.m.alpha": stands with its gate.
  bool is_curve(const std::string& name) const {
    for (const sema::State& state : cell_.states)
      if ((state.role == sema::StateRole::Gate || state.role == sema::StateRole::Occupancy) && name.starts_with(state.path + "."))
        return true;
    return false;
  }

  // A mechanism alone: its value as declared, before the made cell's area; whether that is a density.
  std::pair<ExprPtr, bool> as_declared(const ExprPtr& value) const {
    bool density = alone_ && value->op == sema::ExprOp::Mul && value->args[1] == cell_.area &&
                   current_of(*alone_).find("area") == std::string::npos;
    return {density ? value->args[0] : value, density};
  }

  // Whether it is a density.
  bool current(const sema::Current& current, Equations& lines) {
    std::string left_latex = latex_name(alone_ ? "I" : current.path + ".I");
    auto [value, density] = as_declared(current.conductance ? current.conductance : current.current);
    const char* unit = density ? "uA/cm^2" : "nA";
    if (!current.conductance) {
      lines.lines.push_back(equation("i", left_latex, value, unit));
      return density;
    }
    std::string g = shown(*value), e = shown(*current.reversal);
    std::string g_latex = latex_of(*value), e_latex = latex_of(*current.reversal);
    bool sum = value->op == sema::ExprOp::Add || value->op == sema::ExprOp::Sub;
    if (sum) g = "(" + g + ")", g_latex = "\\left(" + g_latex + "\\right)";
    std::string note;
    if (!alone_ && sema::is_constant(*current.reversal)) note = "reverses at " + rounded(values_.number(*current.reversal), "mV");
    lines.lines.push_back({"i", fmt::format("{}*(v - {})", g, e), left_latex,
                           fmt::format("{} \\left(v - {}\\right)", g_latex, e_latex), unit, note});
    return density;
  }

  const sema::Expr* let(const std::string& name) const {
    auto found = cell_.lets.find(name);
    return found == cell_.lets.end() ? nullptr : found->second.get();
  }

  void state(uint32_t index, Equations& lines) {
    const sema::State& state = cell_.states[index];
    std::string name = names_.states[index], unit = state.unit.text == "1" ? "ms^-1" : state.unit.text + "/ms";
    std::string d = fmt::format("\\frac{{\\mathrm{{d}}{}}}{{\\mathrm{{d}}t}}", latex_name(name));
    if (state.role != sema::StateRole::Gate) {
      lines.lines.push_back(equation(name + "'", d, state.rate, unit, step_note(index)));
      return;
    }
    bool rates = let(state.path + ".alpha") != nullptr;
    std::string x = latex_name(name), steady = rates ? "alpha/(alpha + beta)" : "inf", time = rates ? "1/(alpha + beta)" : "tau";
    std::string note;
    if (one_by_one()) note = fmt::format("stepped as {0} ← inf + ({0} − inf)·exp(−dt/tau)", name);
    if (rates) note += fmt::format("{}inf = {}, tau = {}", note.empty() ? "" : ", ", steady, time);
    if (one_by_one() && !nonlinear_terms(state.rate, index).empty()) note = step_note(index);
    lines.lines.push_back(rates ? Equation{name + "'", fmt::format("alpha*(1 - {0}) - beta*{0}", name), d,
                                           fmt::format("\\alpha \\left(1 - {0}\\right) - \\beta {0}", x), unit, note}
                                : Equation{name + "'", fmt::format("(inf - {})/tau", name), d,
                                           fmt::format("\\frac{{{0}_\\infty - {0}}}{{\\tau_{0}}}", x), unit, note});
    for (const char* part : {"alpha", "beta", "inf", "tau"})
      if (const sema::Expr* curve = let(state.path + "." + part))
        lines.lines.push_back(equation(fmt::format("  {}", part), latex_name(fmt::format("{}.{}", name, part)), curve->args[0],
                                       sema::unit_of(*curve)));
  }

  void port(const sema::Port& port, Equations& lines) {
    for (const sema::Assignment& assignment : port.body)
      lines.lines.push_back(equation("on event: " + names_.states[assignment.state],
                                     latex_name(names_.states[assignment.state]) + "^{+}", assignment.value,
                                     cell_.states[assignment.state].unit.text, "with each event of weight `weight`"));
  }

  void read_gates() {
    if (!voltages_.empty()) return;
    for (int v = -100; v <= 50; v++) voltages_.push_back(v);
    gates_ = dynamics().gate_curves(voltages_);
  }

  void curves(const std::string& mechanism) {
    read_gates();
    for (const figures::GateCurve& gate : gates_) {
      const sema::State& state = cell_.states[gate.state];
      if (!state.path.starts_with(mechanism + ".")) continue;
      std::string name = within(state.path, cell_.name, mechanism);
      add(Plot{state.path + ": steady state", "v (mV)", name + " inf", voltages_, {{"inf", gate.inf}}});
      add(Plot{state.path + ": time constant", "v (mV)", name + " tau (ms)", voltages_, {{"tau", gate.tau}}});
    }
  }

  void own_states() {
    Equations lines;
    for (uint32_t i = 1; i < cell_.states.size(); i++)
      if (cell_.states[i].path.find('.') == std::string::npos) state(i, lines);
    for (const auto& [name, let] : cell_.lets)
      if (name.find('.') == std::string::npos)
        lines.lines.push_back(equation(name, latex_name(name), let->args[0], let->boolean ? "" : sema::unit_of(*let)));
    if (lines.lines.empty()) return;
    section(2, "The cell's own states and values");
    add(std::move(lines));
  }

  void spike() {
    if (!cell_.spike) return;
    section(2, "Spikes");
    const sema::Spike& spike = *cell_.spike;
    std::string text = spike.threshold ? fmt::format("A spike is an upward crossing of {} by v.", shown(*spike.threshold))
                                       : fmt::format("A spike is raised after a step where `{}`.", shown(*spike.condition));
    if (spike.refractory) text += fmt::format(" Refractory for {}.", shown(*spike.refractory));
    say(text);
    Equations lines;
    for (const sema::Assignment& assignment : cell_.reset)
      lines.lines.push_back(equation("reset: " + names_.states[assignment.state],
                                     latex_name(names_.states[assignment.state]) + "^{+}", assignment.value,
                                     cell_.states[assignment.state].unit.text));
    if (!lines.lines.empty()) add(std::move(lines));
  }

  figures::Dynamics& dynamics() {
    if (!dynamics_) dynamics_ = std::make_unique<figures::Dynamics>(figures::Subject{model_, cell_, values_}, dt_);
    return *dynamics_;
  }

  void parameters() {
    Table table{{"parameter", "value", "written as"}, {}};
    for (uint32_t i = 0; i < model_.params.size(); i++) {
      const sema::Param& param = model_.params[i];
      if (!param.path.starts_with(cell_.name + ".")) continue;
      const sema::Expr& source = values_.source(i);
      bool literal = source.op == sema::ExprOp::Number;
      units::Unit unit = param.unit;  // better the one that was written
      if (auto written = units::parse_unit(sema::unit_of(source)); written && written->dimension == param.dimension)
        unit = *written;
      table.rows.push_back(
          {shown_name(param.path), units::print(values_.param(i), param.dimension, &unit), literal ? "" : shown(source)});
    }
    if (table.rows.empty()) return;
    section(2, "Parameters");
    add(std::move(table));
  }

  Document& document_;
  const sema::Model& model_;
  const sema::Cell& cell_;
  const sema::Simulation* run_;
  const Declared* alone_ = nullptr;  // the mechanism that is written without its cell
  plan::Values values_;
  StepMethod method_;
  double dt_ = 0.025;
  sema::Names names_;
  std::string mechanism_;
  std::vector<std::string> prefixes_;
  std::unique_ptr<figures::Dynamics> dynamics_;
  std::vector<figures::GateCurve> gates_;
  std::vector<double> voltages_;
};

}  // namespace

void add_cell(Document& document, const sema::Model& model, const sema::Cell& cell, const sema::Simulation* run) {
  CellWriter(document, model, cell, run).write();
}

void add_mechanism(Document& document, const sema::Model& model, const sema::Cell& cell, const Declared& declared,
                   const Around& around) {
  CellWriter(document, model, cell, nullptr).write_alone(declared, around);
}

}  // namespace eic::explain
