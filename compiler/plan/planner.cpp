#include "compiler/plan/planner.h"

#include <fmt/format.h>

#include <cmath>

#include "compiler/sema/ranges.h"

namespace eic::plan {

namespace {
const units::Unit& ms() {
  static const units::Unit unit = *units::parse_unit("ms");
  return unit;
}

// One internal unit of time is a millisecond.
double in_ms(const units::Decimal& time) {
  return units::to_internal(fmt::format("{}e{}", static_cast<long long>(time.mantissa), time.exponent), *units::parse_unit("s"))
      .value_or(0);
}
}  // namespace

std::string Planner::milliseconds(const units::Decimal& time) const { return units::print(in_ms(time), ms().dimension, &ms()); }

std::optional<uint64_t> Planner::whole_steps(const sema::Expr& time, const char* what) {
  units::Decimal exact = values_.time(time);
  if (auto steps = units::whole_ratio(exact, dt_); steps && *steps >= 0) return static_cast<uint64_t>(*steps);
  double ratio = in_ms(exact) / in_ms(dt_);
  if (ratio < 0) {
    error(Kind::TimeNotPositive, time.span, fmt::format("{} is negative: {}", what, milliseconds(exact)));
    return std::nullopt;
  }
  constexpr double k_most_steps = 4611686018427387904.0;  // 2^62
  if (!(ratio < k_most_steps)) {
    error(Kind::LimitSize, time.span,
          fmt::format("{} of {} is too many steps of dt = {}", what, milliseconds(exact), milliseconds(dt_)));
    return std::nullopt;
  }
  auto shown = [&](double steps) { return fmt::format("{:.12g} ms", steps * in_ms(dt_)); };
  error(Kind::TimeNotWhole, time.span,
        fmt::format("{} of {} is not a whole number of dt = {}", what, milliseconds(exact), milliseconds(dt_)))
      .help(fmt::format("the nearest are {} and {}", shown(std::floor(ratio)), shown(std::ceil(ratio))));
  return std::nullopt;
}

std::optional<uint64_t> Planner::whole(const sema::Expr& expr, const char* what) {
  constexpr double k_largest = 9007199254740992.0;  // beyond, a double holds no odd numbers
  double value = values_.number(expr);
  double nearest = std::round(value);  // 0.07*100 is meant to be 7
  if (std::fabs(value - nearest) <= 1e-12 * std::fabs(nearest)) value = nearest;
  if (value < 0) {
    error(Kind::SizeNegative, expr.span, fmt::format("{} is negative: {}", what, value));
    return std::nullopt;
  }
  if (!(value <= k_largest) || value != std::floor(value)) {
    bool large = value > k_largest && value == std::floor(value);
    error(Kind::SizeNotWhole, expr.span,
          fmt::format("{} is {}: {}", what, large ? "too large to be counted" : "not a whole number", value));
    return std::nullopt;
  }
  return static_cast<uint64_t>(value);
}

bool Planner::settings() {
  Run& run = out_.run;
  run.model = model_.name;
  run.simulation = simulation_.name;
  run.single = choices_.single.value_or(simulation_.single);
  dt_ = choices_.dt ? *choices_.dt : values_.time(*simulation_.dt);
  run.dt = in_ms(dt_);
  run.currents_at = solvers::staggers(simulation_.method) ? 0.5 : 0;
  run.dt_text = fmt::format("{}", run.dt);
  if (!(run.dt > 0)) {
    error(Kind::TimeNotPositive, simulation_.dt->span, fmt::format("dt must be positive, this is {}", milliseconds(dt_)));
    return false;
  }
  if (!phase_spans()) return false;
  if (choices_.duration) {
    auto literal = std::make_shared<sema::Expr>(*simulation_.duration);
    literal->op = sema::ExprOp::Number;
    literal->exact = *choices_.duration;
    auto steps = whole_steps(*literal, "the duration");
    if (!steps) return false;
    run.steps = *steps;
  } else {
    auto steps = whole_steps(*simulation_.duration, "the duration");
    if (!steps) return false;
    run.steps = *steps;
  }
  if (!phases_fit()) return false;
  constexpr uint64_t k_most_steps = uint64_t(1) << 40;
  if (run.steps > k_most_steps) {
    error(Kind::LimitSize, simulation_.duration->span, fmt::format("{} steps are more than {}", run.steps, k_most_steps));
    return false;
  }
  if (choices_.seed) run.seed = *choices_.seed;
  else if (simulation_.seed) {
    auto seed = whole(*simulation_.seed, "the seed");
    if (!seed) return false;
    run.seed = *seed;
  }
  return true;
}

std::optional<Planned> Planner::run() {
  size_t errors = emitter_.error_count();
  if (!settings()) return std::nullopt;
  check_ranges(model_, values_, emitter_);
  for (const sema::Phase& phase : simulation_.phases) built_without(phase);
  if (emitter_.error_count() > errors) return std::nullopt;
  population_values_.reserve(network_.populations.size());
  for (uint32_t i = 0; i < network_.populations.size(); i++) {
    population_values_.emplace_back(model_, layers(0, &network_.populations[i]));
    if (!network_.populations[i].params.empty()) {
      PerCell own = per_cell(i);  // the engine looks at these
      own.drawn.insert(own.drawn.end(), own.following.begin(), own.following.end());
      check_ranges(model_, population_values_[i], emitter_, own.drawn);
    }
    if (!population(i)) break;  // those behind it are found by their index
  }
  if (emitter_.error_count() > errors) return std::nullopt;
  for (const sema::Projection& written : network_.projections) projection(written);
  for (const sema::Stimulus& written : network_.stimuli) stimulus(written, values_, {});
  for (const sema::Stimulus& written : simulation_.stimuli) stimulus(written, values_, {});
  if (recordings() && phase_changes()) one_clamp_a_cell();
  if (emitter_.error_count() > errors) return std::nullopt;
  return std::move(out_);
}

void check_ranges(const sema::Model& model, Values& values, diagnostics::Emitter& emitter, const std::vector<uint32_t>& but) {
  for (uint32_t i = 0; i < model.params.size(); i++) {
    if (std::find(but.begin(), but.end(), i) != but.end()) continue;
    const sema::Param& param = model.params[i];
    double low = param.low ? values.number(*param.low) : -HUGE_VAL, high = param.high ? values.number(*param.high) : HUGE_VAL;
    sema::check_range(param, values.param(i), values.source(i), low, high, emitter);
  }
}

std::optional<Planned> plan(const sema::Model& model, const sema::Simulation& simulation, const Choices& choices,
                            const passes::Watch& watch, diagnostics::Emitter& emitter) {
  // Errors are counted apart: what an earlier plan of the model emitted at the same place is an error of this one, too.
  diagnostics::Emitter own;
  auto planned = Planner(model, simulation, choices, watch, own).run();
  for (const diagnostics::Diagnostic& found : own.all()) emitter.emit(found.kind, found.span, found.message) = found;
  return planned;
}

}  // namespace eic::plan
