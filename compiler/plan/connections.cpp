// Projections: ranges of cells, rules with their numbers, weights, delays in steps.
#include <fmt/format.h>

#include <cmath>

#include "compiler/plan/planner.h"

namespace eic::plan {

std::optional<Range> Planner::range(const sema::Target& target) {
  const Population& population = out_.run.populations[target.population];
  if (target.view) {
    const View& view = population.views[*target.view];
    if (!target.begin) return Range{target.population, view.begin, view.end};
    auto begin = whole(*target.begin, "an index"), end = whole(*target.end, "an index");
    if (!begin || !end) return std::nullopt;
    if (*begin > *end || *end > view.end - view.begin) {
      error(Kind::ViewOutOfRange, target.span,
            fmt::format("`{}` has the cells 0 .. {}, not {} .. {}", target.text, view.end - view.begin, *begin, *end));
      return std::nullopt;
    }
    return Range{target.population, view.begin + *begin, view.begin + *end};
  }
  if (!target.begin) return Range{target.population, 0, population.size};
  auto begin = whole(*target.begin, "an index"), end = whole(*target.end, "an index");
  if (!begin || !end) return std::nullopt;
  if (*begin > *end || *end > population.size) {
    error(Kind::ViewOutOfRange, target.span,
          fmt::format("`{}` has the cells 0 .. {}, not {} .. {}", target.text, population.size, *begin, *end));
    return std::nullopt;
  }
  return Range{target.population, *begin, *end};
}

std::optional<std::vector<uint64_t>> Planner::cells(const sema::Target& target) {
  const Population& population = out_.run.populations[target.population];
  uint64_t first = target.view ? population.views[*target.view].begin : 0;
  uint64_t count = target.view ? population.views[*target.view].end - first : population.size;
  std::vector<uint64_t> list;
  for (const sema::ExprPtr& written : target.cells) {
    auto index = whole(*written, "an index");
    if (!index) return std::nullopt;
    if (*index >= count) {
      error(Kind::ViewOutOfRange, written->span,
            fmt::format("`{}` has {} cells, there is none with index {}", target.text, count, *index))
          .help("indices count from 0");
      return std::nullopt;
    }
    list.push_back(first + *index);
  }
  return list;
}

// What a file may call its weights: every unit of the port's dimension, the port's own first.
static std::vector<CsvColumn> weight_columns(const units::Unit& own) {
  std::vector<CsvColumn> columns;
  auto add = [&](const units::Unit& unit) {
    std::string name = unit.text == "1" ? "weight" : "weight_" + unit.text;
    bool known = std::any_of(columns.begin(), columns.end(), [&](const CsvColumn& other) { return other.column == name; });
    if (unit.dimension == own.dimension && !known) columns.push_back({"", "", name, 1 / units::from_internal(1, unit)});
  };
  add(own);
  for (const std::string& word : units::all_words())
    for (const char* prefix : {"", "a", "f", "p", "n", "u", "m", "c", "d", "k", "M", "G", "T"})
      if (auto unit = units::find_word(prefix + word); unit && !unit->celsius) add(*unit);
  return columns;
}

bool Planner::rule(const sema::Rule& written, Projection& projection) {
  Rule& rule = projection.rule;
  rule.kind = written.kind;
  rule.self = written.self;
  rule.multi = written.multi;
  uint64_t sources = projection.from.end - projection.from.begin, targets = projection.to.end - projection.to.begin;
  unsigned __int128 pairs = static_cast<unsigned __int128>(sources) * targets;
  if (pairs > (uint64_t(1) << 62)) {
    error(Kind::LimitSize, written.span, fmt::format("{} × {} pairs are more than can be counted", sources, targets));
    return false;
  }
  bool same = projection.from.population == projection.to.population;
  using K = Rule::Kind;
  if (written.kind == K::Csv) {
    rule.csv = {written.file, written.shown, "", 1};
    if (!projection.gap) rule.weights = weight_columns(model_.cells[network_.populations[projection.to.population].cell].ports[projection.port].weight_unit);
  }
  if (written.kind == K::OneToOne && sources != targets) {
    error(Kind::RuleArgument, written.span,
          fmt::format("`one_to_one` needs as many sources as targets, here are {} and {}", sources, targets));
    return false;
  }
  if (written.kind == K::Bernoulli && !sema::is_constant(*written.argument)) {
    rule.p_of = of_distance(*written.argument, projection.name + ".p");
    return true;
  }
  if (written.kind == K::Bernoulli) {
    rule.p = values_.number(*written.argument);
    if (!(rule.p >= 0 && rule.p <= 1)) {
      Diagnostic& diagnostic = error(
          Kind::RuleArgument, written.argument->span,
          fmt::format("a probability lies in 0 .. 1, this is {}", std::isnan(rule.p) ? "no number" : fmt::format("{}", rule.p)));
      if (rule.p > 1 && rule.p <= 100) diagnostic.help(fmt::format("{} % is `{}`", rule.p, rule.p / 100));
      return false;
    }
  }
  if (written.kind != K::FixedIndegree && written.kind != K::FixedOutdegree && written.kind != K::FixedTotal) return true;
  auto k = whole(*written.argument, written.kind == K::FixedTotal ? "a number of synapses" : "a degree");
  if (!k) return false;
  rule.k = *k;
  if (*k == 0) return true;
  // the fewest cells any row can choose from
  uint64_t choice = written.kind == K::FixedTotal      ? static_cast<uint64_t>(pairs)
                    : written.kind == K::FixedIndegree ? sources
                                                       : targets;
  uint64_t overlap_begin = std::max(projection.from.begin, projection.to.begin),
           overlap_end = std::min(projection.from.end, projection.to.end);
  uint64_t overlap = same && !written.self && overlap_end > overlap_begin ? overlap_end - overlap_begin : 0;
  if (overlap) choice -= written.kind == K::FixedTotal ? overlap : 1;
  if (choice == 0 && sources * targets == 0) return true;
  if (choice == 0 || (!written.multi && *k > choice)) {
    error(Kind::RuleArgument, written.argument->span, fmt::format("{} cannot be chosen from {} without repeats", *k, choice))
        .help(choice ? "a smaller number, or `multi = true`" : "there is nothing to choose from");
    return false;
  }
  return true;
}

std::optional<Draw> Planner::delay(const sema::Spread& spread) {
  if (spread.kind != Draw::Kind::Constant) return draw(spread, values_, 1 / out_.run.dt);
  const sema::Expr& written = *spread.args[0];
  units::Decimal exact = values_.time(written);
  double ms = values_.number(written);
  if (ms < out_.run.dt && !units::whole_ratio(exact, dt_).value_or(0)) {
    error(Kind::DelayTooShort, written.span,
          fmt::format("a delay of {} is shorter than dt = {}", milliseconds(exact), milliseconds(dt_)))
        .fix(written.span, milliseconds(dt_), fmt::format("the shortest delay is `{}`", milliseconds(dt_)));
    return std::nullopt;
  }
  auto steps = whole_steps(written, "a delay");
  if (!steps) return std::nullopt;
  constexpr uint64_t k_longest = uint64_t(1) << 30;
  if (*steps > k_longest) {
    error(Kind::LimitSize, written.span, fmt::format("a delay of {} steps is longer than {}", *steps, k_longest));
    return std::nullopt;
  }
  Draw draw;
  draw.a = static_cast<double>(*steps);
  draw.origin = origin(spread.span);
  return draw;
}

// Its pairs are those of the rule but for a cell with itself; they act at once, which the delay of one step is not.
bool Planner::gap(const sema::Projection& written, Projection& projection) {
  if (projection.from.population == projection.to.population) projection.rule.self = false;
  if (projection.weight->kind == Draw::Kind::Constant && projection.weight->a < 0) {
    error(Kind::ParameterValue, written.weight->span, "a conductance must not be negative");
    return false;
  }
  projection.delay = Draw{};
  projection.delay->a = 1;
  out_.run.projections.push_back(std::move(projection));
  return true;
}

bool Planner::projection(const sema::Projection& written) {
  Projection projection;
  projection.name = written.name;
  projection.path = written.path;
  projection.origin = origin(written.span);
  auto from = range(written.from), to = range(written.to);
  if (!from || !to) return false;
  projection.from = *from;
  projection.to = *to;
  projection.gap = written.gap;
  if (!written.gap) projection.port = *written.to.port;
  if (!rule(written.rule, projection)) return false;
  if (written.weight && reads_distance(*written.weight)) {
    projection.weight_of = of_distance(*written.weight->args[0], written.name + ".weight");
    projection.weight_origin = origin(written.weight->span);
  } else if (written.weight) {
    projection.weight = draw(*written.weight, start_values_, 1);
    projection.weight_origin = origin(written.weight->span);
    if (!projection.weight) return false;
  }
  const bool in_space = projection.rule.p_of || projection.weight_of;
  if (in_space && !same_space(written)) return false;
  if (written.gap) return gap(written, projection);
  if (written.delay && reads_distance(*written.delay)) {
    projection.delay_of = of_distance(*written.delay->args[0], written.name + ".delay");
    projection.delay_origin = origin(written.delay->span);
  } else if (written.delay) {
    projection.delay = delay(*written.delay);
    projection.delay_origin = origin(written.delay->span);
    if (!projection.delay) return false;
  }
  if (projection.delay_of && !in_space && !same_space(written)) return false;
  if (written.plasticity && !plasticity(written, projection)) return false;
  out_.run.projections.push_back(std::move(projection));
  return true;
}

}  // namespace eic::plan
