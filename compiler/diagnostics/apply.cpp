#include "compiler/diagnostics/apply.h"

#include <algorithm>

namespace eic::diagnostics {

namespace {

std::string without_carets(std::string text) {
  std::erase(text, '^');
  return text;
}

// `0 mV` is what `0` was meant to be in any unit of voltage; of temperatures, each scale has its own zero.
bool zero_of_any_unit(std::string_view replacement) {
  return replacement.starts_with("0 ") && replacement != "0 K" && replacement != "0 degC";
}

// A text with CRLF at the end of its first line has it everywhere.
bool has_crlf(std::string_view text) {
  size_t newline = text.find('\n');
  return newline != std::string_view::npos && newline > 0 && text[newline - 1] == '\r';
}

std::string replacement_of(const Fix& fix, bool crlf) {
  std::string out;
  for (char c : fix.replacement) {
    if (c == '\n' && crlf) out += '\r';
    out += c;
  }
  return out;
}

}  // namespace

Certainty certainty(const Diagnostic& diagnostic, const Fix& fix, std::string_view text) {
  switch (diagnostic.kind) {
    case Kind::ParseBadCharacter:
    case Kind::ParseBadNumber:
    case Kind::ParseReciprocalUnit:
    case Kind::ParseTypographicMinus:
    case Kind::ParseJoinLines:
    case Kind::ParseChainedComparison:
    case Kind::UnitDegreeCelsius: return Certainty::Sure;
    case Kind::ParseUnknownUnit: {  // `cm2`; not another unit, nor a product
      bool same = fix.span.end <= text.size() && fix.span.begin < fix.span.end &&
                  without_carets(fix.replacement) == text.substr(fix.span.begin, fix.span.end - fix.span.begin);
      return same ? Certainty::Sure : Certainty::Guess;
    }
    case Kind::UnitBareNumber: return zero_of_any_unit(fix.replacement) ? Certainty::Sure : Certainty::Guess;
    default: return Certainty::Guess;
  }
}

std::vector<Choice> applicable(const Emitter& emitter, const source::Source& file, Certainty least) {
  std::vector<Choice> out;
  for (const Diagnostic& diagnostic : emitter.all()) {
    if (diagnostic.fixes.size() != 1) continue;
    const Fix& fix = diagnostic.fixes[0];
    bool inside = fix.span.file == file.id() && fix.span.begin <= fix.span.end && fix.span.end <= file.text().size();
    if (inside && certainty(diagnostic, fix, file.text()) <= least) out.push_back({&diagnostic, &fix});
  }
  std::stable_sort(out.begin(), out.end(), [](const Choice& a, const Choice& b) { return a.fix->span.begin < b.fix->span.begin; });
  auto touches = [](const Choice& a, const Choice& b) { return b.fix->span.begin <= a.fix->span.end; };
  std::vector<Choice> apart;
  for (const Choice& choice : out)
    if (apart.empty() || !touches(apart.back(), choice)) apart.push_back(choice);
  return apart;
}

std::string apply(std::string_view text, const std::vector<Choice>& choices) {
  std::string out;
  bool crlf = has_crlf(text);
  size_t from = 0;
  for (const Choice& choice : choices) {
    out += text.substr(from, choice.fix->span.begin - from);
    out += replacement_of(*choice.fix, crlf);
    from = choice.fix->span.end;
  }
  out += text.substr(from);
  return out;
}

uint32_t moved(uint32_t offset, const std::vector<Choice>& choices, std::string_view text) {
  bool crlf = has_crlf(text);
  int64_t shift = 0;
  for (const Choice& choice : choices) {
    const Span& span = choice.fix->span;
    if (span.begin >= offset) break;
    if (offset < span.end) return static_cast<uint32_t>(span.begin + shift);
    shift += static_cast<int64_t>(replacement_of(*choice.fix, crlf).size()) - (span.end - span.begin);
  }
  return static_cast<uint32_t>(offset + shift);
}

}  // namespace eic::diagnostics
