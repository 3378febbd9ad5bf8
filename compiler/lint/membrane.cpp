// L001 … L006 and L009: magnitudes that follow from parameters alone. Where one value is to blame for several, L004 names what
// follows and how the value may have been meant; L001 and L002 stay short.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "compiler/figures/figures.h"
#include "compiler/lint/literal.h"
#include "compiler/lint/variants.h"

namespace eic::lint {

namespace {

// docs/lint.md has the sources. In the units of the figures' names below.
constexpr Band k_time_constant = {1, 200};    // ms
constexpr Band k_resistance = {1, 20000};     // MΩ
constexpr Band k_capacitance = {0.5, 2};      // uF/cm^2
constexpr Band k_leak = {1e-6, 1e-3};         // S/cm^2
constexpr Band k_gated = {1e-5, 1};           // S/cm^2
constexpr double k_largest_event = 20;        // mV
constexpr double k_highest_drive = 50;        // mV
constexpr double k_usual_time_constant = 20;  // ms: what a proposal comes nearest to
constexpr double k_usual_capacitance = 1;     // uF/cm^2

constexpr double k_per_area = 100;  // uS/um^2 → S/cm^2
constexpr double k_specific = 1e5;  // nF/um^2 → uF/cm^2

units::Dimension dimension(const char* unit) { return units::parse_unit(unit)->dimension; }

std::string time_text(double ms, const Band& band = {}) {
  return engineering(ms / 1000, "s", {band.low / 1000, band.high / 1000});
}
std::string resistance_text(double megaohm, const Band& band = {}) {
  return engineering(megaohm * 1e6, "Ω", {band.low * 1e6, band.high * 1e6});
}

class Membrane {
 public:
  Membrane(const Input& input, const Variant& variant, Reporter& reporter)
      : input_(input),
        values_(variant.values),
        cell_(variant.cell),
        reporter_(reporter),
        also_(variant.population ? variant.population->span : cell_.span),
        figures_(figures::membrane({input.model, variant.cell, variant.values})) {}

  void run() {
    find_leak();
    for (const figures::Conductance& conductance : figures_.currents) density(conductance);
    time_constant();
    resistance();
    capacitance();
    reversals();
  }

 private:
  const sema::Current& current(const figures::Conductance& conductance) const { return cell_.currents[conductance.current]; }
  Span instance(const std::string& name) const {
    for (const sema::MechanismUse& use : cell_.mechanisms)
      if (use.name == name) return use.span;
    return cell_.span;
  }
  static bool inside(Span span, Span whole) {
    return span.file == whole.file && span.begin >= whole.begin && span.end <= whole.end;
  }
  // The place of a value, or what uses it where the value is the library's own.
  static Span place(const std::optional<Written>& written, Span otherwise) {
    return written && !written->library ? written->span : otherwise;
  }
  Diagnostic& warn(Kind kind, Span at, Span use, std::string message) {
    return reporter_.warn(kind, at, {cell_.span, also_, use}, std::move(message));
  }
  static void note_use(Diagnostic& diagnostic, Span use, const std::string& text) {
    if (!inside(diagnostic.span, use)) diagnostic.note(use, text);
  }

  // The leak that makes up most of the whole: to blame for what the whole is.
  void find_leak() {
    for (const figures::Conductance& conductance : figures_.currents)
      if (conductance.leak && conductance.total && (!leak_ || *conductance.total > *leak_->total)) leak_ = &conductance;
    if (leak_) leak_written_ = written(input_, values_, *current(*leak_).conductance, {dimension("S"), dimension("S/m^2")});
  }

