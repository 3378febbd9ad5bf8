#include "compiler/sema/model_print.h"

#include <fmt/format.h>

namespace eic::sema {

namespace {

constexpr const char* k_roles[] = {"voltage", "gate", "synaptic", "plain", "occupancy"};
constexpr const char* k_spreads[] = {"constant", "uniform", "normal", "lognormal", "exponential", "gamma", "csv"};
constexpr const char* k_rules[] = {
#define EIC_RULE(kind, name, argument, random) name,
#include "runtime/contract/rules.def"
#undef EIC_RULE
};
constexpr const char* k_measures[] = {"count",  "spike_times", "spikes", "trace",       "rate", "cv_isi",
                                      "silent", "synchrony",   "frequency", "curve", "convergence", "rest"};

class Printer {
 public:
  explicit Printer(const Model& model) : model_(model) {
    for (const Param& param : model.params) names_.params.push_back(param.path);
  }

  std::string run() {
    for (const Param& param : model_.params) {
      out_ += fmt::format("param {} : {} = {}", param.path, param.unit.text, param.value ? text(*param.value) : "?");
      if (param.low || param.high)
        out_ += fmt::format(" in {} .. {}", param.low ? text(*param.low) : "", param.high ? text(*param.high) : "");
      out_ += "\n";
    }
    for (const Cell& cell : model_.cells) print(cell);
    for (const Network& network : model_.networks) print(network);
    for (const Simulation& simulation : model_.simulations) print(simulation, "simulate " + simulation.name);
    for (const Sweep& sweep : model_.sweeps) print(sweep);
    for (const Test& test : model_.tests) {
      print(test.run, fmt::format("test \"{}\"", test.name));
      for (const Expect& expect : test.expects)
        out_ += fmt::format("  expect {} of {}{}: {}\n", k_measures[static_cast<int>(expect.measure)], expect.of.text,
                            expect.variable.empty() ? "" : " " + expect.variable, expect.text);
    }
    return std::move(out_);
  }

 private:
  std::string text(const Expr& expr) const { return sema::print(expr, names_); }

  std::string text(const Spread& spread) const {
    if (spread.kind == plan::Draw::Kind::Csv) return fmt::format("csv(\"{}\", column = \"{}\")", spread.shown, spread.column);
    std::string args;
    for (const ExprPtr& arg : spread.args) args += (args.empty() ? "" : ", ") + text(*arg);
    return spread.kind == plan::Draw::Kind::Constant ? args
                                                     : fmt::format("{}({})", k_spreads[static_cast<int>(spread.kind)], args);
  }

  void print(const Cell& cell) {
    names_.states.clear();
    for (const State& state : cell.states) names_.states.push_back(state.path);
    out_ += fmt::format("cell {}\n", cell.name);
    if (cell.area) out_ += fmt::format("  area = {}\n", text(*cell.area));
    if (cell.capacitance) out_ += fmt::format("  capacitance = {}\n", text(*cell.capacitance));
    for (const auto& [name, value] : cell.lets) out_ += fmt::format("  let {} = {}\n", name, text(*value->args[0]));
    for (const State& state : cell.states) {
      out_ += fmt::format("  state {} : {} ({}), starts at {}\n", state.path, state.unit.text,
                          k_roles[static_cast<int>(state.role)], text(state.start));
      out_ += fmt::format("    {}' = {}\n", state.path, text(*state.rate));
    }
    for (const Current& current : cell.currents)
      out_ += fmt::format("  current {} = {} (outward{})\n", current.path, text(*current.outward),
                          current.synaptic ? ", synaptic" : "");
    for (const Port& port : cell.ports) {
      out_ += fmt::format("  port {} (weight : {})\n", port.name, port.weight_unit.text);
      for (const Assignment& assignment : port.body)
        out_ += fmt::format("    {} = {}\n", names_.states[assignment.state], text(*assignment.value));
    }
    if (cell.spike) {
      out_ += cell.spike->threshold ? fmt::format("  spike when v crosses {}", text(*cell.spike->threshold))
                                    : fmt::format("  spike when {}", text(*cell.spike->condition));
      out_ += cell.spike->refractory ? fmt::format(", refractory = {}\n", text(*cell.spike->refractory)) : "\n";
    }
    for (const Assignment& assignment : cell.reset)
      out_ += fmt::format("  reset {} = {}\n", names_.states[assignment.state], text(*assignment.value));
  }

  void print(const Network& network) {
    out_ += fmt::format("network {}\n", network.name);
    for (const Population& population : network.populations) {
      out_ +=
          fmt::format("  population {} : {}[{}]\n", population.name, model_.cells[population.cell].name, text(*population.size));
      if (population.positions) print(*population.positions);
      for (const View& view : population.views)
        out_ += fmt::format("    view {} = {} .. {}\n", view.name, text(*view.begin), text(*view.end));
      for (const auto& [param, value] : population.params)
        out_ += fmt::format("    {} = {}\n", model_.params[param].path, text(*value));
      for (const auto& [param, spread] : population.drawn)
        out_ += fmt::format("    {} = {} for each cell\n", model_.params[param].path, text(spread));
      for (const auto& [state, start] : population.starts)
        out_ += fmt::format("    init {} = {}\n", model_.cells[population.cell].states[state].path, text(start));
    }
    for (const Projection& projection : network.projections) {
      const Cell& cell = model_.cells[network.populations[projection.to.population].cell];
      std::string argument = projection.rule.argument ? text(*projection.rule.argument) : projection.rule.shown;
      std::string made = fmt::format("{} -> {}", projection.from.text, projection.to.text);
      if (projection.to.port) made += "." + cell.ports[*projection.to.port].name;
      made += fmt::format(", {}({}), self = {}, multi = {}", k_rules[static_cast<int>(projection.rule.kind)], argument,
                          projection.rule.self, projection.rule.multi);
      if (projection.gap) {
        out_ += fmt::format("  gap {} : {}, conductance = {}\n", projection.name, made, text(*projection.weight));
        continue;
      }
      out_ += fmt::format("  projection {} : {}, weight = {}, delay = {}\n", projection.name, made,
                          projection.weight ? text(*projection.weight) : "(its file's)",
                          projection.delay ? text(*projection.delay) : "(its file's)");
      if (projection.plasticity) print(*projection.plasticity);
    }
    for (const Stimulus& stimulus : network.stimuli) print(stimulus);
  }

