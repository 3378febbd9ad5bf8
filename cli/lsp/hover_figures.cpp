// Values, units and derived figures, as hovers print them.
#include <fmt/format.h>

#include <cmath>

#include "cli/lsp/features.h"
#include "compiler/figures/figures.h"
#include "compiler/sema/hints.h"

namespace eic::lsp {

namespace {

constexpr size_t k_most_lines = 8;
constexpr double k_gate_voltage = -65;  // mV

// "5e-5", as one writes it.
std::string number(double value, int digits = 6) {
  std::string text = fmt::format("{:.{}g}", value, digits);
  size_t zero = text.find("e-0");
  if (zero == std::string::npos) zero = text.find("e+0");
  if (zero != std::string::npos) text.erase(zero + 2, 1);
  return text;
}
std::string in(double internal, const units::Unit& unit) {
  return fmt::format("{} {}", number(units::from_internal(internal, unit)), unit.text);
}
// Of what follows from values, and has no digits of its own.
std::string figure(double internal, const char* unit) {
  return fmt::format("{} {}", number(units::from_internal(internal, *units::parse_unit(unit)), 4), unit);
}

std::string plain(double internal, const units::Unit& unit) { return unit.text == "1" ? number(internal) : in(internal, unit); }

// "S/m^2" for "mS/cm^2": each word without its prefix.
std::string without_prefixes(const std::string& unit) {
  std::string out;
  for (size_t at = 0; at <= unit.size();) {
    size_t end = std::min(unit.find('/', at), unit.size());
    std::string part = unit.substr(at, end - at);
    std::string word = part.substr(0, part.find('^')), rest = part.substr(word.size());
    auto whole = units::find_word(word), bare = word.size() > 1 ? units::find_word(word.substr(1)) : std::nullopt;
    if (whole && bare && whole->dimension == bare->dimension && bare->text != "g") word = bare->text;
    out += (out.empty() ? "" : "/") + word + rest;
    at = end + 1;
  }
  return out;
}

const sema::Param* find(const sema::Model& model, const std::string& path) {
  for (const sema::Param& param : model.params)
    if (param.path == path) return &param;
  return nullptr;
}

sema::Names names_of(const sema::Model& model) {
  sema::Names names;
  for (const sema::Param& param : model.params) names.params.push_back(param.path);
  return names;
}

std::string join(const std::vector<std::string>& lines) {
  std::string out;
  for (size_t i = 0; i < lines.size() && i < k_most_lines; i++) out += (i ? "  \n" : "") + lines[i];
  if (lines.size() > k_most_lines) out += fmt::format("  \n… and {} more", lines.size() - k_most_lines);
  return out;
}

}  // namespace

std::string describe_unit(const std::string& text) {
  auto unit = units::parse_unit(text);
  if (!unit) return "";
  std::string name = units::describe(unit->dimension);
  return name.starts_with("in ") ? fmt::format("`{}`", text) : text == "1" ? name : fmt::format("{} (`{}`)", name, text);
}

std::string describe_literal(const std::string& digits, const std::string& text) {
  if (text.empty()) return fmt::format("`{}`: a plain number", digits);
  auto unit = units::parse_unit(text);
  auto value = unit ? units::to_internal(digits, *unit) : std::nullopt;
  if (!value) return "";
  std::string out = fmt::format("`{} {}`: {}", digits, text, units::describe(unit->dimension));
  std::string usual = units::usual_unit(unit->dimension);
  auto bare = units::parse_unit(without_prefixes(usual)), common = units::parse_unit(usual);
  std::string equal;
  for (const auto& other : {common, bare})
    if (other && other->text != text && equal.find("`" + other->text) == std::string::npos) {
      std::string one = fmt::format(" = `{}`", in(*value, *other));
      if (equal != one) equal += one;
    }
  return out + equal;
}

std::string describe_parameters(const Front& front, const std::vector<std::string>& paths) {
  if (!front.model) return "";
  const sema::Model& model = *front.model;
  plan::Values values(model, {});
  std::vector<std::string> lines;
  sema::Names names = names_of(model);
  for (const std::string& path : paths) {
    const sema::Param* param = find(model, path);
    if (!param || !param->value) continue;
    auto unit = units::parse_unit(sema::shown_unit(*param));
    if (!unit || unit->dimension != param->dimension || unit->celsius) unit = param->unit;
    auto index = static_cast<uint32_t>(param - model.params.data());
    std::string line = fmt::format("`{}` = {}", path, plain(values.param(index), *unit));
    if (param->value->op != sema::ExprOp::Number) line += fmt::format(", from `{}`", sema::print(*param->value, names));
    if (param->low && param->high)
      line += fmt::format(", in {} … {}", plain(values.number(*param->low), *unit), plain(values.number(*param->high), *unit));
    lines.push_back(std::move(line));
  }
  return join(lines);
}

std::string describe_cell(const Front& front, const std::string& name) {
  if (!front.model) return "";
  for (const sema::Cell& cell : front.model->cells) {
    if (cell.name != name) continue;
    plan::Values values(*front.model, {});
    figures::Subject subject{*front.model, cell, values};
    figures::Membrane membrane = figures::membrane(subject);
    std::vector<std::string> lines;
    auto line = [&](const char* what, const std::optional<double>& value, const char* unit, const char* note) {
      if (value && std::isfinite(*value)) lines.push_back(fmt::format("{} = {}{}", what, figure(*value, unit), note));
    };
    line("area", membrane.area, "um^2", "");
    line("C", membrane.capacitance, "pF", "");
    line("R_in", membrane.resistance, "MOhm", ", of the leaks");
    line("τ_m", membrane.time_constant, "ms", "");
    figures::Dynamics dynamics(subject);
    if (const figures::FixedPoint* rest = dynamics.rest()) lines.push_back(fmt::format("rests at {}", figure(rest->v(), "mV")));
    else if (dynamics.can_rest() == std::optional(false)) lines.emplace_back("has no resting state");
    return join(lines);
  }
  return "";
}

std::string describe_gates(const Front& front, source::Span declaration) {
  if (!front.model) return "";
  std::vector<std::string> lines;
  for (const sema::Cell& cell : front.model->cells) {
    bool any = false;
    for (const sema::State& state : cell.states) any |= state.role == sema::StateRole::Gate && state.span == declaration;
    if (!any) continue;
    plan::Values values(*front.model, {});
    figures::Dynamics dynamics({*front.model, cell, values});
    const double voltages[] = {k_gate_voltage};
    for (const figures::GateCurve& curve : dynamics.gate_curves(voltages)) {
      const sema::State& state = cell.states[curve.state];
      if (!(state.span == declaration) || curve.inf.empty() || !std::isfinite(curve.inf[0])) continue;
      lines.push_back(fmt::format("`{}.{}` at {:g} mV: inf = {}, tau = {}", cell.name, state.path, k_gate_voltage,
                                  number(curve.inf[0], 4), figure(curve.tau[0], "ms")));
    }
  }
  return join(lines);
}

}  // namespace eic::lsp