  double leak_times(double factor) const { return figures_.leak + (factor - 1) * *leak_->total; }
  std::string follows(double factor) const {
    double leak = leak_times(factor);
    std::string text;
    if (figures_.capacitance) text = fmt::format("τ_m = C/g = {} and ", time_text(*figures_.capacitance / leak));
    return fmt::format("{}R_in = 1/g = {}", text, resistance_text(1 / leak));
  }
  // The digits of the leak with the power of ten that brings τ_m nearest to the usual.
  void propose_leak(Diagnostic& diagnostic) const {
    if (!leak_written_ || leak_written_->library || !leak_written_->literal || !figures_.capacitance) return;
    bool density = leak_written_->unit.dimension == dimension("S/m^2");
    auto good = [&](double factor) {
      double leak = leak_times(factor);
      bool dense = !leak_->density || k_leak.holds(*leak_->density * factor * k_per_area);
      return dense && k_time_constant.holds(*figures_.capacitance / leak) && k_resistance.holds(1 / leak);
    };
    double chosen = 1;
    auto figure = [&](double factor) { return *figures_.capacitance / leak_times(factor); };
    auto text = other_power(*leak_written_, density ? "S/cm^2" : "nS", figure, k_usual_time_constant, [&](double factor) {
      chosen = factor;
      return good(factor);
    });
    if (text)
      diagnostic.fix(leak_written_->span, *text,
                     fmt::format("if a power of ten slipped, write `{}`: then {}", *text, follows(chosen)));
  }

  void density(const figures::Conductance& conductance) {
    if (!conductance.density || *conductance.total == 0) return;
    const Band& band = conductance.leak ? k_leak : k_gated;
    double value = *conductance.density * k_per_area;
    if (band.holds(value)) return;
    const sema::Current& current = this->current(conductance);
    auto found = written(input_, values_, *current.conductance, {dimension("S"), dimension("S/m^2")});
    Span use = instance(current.path);
    std::string what = conductance.leak ? fmt::format("the leak `{}` has", current.path)
                                        : fmt::format("`{}` with all its gates open has", current.path);
    Diagnostic& diagnostic =
        warn(Kind::LintConductance, place(found, use), use,
             fmt::format("{} {}: {} lie between {} and {} S/cm^2", what, quantity(value, "S/cm^2", band),
                         conductance.leak ? "leaks" : "gated conductances", number(band.low), number(band.high)));
    note_use(diagnostic, use, fmt::format("it is the conductance of `{}`", current.path));
    if (conductance.leak) {
      if (&conductance == leak_) leak_said_ = true;
      diagnostic.note(fmt::format("what follows for `{}`: {}", cell_.name, follows(1)));
      if (&conductance == leak_) propose_leak(diagnostic);
    } else if (auto other = found && !found->library ? other_unit(*found, "mS/cm^2") : std::nullopt;
               other && band.holds(value * other->factor)) {
      diagnostic.fix(found->span, other->text, fmt::format("in the unit of most channels: `{}`", other->text));
    }
  }

  bool capacitance_wrong() const {
    return cell_.capacitance && figures_.specific_capacitance &&
           !k_capacitance.holds(*figures_.specific_capacitance * k_specific);
  }
  // What is to blame for a time constant or resistance: the capacitance where that is impossible in itself, else the leak.
  Span blamed(bool capacitance_too) const {
    if (cell_.own_voltage) return cell_.states[0].rate_span;
    if (capacitance_too && capacitance_wrong()) return place(capacitance_written(), cell_.span);
    return place(leak_written_, leak_ ? instance(current(*leak_).path) : cell_.span);
  }
  std::optional<Written> capacitance_written() const {
    return written(input_, values_, *cell_.capacitance, {dimension("F"), dimension("F/m^2")});
  }

  void time_constant() {
    if (!figures_.time_constant || k_time_constant.holds(*figures_.time_constant)) return;
    Diagnostic& diagnostic =
        warn(Kind::LintTimeConstant, blamed(true), cell_.span,
             fmt::format("the membrane time constant of `{}` is {}: those of neurons lie between 1 and 200 ms", cell_.name,
                         time_text(*figures_.time_constant, k_time_constant)));
    explain(diagnostic, !capacitance_wrong());
  }

  void resistance() {
    if (!figures_.resistance || k_resistance.holds(*figures_.resistance)) return;
    Diagnostic& diagnostic = warn(Kind::LintInputResistance, blamed(false), cell_.span,
                                  fmt::format("the input resistance of `{}` is {}: those of neurons lie between 1 MΩ and 20 GΩ",
                                              cell_.name, resistance_text(*figures_.resistance, k_resistance)));
    explain(diagnostic, figures_.time_constant && k_time_constant.holds(*figures_.time_constant));
  }

