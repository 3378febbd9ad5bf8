// Tests: a run of a cell or a simulation, and what is expected of it.
#include <fmt/format.h>

#include "compiler/sema/checker.h"

namespace eic::sema {

namespace {

struct KnownMeasure {
  const char* name;
  Measure measure;
  const char* unit;  // of a number it is compared with; null: of the traced variable
  bool compares;     // with a number or a range
  bool file;         // with a CSV
};
constexpr KnownMeasure k_measures[] = {
    {"count", Measure::Count, "1", true, false},    {"spike_times", Measure::SpikeTimes, "ms", false, true},
    {"spikes", Measure::Spikes, "ms", false, true}, {"trace", Measure::Trace, nullptr, true, true},
    {"rate", Measure::Rate, "Hz", true, false},     {"cv_isi", Measure::CvIsi, "1", true, false},
    {"silent", Measure::Silent, "1", true, false},  {"synchrony", Measure::Synchrony, "1", true, false}};
const std::vector<std::string> k_later = {"curve", "convergence", "rest"};

const KnownMeasure* find_measure(Measure measure) {
  return std::find_if(std::begin(k_measures), std::end(k_measures),
                      [&](const KnownMeasure& known) { return known.measure == measure; });
}

}  // namespace

void Checker::test(const ast::Item& item, Scope& module) {
  const auto& written = std::get<ast::Test>(item.node);
  Symbol* of = module.find(written.of.text);
  if (!of) return unknown_name(written.of.text, written.of.span, &module, "cell or simulation");
  refer(written.of.span, *of, written.of.text);
  Test test;
  test.name = written.name;
  test.span = written.name_span;
  for (const Test& other : model_.tests)
    if (other.name == test.name)
      error(Kind::NameTwice, written.name_span, fmt::format("there are two tests \"{}\"", test.name))
          .note(other.span, "the first is here");
  if (of->kind == Symbol::Kind::Mechanism) {
    test.later.emplace_back("a test of a channel on its own", written.of.span);
    model_.tests.push_back(test);
    return;
  }
  if (of->kind != Symbol::Kind::Cell && of->kind != Symbol::Kind::Simulation) {
    error(Kind::NameWrongKind, written.of.span,
          fmt::format("a test is of a cell or a simulation, `{}` is neither", written.of.text))
        .note(of->span, "declared here");
    return;
  }
  if (of->index == UINT32_MAX || emitter_.full()) return;
  size_t errors = emitter_.error_count();
  if (of->kind == Symbol::Kind::Simulation) {
    test.run = model_.simulations[of->index];
  } else {
    test.run.network = network_of_one(of->index, written.of);
    test.run.name = model_.cells[of->index].name;
  }
  test.run.span = written.name_span;
  Scope& scope = scopes_.emplace_back(&module, "test \"" + test.name + "\"");
  declare_items(scope, written.items, true);
  simulation_items(test.run, written.items, scope);
  for (auto [value, name, example] :
       {std::tuple{&test.run.duration, "duration", "100 ms"}, std::tuple{&test.run.dt, "dt", "0.1 ms"}})
    if (!*value)
      error(Kind::ItemMissing, written.name_span, fmt::format("the test \"{}\" has no `{}`", test.name, name))
          .help(fmt::format("add `{} = {}`", name, example));
  test.later = test.run.later;
  bool any = false;
  for (const ast::Item& inner : written.items) {
    if (std::holds_alternative<ast::PassIn>(inner.node)) test.later.emplace_back("`pass in k of n seeds`", inner.keyword);
    auto* expectation = std::get_if<ast::Expect>(&inner.node);
    if (!expectation) continue;
    any = true;
    const ast::Expr& subject = *expectation->subject;
    if (subject.kind == ast::ExprKind::Call && std::find(k_later.begin(), k_later.end(), subject.path[0].text) != k_later.end()) {
      test.later.emplace_back(fmt::format("`expect {}`", subject.path[0].text), inner.span);
      continue;
    }
    if (auto found = expect(inner, test, scope)) test.expects.push_back(*found);
  }
  if (!any)
    error(Kind::ExpectNothing, written.name_span, fmt::format("the test \"{}\" expects nothing", test.name))
        .help("add an `expect`, such as `expect rate(N) in 5 Hz .. 10 Hz`");
  if (emitter_.error_count() == errors) model_.tests.push_back(std::move(test));
}

std::optional<Expect> Checker::expect(const ast::Item& item, const Test& test, Scope& scope) {
  const auto& written = std::get<ast::Expect>(item.node);
  Expect expect;
  expect.span = item.span;
  const source::Source& source = sources_.get(item.span.file);
  expect.text = std::string(source.text().substr(item.keyword.end, item.span.end - item.keyword.end));
  expect.text.erase(0, expect.text.find_first_not_of(" \t"));
  if (!expect_subject(expect, *written.subject, test, scope) || !expect_against(expect, written, test, scope))
    return std::nullopt;
  return expect;
}

bool Checker::expect_subject(Expect& expect, const ast::Expr& subject, const Test& test, Scope& scope) {
  std::vector<std::string> names = k_later;
  const KnownMeasure* known = nullptr;
  bool call = subject.kind == ast::ExprKind::Call && subject.path.size() == 1;
  for (const KnownMeasure& candidate : k_measures) {
    names.emplace_back(candidate.name);
    if (call && subject.path[0].text == candidate.name) known = &candidate;
  }
  if (!known) {
    Diagnostic& diagnostic = error(Kind::NameUnknown, subject.span, "there is no such measure to expect");
    auto near = call ? diagnostics::did_you_mean(subject.path[0].text, names) : std::nullopt;
    if (near) diagnostic.fix(subject.path[0].span, *near, fmt::format("did you mean `{}`?", *near));
    else diagnostic.help("such as `rate(N)`, `cv_isi(N)`, `count()`, `spike_times()`, `trace(v)`, `silent(N)`");
    return false;
  }
  expect.measure = known->measure;
  const Network& network = model_.networks[test.run.network];
  expect.of.population = 0;
  expect.of.text = network.populations[0].name;
  expect.of.span = subject.span;
  bool placed = false;
  for (size_t i = 0; i < subject.args.size(); i++) {
    const ast::Expr& arg = *subject.args[i];
    const std::string& name = subject.names[i].text;
    if (name == "from" || name == "to") {
      ExprPtr time = check_constant_as(arg, &scope, dims::time, "ms", "`" + name + "`");
      if (!time) return false;
      (name == "from" ? expect.from : expect.to) = time;
    } else if (name == "index" && known->measure == Measure::Trace) {
      ExprPtr index = check_constant_as(arg, &scope, {}, "1", "`index`");
      if (!index) return false;
      expect.of.cells = {index};
    } else if (!name.empty() || placed || arg.kind != ast::ExprKind::Path) {
      error(Kind::CallArguments, name.empty() ? arg.span : subject.names[i].span,
            name.empty() ? fmt::format("`{}` takes one population, view or variable", known->name)
                         : fmt::format("`{}` has no argument `{}`", known->name, name));
      return false;
    } else {
      placed = true;
      std::vector<ast::Ident> path = arg.path;
      std::vector<ast::Ident> where;
      bool named = std::any_of(network.populations.begin(), network.populations.end(),
                               [&](const Population& p) { return p.name == path[0].text; });
      if (known->measure != Measure::Trace) where = path;
      else if (named) {
        where = {path[0]};
        path.erase(path.begin());
      }
      if (!where.empty()) {
        ast::Target written{where, {}, arg.span};
        auto of = target(written, network, scope, false);
        if (!of) return false;
        of->cells = expect.of.cells;
        expect.of = *of;
      }
      if (known->measure != Measure::Trace) continue;
      expect.variable = ast::dotted(path);
      const Cell& cell = model_.cells[network.populations[expect.of.population].cell];
      std::vector<std::string> all = variables(cell);
      if (std::find(all.begin(), all.end(), expect.variable) == all.end()) {
        Diagnostic& diagnostic =
            error(Kind::NameUnknown, arg.span, fmt::format("`{}` has no variable `{}`", expect.of.text, expect.variable));
        diagnostic.suggest(arg.span, expect.variable, all);
        return false;
      }
    }
  }
  const Cell& cell = model_.cells[network.populations[expect.of.population].cell];
  if (known->measure == Measure::Trace ? expect.variable.empty() : (!placed && network.populations.size() != 1)) {
    error(Kind::CallArguments, subject.span,
          fmt::format("`{}` needs {}", known->name,
                      known->measure == Measure::Trace ? "a variable, such as `trace(v)`" : "a population or view"));
    return false;
  }
  if (known->measure != Measure::Trace && !cell.spike) {
    error(Kind::CellIncomplete, subject.span, fmt::format("the cell `{}` never spikes: it has no `spike when`", cell.name))
        .note(cell.span, "add `spike when v crosses -20 mV` here");
    return false;
  }
  return true;
}

bool Checker::expect_against(Expect& expect, const ast::Expect& written, const Test& test, Scope& scope) {
  const KnownMeasure& known = *find_measure(expect.measure);
  const Cell& cell = model_.cells[model_.networks[test.run.network].populations[expect.of.population].cell];
  Dimension dimension;
  std::string unit = known.unit ? known.unit : "1";
  if (known.unit) dimension = dims::of(known.unit);
  else {
    dimension = dims::current;
    unit = "nA";
    for (const State& state : cell.states)
      if (state.path == expect.variable) dimension = state.dimension, unit = state.unit.text;
    if (auto found = cell.lets.find(expect.variable); found != cell.lets.end())
      dimension = found->second->dimension, unit = unit_of(*found->second);
  }
  const ast::Expr& against = *written.against;
  const std::string& op = written.comparator;
  auto value = [&](const ast::Expr& expr) {
    return check_constant_as(expr, &scope, dimension, unit, fmt::format("what `{}` is compared with", known.name));
  };
  bool file = op == "~" && against.kind == ast::ExprKind::Call && against.path[0].text == "csv";
  if (file != known.file && !(known.file && known.compares)) {
    error(Kind::RuleArgument, against.span,
          known.file ? fmt::format("`{}` is compared with a file", known.name)
                     : fmt::format("`{}` is one number, not a file", known.name))
        .help(known.file ? fmt::format("write `~ csv(\"{}.csv\") within abs 0.01 {}`", known.name, unit)
                         : fmt::format("write `{}(…) in {} .. {}`", known.name, "a", "b"));
    return false;
  }
  if (file) {
    Place place;
    place.scope = &scope;
    units::Unit shown = units::parse_unit(unit).value_or(units::usual(dimension));
    std::string column = expect.measure == Measure::Trace ? expect.variable : "";
    bool times = expect.measure != Measure::Trace;
    auto spread = times ? check_spread(against, place, dims::time, *units::parse_unit("ms"), "time", "a spike time")
                        : check_spread(against, place, dimension, shown, column, "a trace");
    if (!spread) return false;
    expect.comparison = Comparison::File;
    expect.file = spread->file;
    expect.shown = spread->shown;
    expect.column = spread->column;
  } else if (op == "~") {
    if (against.kind != ast::ExprKind::PlusMinus) {
      error(Kind::RuleArgument, against.span, "`~` needs a half-width or a file").help("write `~ 20 Hz +- 2 Hz`");
      return false;
    }
    expect.comparison = Comparison::About;
    expect.low = value(*against.args[0]);
    expect.high = value(*against.args[1]);
  } else if (op == "in") {
    if (against.kind != ast::ExprKind::Range) {
      error(Kind::RuleArgument, against.span, "`in` needs a range").help("write `in 10 Hz .. 60 Hz`");
      return false;
    }
    expect.comparison = Comparison::In;
    expect.low = value(*against.args[0]);
    expect.high = value(*against.args[1]);
  } else if (op == "==" || op == "!=") {
    error(Kind::RuleArgument, written.comparator_span, fmt::format("an `expect` does not compare with `{}`", op))
        .help("write `in a .. b`, or `~ a +- b` with a half-width");
    return false;
  } else {
    expect.comparison = op == "<"    ? Comparison::Less
                        : op == "<=" ? Comparison::LessEqual
                        : op == ">"  ? Comparison::Greater
                                     : Comparison::GreaterEqual;
    expect.low = expect.high = value(against);
  }
  if (!file && (!expect.low || !expect.high)) return false;
  if (expect.measure == Measure::Trace && !file && op != "<" && op != ">" && op != "<=" && op != ">=" && op != "in") {
    not_yet(written.comparator_span, "this comparison of a trace");
    return false;
  }
  if (written.within.empty()) {
    if (!file) return true;
    if (expect.measure == Measure::Spikes) return true;  // the set itself
    error(Kind::ItemMissing, against.span, "a comparison with a file needs a tolerance")
        .help(fmt::format("add `within abs 0.01 {}`", unit));
    return false;
  }
  static const std::vector<std::string> words = {"abs", "rel", "rmse", "max"};
  if (!file) {
    error(Kind::RuleArgument, written.tolerance->span, "`within` belongs to a comparison with a file")
        .help("a number is compared with `~ 20 Hz +- 2 Hz`");
    return false;
  }
  if (std::find(words.begin(), words.end(), written.within) == words.end()) {
    Diagnostic& diagnostic =
        error(Kind::NameUnknown, written.tolerance->span, fmt::format("there is no tolerance `within {}`", written.within));
    diagnostic.help("it is `abs`, `rel`, `rmse` or `max`, such as `within abs 0.01 ms`");
    return false;
  }
  using Within = Expect::Within;
  const std::vector<std::string> known_within = file && expect.measure == Measure::Trace
                                                    ? std::vector<std::string>{"abs", "rel", "rmse", "max"}
                                                    : std::vector<std::string>{"abs", "max"};
  if (!file || std::find(known_within.begin(), known_within.end(), written.within) == known_within.end()) {
    std::string all;
    for (const std::string& word : known_within) all += (all.empty() ? "`" : ", `") + word + "`";
    error(Kind::RuleArgument, written.tolerance->span,
          file ? fmt::format("`{}` is not a tolerance of `{}`", written.within, known.name)
               : "only a comparison with a file has a tolerance")
        .help(file ? "there is " + all : "write `~ a +- b`");
    return false;
  }
  expect.within = written.within == "abs"    ? Within::Abs
                  : written.within == "rel"  ? Within::Rel
                  : written.within == "rmse" ? Within::Rmse
                                             : Within::Max;
  bool relative = expect.within == Within::Rel;
  expect.tolerance =
      check_constant_as(*written.tolerance, &scope, relative ? Dimension{} : dimension, relative ? "1" : unit, "this tolerance");
  return expect.tolerance != nullptr;
}

}  // namespace eic::sema