  void print(const Plasticity& rule) {
    constexpr const char* k_homes[] = {"synapse", "source", "target"};
    std::vector<std::string> outer = std::move(names_.states);
    names_.states.clear();
    for (const State& state : rule.states) names_.states.push_back(state.path);
    out_ += fmt::format("    plasticity {} : {}\n", rule.name, rule.type);
    for (uint32_t i = 0; i < rule.states.size(); i++) {
      const State& state = rule.states[i];
      if (i >= Plasticity::k_own)
        out_ += fmt::format("      state {} : {} (one a {}), starts at {}\n", state.path, state.unit.text,
                            k_homes[static_cast<int>(rule.homes[i])], text(state.start));
      if (state.rate) out_ += fmt::format("      {}' = {}\n", state.path, text(*state.rate));
    }
    for (auto [body, event] : {std::pair{&rule.on_pre, "pre"}, std::pair{&rule.on_post, "post"}})
      for (const Assignment& assignment : *body)
        out_ += fmt::format("      on {}: {} = {}\n", event, names_.states[assignment.state], text(*assignment.value));
    names_.states = std::move(outer);
  }

  void print(const Sweep& sweep) {
    constexpr const char* k_forms[] = {"list", "range", "linspace", "logspace"};
    out_ += fmt::format("sweep {} of {}\n", sweep.name, model_.simulations[sweep.simulation].name);
    for (const auto& together : sweep.axes)
      for (const SweepAxis& axis : together) {
        std::string args;
        for (const ExprPtr& arg : axis.args) args += (args.empty() ? "" : ", ") + text(*arg);
        out_ += fmt::format("  {}{} = {}({})\n", together.size() > 1 ? "zip " : "", axis.path, k_forms[static_cast<int>(axis.form)], args);
      }
  }

  void print(const Positions& positions) {
    constexpr const char* k_kinds[] = {"line", "grid", "uniform", "csv"};
    std::string args = positions.file.empty() ? "" : "\"" + positions.shown + "\"";
    for (const ExprPtr& arg : positions.args) args += (args.empty() ? "" : ", ") + text(*arg);
    out_ += fmt::format("    positions = {}({}), periodic = {}\n", k_kinds[static_cast<int>(positions.kind)], args, positions.periodic);
  }

  void print(const Stimulus& stimulus) {
    static constexpr const char* k_kinds[] = {
#define EIC_STIMULUS(kind, name, effect, doc) name,
#include "runtime/contract/stimuli.def"
#undef EIC_STIMULUS
    };
    out_ += fmt::format("  stimulus {} : {} -> {}", stimulus.name, k_kinds[static_cast<int>(stimulus.kind)], stimulus.to.text);
    for (const auto& [setting, value] : stimulus.values) out_ += fmt::format(", {} = {}", setting, text(value));
    if (stimulus.from) out_ += fmt::format(", from = {}", text(*stimulus.from));
    if (stimulus.to_time) out_ += fmt::format(", to = {}", text(*stimulus.to_time));
    out_ += "\n";
  }

  void print(const Simulation& run, const std::string& title) {
    out_ += title + "\n";
    if (!run.dt) return;
    out_ += fmt::format("  network = {}, duration = {}, dt = {}, method = {}, precision = {}, seed = {}\n",
                        model_.networks[run.network].name, text(*run.duration), text(*run.dt), run.method,
                        run.single ? "single" : "double", run.seed ? text(*run.seed) : "1");
    for (const auto& [param, value] : run.params) out_ += fmt::format("  {} = {}\n", model_.params[param].path, text(*value));
    for (const auto& [place, start] : run.starts) {
      const Population& population = model_.networks[run.network].populations[place.first];
      out_ += fmt::format("  init {}.{} = {}\n", population.name, model_.cells[population.cell].states[place.second].path,
                          text(start));
    }
    for (const Stimulus& stimulus : run.stimuli) print(stimulus);
    for (const Recording& recording : run.recordings) print(recording);
    for (const Phase& phase : run.phases) {
      out_ += fmt::format("  phase {}, duration = {}{}\n", phase.name, text(*phase.duration),
                          phase.records ? ", its own recordings" : "");
      for (const auto& [param, value] : phase.params) out_ += fmt::format("  {} = {}\n", model_.params[param].path, text(*value));
      for (const Stimulus& stimulus : phase.stimuli) print(stimulus);
      for (const Recording& recording : phase.recordings) print(recording);
    }
  }

  void print(const Recording& recording) {
    std::string what = recording.spikes ? "spikes" : "";
    for (const std::string& variable : recording.variables) what += (what.empty() ? "" : ", ") + variable;
    out_ += fmt::format("  record {} of {}{}\n", what, recording.of.text,
                        recording.every ? " every " + text(*recording.every) : "");
  }

  const Model& model_;
  Names names_;
  std::string out_;
};

}  // namespace

std::string print(const Model& model) { return Printer(model).run(); }

}  // namespace eic::sema
