// What an `expect` is compared with: a number, a range, a file, and the tolerance.
#include <fmt/format.h>

#include "compiler/sema/check_expect.h"
#include "compiler/sema/hints.h"

namespace eic::sema {

using Within = Expect::Within;

ExprPtr Checker::Expectation::value(const ast::Expr& written) {
  return checker_.check_constant_as(written, &scope_, dimension_, unit_, fmt::format("what `{}` is compared with", form_->name));
}

bool Checker::Expectation::against(const ast::Expect& written) {
  const ast::Expr& against = *written.against;
  bool is_file = written.comparator == "~" && against.kind == ast::ExprKind::Call && against.path[0].text == "csv";
  if (is_file && !form_->file) {
    error(Kind::RuleArgument, against.span, fmt::format("`{}` is one number, not a file", form_->name))
        .help(fmt::format("write `{}(…) in a .. b`", form_->name));
    return false;
  }
  if (!is_file && !form_->compares) {
    error(Kind::RuleArgument, against.span, fmt::format("`{}` is compared with a file", form_->name))
        .help(fmt::format("write `~ csv(\"{}.csv\") within abs 0.01 {}`", form_->name, unit_));
    return false;
  }
  bool curve = form_->measure == Measure::Curve;
  if (curve && is_file && at_) {
    error(Kind::RuleArgument, at_->span, "a curve at one point is compared with a number, not with a file")
        .help("leave out `at`: the file says where");
    return false;
  }
  if (curve && !is_file && !at_) {
    bool fi = expect_.variable == "rate";
    error(Kind::RuleArgument, against.span, "a whole curve is compared with a file, or else at one point")
        .help(fmt::format("write `curve({}, at = {}) …`", name_, fi ? "0.5 nA" : "-40 mV"));
    return false;
  }
  return (is_file ? file(against) : numbers(written)) && tolerance(written);
}

bool Checker::Expectation::file(const ast::Expr& against) {
  Place place;
  place.scope = &scope_;
  units::Unit shown = units::parse_unit(unit_).value_or(units::usual(dimension_));
  bool times = form_->takes == Takes::Spikes;
  if (form_->measure == Measure::Spikes && against.args.size() > 1) {
    error(Kind::CallArguments, against.args[1]->span, "`spikes` reads the columns `time_ms` and `index`, no other");
    return false;
  }
  auto spread = times ? checker_.check_spread(against, place, dims::time, *units::parse_unit("ms"), "time", "a spike time")
                      : checker_.check_spread(against, place, dimension_, shown, name_,
                                              form_->measure == Measure::Curve ? "a curve" : "a trace");
  if (!spread) return false;
  expect_.comparison = Comparison::File;
  expect_.file = spread->file;
  expect_.shown = spread->shown;
  expect_.column = spread->column;
  return true;
}

bool Checker::Expectation::numbers(const ast::Expect& written) {
  const ast::Expr& against = *written.against;
  const std::string& op = written.comparator;
  if (op == "~" || op == "in") {
    bool about = op == "~";
    if (against.kind != (about ? ast::ExprKind::PlusMinus : ast::ExprKind::Range)) {
      if (about)
        error(Kind::RuleArgument, against.span, form_->file ? "`~` needs a half-width or a file" : "`~` needs a half-width")
            .help(fmt::format("write `~ a +- b`, both in `{}`", unit_));
      else error(Kind::RuleArgument, against.span, "`in` needs a range").help("write `in a .. b`");
      return false;
    }
    expect_.comparison = about ? Comparison::About : Comparison::In;
    expect_.low = value(*against.args[0]);
    expect_.high = value(*against.args[1]);
  } else if (op == "==" || op == "!=") {
    Diagnostic& diagnostic =
        error(Kind::RuleArgument, written.comparator_span, fmt::format("an `expect` does not compare with `{}`", op));
    const ast::Expr* literal = against.kind == ast::ExprKind::Unary && against.text == "-" ? against.args[0].get() : &against;
    if (op == "==" && literal->kind == ast::ExprKind::Number) {
      std::string value = as_written(checker_.sources_, against.span), unit = literal->has_unit ? " " + literal->unit.text : "";
      for (std::string whole : {fmt::format("~ {} +- 0{}", value, unit), fmt::format("in {0} .. {0}", value)})
        diagnostic.fix(source::join(written.comparator_span, against.span), whole, fmt::format("write `{}`", whole));
    } else {
      diagnostic.help("write `in a .. b`, or `~ a +- b` with a half-width");
    }
    return false;
  } else {
    expect_.comparison = op == "<"    ? Comparison::Less
                         : op == "<=" ? Comparison::LessEqual
                         : op == ">"  ? Comparison::Greater
                                      : Comparison::GreaterEqual;
    expect_.low = expect_.high = value(against);
  }
  return expect_.low && expect_.high;
}

bool Checker::Expectation::tolerance(const ast::Expect& written) {
  bool is_file = expect_.comparison == Comparison::File;
  if (written.within.empty()) {
    if (!is_file || form_->measure == Measure::Spikes) return true;  // spikes: the set itself
    error(Kind::ItemMissing, written.against->span, "a comparison with a file needs a tolerance")
        .help(fmt::format("add `within abs 0.01{}`", unit_ == "1" ? "" : " " + unit_));
    return false;
  }
  if (!is_file) {
    error(Kind::RuleArgument, written.tolerance->span, "`within` belongs to a comparison with a file")
        .help(fmt::format("a number is compared with `~ a +- b`, both in `{}`", unit_));
    return false;
  }
  static constexpr std::pair<const char*, Within> k_words[] = {
      {"abs", Within::Abs}, {"rel", Within::Rel}, {"rmse", Within::Rmse}, {"max", Within::Max}};
  std::string all;
  for (const auto& [word, within] : k_words) {
    if (word == written.within) expect_.within = within;
    if (form_->within.find(std::string(" ") + word + " ") != form_->within.npos)
      all += (all.empty() ? "`" : ", `") + std::string(word) + "`";
  }
  if (expect_.within == Within::None) {
    error(Kind::NameUnknown, written.tolerance->span, fmt::format("there is no tolerance `within {}`", written.within))
        .help("it is `abs`, `rel`, `rmse` or `max`, such as `within abs 0.01 ms`");
    return false;
  }
  if (form_->within.find(" " + written.within + " ") == form_->within.npos) {
    error(Kind::RuleArgument, written.tolerance->span,
          fmt::format("`{}` is not a tolerance of `{}`", written.within, form_->name))
        .help("there is " + all);
    return false;
  }
  bool relative = expect_.within == Within::Rel;
  expect_.tolerance = checker_.check_constant_as(*written.tolerance, &scope_, relative ? Dimension{} : dimension_,
                                                 relative ? "1" : unit_, "this tolerance");
  return expect_.tolerance != nullptr;
}

}  // namespace eic::sema
