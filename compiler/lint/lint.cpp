#include <fmt/format.h>

#include <algorithm>

#include "compiler/ast/visit.h"
#include "compiler/lint/rule.h"

namespace eic::lint {

namespace {

bool holds(Span block, Span place) { return block.file == place.file && block.begin <= place.begin && place.end <= block.end; }

std::vector<std::string> codes() {
  std::vector<std::string> all;
  for (size_t i = 0; i < diagnostics::kind_count(); i++)
    if (std::string_view code = diagnostics::info(static_cast<Kind>(i)).code; code[0] == 'L') all.emplace_back(code);
  return all;
}

// Calls `found(allow, block it covers)` for each of a file.
template <class Found>
void each_allow(const ast::Items& items, Span block, const Found& found) {
  for (const ast::Item& item : items) {
    if (auto* allow = std::get_if<ast::Allow>(&item.node)) found(*allow, block);
    if (auto* allows = ast::allows_of(item))
      for (const ast::Allow& allow : *allows) found(allow, item.span);
    if (auto* inner = ast::items_of(item)) each_allow(*inner, item.span, found);
  }
}

}  // namespace

Reporter::Reporter(const Input& input, diagnostics::Emitter& emitter)
    : emitter_(emitter), cells_(input.model.cells), main_(input.program.modules[0].source->id()) {
  for (const sema::Module& module : input.program.modules)
    each_allow(module.ast.items, module.source->whole(), [&](const ast::Allow& allow, Span block) {
      allows_.push_back({allow.code.text, block, allow.code.span});
    });
}

Diagnostic& Reporter::warn(Kind kind, Span at, std::initializer_list<Span> concerned, std::string message) {
  std::vector<Span> places(concerned);
  places.push_back(at);
  for (const sema::Cell& cell : cells_)  // what a cell allows is allowed to those that derive from it
    if (std::find(places.begin(), places.end(), cell.span) != places.end())
      places.insert(places.end(), cell.bases.begin(), cell.bases.end());
  bool silent = false;
  for (Allow& allow : allows_) {
    if (allow.code != diagnostics::info(kind).code) continue;
    bool here = std::any_of(places.begin(), places.end(), [&](Span place) { return holds(allow.block, place); });
    if (here) allow.used = silent = true;
  }
  if (silent) return silenced_ = Diagnostic{kind, at, std::move(message), {}, {}, {}, {}};
  return emitter_.emit(kind, at, std::move(message));
}

void Reporter::report_allows(Level level) {
  const std::vector<std::string> known = codes();
  for (const Allow& allow : allows_) {
    if (std::find(known.begin(), known.end(), allow.code) == known.end()) {
      Diagnostic& diagnostic =
          emitter_.emit(Kind::AllowUnknown, allow.span, fmt::format("the lint has no rule `{}` to allow", allow.code));
      if (!diagnostic.suggest(allow.span, allow.code, known))
        diagnostic.help(fmt::format("its rules are {} to {}: docs/lint.md", known.front(), known.back()));
    } else if (!allow.used && level == Level::Full && allow.span.file == main_) {
      emitter_.emit(Kind::AllowIdle, allow.span, fmt::format("this `allow` silences nothing: {} has nothing to say here", allow.code))
          .help("leave it out, so that it hides nothing later");
    }
  }
}

void check(const Input& input, Level level, diagnostics::Emitter& emitter) {
  Reporter reporter(input, emitter);
  check_membrane(input, reporter);
  if (level == Level::Full) check_dynamics(input, reporter);
  check_names(input, reporter);
  check_runs(input, reporter);
  reporter.report_allows(level);
}

}  // namespace eic::lint
