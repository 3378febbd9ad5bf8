// What the rules share: the input, and a way to warn that obeys `allow`. Internal to lint/; one file a group of rules.
#pragma once
#include <initializer_list>
#include <string>

#include "compiler/lint/lint.h"

namespace eic::lint {

using diagnostics::Diagnostic;
using diagnostics::Kind;
using source::Span;

class Reporter {
 public:
  Reporter(const Input& input, diagnostics::Emitter& emitter);
  // Warns at `at`, unless an `allow` of this code stands in a block that holds `at` or one of the `concerned` places (the
  // cell, the mechanism's instance, the projection …). The result takes notes and fixes; of a silenced warning it is a
  // throw-away, so that rules need not ask.
  Diagnostic& warn(Kind kind, Span at, std::initializer_list<Span> concerned, std::string message);
  // Codes that no rule has (an error), and an `allow` that silenced nothing though its rule was asked (a warning).
  void report_allows(Level level);

 private:
  struct Allow {
    std::string code;
    Span block, span;  // what it covers; itself
    bool used = false;
  };
  diagnostics::Emitter& emitter_;
  const std::vector<sema::Cell>& cells_;
  uint32_t main_;  // the file that the user asked about
  std::vector<Allow> allows_;
  Diagnostic silenced_{};
};

// L001 … L006, L009: what follows from parameters alone
void check_membrane(const Input& input, Reporter& reporter);
// L007, L008: what needs the cell's equations evaluated or integrated
void check_dynamics(const Input& input, Reporter& reporter);
// L010, L011: names
void check_names(const Input& input, Reporter& reporter);
// L012, L013: recordings, expectations, weights
void check_runs(const Input& input, Reporter& reporter);

}  // namespace eic::lint
