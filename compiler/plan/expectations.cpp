#include "compiler/plan/expectations.h"

#include <fmt/format.h>

#include <cmath>

#include "compiler/plan/plan.h"

namespace eic::plan {

namespace {

using diagnostics::Diagnostic;
using diagnostics::Kind;
using sema::Comparison;
using sema::Expect;
using sema::Measure;
using Within = sema::Expect::Within;

constexpr uint64_t k_most_seeds = 1'000'000;
constexpr double k_any_value = 100;  // a tolerance of so many times the value lets everything pass

// Where a measure can lie at all, in internal units, and why.
struct Interval {
  double low = -HUGE_VAL, high = HUGE_VAL;
  std::string why;
  bool measured = true;  // false: it fails where it cannot be measured (no spike, no cell)
};

class Checks {
 public:
  Checks(const sema::Model& model, const sema::Test& test, Values& values, diagnostics::Emitter& emitter)
      : model_(model), test_(test), values_(values), emitter_(emitter) {}

  void run() {
    for (const Expect& expect : test_.expects) {
      if (expect.comparison == Comparison::File) file(expect);
      else if (sensible(expect)) always(expect);
    }
    if (test_.seeds && test_.passes) seeds();
  }

 private:
  std::string shown(double value, const sema::Expr& as) const {
    auto unit = units::parse_unit(sema::unit_of(as));
    return units::print(value, as.dimension, unit ? &*unit : nullptr);
  }

  // A range has its ends in order, a half-width is not negative.
  bool sensible(const Expect& expect) {
    double low = values_.number(*expect.low), high = values_.number(*expect.high);
    if (expect.comparison == Comparison::In && low > high) {
      emitter_.emit(Kind::RangeReversed, source::join(expect.low->span, expect.high->span),
                    fmt::format("this range is empty: {} .. {}", shown(low, *expect.low), shown(high, *expect.high)));
      return false;
    }
    if (expect.comparison == Comparison::About && high < 0) {
      emitter_.emit(Kind::ParameterValue, expect.high->span,
                    fmt::format("a half-width is not negative, this is {}", shown(high, *expect.high)));
      return false;
    }
    return true;
  }

  // Steps of the run that the window holds.
  double steps(const Expect& expect) {
    if (!test_.run.dt || !test_.run.duration) return 0;
    double end = values_.number(*test_.run.duration), begin = 0;
    if (expect.to) end = std::min(end, values_.number(*expect.to));
    if (expect.from) begin = values_.number(*expect.from);
    return std::max(0.0, std::round((end - begin) / values_.number(*test_.run.dt)));
  }

  double cells(const sema::Target& of) {
    const sema::Population& population = model_.networks[test_.run.network].populations[of.population];
    if (!of.view) return values_.number(*population.size);
    const sema::View& view = population.views[*of.view];
    return values_.number(*view.end) - values_.number(*view.begin);
  }

  Interval interval(const Expect& expect) {
    auto rate_limit = [&](const char* what) {
      Interval found{0, 1 / values_.number(*test_.run.dt), "", true};
      static const units::Unit hz = *units::parse_unit("Hz");
      found.why = fmt::format("{} is between 0 and one spike a dt, {}", what, units::print(found.high, hz.dimension, &hz));
      return found;
    };
    switch (expect.measure) {
      case Measure::Count: {
        double most = cells(expect.of) * steps(expect);
        return {0, most, fmt::format("a count is between 0 and one spike a cell and step, {}", most), true};
      }
      case Measure::Rate: {
        Interval found = rate_limit("a rate");
        found.measured = cells(expect.of) > 0;
        return found;
      }
      case Measure::CvIsi: return {0, HUGE_VAL, "a coefficient of variation is never negative", false};
      case Measure::Silent: return {0, 1, "a share is between 0 and 1", cells(expect.of) > 0};
      case Measure::Synchrony: return {0, 1, "synchrony is between 0 and 1", false};
      case Measure::Frequency: return {0, 0.5, "a frequency is between 0 and 500 Hz: its bins are of 1 ms", false};
      case Measure::Curve:
        if (expect.variable == "rate") return rate_limit("a rate");
        return {};  // nothing keeps the formula of an inf or tau within its bounds: that is what such a test is for
      default: return {};
    }
  }

