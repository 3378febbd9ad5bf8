#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "antlr4-runtime.h"
#include "compiler/parse/build.h"
#include "compiler/parse/words.h"

namespace eic::parse {

using diagnostics::Kind;
using P = grammar::EicParser;
using source::Span;

ast::Items ItemBuilder::items(const std::vector<P::ItemContext*>& nodes) {
  ast::Items made;
  for (auto* node : nodes)
    if (!node->exception) item(node, made);
  return made;
}

ast::Items ItemBuilder::block(P::BlockContext* node) { return node ? items(node->item()) : ast::Items{}; }

std::vector<ast::Ident> ItemBuilder::names(const std::vector<P::NameContext*>& nodes, size_t from) {
  std::vector<ast::Ident> made;
  for (size_t i = from; i < nodes.size(); i++) made.push_back(expr_.name(nodes[i]));
  return made;
}

// `pre.x` as one name.
ast::Ident ItemBuilder::joined(const std::vector<P::NameContext*>& parts) {
  std::vector<ast::Ident> path = names(parts, 0);
  return {ast::dotted(path), ast::span_of(path)};
}

void ItemBuilder::item(P::ItemContext* node, ast::Items& to) {
  Span whole = expr_.span(node), keyword = expr_.span(node->getStart());
  auto add = [&](auto made) { to.push_back(ast::Item{std::move(made), whole, keyword}); };
  auto name = [&](auto* part) { return expr_.name(part); };
  auto* child = static_cast<antlr4::ParserRuleContext*>(node->children.front());
  switch (child->getRuleIndex()) {
    case P::RuleUse: return add(use(node->use()));
    case P::RuleParam: return params(node->param(), to);
    case P::RuleLet: return add(ast::Let{name(node->let()->name()), expr_.expr(node->let()->expr())});
    case P::RuleState: {
      auto* state = node->state();
      ast::State made{joined(state->name()), {}, {}};
      if (state->unit()) made.unit = expr_.unit(state->unit());
      if (state->expr()) made.start = expr_.expr(state->expr());
      return add(std::move(made));
    }
    case P::RuleEquation: return add(ast::Equation{joined(node->equation()->name()), expr_.expr(node->equation()->expr())});
    case P::RuleFunction: {
      auto* fn = node->function();
      return add(ast::Fn{name(fn->name(0)), names(fn->name(), 1), expr_.expr(fn->expr())});
    }
    case P::RuleGate: return add(gate(node->gate()));
    case P::RuleConductance: return add(ast::Conductance{expr_.expr(node->conductance()->expr())});
    case P::RuleCurrent: return add(ast::Current{expr_.expr(node->current()->expr())});
    case P::RuleInit: return inits(node->init(), to);
    case P::RuleOnEvent: return add(on_event(node->onEvent()));
    case P::RuleAllow: return add(allow(node->allow()));
    case P::RuleMechanism: {
      auto* mechanism = node->mechanism();
      return mechanism->instance() ? add(instance(mechanism)) : add(declaration(mechanism));
    }
    case P::RuleIon: {
      auto* ion = node->ion();
      Settings within = settings(ion->block());
      ast::Ion made{name(ion->name(0)), {}, std::move(within.bindings), std::move(within.allows)};
      if (ion->name().size() > 1) made.pool = name(ion->name(1));
      return add(std::move(made));
    }
    case P::RuleSpike: return add(spike(node->spike()));
    case P::RuleOnReset: return add(ast::Reset{settings(node->onReset()->block()).bindings});
    case P::RuleCell: {
      auto* cell = node->cell();
      ast::Cell made{name(cell->name(0)), {}, block(cell->block())};
      if (cell->name().size() > 1) made.base = name(cell->name(1));
      return add(std::move(made));
    }
    case P::RuleNetwork: return add(ast::Network{name(node->network()->name()), block(node->network()->block())});
    case P::RulePopulation: {
      auto* pop = node->population();
      return add(ast::Population{name(pop->name(0)), name(pop->name(1)), expr_.expr(pop->expr()), block(pop->block())});
    }
    case P::RuleProjection: {
      auto* p = node->projection();
      return add(ast::Projection{name(p->name()), expr_.target(p->target(0)), expr_.target(p->target(1)), block(p->block()), p->GAP() != nullptr});
    }
    case P::RuleStimulus: return add(stimulus(node->stimulus()));
    case P::RuleSimulate: {
      auto* sim = node->simulate();
      return add(ast::Simulate{name(sim->name(0)), name(sim->name(1)), block(sim->block())});
    }
    case P::RulePhase: {
      auto* phase = node->phase();
      return add(ast::Phase{name(phase->name()), expr_.expr(phase->expr()), block(phase->block())});
    }
    case P::RuleRecord: return add(record(node->record()));
    case P::RuleSweep: {
      auto* sweep = node->sweep();
      return add(ast::Sweep{name(sweep->name(0)), name(sweep->name(1)), block(sweep->block())});
    }
    case P::RuleZip: return add(ast::Zip{settings(node->zip()->block()).bindings});
    case P::RuleTest: {
      auto* test = node->test();
      auto* title = test->STRING();
      return add(ast::Test{expr_.string(title), expr_.span(title->getSymbol()), name(test->name()), block(test->block())});
    }
    case P::RuleExpect: return add(expect(node->expect()));
    case P::RulePassIn: return add(ast::PassIn{expr_.expr(node->passIn()->expr(0)), expr_.expr(node->passIn()->expr(1))});
    case P::RuleKinetic: return add(kinetic(node->kinetic()));
    case P::RuleBinding: {
      if (child->exception) return;
      return add(ast::Setting{plain(node->binding())});
    }
    default: EIC_CHECK(false, "an item of the grammar that the builder does not know");
  }
}

ast::Binding ItemBuilder::plain(P::BindingContext* node) {
  if (node->expr())
    expr_.emitter().emit(Kind::ParseExpected, expr_.span(node->expr()), "`at` belongs to the `q10` of a gate");
  return expr_.binding(node);
}

ItemBuilder::Settings ItemBuilder::settings(P::BlockContext* node) {
  Settings made;
  if (!node) return made;
  for (auto* item : node->item()) {
    if (item->exception) continue;
    if (item->allow()) {
      made.allows.push_back(allow(item->allow()));
    } else if (auto* binding = item->binding()) {
      if (binding->exception) continue;
      bool q10 = binding->expr() && expr_.text(expr_.span(binding->path())) == "q10";
      if (q10) made.q10_at = expr_.expr(binding->expr());
      made.bindings.push_back(q10 ? expr_.binding(binding) : plain(binding));
    } else {
      Span word = expr_.span(item->getStart());
      expr_.emitter().emit(Kind::ParseExpected, word,
                           fmt::format("expected a setting `name = value`, found `{}`", expr_.text(word)));
    }
  }
  return made;
}

void ItemBuilder::params(P::ParamContext* node, ast::Items& to) {
  Span keyword = expr_.span(node->getStart());
  for (auto* entry : node->parameter()) {
    if (entry->exception) continue;
    Span span = node->LBRACE() ? expr_.span(entry) : expr_.span(node);
    to.push_back(ast::Item{parameter(entry), span, keyword});
  }
}

void ItemBuilder::inits(P::InitContext* node, ast::Items& to) {
  Span keyword = expr_.span(node->getStart());
  for (auto* entry : node->binding()) {
    if (entry->exception) continue;
    Span span = node->LBRACE() ? expr_.span(entry) : expr_.span(node);
    to.push_back(ast::Item{ast::Init{plain(entry)}, span, keyword});
  }
}

ast::Use ItemBuilder::use(P::UseContext* node) {
  ast::Use made;
  if (node->path()) {
    made.module = expr_.path(node->path());
    made.from_span = expr_.span(node->path());
  } else {
    made.file = expr_.string(node->STRING());
    made.from_span = expr_.span(node->STRING()->getSymbol());
  }
  for (auto* entry : node->useName()) {
    if (entry->exception) continue;
    ast::Use::Name& name = made.names.emplace_back();
    name.name = expr_.name(entry->name(0));
    if (entry->name().size() > 1) name.alias = expr_.name(entry->name(1));
  }
  return made;
}

ast::Param ItemBuilder::parameter(P::ParameterContext* node) {
  ast::Param made;
  made.name = expr_.name(node->name());
  for (auto* unit : node->unit()) made.units.push_back(expr_.unit(unit));
  auto parts = node->expr();  // [value] [low high]
  if (parts.size() % 2 == 1) made.value = expr_.expr(parts.front());
  if (parts.size() > 1) {
    made.low = expr_.expr(parts[parts.size() - 2]);
    made.high = expr_.expr(parts.back());
  }
  return made;
}

ast::Gate ItemBuilder::gate(P::GateContext* node) {
  ast::Gate made;
  made.name = expr_.name(node->name());
  if (node->NUMBER()) {
    made.power_span = expr_.span(node->NUMBER()->getSymbol());
    std::string digits = expr_.text(made.power_span);
    auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), made.power);
    if (fault != std::errc{} || end != digits.data() + digits.size() || made.power < 1)
      expr_.emitter().emit(Kind::ParseBadNumber, made.power_span, "the power of a gate is a whole number from 1 on");
  }
  Settings within = settings(node->block());
  made.bindings = std::move(within.bindings);
  made.q10_at = std::move(within.q10_at);
  made.allows = std::move(within.allows);
  return made;
}

