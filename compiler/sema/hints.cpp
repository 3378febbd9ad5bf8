#include "compiler/sema/hints.h"

#include <fmt/format.h>

namespace eic::sema {

std::string described(const Dimension& dimension, const std::string& unit) {
  std::string name = units::describe(dimension);
  return name.starts_with("in ") ? "`" + unit + "`" : name + " (`" + unit + "`)";
}

std::string shown_unit(const Param& param) {
  if (!param.value || param.value->unit.empty() || param.value->dimension != param.dimension) return param.unit.text;
  return param.value->unit;
}

static void add_notes(diagnostics::Emitter& emitter, size_t from, Span at, const std::string& text, bool all) {
  using diagnostics::Kind;
  for (size_t i = from; i < emitter.all().size(); i++) {
    diagnostics::Diagnostic& diagnostic = emitter.revise(i);
    bool unit = diagnostic.kind == Kind::UnitWrongDimension || diagnostic.kind == Kind::UnitBareNumber;
    if (!(diagnostic.span == at) && (all || unit)) diagnostic.note(at, text);
  }
}

void note_since(diagnostics::Emitter& emitter, size_t from, Span at, const std::string& text) {
  add_notes(emitter, from, at, text, true);
}

void note_unit_since(diagnostics::Emitter& emitter, size_t from, Span at, const std::string& text) {
  add_notes(emitter, from, at, text, false);
}

std::string as_written(const source::SourceSet& sources, Span span) {
  return std::string(sources.get(span.file).text().substr(span.begin, span.end - span.begin));
}

static std::string other_case(const std::string& unit, const Dimension& wanted) {
  std::string found;
  for (size_t i = 0; i < unit.size(); i++) {
    if (!std::isalpha(static_cast<unsigned char>(unit[i]))) continue;
    std::string other = unit;
    other[i] = static_cast<char>(other[i] ^ ('a' ^ 'A'));
    auto parsed = units::parse_unit(other);
    if (!parsed || parsed->dimension != wanted) continue;
    if (!found.empty()) return "";
    found = other;
  }
  return found;
}

bool offer_other_case(diagnostics::Diagnostic& diagnostic, const Expr& expr, const Dimension& wanted, const Model& model,
                      const source::SourceSet& sources) {
  const Expr* literal = expr.op == ExprOp::Number ? &expr : nullptr;
  Dimension meant = wanted;
  if (!literal) {
    for (uint32_t i = 0; i < model.params.size(); i++) {
      const ExprPtr& value = model.params[i].value;
      if (!value || value->op != ExprOp::Number || value->unit.empty() || !contains(expr, ExprOp::Param, i)) continue;
      Dimension lacks = value->dimension * wanted / expr.dimension;
      if (other_case(value->unit, lacks).empty()) continue;
      if (literal) return false;
      literal = value.get();
      meant = lacks;
    }
  }
  if (!literal || !as_written(sources, literal->span).ends_with(literal->unit)) return false;
  std::string unit = other_case(literal->unit, meant);
  if (unit.empty()) return false;
  Span at = literal->span;
  at.begin = at.end - static_cast<uint32_t>(literal->unit.size());
  diagnostic.fix(at, unit, fmt::format("did you mean `{}`?", unit));
  return true;
}

std::string where_it_belongs(const ast::Item& item) {
  return std::visit(
      [](const auto& node) -> std::string {
        using T = std::decay_t<decltype(node)>;
        if constexpr (std::is_same_v<T, ast::Gate>) return "a gate stands in a `channel`";
        else if constexpr (std::is_same_v<T, ast::Kinetic>) return "a kinetic scheme stands in a `channel` or `synapse`";
        else if constexpr (std::is_same_v<T, ast::Conductance> || std::is_same_v<T, ast::Current>)
          return "it stands in a `channel` or `synapse`, which a cell then uses: `channel L : Leak { … }`";
        else if constexpr (std::is_same_v<T, ast::OnEvent>) return "events reach a `synapse`";
        else if constexpr (std::is_same_v<T, ast::Spike> || std::is_same_v<T, ast::Reset>) return "it stands in a `cell`";
        else if constexpr (std::is_same_v<T, ast::Ion>) return "an ion is set in a `cell`";
        else if constexpr (std::is_same_v<T, ast::Population> || std::is_same_v<T, ast::Projection>)
          return "it stands in a `network`";
        else if constexpr (std::is_same_v<T, ast::Stimulus>) return "it stands in a `network`, a `simulate` or a `test`";
        else if constexpr (std::is_same_v<T, ast::Record>)
          return "it stands in a `simulate`: `simulate run of Net { record spikes of N }`";
        else if constexpr (std::is_same_v<T, ast::Expect>) return "it stands in a `test`";
        else if constexpr (std::is_same_v<T, ast::Init>)
          return "starting values stand in a cell, a population, a simulation or a test: `init INa.m = 0.05`";
        else if constexpr (std::is_same_v<T, ast::Mechanism>)
          return "declare it outside; a cell uses it by a name of its own and its type: `channel L : Leak { … }`";
        else if constexpr (std::is_same_v<T, ast::Instance>) return "mechanisms are used in a `cell`";
        else if constexpr (std::is_same_v<T, ast::Cell> || std::is_same_v<T, ast::Network> || std::is_same_v<T, ast::Simulate> ||
                           std::is_same_v<T, ast::Test> || std::is_same_v<T, ast::Use> || std::is_same_v<T, ast::Sweep>)
          return "it stands at the top of a file";
        else if constexpr (std::is_same_v<T, ast::Equation> || std::is_same_v<T, ast::State>)
          return "it stands in a `cell`, `channel` or `synapse`";
        else return "";
      },
      item.node);
}

}  // namespace eic::sema
