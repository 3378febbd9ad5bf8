#include "compiler/diagnostics/diagnostic.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "runtime/contract/check.h"

namespace eic::diagnostics {

static constexpr std::array k_kinds = {
#define EIC_DIAG(name, code, severity, exit, title) KindInfo{#name, code, Severity::severity, exit, title},
#include "compiler/diagnostics/kinds.def"
#undef EIC_DIAG
};

const KindInfo& info(Kind kind) { return k_kinds[static_cast<size_t>(kind)]; }
size_t kind_count() { return k_kinds.size(); }

bool Diagnostic::suggest(Span at, std::string_view misspelt, const std::vector<std::string>& candidates) {
  auto near = did_you_mean(misspelt, candidates);
  if (near) fix(at, *near, "did you mean `" + *near + "`?");
  return near.has_value();
}

Diagnostic& Emitter::emit(Kind kind, Span span, std::string message) {
  auto same = [&](const Diagnostic& known) { return known.kind == kind && known.span == span; };
  if (full() || std::any_of(all_.begin(), all_.end(), same))
    return repeated_ = Diagnostic{kind, span, std::move(message), {}, {}, {}, {}};
  if (info(kind).severity == Severity::Error) errors_++;
  return all_.emplace_back(Diagnostic{kind, span, std::move(message), {}, {}, {}, {}});
}

void Emitter::forget(size_t from) {
  for (; all_.size() > from; all_.pop_back()) errors_ -= info(all_.back().kind).severity == Severity::Error ? 1 : 0;
}

int Emitter::exit_status() const {
  for (const Diagnostic& diagnostic : all_)
    if (info(diagnostic.kind).severity == Severity::Error) return info(diagnostic.kind).exit_status;
  return 0;
}

// Damerau-Levenshtein (adjacent swaps count one), case folded at no cost.
static size_t edit_distance(std::string_view a, std::string_view b) {
  auto same = [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  };
  std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); i++) d[i][0] = i;
  for (size_t j = 0; j <= b.size(); j++) d[0][j] = j;
  for (size_t i = 1; i <= a.size(); i++)
    for (size_t j = 1; j <= b.size(); j++) {
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (same(a[i - 1], b[j - 1]) ? 0 : 1)});
      if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

// What another simulator calls one of the candidates.
static std::optional<std::string> known_elsewhere(std::string_view name, const std::vector<std::string>& candidates) {
  static constexpr std::pair<std::string_view, std::string_view> k_words[] = {
#define EIC_ELSEWHERE(theirs, ours) {theirs, ours},
#include "compiler/diagnostics/elsewhere.def"
#undef EIC_ELSEWHERE
  };
  for (auto [theirs, ours] : k_words)
    if (theirs.size() == name.size() && edit_distance(theirs, name) == 0 && std::ranges::count(candidates, ours) > 0)
      return std::string(ours);
  return std::nullopt;
}

std::optional<std::string> did_you_mean(std::string_view name, const std::vector<std::string>& candidates) {
  if (name.empty()) return std::nullopt;
  size_t best = std::max<size_t>(1, name.size() / 3) + 1;
  std::optional<std::string> nearest;
  for (const std::string& candidate : candidates) {
    if (std::max(candidate.size(), name.size()) - std::min(candidate.size(), name.size()) >= best || candidate == name) continue;
    size_t distance = edit_distance(name, candidate);
    // one of two letters is half the name: the first has to be right
    bool near = name.size() > 2 || distance == 0 || std::tolower(name[0]) == std::tolower(candidate[0]);
    if (near && distance < best && distance < std::max(name.size(), candidate.size())) {
      best = distance;
      nearest = candidate;
    }
  }
  if (nearest && best == 0) return nearest;
  if (auto known = known_elsewhere(name, candidates)) return known;
  if (nearest) return nearest;
  // `m` for `INa.m`, where there is no other `m`
  std::string behind = "." + std::string(name);
  for (const std::string& candidate : candidates) {
    if (!candidate.ends_with(behind) || candidate == nearest) continue;
    if (nearest) return std::nullopt;
    nearest = candidate;
  }
  return nearest;
}

}  // namespace eic::diagnostics