ast::OnEvent ItemBuilder::on_event(P::OnEventContext* node) {
  ast::OnEvent made;
  made.event = expr_.name(node->name());
  for (auto* argument : node->eventArgument()) {
    ast::OnEvent::Arg& arg = made.args.emplace_back();
    arg.name = expr_.name(argument->name());
    if (argument->unit()) arg.unit = expr_.unit(argument->unit());
  }
  made.body = settings(node->block()).bindings;
  return made;
}

ast::Allow ItemBuilder::allow(P::AllowContext* node) { return {expr_.name(node->name()), expr_.string(node->STRING())}; }

ast::MechanismKind ItemBuilder::kind(const antlr4::Token* token) const {
  switch (token->getType()) {
    case P::CHANNEL: return ast::MechanismKind::Channel;
    case P::SYNAPSE: return ast::MechanismKind::Synapse;
    case P::POOL: return ast::MechanismKind::Pool;
    default: return ast::MechanismKind::Plasticity;
  }
}

ast::Mechanism ItemBuilder::declaration(P::MechanismContext* node) {
  auto* rest = node->declaration();
  return {kind(node->kind), expr_.name(node->name()), names(rest->name(), 0), block(rest->block())};
}

ast::Instance ItemBuilder::instance(P::MechanismContext* node) {
  auto* rest = node->instance();
  Settings within = settings(rest->block());
  return {kind(node->kind), expr_.name(node->name()), expr_.name(rest->name(0)), names(rest->name(), 1),
          std::move(within.bindings), std::move(within.allows)};
}

