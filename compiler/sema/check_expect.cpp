// What an `expect` measures: which form, of which cells, which variable or curve.
#include "compiler/sema/check_expect.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compiler/ast/visit.h"
#include "compiler/sema/curves.h"

namespace eic::sema {

namespace {
constexpr std::string_view k_window = " from to ", k_all_within = " abs rel rmse max ";
constexpr const char* k_fi = "rate";  // `curve(rate)` is the f–I curve

bool has_word(std::string_view words, const std::string& word) { return words.find(" " + word + " ") != words.npos; }
}  // namespace

const Checker::Expectation::Form Checker::Expectation::k_forms[] = {
    {"count", Measure::Count, Takes::Spikes, "1", true, false, k_window, ""},
    {"spike_times", Measure::SpikeTimes, Takes::Spikes, "ms", false, true, k_window, " abs rmse max "},
    {"spikes", Measure::Spikes, Takes::Spikes, "ms", false, true, k_window, " abs max "},
    {"trace", Measure::Trace, Takes::Variable, nullptr, true, true, " from to index ", k_all_within},
    {"rate", Measure::Rate, Takes::Spikes, "Hz", true, false, k_window, ""},
    {"cv_isi", Measure::CvIsi, Takes::Spikes, "1", true, false, k_window, ""},
    {"silent", Measure::Silent, Takes::Spikes, "1", true, false, k_window, ""},
    {"synchrony", Measure::Synchrony, Takes::Either, "1", true, false, k_window, ""},
    {"frequency", Measure::Frequency, Takes::Spikes, "Hz", true, false, k_window, ""},
    {"curve", Measure::Curve, Takes::Curve, nullptr, true, true, " from to at ", k_all_within},
    {"convergence", Measure::Convergence, Takes::Step, "1", true, false, " from to of ", ""},
    {"rest", Measure::Rest, Takes::Rest, nullptr, true, false, "", ""}};

std::optional<Expect> Checker::Expectation::read(const ast::Item& item) {
  const auto& written = std::get<ast::Expect>(item.node);
  expect_.span = item.span;
  const source::Source& source = checker_.sources_.get(item.span.file);
  expect_.text = std::string(source.text().substr(item.keyword.end, item.span.end - item.keyword.end));
  expect_.text.erase(0, expect_.text.find_first_not_of(" \t"));
  bool good = find_form(*written.subject) && fits_test(*written.subject) && arguments(*written.subject) &&
              subject(*written.subject);
  const ast::Expr* second = nullptr;  // a measure on the right of the comparison
  auto look = [&](const ast::Expr& part) {
    bool call = part.kind == ast::ExprKind::Call && part.path.size() == 1 && !scope_.find(part.path[0].text);
    for (const Form& form : k_forms)
      if (!second && call && part.path[0].text == form.name) second = &part;
  };
  if (good && written.against) ast::for_each_part(*written.against, look);
  if (second) {
    error(Kind::RuleArgument, second->span, "a measure stands on the left of the comparison only")
        .help("compare it with numbers: `count() > 10`, `rate() in 5 Hz .. 8 Hz`");
    return std::nullopt;
  }
  good = good && against(written);
  return good ? std::optional(std::move(expect_)) : std::nullopt;
}

bool Checker::Expectation::find_form(const ast::Expr& subject) {
  bool call = subject.kind == ast::ExprKind::Call && subject.path.size() == 1;
  std::vector<std::string> names;
  for (const Form& form : k_forms) {
    names.emplace_back(form.name);
    if (call && subject.path[0].text == form.name) form_ = &form;
  }
  if (form_) {
    expect_.measure = form_->measure;
    return true;
  }
  Diagnostic& diagnostic = error(Kind::NameUnknown, subject.span, "there is no such measure to expect");
  auto near = call ? diagnostics::did_you_mean(subject.path[0].text, names) : std::nullopt;
  if (near) diagnostic.fix(subject.path[0].span, *near, fmt::format("did you mean `{}`?", *near));
  else diagnostic.help("such as `rate(N)`, `cv_isi(N)`, `count()`, `spike_times()`, `trace(v)`, `silent(N)`");
  return false;
}

bool Checker::Expectation::fits_test(const ast::Expr& subject) {
  if (of_ == TestOf::Channel && form_->takes != Takes::Curve) {
    error(Kind::ItemMisplaced, subject.span,
          fmt::format("`{}` needs a cell, a test of a channel has its curves only", form_->name))
        .help("write `curve(m.inf)`, or a test of a cell that has this channel");
    return false;
  }
  if (of_ == TestOf::Simulation && (form_->takes == Takes::Curve || form_->takes == Takes::Rest)) {
    error(Kind::ItemMisplaced, subject.span, fmt::format("`{}` belongs to one cell, this is a test of a simulation", form_->name))
        .help(fmt::format("write a `test \"…\" of {}`", cell().name));
    return false;
  }
  return true;
}

bool Checker::Expectation::arguments(const ast::Expr& subject) {
  static constexpr const char* k_kinds[] = {
      "population or view", "variable", "population, view or variable", "curve", "`dt`", "variable"};
  for (size_t i = 0; i < subject.args.size(); i++) {
    const ast::Expr& arg = *subject.args[i];
    const ast::Ident& name = subject.names[i];
    if (!name.text.empty()) {
      auto same = [&](const ast::Ident& other) { return other.text == name.text; };
      if (std::any_of(subject.names.begin(), subject.names.begin() + static_cast<long>(i), same)) {
        error(Kind::ItemTwice, name.span, fmt::format("`{}` is given twice", name.text));
        return false;
      }
      if (!argument(name, arg)) return false;
    } else if (what_ || arg.kind != ast::ExprKind::Path) {
      error(Kind::CallArguments, arg.span,
            fmt::format("`{}` takes one {}", form_->name, k_kinds[static_cast<int>(form_->takes)]));
      return false;
    } else {
      what_ = &arg;
    }
  }
  return true;
}

bool Checker::Expectation::argument(const ast::Ident& name, const ast::Expr& value) {
  if (!has_word(form_->arguments, name.text)) {
    Diagnostic& diagnostic =
        error(Kind::CallArguments, name.span, fmt::format("`{}` has no argument `{}`", form_->name, name.text));
    std::vector<std::string> known;
    for (const char* word : {"from", "to", "index", "at", "of"})
      if (has_word(form_->arguments, word)) known.emplace_back(word);
    if (auto near = diagnostics::did_you_mean(name.text, known))
      diagnostic.fix(name.span, *near, fmt::format("did you mean `{}`?", *near));
    return false;
  }
  if (name.text == "from" || name.text == "to") {
    ExprPtr time = checker_.check_constant_as(value, &scope_, dims::time, "ms", "`" + name.text + "`");
    (name.text == "from" ? expect_.from : expect_.to) = time;
    return time != nullptr;
  }
  (name.text == "index" ? index_ : name.text == "at" ? at_ : of_variable_) = &value;
  return true;
}

bool Checker::Expectation::population_named(const std::string& name) const {
  return std::any_of(network_.populations.begin(), network_.populations.end(),
                     [&](const Population& population) { return population.name == name; });
}

// The population and, where it is named, the view at the beginning of a path; what follows is left in rest_.
bool Checker::Expectation::locate(const ast::Expr& written, bool variable_wanted) {
  rest_ = written.path;
  const std::string& first = rest_[0].text;
  if (!population_named(first) && variable_wanted) {
    if (network_.populations.size() == 1) return true;
    std::vector<std::string> names;
    for (const Population& population : network_.populations) names.push_back(population.name);
    error(Kind::CallArguments, written.span, fmt::format("`{}` could be of any population of this test", ast::dotted(rest_)))
        .help(fmt::format("name the population: `{}.{}`", names[0], ast::dotted(rest_)));
    return false;
  }
  size_t parts = 1;
  auto population = std::find_if(network_.populations.begin(), network_.populations.end(),
                                 [&](const Population& p) { return p.name == first; });
  if (population != network_.populations.end() && rest_.size() > 1 &&
      std::any_of(population->views.begin(), population->views.end(), [&](const View& v) { return v.name == rest_[1].text; }))
    parts = 2;
  if (form_->takes == Takes::Spikes) parts = rest_.size();  // no more than a population and a view: target() says so
  ast::Target target{{rest_.begin(), rest_.begin() + static_cast<long>(parts)}, {}, written.span};
  auto of = checker_.target(target, network_, scope_, false);
  if (!of) return false;
  expect_.of = *of;
  rest_.erase(rest_.begin(), rest_.begin() + static_cast<long>(parts));
  return true;
}

void Checker::Expectation::measured_in(const std::string& unit) {
  unit_ = unit;
  dimension_ = dims::of(unit.c_str());
}

// A state, a current, a `let`; its unit is that of the comparison.
bool Checker::Expectation::variable(const ast::Expr& written) {
  auto of = checker_.projection_named(network_, written.path[0].text);
  if (form_->takes == Takes::Variable && written.path.size() > 1 && of) return synapse_variable(written, *of);
  if (!locate(written, true)) return false;
  if (rest_.empty()) {
    error(Kind::CallArguments, written.span, fmt::format("`{}` needs a variable, such as `{}.v`", form_->name, expect_.of.text));
    return false;
  }
  name_ = expect_.variable = ast::dotted(rest_);
  std::vector<std::string> all = checker_.variables(test_.run, expect_.of.population);
  if (std::find(all.begin(), all.end(), name_) == all.end()) {
    error(Kind::NameUnknown, written.span, fmt::format("`{}` has no variable `{}`", expect_.of.text, name_))
        .suggest(written.span, name_, all);
    return false;
  }
  checker_.refer_variable(ast::span_of(rest_), cell(), name_);
  dimension_ = dims::current;
  unit_ = "nA";
  for (const State& state : cell().states)
    if (state.path == name_) dimension_ = state.dimension, unit_ = state.unit.text;
  if (auto found = cell().lets.find(name_); found != cell().lets.end())
    dimension_ = found->second->dimension, unit_ = unit_of(*found->second);
  return true;
}

// `p.w`: what a plasticity rule keeps; `index` counts the synapses of the projection.
bool Checker::Expectation::synapse_variable(const ast::Expr& written, uint32_t projection) {
  expect_.of.projection = projection;
  expect_.of.text = network_.projections[projection].name;
  expect_.of.span = written.span;
  std::vector<ast::Ident> rest(written.path.begin() + 1, written.path.end());
  const State* state = checker_.synapse_state(network_, projection, rest);
  if (!state) return false;
  name_ = expect_.variable = state->path;
  dimension_ = state->dimension;
  unit_ = state->unit.text;
  return true;
}

bool Checker::Expectation::spikes_of(const ast::Expr& subject) {
  if (!what_ && network_.populations.size() != 1) {
    error(Kind::CallArguments, subject.span, fmt::format("`{}` needs a population or view", form_->name));
    return false;
  }
  if (cell().spike) return true;
  error(Kind::CellIncomplete, subject.span, fmt::format("the cell `{}` never spikes: it has no `spike when`", cell().name))
      .note(cell().span, "add `spike when v crosses -20 mV` here");
  return false;
}

bool Checker::Expectation::subject(const ast::Expr& subject) {
  expect_.of.text = network_.populations[0].name;
  expect_.of.span = subject.span;
  if (form_->unit) measured_in(form_->unit);
  switch (form_->takes) {
    case Takes::Spikes: return (!what_ || locate(*what_, false)) && spikes_of(subject);
    case Takes::Variable: {
      if (!what_) {
        error(Kind::CallArguments, subject.span, fmt::format("`{}` needs a variable, such as `trace(v)`", form_->name));
        return false;
      }
      if (!variable(*what_)) return false;
      if (!index_) return true;
      ExprPtr index = checker_.check_constant_as(*index_, &scope_, {}, "1", "`index`");
      if (index) expect_.of.cells = {index};
      return index != nullptr;
    }
    case Takes::Either: {  // spikes of cells, or a variable of them
      std::vector<std::string> known = checker_.variables(test_.run, expect_.of.population);
      bool bare = what_ && !population_named(what_->path[0].text) &&
                  std::find(known.begin(), known.end(), ast::dotted(what_->path)) != known.end();
      if (what_ && !locate(*what_, bare)) return false;
      if (rest_.empty()) return spikes_of(subject);
      bool good = variable(*what_);
      measured_in(form_->unit);
      return good;
    }
    case Takes::Curve: return curve(subject);
    case Takes::Step: return convergence(subject);
    case Takes::Rest:
      if (what_) return variable(*what_);
      expect_.variable = name_ = "v";
      measured_in("mV");
      return true;
  }
  return false;
}

bool Checker::Expectation::curve(const ast::Expr& subject) {
  if (!what_) {
    error(Kind::CallArguments, subject.span, "`curve` needs a curve")
        .help(of_ == TestOf::Channel ? "such as `curve(m.inf)` or `curve(m.tau)`"
                                     : "such as `curve(INa.m.inf)`, or `curve(rate)` over the stimulus current");
    return false;
  }
  name_ = ast::dotted(what_->path);
  if (name_ == k_fi) {
    if (of_ == TestOf::Channel) {
      error(Kind::ItemMisplaced, what_->span, "a channel alone does not fire: `curve(rate)` needs a test of a cell");
      return false;
    }
    if (!spikes_of(subject)) return false;
    measured_in("Hz");
    expect_.variable = k_fi;
    if (!at_) return true;
    expect_.at = checker_.check_constant_as(*at_, &scope_, dims::current, "nA", "`at` of `curve(rate)`");
    return expect_.at != nullptr;
  }
  if (expect_.from || expect_.to) {
    error(Kind::CallArguments, subject.span, "only `curve(rate)` is measured in a window of time, this curve is of `v` alone");
    return false;
  }
  if (of_ == TestOf::Channel) {
    rest_ = what_->path;
    expect_.variable = cell().name + "." + name_;
  } else {
    if (!locate(*what_, true)) return false;
    expect_.variable = name_ = ast::dotted(rest_);
  }
  ExprPtr value = sema::curve(cell(), expect_.variable, test_.run);
  if (!value) {
    std::string prefix = of_ == TestOf::Channel ? cell().name + "." : "";
    std::vector<std::string> all;
    for (const std::string& path : curves(cell()))
      if (path.starts_with(prefix)) all.push_back(path.substr(prefix.size()));
    Diagnostic& diagnostic = error(Kind::NameUnknown, what_->span, fmt::format("`{}` has no curve `{}`", cell().name, name_));
    if (!diagnostic.suggest(what_->span, name_, all) && !all.empty())
      diagnostic.help(fmt::format("there is `{}`", fmt::join(all, "`, `")));
    return false;
  }
  if (auto other = reads_besides_v(cell(), *value)) {
    std::string prefix = cell().name + ".";
    if (of_ == TestOf::Channel && other->starts_with(prefix)) other->erase(0, prefix.size());
    error(Kind::RuleArgument, what_->span, fmt::format("`{}` depends on `{}`, a curve is over `v` alone", name_, *other))
        .note(value->span, "it is given here");
    return false;
  }
  checker_.refer_variable(ast::span_of(rest_), cell(), expect_.variable);
  unit_ = name_.ends_with(".tau") ? "ms" : name_.ends_with(".alpha") || name_.ends_with(".beta") ? "ms^-1" : unit_of(*value);
  if (value->dimension == dims::current) unit_ = "nA";
  if (units::parse_unit(unit_).value_or(units::dimensionless()).dimension != value->dimension) unit_ = unit_of(*value);
  dimension_ = value->dimension;
  if (!at_) return true;
  expect_.at = checker_.check_constant_as(*at_, &scope_, dims::voltage, "mV", "`at` of a curve");
  return expect_.at != nullptr;
}

bool Checker::Expectation::convergence(const ast::Expr& subject) {
  if (!what_ || ast::dotted(what_->path) != "dt") {
    error(Kind::CallArguments, what_ ? what_->span : subject.span, "`convergence` is that of the time step")
        .help("write `convergence(dt)`, or `convergence(dt, of = INa.m)` of another variable than `v`");
    return false;
  }
  if (of_variable_ && of_variable_->kind != ast::ExprKind::Path) {
    error(Kind::CallArguments, of_variable_->span, "`of` takes one variable");
    return false;
  }
  if (!of_variable_ && network_.populations.size() != 1) {
    error(Kind::CallArguments, subject.span, "`convergence` needs a variable of one population")
        .help(fmt::format("write `convergence(dt, of = {}.v)`", network_.populations[0].name));
    return false;
  }
  if (!of_variable_) expect_.variable = name_ = "v";
  bool good = !of_variable_ || variable(*of_variable_);
  measured_in(form_->unit);
  return good;
}

}  // namespace eic::sema
