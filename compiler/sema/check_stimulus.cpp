// Stimuli: which settings each kind takes, their dimensions, and what they may act on.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compiler/sema/checker.h"
#include "compiler/sema/hints.h"

namespace eic::sema {

namespace {

using StimulusKind = plan::Stimulus::Kind;

enum class Form {
  Single,   // one value for all cells
  PerCell,  // a value, or one a cell: drawn or from a file
  Series,   // a file with a column of times
};
enum class Effect { Current, Voltage, Events };

struct KnownSetting {
  const char* name;
  const char* unit;  // empty: of the synapse's event
  Form form;
  bool needed;
  const char* example;  // what a needed one could be
};

struct KnownStimulus {
  StimulusKind kind;
  const char* name;
  Effect effect;
};

constexpr KnownStimulus k_stimuli[] = {
#define EIC_STIMULUS(kind, name, effect, doc) {StimulusKind::kind, name, Effect::effect},
#include "runtime/contract/stimuli.def"
#undef EIC_STIMULUS
};

// Of each kind; all take `from` and `to` as well.
const std::vector<KnownSetting>& settings_of(StimulusKind kind) {
  using S = std::vector<KnownSetting>;
  static const std::map<StimulusKind, S> known = {
      {StimulusKind::Step, {{"amplitude", "nA", Form::PerCell, true, "0.5 nA`; positive is inward"}}},
      {StimulusKind::Pulses,
       {{"amplitude", "nA", Form::PerCell, true, "0.5 nA`; positive is inward"},
        {"width", "ms", Form::Single, true, "1 ms`, how long each pulse is"},
        {"period", "ms", Form::Single, true, "20 ms`, from the begin of one pulse to the begin of the next"},
        {"count", "1", Form::Single, false, ""}}},
      {StimulusKind::Ramp,
       {{"from_amplitude", "nA", Form::PerCell, false, ""},
        {"to_amplitude", "nA", Form::PerCell, true, "0.5 nA`, where it arrives"}}},
      {StimulusKind::Sine,
       {{"amplitude", "nA", Form::PerCell, true, "0.5 nA`"},
        {"frequency", "Hz", Form::Single, true, "10 Hz`"},
        {"phase", "1", Form::PerCell, false, ""},
        {"offset", "nA", Form::PerCell, false, ""}}},
      {StimulusKind::OuNoise,
       {{"mean", "nA", Form::PerCell, false, ""},
        {"sd", "nA", Form::PerCell, true, "0.1 nA`, its standard deviation"},
        {"tau", "ms", Form::Single, true, "5 ms`, its correlation time"}}},
      {StimulusKind::Waveform,
       {{"amplitude", "nA", Form::Series, true, "csv(\"current.csv\")`, with the columns `time_ms` and `amplitude_nA`"}}},
      {StimulusKind::Clamp, {{"v", "mV", Form::PerCell, true, "-20 mV`"}}},
      {StimulusKind::Poisson,
       {{"rate", "Hz", Form::PerCell, true, "5 Hz`"},
        {"weight", "", Form::PerCell, true, ""},
        {"n", "1", Form::Single, false, ""}}},
      {StimulusKind::SpikeTimes,
       {{"times", "ms", Form::Series, true, "csv(\"spikes.csv\")`, with a column `time_ms`"},
        {"weight", "", Form::PerCell, true, ""}}}};
  return known.at(kind);
}

std::vector<std::string> names_of(StimulusKind kind) {
  std::vector<std::string> names;
  for (const KnownSetting& setting : settings_of(kind)) names.emplace_back(setting.name);
  names.insert(names.end(), {"from", "to"});
  return names;
}

// "a `step`", "an `sd`", "`pulses`"
std::string with_article(const std::string& name) {
  if (name == "pulses" || name == "spike_times" || name == "times") return "`" + name + "`";
  return (name[0] == 'a' || name[0] == 'o' || name == "sd" || name == "n" ? "an `" : "a `") + name + "`";
}

// What is meant by the word of another simulator, or by that of another kind.
std::string other_word(StimulusKind kind, const std::string& name) {
  static const std::map<std::string, std::string> k_times = {
      {"start", "from"}, {"delay", "from"}, {"del", "from"}, {"stop", "to"}, {"end", "to"}, {"dur", "to"}, {"duration", "to"}};
  if (auto found = k_times.find(name); found != k_times.end()) return fmt::format("`{}`, a time of the run", found->second);
  if (kind == StimulusKind::Pulses && name == "interval") return "`period`, from the begin of one pulse to the begin of the next";
  if (kind == StimulusKind::Pulses && name == "frequency") return "`period`, the inverse of it";
  if (kind == StimulusKind::Ramp && name == "amplitude") return "`from_amplitude` and `to_amplitude`";
  if (kind == StimulusKind::OuNoise && (name == "amplitude" || name == "sigma" || name == "std"))
    return "`sd`, the standard deviation of the process itself";
  if (kind == StimulusKind::Clamp && name == "amplitude") return "`v`, the voltage at which the cells are held";
  return "";
}

}  // namespace

std::optional<Stimulus> Checker::stimulus(const ast::Item& item, const Network& network, Scope& scope,
                                          const std::vector<Stimulus>& others) {
  const auto& written = std::get<ast::Stimulus>(item.node);
  const KnownStimulus* known = nullptr;
  std::vector<std::string> kinds;
  for (const KnownStimulus& candidate : k_stimuli) {
    kinds.emplace_back(candidate.name);
    if (written.kind.text == candidate.name) known = &candidate;
  }
  if (!known) {
    Diagnostic& diagnostic =
        error(Kind::NameUnknown, written.kind.span, fmt::format("there is no stimulus `{}`", written.kind.text));
    if (!diagnostic.suggest(written.kind.span, written.kind.text, kinds))
      diagnostic.help(fmt::format("there is `{}`", fmt::join(kinds, "`, `")));
    return std::nullopt;
  }
  auto to = target(written.to, network, scope, known->effect == Effect::Events);
  if (!to) return std::nullopt;
  Stimulus stimulus;
  stimulus.kind = known->kind;
  stimulus.to = *to;
  stimulus.span = item.span;
  stimulus.name = written.name ? written.name->text : written.kind.text;
  name_stimulus(stimulus, written, scope, others);
  bool failed = false;
  for (const ast::Binding& binding : written.bindings) failed |= !stimulus_setting(stimulus, binding, network, scope);
  for (const KnownSetting& setting : settings_of(known->kind)) {
    if (failed || !setting.needed || stimulus.value(setting.name)) continue;
    Diagnostic& diagnostic = error(Kind::ItemMissing, item.span,
                                   fmt::format("{} needs {}", with_article(known->name), with_article(setting.name)));
    if (*setting.unit) diagnostic.help(fmt::format("add `{} = {}", setting.name, setting.example));
    else diagnostic.help(fmt::format("add `weight = 1 {}`, what each event brings", weight_unit(stimulus, network).text));
    return std::nullopt;
  }
  return failed ? std::nullopt : std::optional(stimulus);
}

// "Net.kick"; without a name of its own what it is and acts on, counted where there are several.
void Checker::name_stimulus(Stimulus& stimulus, const ast::Stimulus& written, Scope& scope, const std::vector<Stimulus>& others) {
  std::string name = stimulus.name;
  if (!written.name) {
    name += " -> " + stimulus.to.text;
    if (stimulus.to.port) name += "." + written.to.path.back().text;
  }
  stimulus.path = scope.path_of(name);
  for (size_t nth = 2;; nth++) {
    auto same = std::find_if(others.begin(), others.end(), [&](const Stimulus& other) { return other.path == stimulus.path; });
    if (same == others.end()) return;
    if (written.name) {
      error(Kind::NameTwice, written.name->span, fmt::format("there are two stimuli `{}`", name))
          .note(same->span, "the other is here");
      return;
    }
    stimulus.path = scope.path_of(fmt::format("{} ({})", name, nth));
  }
}

const units::Unit& Checker::weight_unit(const Stimulus& stimulus, const Network& network) const {
  return model_.cells[network.populations[stimulus.to.population].cell].ports[*stimulus.to.port].weight_unit;
}

bool Checker::stimulus_setting(Stimulus& stimulus, const ast::Binding& binding, const Network& network, Scope& scope) {
  const std::string& name = binding.path[0].text;
  std::string why = "`" + name + "`";
  if (stimulus.value(name) || (name == "from" && stimulus.from) || (name == "to" && stimulus.to_time)) {
    error(Kind::ItemTwice, binding.span, fmt::format("`{}` is given twice", name));
    return false;
  }
  if (name == "from" || name == "to") {
    ExprPtr& place = name == "from" ? stimulus.from : stimulus.to_time;
    place = check_constant_as(*binding.value, &scope, dims::time, "ms", why);
    return place != nullptr;
  }
  const std::vector<KnownSetting>& settings = settings_of(stimulus.kind);
  auto known = std::find_if(settings.begin(), settings.end(), [&](const KnownSetting& setting) { return setting.name == name; });
  if (known == settings.end()) {
    std::string kind = k_stimuli[static_cast<size_t>(stimulus.kind)].name;
    Diagnostic& diagnostic =
        error(Kind::NameUnknown, binding.path[0].span, fmt::format("{} has no `{}`", with_article(kind), name));
    if (std::string meant = other_word(stimulus.kind, name); !meant.empty()) diagnostic.help("it has " + meant);
    else if (!diagnostic.suggest(binding.path[0].span, name, names_of(stimulus.kind)))
      diagnostic.help(fmt::format("it takes `{}`", fmt::join(names_of(stimulus.kind), "`, `")));
    return false;
  }
  units::Unit unit = *known->unit ? *units::parse_unit(known->unit) : weight_unit(stimulus, network);
  if (known->form == Form::Single) {
    ExprPtr value = check_constant_as(*binding.value, &scope, unit.dimension, unit.text, why);
    if (!value) return false;
    Spread& spread = stimulus.values[name];
    spread.args = {value};
    spread.unit = unit;
    spread.span = binding.value->span;
    return true;
  }
  Place place;
  place.scope = &scope;
  place.states = false;
  place.what = "a stimulus";
  auto spread = check_spread(*binding.value, place, unit.dimension, unit, name == "times" ? "time" : name, why);
  if (!spread) return false;
  if (known->form == Form::Series && spread->kind != plan::Draw::Kind::Csv) {
    error(Kind::CallArguments, binding.value->span, fmt::format("{} is read from a file", why))
        .help(fmt::format("write `{} = {}", name, known->example));
    return false;
  }
  stimulus.values[name] = *spread;
  return true;
}

}  // namespace eic::sema