ast::Spike ItemBuilder::spike(P::SpikeContext* node) {
  ast::Spike made;
  auto parts = node->expr();  // condition [threshold] [refractory]
  made.crosses = node->CROSSES() != nullptr;
  made.condition = expr_.expr(parts[0]);
  if (made.crosses) made.threshold = expr_.expr(parts[1]);
  if (node->REFRACTORY()) made.refractory = expr_.expr(parts.back());
  if (made.crosses && made.condition->kind != ast::ExprKind::Path)
    expr_.emitter().emit(Kind::ParseExpected, made.condition->span, "expected the name of a state before `crosses`");
  return made;
}

ast::Kinetic ItemBuilder::kinetic(P::KineticContext* node) {
  ast::Kinetic made;
  for (auto* entry : node->transition()) {
    if (entry->exception) continue;
    ast::Transition& arrow = made.transitions.emplace_back();
    arrow.from = expr_.name(entry->name(0));
    arrow.to = expr_.name(entry->name(1));
    arrow.span = expr_.span(entry);
    arrow.forward = expr_.expr(entry->expr(0));
    bool both = expr_.text(expr_.span(entry->direction)) == "<->", two = entry->expr().size() > 1;
    if (two) arrow.backward = expr_.expr(entry->expr(1));
    if (both && !two)
      expr_.emitter().emit(Kind::ParseExpected, arrow.span, "`<->` needs two rates: there and back")
          .help("write `A <-> B (forward, backward)`, or `A -> B (rate)` where there is no way back");
    if (!both && two)
      expr_.emitter().emit(Kind::ParseExpected, arrow.span, "`->` has one rate, here are two")
          .fix(expr_.span(entry->direction), "<->", "write `<->` for a transition that goes both ways");
  }
  return made;
}