  // Where no density could be blamed (no area), this message is the one that says it all.
  void explain(Diagnostic& diagnostic, bool first) {
    if (cell_.own_voltage || leak_said_ || !first || !leak_ || !figures_.capacitance) return;
    diagnostic.note(fmt::format("C = {}, the leaks together are {}", engineering(*figures_.capacitance * 1e-9, "F"),
                                engineering(figures_.leak * 1e-6, "S")));
    if (diagnostic.span == place(leak_written_, {})) propose_leak(diagnostic);
  }

  void capacitance() {
    if (!figures_.specific_capacitance || !cell_.area) return;
    double value = *figures_.specific_capacitance * k_specific;
    if (k_capacitance.holds(value)) return;
    auto found = capacitance_written();
    Diagnostic& diagnostic = warn(Kind::LintCapacitance, place(found, cell_.span), cell_.span,
                                  fmt::format("the membrane of `{}` has {}: those of cells have 0.5 to 2 uF/cm^2", cell_.name,
                                              quantity(value, "uF/cm^2", k_capacitance)));
    bool total = found && found->literal && found->unit.dimension == dimension("F");
    if (total) diagnostic.note(place(written(input_, values_, *cell_.area), cell_.span), "on this area");
    if (!found || found->library) return;
    double chosen = 1;
    auto text = other_power(
        *found, total ? "pF" : "uF/cm^2", [&](double factor) { return value * factor; }, k_usual_capacitance,
        [&](double factor) {
          chosen = factor;
          return k_capacitance.holds(value * factor);
        });
    if (text)
      diagnostic.fix(found->span, *text,
                     fmt::format("if a power of ten slipped, write `{}`{}", *text,
                                 total ? fmt::format(": then {}", quantity(value * chosen, "uF/cm^2")) : ""));
  }

  struct Reversal {
    double value;
    Written written;
    Span use;
    std::string name;
  };
  std::optional<Reversal> reversal_of(const std::string& ion) {
    for (const figures::Conductance& conductance : figures_.currents) {
      const sema::Current& current = this->current(conductance);
      std::string lower = current.ion;
      std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
      if (lower != ion || current.synaptic || !conductance.reversal) continue;
      return Reversal{*conductance.reversal, written(input_, values_, *current.reversal), instance(current.path), current.ion};
    }
    return std::nullopt;
  }

  // E_K ≤ E_leak ≤ E_Na. To blame is potassium's where it is above sodium's, else the leak's.
  void reversals() {
    auto k = reversal_of("k"), na = reversal_of("na");
    if (k && na && k->value > na->value) {
      bool sign = -k->value <= na->value;
      Diagnostic& diagnostic = wrong_reversal(*k,
                                              fmt::format("potassium's reversal potential, {}, is above sodium's, {}",
                                                          quantity(k->value, "mV"), quantity(na->value, "mV")),
                                              *na, [&](double x) { return x <= na->value; });
      if (!sign) diagnostic.help("are the two exchanged?");
      return;
    }
    if (!leak_ || !leak_->reversal || (!k && !na)) return;
    const sema::Current& current = this->current(*leak_);
    if (!current.ion.empty()) return;  // a leak of one ion has that ion's
    Reversal leak{*leak_->reversal, written(input_, values_, *current.reversal), instance(current.path), current.path};
    auto between = [&](double x) { return (!k || k->value <= x) && (!na || x <= na->value); };
    if (between(leak.value)) return;
    bool low = k && leak.value < k->value;
    const Reversal& other = low ? *k : *na;
    wrong_reversal(leak,
                   fmt::format("the leak's reversal potential, {}, is {} {}, {}", quantity(leak.value, "mV"),
                               low ? "below potassium's" : "above sodium's", low ? "E_K" : "E_Na", quantity(other.value, "mV")),
                   other, between);
  }

