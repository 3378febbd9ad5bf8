#include "compiler/lint/literal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

namespace eic::lint {

using sema::ExprOp;

namespace {

bool in_library(const Input& input, Span span) {
  for (size_t i = 1; i < input.program.modules.size(); i++) {
    const source::Source& source = *input.program.modules[i].source;
    if (source.id() == span.file) return source.path().empty();
  }
  return false;
}

// "-65 mV" → digits and unit.
void read_literal(const Input& input, Written& out) {
  std::string_view text = input.sources.get(out.span.file).text().substr(out.span.begin, out.span.end - out.span.begin);
  size_t at = !text.empty() && text[0] == '-' ? 1 : 0;
  auto digit = [&](size_t i) { return i < text.size() && std::isdigit(static_cast<unsigned char>(text[i])); };
  size_t begin = at;
  while (digit(at) || (at < text.size() && text[at] == '.')) at++;
  if (at == begin) return;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    size_t sign = at + 1 < text.size() && (text[at + 1] == '-' || text[at + 1] == '+') ? 2 : 1;
    if (digit(at + sign))
      for (at += sign; digit(at);) at++;
  }
  std::string_view unit = text.substr(at);
  unit.remove_prefix(std::min(unit.find_first_not_of(" \t"), unit.size()));
  auto known = unit.empty() ? std::optional(units::dimensionless()) : units::parse_unit(unit);
  if (!known || known->celsius) return;
  out.literal = true;
  out.digits = text.substr(0, at);
  out.unit = *known;
}

const sema::Expr& followed(plan::Values& values, const sema::Expr& expr) {
  const sema::Expr* at = &expr;
  while (at->op == ExprOp::Param || at->op == ExprOp::Let)
    at = at->op == ExprOp::Param ? &values.source(at->index) : at->args[0].get();
  return *at;
}

void collect(const sema::Expr& expr, std::initializer_list<units::Dimension> dimensions, std::set<const sema::Expr*>& seen,
             std::vector<const sema::Expr*>& found) {
  if (!seen.insert(&expr).second) return;
  bool leaf = expr.op == ExprOp::Number || expr.op == ExprOp::Param;
  if (leaf && std::find(dimensions.begin(), dimensions.end(), expr.dimension) != dimensions.end()) found.push_back(&expr);
  for (const sema::ExprPtr& arg : expr.args) collect(*arg, dimensions, seen, found);
}

// What reads back as this text does, in the shortest form that people write: "1000", "0.05", "5e-9".
std::string tidy(const std::string& text, double smallest = 1e-2) {
  double value = std::strtod(text.c_str(), nullptr), size = std::fabs(value);
  if (size == 0 || (size >= smallest && size < 1e6) || !std::isfinite(value)) return fmt::format("{}", value);
  std::string shortest;
  for (int digits = 0; digits < 17; digits++)
    if (shortest = fmt::format("{:.{}e}", value, digits); std::strtod(shortest.c_str(), nullptr) == value) break;
  size_t e = shortest.find('e');  // "5e-09"
  size_t power = shortest.find_first_not_of("+-0", e + 1);
  return shortest.substr(0, e + 1) + (shortest[e + 1] == '-' ? "-" : "") + shortest.substr(power);
}

// Rounded to few digits, but to the side of the band's edge on which the value is.
std::string rounded(double value, const Band& band) {
  for (int digits = 3; digits < 15; digits++) {
    std::string text = fmt::format("{:.{}g}", value, digits);
    double shown = std::strtod(text.c_str(), nullptr);
    bool inside = shown >= band.low && shown <= band.high;
    if (inside == band.holds(value)) return tidy(text, 1e-3);
  }
  return tidy(fmt::format("{}", value), 1e-3);
}

}  // namespace

Written written(const Input& input, plan::Values& values, const sema::Expr& expr) {
  Written out;
  out.span = followed(values, expr).span;
  out.library = in_library(input, out.span);
  read_literal(input, out);
  return out;
}

std::optional<Written> written(const Input& input, plan::Values& values, const sema::Expr& expr,
                               std::initializer_list<units::Dimension> dimensions) {
  std::set<const sema::Expr*> seen;
  std::vector<const sema::Expr*> found;
  collect(expr, dimensions, seen, found);
  std::vector<Written> places;
  for (const sema::Expr* leaf : found) {
    Written place = written(input, values, *leaf);
    auto same = [&](const Written& other) { return other.span == place.span; };
    if (std::none_of(places.begin(), places.end(), same)) places.push_back(std::move(place));
  }
  return places.size() == 1 ? std::optional(places[0]) : std::nullopt;
}

std::string number(double value, int digits) { return tidy(fmt::format("{:.{}g}", value, digits)); }

std::string quantity(double value, const char* unit, const Band& band) {
  return fmt::format("{} {}", rounded(value, band), unit);
}

std::string engineering(double value, const char* unit, const Band& band) {
  static constexpr const char* k_prefixes[] = {"f", "p", "n", "u", "m", "", "k", "M", "G", "T", "P"};
  constexpr int k_none = 5, k_most = 10;
  if (value == 0 || !std::isfinite(value)) return fmt::format("{} {}", value, unit);
  int power = static_cast<int>(std::floor(std::log10(std::fabs(value)) / 3 + 1e-12));
  power = std::clamp(power, -k_none, k_most - k_none);
  double scale = std::pow(10.0, 3 * power);
  return fmt::format("{} {}{}", rounded(value / scale, {band.low / scale, band.high / scale}), k_prefixes[power + k_none], unit);
}

std::optional<Respelled> other_unit(const Written& literal, const char* unit) {
  auto other = units::parse_unit(unit);
  if (!literal.literal || !other || other->dimension != literal.unit.dimension || other->scale == literal.unit.scale)
    return std::nullopt;
  return Respelled{fmt::format("{} {}", literal.digits, unit), std::pow(10.0, other->scale - literal.unit.scale)};
}

std::optional<std::string> other_power(const Written& literal, const char* unit, const std::function<double(double)>& figure,
                                       double target, const std::function<bool(double)>& good) {
  constexpr int k_furthest = 15;
  auto spelled_in = units::parse_unit(unit);
  if (!literal.literal || !spelled_in || spelled_in->dimension != literal.unit.dimension) return std::nullopt;
  auto distance = [&](int power) { return std::fabs(std::log(figure(std::pow(10.0, power)) / target)); };
  int best = 0;
  for (int power = -k_furthest; power <= k_furthest; power++)
    if (distance(power) < distance(best)) best = power;
  if (best == 0 || !good(std::pow(10.0, best))) return std::nullopt;
  // by the decimal digits, so that 5 nS/cm^2 · 10^4 is 5e-5 S/cm^2 and not its neighbour
  size_t e = literal.digits.find_first_of("eE");
  int power =
      best + literal.unit.scale - spelled_in->scale + (e == std::string::npos ? 0 : std::atoi(literal.digits.c_str() + e + 1));
  return fmt::format("{} {}", tidy(fmt::format("{}e{}", literal.digits.substr(0, e), power)), unit);
}

}  // namespace eic::lint
