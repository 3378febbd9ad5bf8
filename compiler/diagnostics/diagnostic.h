// In: a kind (kinds.def), a span, a text. Out: Diagnostics collected by an Emitter, rendered by render.h.
// Every phase emits here; nothing is thrown and nothing is printed before the command decides how.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/span.h"

namespace eic::diagnostics {

using source::Span;

enum class Kind : uint16_t {
#define EIC_DIAG(name, code, severity, exit, title) name,
#include "compiler/diagnostics/kinds.def"
#undef EIC_DIAG
};
enum class Severity : uint8_t { Error, Warning };

struct KindInfo {
  std::string_view name, code;
  Severity severity;
  int exit_status;
  std::string_view title;  // "A bracket has no partner": of its page in docs/errors, and for lists of rules
};
const KindInfo& info(Kind kind);
size_t kind_count();

struct Note {  // points to another place, or, without a span, only says something
  std::optional<Span> span;
  std::string text;
};
struct Fix {  // replaces `span` by `replacement`
  Span span;
  std::string replacement;
  std::string text;  // "write `0.1 ms`"
  // What is done, where the text is a question.
  std::string action() const { return text.ends_with('?') ? "write `" + replacement + "`" : text; }
};
struct Diagnostic {
  Kind kind;
  Span span;
  std::string message;  // lower case, the observation first, no full stop
  std::string label;    // under the caret; may be empty
  std::vector<Note> notes;
  std::vector<std::string> helps;
  std::vector<Fix> fixes;

  Diagnostic& with_label(std::string text) {
    label = std::move(text);
    return *this;
  }
  Diagnostic& note(Span at, std::string text) {
    notes.push_back({at, std::move(text)});
    return *this;
  }
  Diagnostic& note(std::string text) {
    notes.push_back({std::nullopt, std::move(text)});
    return *this;
  }
  Diagnostic& help(std::string text) {
    helps.push_back(std::move(text));
    return *this;
  }
  Diagnostic& fix(Span at, std::string replacement, std::string text) {
    fixes.push_back({at, std::move(replacement), std::move(text)});
    return *this;
  }
  // Offers the candidate nearest to what was misspelt at `at`, as a fix; false when none is near.
  bool suggest(Span at, std::string_view misspelt, const std::vector<std::string>& candidates);
};

class Emitter {
 public:
  // The reference is good until the next emit. The same kind at the same span is kept once, and nothing once full.
  Diagnostic& emit(Kind kind, Span span, std::string message);
  bool full() const { return errors_ >= k_enough_errors; }
  bool has_errors() const { return errors_ > 0; }
  size_t error_count() const { return errors_; }
  const std::vector<Diagnostic>& all() const { return all_; }
  // What was emitted, for who learns more about it later: notes, helps and fixes may change, the kind may not.
  Diagnostic& revise(size_t index) { return all_[index]; }
  // Takes back what was emitted from number `from` on, of an attempt that proved nothing.
  void forget(size_t from);
  int exit_status() const;  // of the first error; 0 without one

 private:
  static constexpr size_t k_enough_errors = 250;
  std::vector<Diagnostic> all_;
  size_t errors_ = 0;
  Diagnostic repeated_{};  // takes what is chained onto a dropped repetition
};

// The nearest of `candidates` to a misspelt `name`, or nothing when none is near. The name itself is no candidate.
std::optional<std::string> did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace eic::diagnostics