  Diagnostic& wrong_reversal(const Reversal& what, std::string message, const Reversal& other,
                             const std::function<bool(double)>& good) {
    Diagnostic& diagnostic =
        warn(Kind::LintReversals, place(what.written, what.use), what.use, message + ": E_K < E_leak < E_Na in neurons");
    Span there = place(other.written, other.use);
    if (there != diagnostic.span) diagnostic.note(there, fmt::format("the one of `{}`", other.name));
    if (!what.written.literal || what.written.library || what.value == 0 || !good(-what.value)) return diagnostic;
    const std::string& digits = what.written.digits;
    std::string turned = fmt::format("{} {}", digits[0] == '-' ? digits.substr(1) : "-" + digits, what.written.unit.text);
    return diagnostic.fix(what.written.span, turned, fmt::format("with the other sign: `{}`", turned));
  }

  const Input& input_;
  plan::Values& values_;
  const sema::Cell& cell_;
  Reporter& reporter_;
  Span also_;  // the population, where that overrules something
  figures::Membrane figures_;
  const figures::Conductance* leak_ = nullptr;
  std::optional<Written> leak_written_;
  bool leak_said_ = false;
};

// L006 and L009: what a network does to its cells.
class Drive {
 public:
  Drive(const Input& input, const sema::Network& network, const sema::Simulation* simulation, Reporter& reporter)
      : input_(input), network_(network), simulation_(simulation), reporter_(reporter) {
    for (const sema::Population& population : network.populations) {
      std::vector<const plan::Overrides*> layers;
      if (simulation) layers.push_back(&simulation->params);
      layers.push_back(&population.params);
      values_.push_back(std::make_unique<plan::Values>(input.model, layers));
    }
    membranes_.resize(network.populations.size());
  }

  void run() {
    for (const sema::Projection& projection : network_.projections) event(projection);
    std::vector<const sema::Stimulus*> stimuli;
    for (const sema::Stimulus& stimulus : network_.stimuli) stimuli.push_back(&stimulus);
    if (simulation_)
      for (const sema::Stimulus& stimulus : simulation_->stimuli) stimuli.push_back(&stimulus);
    for (const sema::Stimulus* stimulus : stimuli) drive(*stimulus, stimuli);
  }

 private:
  const sema::Cell& cell(uint32_t population) const { return input_.model.cells[network_.populations[population].cell]; }
  const figures::Membrane& membrane(uint32_t population) {
    auto& known = membranes_[population];
    if (!known) known = figures::membrane({input_.model, cell(population), *values_[population]});
    return *known;
  }

  static std::string weight_text(double weight, const sema::Port& port) {
    if (port.weight_dimension == dimension("S")) return engineering(weight * 1e-6, "S");
    if (port.weight_dimension == dimension("A")) return engineering(weight * 1e-9, "A");
    return units::print(weight, port.weight_dimension, &port.weight_unit);
  }

  void event(const sema::Projection& projection) {
    uint32_t population = projection.to.population;
    if (!projection.weight || !projection.to.port) return;
    plan::Values& values = *values_[population];
    double weight = figures::mean(*projection.weight, values);
    double from = figures::mean(cell(population).states[0].start, values);
    if (!std::isfinite(from)) from = membrane(population).reversal.value_or(-65);
    if (!std::isfinite(weight)) return;
    auto bound = figures::psp_bound(membrane(population), *projection.to.port, weight, from);
    if (!bound || Band{0, k_largest_event}.holds(std::fabs(*bound))) return;
    const sema::Port& port = cell(population).ports[*projection.to.port];
    const Band band{0, k_largest_event};
    Written found;
    found.span = projection.weight->span;
    if (projection.weight->kind == eic::plan::Draw::Kind::Constant) found = written(input_, values, *projection.weight->args[0]);
    Span at = found.library ? projection.span : found.span;
    Diagnostic& diagnostic = reporter_.warn(
        Kind::LintSynapticPotential, at, {projection.span, network_.span, cell(population).span},
        fmt::format("one event of {} moves `v` by up to {} on the leak alone: more than {} mV is more than single synapses do",
                    weight_text(weight, port), quantity(std::fabs(*bound), "mV", band), k_largest_event));
    bool inside = at.file == projection.span.file && at.begin >= projection.span.begin && at.end <= projection.span.end;
    if (!inside) diagnostic.note(projection.span, fmt::format("the weight of `{}`", projection.name));
    diagnostic.note(fmt::format("from {}; synapse `{}` of `{}`", quantity(from, "mV"), port.name, cell(population).name));
    const char* usual = port.weight_dimension == dimension("S") ? "nS" : port.weight_dimension == dimension("A") ? "pA" : nullptr;
    auto other = usual ? other_unit(found, usual) : std::nullopt;
    if (!other || found.library) return;
    auto then = figures::psp_bound(membrane(population), *projection.to.port, weight * other->factor, from);
    if (then && *then != 0 && band.holds(std::fabs(*then)))
      diagnostic.fix(found.span, other->text,
                     fmt::format("in the unit of most synapses: `{}`, up to {}", other->text, quantity(std::fabs(*then), "mV")));
  }