ast::Stimulus ItemBuilder::stimulus(P::StimulusContext* node) {
  Settings within = settings(node->block());
  ast::Stimulus made;
  if (node->name().size() > 1) made.name = expr_.name(node->name(0));
  made.kind = expr_.name(node->name().back());
  made.to = expr_.target(node->target());
  made.bindings = std::move(within.bindings);
  made.allows = std::move(within.allows);
  return made;
}

ast::Record ItemBuilder::record(P::RecordContext* node) {
  ast::Record made;
  made.nothing = node->path().empty();
  for (auto* path : node->path()) made.what.push_back(expr_.path(path));
  if (node->target()) made.of = expr_.target(node->target());
  if (node->expr()) made.every = expr_.expr(node->expr());
  if (node->STRING()) {
    made.to = expr_.string(node->STRING());
    made.to_span = expr_.span(node->STRING()->getSymbol());
  }
  return made;
}

// `~` and `in` are spelled out by the grammar; the other comparators are the outermost operator of the expression.
ast::Expect ItemBuilder::expect(P::ExpectContext* node) {
  ast::Expect made;
  made.subject = expr_.expr(node->expr(0));
  if (node->comparator) {
    made.comparator_span = expr_.span(node->comparator);
    made.comparator = expr_.text(made.comparator_span);
    made.against = expr_.value(node->value());
    if (node->name()) {
      made.within = expr_.text(expr_.span(node->name()));
      made.tolerance = expr_.expr(node->expr(1));
    }
    if (made.comparator == "in" && made.against->kind != ast::ExprKind::Range)
      expr_.emitter().emit(Kind::ParseExpected, made.against->span, "expected a range `lo .. hi` after `in`");
    return made;
  }
  static constexpr std::string_view k_comparators[] = {"<", "<=", ">", ">=", "==", "!="};
  bool compares = made.subject->kind == ast::ExprKind::Binary && std::ranges::count(k_comparators, made.subject->text) > 0;
  if (!compares) {
    // `expect count() = 12`: the parser said what stands there instead of a comparison
    source::Span subject = made.subject->span;
    auto is_said = [&](const diagnostics::Diagnostic& known) {
      bool behind = known.span.file == subject.file && known.span.begin > subject.end;
      return behind && expr_.text({subject.file, subject.end, known.span.begin}).find_first_not_of(" \t") == std::string::npos;
    };
    if (std::ranges::any_of(expr_.emitter().all(), is_said)) return made;
    expr_.emitter().emit(Kind::ParseExpected, made.subject->span, "this expectation compares nothing")
        .help("compare with `<`, `<=`, `>`, `>=`, `in lo .. hi` or `~ a +- b`");
    return made;
  }
  ast::ExprPtr whole = std::move(made.subject);
  made.comparator = whole->text;
  made.comparator_span = whole->op_span;
  made.subject = std::move(whole->args[0]);
  made.against = std::move(whole->args[1]);
  return made;
}

}  // namespace eic::parse
