// Pools: the mechanisms that write an ion's concentrations. Their states come before the channels, which read them; their
// equations come after, since they read the channels' currents.
#include <fmt/format.h>

#include "compiler/sema/instance.h"

namespace eic::sema {

Checker::Instance* Checker::begin_pool(Cell& cell, Scope& scope, const ast::Ion& written, std::deque<Instance>& pools) {
  Symbol* found = find_kind(*written.pool, &scope, Symbol::Kind::Mechanism, "pool");
  if (!found) return nullptr;
  const auto& mechanism = std::get<ast::Mechanism>(found->item->node);
  if (mechanism.kind != ast::MechanismKind::Pool) {
    error(Kind::NameWrongKind, written.pool->span, fmt::format("`{}` is not a pool", written.pool->text))
        .note(mechanism.name.span, "declared here");
    return nullptr;
  }
  if (mechanism.ions.size() != 1) return nullptr;  // said where it is declared
  Scope& own = scopes_.emplace_back(found->scope, scope.path_of(written.name.text));
  Instance& pool = pools.emplace_back(Instance{.cell = cell, .mechanism = mechanism, .name = written.name.text, .scope = &own, .site = &scope});
  pool.used = true;
  pool.named = written.name.span;
  pool.ions = {written.name};
  if (Symbol* temperature = scope.find_here("temperature")) own.add("temperature", *temperature);
  if (Symbol* ion = scope.find_here(written.name.text)) declare(own, mechanism.ions[0], *ion);
  cell.mechanisms.push_back({.name = written.name.text,
                             .type = written.pool->text,
                             .pool = true,
                             .ions = {written.name.text},
                             .span = written.name.span,
                             .definition = mechanism.name.span});
  return &pool;
}

// The states of a pool, whose parameters are there already; `members` are its ion's. False where it has no concentration to write, or errors.
bool Checker::pool_states(Instance& pool, Scope& members) {
  size_t errors = emitter_.error_count();
  declare_items(*pool.scope, pool.mechanism.items, false);
  pool.states = declare_states(pool.cell, *pool.scope, pool.mechanism.items, pool.name + ".", StateRole::Plain);
  bool writes = false;
  static const Dimension concentration = dims::of("mM");
  for (const char* name : {"in", "out"}) {
    Symbol* state = pool.scope->find_here(name);
    if (!state || !state->value || state->value->op != ExprOp::State) continue;
    writes = true;
    if (!expect_dimension(*state->value, concentration, "mM", fmt::format("the concentration `{}`", name))) continue;
    if (Symbol* given = members.add(name, *state))
      error(Kind::IonWriters, given->span, fmt::format("`{}` is given here and written by the pool", name))
          .note(pool.mechanism.name.span, "the pool")
          .help(fmt::format("where it starts is said by `init {}.{} = …`", pool.name, name));
  }
  if (!writes && !pool.used)
    error(Kind::PoolStates, pool.mechanism.name.span, fmt::format("the pool `{}` writes no concentration", pool.mechanism.name.text))
        .help("give it `state in : mM = …` and its equation `in' = …`");
  return writes && emitter_.error_count() == errors;
}

void Checker::pool_body(Instance& pool) {
  rates(pool.cell, *pool.scope, pool.mechanism.items, pool.name + ".", pool.states);
  for (const ast::Item& item : pool.mechanism.items) {
    bool own = std::holds_alternative<ast::Param>(item.node) || std::holds_alternative<ast::Let>(item.node) ||
               std::holds_alternative<ast::Fn>(item.node) || std::holds_alternative<ast::State>(item.node) ||
               std::holds_alternative<ast::Equation>(item.node) || std::holds_alternative<ast::Allow>(item.node);
    if (!own)
      error(Kind::ItemMisplaced, item.keyword, "this item does not belong into a pool")
          .help("a pool has `param`, `let`, `fn`, and `state`s with their equations");
  }
  force_items(pool.mechanism.items, pool.place());
  if (!pool.used) return;
  // a pool that waits for a current which no channel gives it
  bool booked = std::any_of(pool.cell.currents.begin(), pool.cell.currents.end(),
                            [&](const Current& current) { return current.ion == pool.name; });
  bool reads = std::any_of(pool.states.begin(), pool.states.end(), [&](const auto& state) {
    const ExprPtr& rate = pool.cell.states[state.first].rate;
    return rate && reads_let(*rate, pool.name + ".i");
  });
  if (reads && !booked)
    error(Kind::IonNoCurrent, pool.named,
          fmt::format("the pool of `{}` reads its current, but no channel's current belongs to it", pool.name))
        .help(fmt::format("a channel's current belongs to the first of its ions: `on {}`", pool.name));
}

}  // namespace eic::sema