  struct Window {
    double from, to, amplitude;
  };
  // A step that is the same for all its cells; other currents come and go, and have no amplitude here.
  static bool is_step(const sema::Stimulus& stimulus) {
    return stimulus.kind == plan::Stimulus::Kind::Step && stimulus.constant("amplitude");
  }
  Window window(const sema::Stimulus& stimulus) {
    plan::Values& values = *values_[stimulus.to.population];
    return {stimulus.from ? values.number(*stimulus.from) : 0, stimulus.to_time ? values.number(*stimulus.to_time) : HUGE_VAL,
            is_step(stimulus) ? values.number(*stimulus.constant("amplitude")) : 0};
  }

  // With all that flows at the same time into the same cells, while it lasts.
  void drive(const sema::Stimulus& stimulus, const std::vector<const sema::Stimulus*>& all) {
    uint32_t population = stimulus.to.population;
    const figures::Membrane& what = membrane(population);
    if (!what.resistance || !what.time_constant || !what.reversal) return;
    if (!k_resistance.holds(*what.resistance) || !k_time_constant.holds(*what.time_constant)) return;  // L001, L002 say why
    Window own = window(stimulus);
    double sum = 0;
    for (const sema::Stimulus* other : all) {
      if (other != &stimulus && (other->to.population != population || other->to.text != stimulus.to.text)) continue;
      Window one = window(*other);
      if (one.from <= own.from && own.from < one.to) sum += one.amplitude;
    }
    if (!(own.amplitude > 0)) return;
    double reached = -std::expm1(-(own.to - own.from) / *what.time_constant);
    double v = *what.reversal + sum * *what.resistance * reached;
    Band band;
    band.high = k_highest_drive;
    if (!std::isfinite(v) || band.holds(v)) return;
    Written found = written(input_, *values_[population], *stimulus.constant("amplitude"));
    double most = (k_highest_drive - *what.reversal) / *what.resistance / reached;
    reporter_
        .warn(Kind::LintDrive, found.library ? stimulus.span : found.span, {stimulus.span, network_.span, cell(population).span},
              fmt::format("the leak of `{}` balances {} only at {}: above +{} mV, where no reversal potential is",
                          cell(population).name, engineering(sum * 1e-9, "A"), quantity(v, "mV", band), k_highest_drive))
        .note(fmt::format("R_in = {}, E_leak = {}: {} would take the passive membrane to +{} mV",
                          resistance_text(*what.resistance), quantity(*what.reversal, "mV"), engineering(most * 1e-9, "A"),
                          k_highest_drive));
  }

  const Input& input_;
  const sema::Network& network_;
  const sema::Simulation* simulation_;
  Reporter& reporter_;
  std::vector<std::unique_ptr<plan::Values>> values_;
  std::vector<std::optional<figures::Membrane>> membranes_;
};

}  // namespace

void check_membrane(const Input& input, Reporter& reporter) {
  each_variant(input.model, [&](const Variant& variant) { Membrane(input, variant, reporter).run(); });
  each_run(input.model, [&](const sema::Network& network, const sema::Simulation* simulation) {
    Drive(input, network, simulation, reporter).run();
  });
}

}  // namespace eic::lint
