// What the tests of the lint share: the warnings of a model given as text.
#pragma once
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <string>

#include "compiler/compile.h"
#include "compiler/diagnostics/apply.h"
#include "compiler/diagnostics/render.h"
#include "compiler/lint/lint.h"

namespace eic::test {

// A model that passes, and what the lint says about it.
struct Linted {
  explicit Linted(const std::string& text, const std::string& path = "model.eic", lint::Level level = lint::Level::Full) {
    bool good = read_model(front, path, text.empty() ? nullptr : &text, {});
    BOOST_REQUIRE_MESSAGE(good, diagnostics::render_text(front.emitter, front.sources, false));
    lint::check({*front.model, *front.program, front.index, front.sources}, level, emitter);
  }
  std::string text() const { return diagnostics::render_text(emitter, front.sources, false); }
  // "L001 L002": in the order of the text, those of other rules left out.
  std::string codes(std::string_view of) const {
    std::string all;
    for (const diagnostics::Diagnostic& diagnostic : emitter.all())
      if (std::string_view code = diagnostics::info(diagnostic.kind).code; of.find(code) != of.npos)
        all += (all.empty() ? "" : " ") + std::string(code);
    return all;
  }
  std::string codes() const { return codes("L001 L002 L003 L004 L005 L006 L007 L008 L009"); }
  const diagnostics::Diagnostic& only(std::string_view code) const {
    const diagnostics::Diagnostic* found = nullptr;
    for (const diagnostics::Diagnostic& diagnostic : emitter.all())
      if (diagnostics::info(diagnostic.kind).code == code) found = &diagnostic;
    BOOST_REQUIRE_MESSAGE(found, "no " << code << " in\n" << text());
    return *found;
  }
  std::string at(const diagnostics::Diagnostic& diagnostic) const {
    const source::Span& span = diagnostic.span;
    return std::string(front.sources.get(span.file).text().substr(span.begin, span.end - span.begin));
  }
  // The main file with every proposal written.
  std::string fixed() const {
    const source::Source& file = *front.program->modules[0].source;
    return diagnostics::apply(file.text(), diagnostics::applicable(emitter, file, diagnostics::Certainty::Guess));
  }

  Front front;
  diagnostics::Emitter emitter;
};

}  // namespace eic::test
