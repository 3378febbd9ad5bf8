// Kinetic schemes: the states of a diagram, its rates, the order in which it is solved, its steady state.
#include <fmt/format.h>

#include <set>

#include "compiler/sema/elimination.h"
#include "compiler/sema/instance.h"

namespace eic::sema {

namespace {

using Edges = std::set<std::pair<size_t, size_t>>;

std::vector<bool> reached(size_t from, size_t states, const Edges& edges) {
  std::vector<bool> found(states, false);
  std::vector<size_t> open = {from};
  found[from] = true;
  while (!open.empty()) {
    size_t at = open.back();
    open.pop_back();
    for (auto [a, b] : edges)
      if (a == at && !found[b]) found[b] = true, open.push_back(b);
  }
  return found;
}

// The arrows that eliminating `k` adds.
size_t fill(size_t k, const Edges& edges) {
  size_t added = 0;
  for (auto [i, to] : edges)
    for (auto [from, j] : edges) added += to == k && from == k && i != j && !edges.count({i, j});
  return added;
}

// Least fill first; `last` is left.
std::vector<size_t> elimination_order(size_t states, Edges edges, size_t last) {
  std::vector<size_t> order, left;
  for (size_t i = 0; i < states; i++)
    if (i != last) left.push_back(i);
  while (!left.empty()) {
    auto next = std::min_element(left.begin(), left.end(), [&](size_t a, size_t b) { return fill(a, edges) < fill(b, edges); });
    size_t k = *next;
    Edges now;
    for (auto [i, to] : edges)
      for (auto [from, j] : edges)
        if (to == k && from == k && i != j) now.insert({i, j});
    for (auto [i, j] : edges)
      if (i != k && j != k) now.insert({i, j});
    edges = std::move(now);
    order.push_back(k);
    left.erase(next);
  }
  order.push_back(last);
  return order;
}

// Expressions as elimination.h wants them: each intermediate value has a name, so that it is printed once.
struct Terms {
  std::string prefix;
  Span span;
  size_t made = 0;
  ExprPtr named(ExprPtr value) { return let(fmt::format("{}{}", prefix, ++made), std::move(value), span); }
  ExprPtr add(const ExprPtr& a, const ExprPtr& b) { return named(binary(ExprOp::Add, a, b, span)); }
  ExprPtr mul(const ExprPtr& a, const ExprPtr& b) { return named(binary(ExprOp::Mul, a, b, span)); }
  ExprPtr div(const ExprPtr& a, const ExprPtr& b) { return named(binary(ExprOp::Div, a, b, span)); }
  ExprPtr one() const { return number(1, {}, span); }
  ExprPtr zero() const { return number(0, {}, span); }
};

}  // namespace

// The states: named by their first mention.
void Checker::kinetic_states(Instance& instance, const ast::Kinetic& written) {
  std::set<std::string> known;
  for (const ast::Transition& arrow : written.transitions)
    for (const ast::Ident& name : {arrow.from, arrow.to})
      if (known.insert(name.text).second)
        add_state(instance.cell, *instance.scope, instance.name + "." + name.text, name.text, StateRole::Occupancy, {},
                  units::dimensionless(), name.span);
}

void Checker::kinetic_rates(Instance& instance, const ast::Item& item) {
  const auto& written = std::get<ast::Kinetic>(item.node);
  if (written.transitions.empty()) {
    error(Kind::KineticScheme, item.keyword, "a kinetic scheme without a transition")
        .help("write `kinetic { C <-> O (alpha, beta) }`");
    return;
  }
  Cell& cell = instance.cell;
  Scheme scheme;
  scheme.path = instance.name;
  scheme.span = item.span;
  std::vector<uint32_t> states;  // in the order of the text
  std::map<uint32_t, size_t> place;
  Edges edges;
  std::map<std::pair<size_t, size_t>, Span> arrows;
  bool failed = false;
  for (const ast::Transition& arrow : written.transitions) {
    Transition made;
    made.span = arrow.span;
    for (auto [name, state] : {std::pair{&arrow.from, &made.from}, std::pair{&arrow.to, &made.to}}) {
      Symbol* symbol = instance.scope->find_here(name->text);
      bool occupancy = symbol && symbol->value && symbol->value->op == ExprOp::State &&
                       cell.states[symbol->value->index].role == StateRole::Occupancy;
      if (!occupancy) return;  // a name twice, said already
      refer(name->span, *symbol, name->text);
      *state = symbol->value->index;
      if (place.emplace(*state, states.size()).second) states.push_back(*state);
    }
    if (made.from == made.to) {
      error(Kind::KineticScheme, arrow.span, fmt::format("`{}` leads to itself", arrow.from.text));
      failed = true;
      continue;
    }
    size_t from = place[made.from], to = place[made.to];
    for (auto [a, b] : {std::pair{from, to}, std::pair{to, from}}) {
      if (a == to && !arrow.backward) continue;
      if (auto [first, fresh] = arrows.emplace(std::pair{a, b}, arrow.span); !fresh) {
        error(Kind::KineticScheme, arrow.span,
              fmt::format("the transition from `{}` to `{}` stands twice", (a == from ? arrow.from : arrow.to).text,
                          (a == from ? arrow.to : arrow.from).text))
            .note(first->second, "the first is here")
            .help("two ways between the same states are one, with the sum of their rates");
        failed = true;
      }
      edges.insert({a, b});
    }
    for (auto [rate, into, a, b] : {std::tuple{&arrow.forward, &made.forward, &arrow.from, &arrow.to},
                                    std::tuple{&arrow.backward, &made.backward, &arrow.to, &arrow.from}}) {
      if (!*rate) continue;
      *into = check_as(**rate, instance.place(), dims::rate, "ms^-1", fmt::format("the rate from `{}` to `{}`", a->text, b->text));
      failed |= !*into;
    }
    scheme.transitions.push_back(std::move(made));
  }
  if (failed) return;
  auto name = [&](size_t i) { return cell.states[states[i]].path.substr(instance.name.size() + 1); };
  // all of one piece, and with one steady state: every state leads to the last
  size_t n = states.size(), last = n;
  Edges both = edges;
  for (auto [a, b] : edges) both.insert({b, a});
  std::vector<bool> connected = reached(0, n, both);
  for (size_t i = 0; i < n; i++)
    if (!connected[i]) {
      error(Kind::KineticScheme, cell.states[states[i]].span, fmt::format("no transition joins `{}` with `{}`", name(i), name(0)))
          .help("a scheme is of one piece; two gates are two schemes or `gate`s");
      return;
    }
  std::vector<std::vector<bool>> leads;
  for (size_t i = 0; i < n; i++) leads.push_back(reached(i, n, edges));
  auto final = [&](size_t i) {  // whatever it leads to leads back
    for (size_t j = 0; j < n; j++)
      if (leads[i][j] && !leads[j][i]) return false;
    return true;
  };
  for (size_t i = 0; i < n; i++) {
    if (!final(i)) continue;
    if (last == n) last = i;
    if (leads[last][i]) continue;
    error(Kind::KineticScheme, item.keyword,
          fmt::format("there is no one steady state: the scheme may end in `{}` or in `{}`", name(last), name(i)))
        .help("give one of them a way back");
    return;
  }
  for (size_t i : elimination_order(n, edges, last)) scheme.states.push_back(states[i]);
  std::map<uint32_t, size_t> order;
  for (size_t i = 0; i < n; i++) order[scheme.states[i]] = i;
  std::map<Flow, ExprPtr> flows;
  std::vector<ExprPtr> rates(n);
  auto flow = [&](uint32_t from, uint32_t to, const ExprPtr& rate) {
    flows[{order[from], order[to]}] = rate;
    ExprPtr moved = binary(ExprOp::Mul, rate, leaf(ExprOp::State, from, {}, "", rate->span), rate->span);
    ExprPtr &out = rates[order[from]], &in = rates[order[to]];
    out = out ? binary(ExprOp::Sub, out, moved, rate->span) : unary(ExprOp::Neg, moved, rate->span);
    in = in ? binary(ExprOp::Add, in, moved, rate->span) : moved;
  };
  for (const Transition& arrow : scheme.transitions) {
    flow(arrow.from, arrow.to, arrow.forward);
    if (arrow.backward) flow(arrow.to, arrow.from, arrow.backward);
  }
  Terms terms{instance.name + ".steady", item.span};
  std::vector<ExprPtr> steady = occupancies(n, flows, {}, terms);
  for (size_t i = 0; i < n; i++) {
    State& state = cell.states[scheme.states[i]];
    ExprPtr inf = let(state.path + ".inf", steady[i], item.span);
    cell.lets.emplace(inf->name, inf);
    state.start.args = {inf};
    state.rate = rates[i];
    state.rate_span = item.span;
  }
  cell.schemes.push_back(std::move(scheme));
}

}  // namespace eic::sema
