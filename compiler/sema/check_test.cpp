// Tests: a run of a cell, a network or a simulation, or a channel on its own, and what is expected of it.
#include <fmt/format.h>

#include "compiler/sema/check_expect.h"

namespace eic::sema {

namespace {
// The inf or tau of a gate and a cell's rest are found without a run.
bool needs_run(const Expect& expect) {
  return expect.measure != Measure::Rest && !(expect.measure == Measure::Curve && expect.variable != "rate");
}

bool has_errors_in(const diagnostics::Emitter& emitter, Span item) {
  return std::any_of(emitter.all().begin(), emitter.all().end(), [&](const Diagnostic& diagnostic) {
    Span at = diagnostic.span;
    bool error = diagnostics::info(diagnostic.kind).severity == diagnostics::Severity::Error;
    return error && at.file == item.file && at.begin >= item.begin && at.end <= item.end;
  });
}
}  // namespace

void Checker::test(const ast::Item& item, Scope& module) {
  const auto& written = std::get<ast::Test>(item.node);
  Symbol* of = module.find(written.of.text);
  if (!of) return unknown_name(written.of.text, written.of.span, &module, "cell, channel, network or simulation");
  refer(written.of.span, *of, written.of.text);
  Test test;
  test.name = written.name;
  test.span = written.name_span;
  for (const Test& other : model_.tests)
    if (other.name == test.name)
      error(Kind::NameTwice, written.name_span, fmt::format("there are two tests \"{}\"", test.name))
          .note(other.span, "the first is here");
  const ast::Mechanism* channel = nullptr;
  if (of->kind == Symbol::Kind::Mechanism) channel = &std::get<ast::Mechanism>(of->item->node);
  if (channel && channel->kind != ast::MechanismKind::Channel) channel = nullptr;
  bool network = of->kind == Symbol::Kind::Network;
  if (!channel && !network && of->kind != Symbol::Kind::Cell && of->kind != Symbol::Kind::Simulation) {
    error(Kind::NameWrongKind, written.of.span,
          fmt::format("a test is of a cell, a channel, a network or a simulation, `{}` is none of these", written.of.text))
        .note(of->span, "declared here");
    return;
  }
  if ((!channel && of->index == UINT32_MAX) || emitter_.full()) return;
  if (channel && has_errors_in(emitter_, of->item->span)) return;  // said where it stands
  size_t errors = emitter_.error_count();
  TestOf kind = channel ? TestOf::Channel : of->kind == Symbol::Kind::Cell ? TestOf::Cell : TestOf::Simulation;
  Scope& scope = scopes_.emplace_back(&module, "test \"" + test.name + "\"");
  declare_items(scope, written.items, true);
  if (network) {
    test.run.network = of->index;
    test.run.name = written.of.text;
  } else if (kind == TestOf::Simulation) {
    test.run = model_.simulations[of->index];
  } else {
    uint32_t cell = channel ? cell_of_channel(written, *channel, test, scope) : of->index;
    if (cell == UINT32_MAX) return;
    test.run.network = network_of_one(cell, written.of);
    test.run.name = model_.cells[cell].name;
  }
  test.run.span = written.name_span;
  bool phases = std::any_of(written.items.begin(), written.items.end(),
                            [](const ast::Item& inner) { return std::holds_alternative<ast::Phase>(inner.node); });
  if (phases) {  // instead of those of the simulation
    test.run.phases.clear();
    test.run.duration = nullptr;
  }
  if (!channel) simulation_items(test.run, written.items, scope);
  if (!test.run.duration) test.run.duration = duration_of(test.run.phases);
  bool any = false, runs = false;
  for (const ast::Item& inner : written.items) {
    if (std::holds_alternative<ast::PassIn>(inner.node) && !channel) pass_in(inner, test, scope);
    if (!std::holds_alternative<ast::Expect>(inner.node)) continue;
    any = true;
    auto found = Expectation(*this, test, kind, scope).read(inner);
    if (!found) continue;
    runs = runs || needs_run(*found);
    test.expects.push_back(std::move(*found));
  }
  if (runs) {
    for (auto [value, name, example] :
         {std::tuple{&test.run.duration, "duration", "100 ms"}, std::tuple{&test.run.dt, "dt", "0.1 ms"}})
      if (!*value)
        error(Kind::ItemMissing, written.name_span, fmt::format("the test \"{}\" has no `{}`", test.name, name))
            .help(fmt::format("add `{} = {}`", name, example));
  } else if (!test.run.duration || !test.run.dt) {
    test.run.duration = test.run.dt = nullptr;  // nobody is to plan half a run
  }
  if (!any)
    error(Kind::ExpectNothing, written.name_span, fmt::format("the test \"{}\" expects nothing", test.name))
        .help(channel ? "add an `expect`, such as `expect curve(m.inf, at = -40 mV) ~ 0.5 +- 0.01`"
                      : "add an `expect`, such as `expect rate(N) in 5 Hz .. 10 Hz`");
  if (emitter_.error_count() == errors) model_.tests.push_back(std::move(test));
}

void Checker::pass_in(const ast::Item& item, Test& test, Scope& scope) {
  const auto& written = std::get<ast::PassIn>(item.node);
  if (test.seeds) {
    error(Kind::ItemTwice, item.span, "`pass in` is given twice").note(test.seeds->span, "first given here");
    return;
  }
  test.passes = check_constant_as(*written.passes, &scope, {}, "1", "the number of seeds that must pass");
  test.seeds = check_constant_as(*written.seeds, &scope, {}, "1", "the number of seeds");
}

}  // namespace eic::sema