  void always(const Expect& expect) {
    Interval can = interval(expect);
    double low = values_.number(*expect.low), high = values_.number(*expect.high);
    bool holds = false;
    switch (expect.comparison) {
      case Comparison::Less: holds = can.high < low; break;
      case Comparison::LessEqual: holds = can.high <= low; break;
      case Comparison::Greater: holds = can.low > low; break;
      case Comparison::GreaterEqual: holds = can.low >= low; break;
      case Comparison::In: holds = can.low >= low && can.high <= high; break;
      case Comparison::About: holds = can.low >= low - high && can.high <= low + high; break;
      case Comparison::File: break;
    }
    if (holds) tell(expect, source::join(expect.low->span, expect.high->span), can);
  }

  void tell(const Expect& expect, source::Span span, const Interval& can) {
    Diagnostic& diagnostic = emitter_.emit(
        Kind::ExpectAlways, span,
        can.measured ? "this expectation cannot fail" : "this expectation fails only where nothing can be measured");
    diagnostic.note(can.why);
    if (expect.comparison != Comparison::File) diagnostic.help("narrow it to what the model should do");
  }

  void file(const Expect& expect) {
    if (!expect.tolerance) return;
    double tolerance = values_.number(*expect.tolerance);
    if (!(tolerance >= 0)) {
      emitter_.emit(Kind::ParameterValue, expect.tolerance->span,
                    fmt::format("a tolerance is not negative, this is {}", shown(tolerance, *expect.tolerance)));
      return;
    }
    if (expect.within == Within::Rel && tolerance >= k_any_value)
      tell(expect, expect.tolerance->span,
           {0, 0, fmt::format("{} times the file's value lets every value pass", tolerance), true});
  }

  std::optional<double> whole(const sema::Expr& written, const char* what, double least) {
    double value = values_.number(written);
    if (value >= least && value == std::floor(value) && value <= k_most_seeds) return value;
    Kind kind = value != std::floor(value) ? Kind::SizeNotWhole : value < 0 ? Kind::SizeNegative : Kind::RuleArgument;
    emitter_.emit(kind, written.span,
                  value > k_most_seeds ? fmt::format("{} is more than {}: {}", what, k_most_seeds, value)
                                       : fmt::format("{} is a whole number, {} at least: this is {}", what, least, value));
    return std::nullopt;
  }

  void seeds() {
    auto passes = whole(*test_.passes, "the number of seeds that must pass", 0),
         of = whole(*test_.seeds, "the number of seeds", 1);
    if (!passes || !of) return;
    if (*passes > *of)
      emitter_.emit(Kind::RuleArgument, test_.passes->span, fmt::format("{} of {} seeds cannot pass", *passes, *of));
    if (*passes == 0)
      emitter_.emit(Kind::ExpectAlways, test_.passes->span, "a test that needs no seed to pass cannot fail")
          .help(fmt::format("write `pass in {} of {} seeds`", *of, *of));
  }

  const sema::Model& model_;
  const sema::Test& test_;
  Values& values_;
  diagnostics::Emitter& emitter_;
};

}  // namespace

void check_expectations(const sema::Model& model, const sema::Test& test, Values& values, diagnostics::Emitter& emitter) {
  check_ranges(model, values, emitter);  // also where there is no run to plan
  Checks(model, test, values, emitter).run();
}

Seeds seeds(const sema::Test& test, Values& values) {
  if (!test.seeds || !test.passes) return {};
  return {static_cast<uint64_t>(values.number(*test.passes)), static_cast<uint64_t>(values.number(*test.seeds))};
}

}  // namespace eic::plan
