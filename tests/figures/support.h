// What the tests of figures share: a model given as text, and one of its cells as a Subject.
#pragma once
#include <boost/test/unit_test.hpp>
#include <string>

#include "compiler/compile.h"
#include "compiler/diagnostics/render.h"
#include "compiler/figures/figures.h"

namespace eic::test {

struct Cell {
  explicit Cell(const std::string& text, const std::vector<SetOption>& settings = {}, const std::string& path = "model.eic") {
    bool good = read_model(front, path, text.empty() ? nullptr : &text, settings);
    BOOST_REQUIRE_MESSAGE(good, diagnostics::render_text(front.emitter, front.sources, false));
    values.emplace(*front.model, std::vector<const plan::Overrides*>{});
  }
  figures::Subject subject() { return {*front.model, front.model->cells.at(0), *values}; }
  const sema::Cell& cell() { return front.model->cells.at(0); }
  uint32_t state(const std::string& path) {
    for (uint32_t i = 0; i < cell().states.size(); i++)
      if (cell().states[i].path == path) return i;
    BOOST_FAIL("no state " + path);
    return 0;
  }

  Front front;
  std::optional<plan::Values> values;
};

inline Cell file(const std::string& path, const std::vector<SetOption>& settings = {}) {
  return Cell("", settings, std::string(EIC_ROOT) + "/" + path);
}

}  // namespace eic::test
