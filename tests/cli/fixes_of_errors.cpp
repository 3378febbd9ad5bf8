// Every fix that the wrong models of tests/errors are offered: it lies in its file, and writing it takes its mistake away.
// And `--fix` over all of them: never more errors than before, each line that it says is true.
#include <set>

#include "cli/fix.h"
#include "cli/session.h"
#include "compiler/load.h"
#include "tests/cli/support.h"

using namespace eic::test;
using eic::diagnostics::Certainty;
using eic::diagnostics::Choice;
using eic::diagnostics::Diagnostic;

namespace {

struct State {
  eic::Front front;
  int stage = 2;  // how far the check came: 0 in reading, 1 in meaning, 2 in planning
  size_t errors() const { return front.emitter.error_count(); }
  const eic::source::Source& source() const { return front.sources.get(0); }
};

std::unique_ptr<State> look(const std::string& file, const std::string& text) {
  auto state = std::make_unique<State>();
  eic::cli::check_text(state->front, file, text, {});
  if (!state->front.model) {
    eic::Front reading;
    eic::cli::add_roots(reading, file, {});
    eic::load(reading.sources.add_text(file, text), reading.sources, reading.emitter);
    state->stage = reading.emitter.has_errors() ? 0 : 1;
  }
  return state;
}

bool worse(const State& before, const State& after) {
  return after.stage < before.stage || (after.stage == before.stage && after.errors() > before.errors());
}

bool has(const State& state, const Diagnostic& like, uint32_t begin) {
  for (const Diagnostic& other : state.front.emitter.all())
    if (other.kind == like.kind && other.message == like.message && other.span.file == 0 && other.span.begin == begin) return true;
  return false;
}

// The models, copied; working there, so that imports and CSV files are found.
struct Copied {
  Scratch scratch;
  fs::path before = fs::current_path();
  std::vector<std::string> models;
  Copied() {
    fs::copy(EIC_ROOT "/tests/errors", scratch.path / "errors", fs::copy_options::recursive);
    fs::current_path(scratch.path / "errors");
    for (const auto& entry : fs::recursive_directory_iterator("."))
      if (entry.path().extension() == ".eic") models.push_back(entry.path().lexically_normal().string());
    std::sort(models.begin(), models.end());
  }
  ~Copied() { fs::current_path(before); }
  std::string text(const std::string& model) const { return scratch.read("errors/" + model); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(fixes_of_errors, Copied)

BOOST_AUTO_TEST_CASE(each_fix_takes_its_mistake_away) {
  size_t tried = 0;
  BOOST_REQUIRE(models.size() >= 100u);
  for (const std::string& model : models) {
    std::string whole = text(model);
    auto before = look(model, whole);
    for (const Diagnostic& diagnostic : before->front.emitter.all()) {
      std::string what = fmt::format("{}: {} {}", model, eic::diagnostics::info(diagnostic.kind).code, diagnostic.message);
      for (const auto& fix : diagnostic.fixes) {
        const auto& file = before->front.sources.get(fix.span.file);
        BOOST_TEST((fix.span.begin <= fix.span.end && fix.span.end <= file.text().size()), what);
        BOOST_TEST((file.text().substr(fix.span.begin, fix.span.end - fix.span.begin) != fix.replacement), what << ": changes nothing");
        if (fix.span.file != 0) continue;
        std::vector<Choice> choice = {{&diagnostic, &fix}};
        auto after = look(model, eic::diagnostics::apply(whole, choice));
        BOOST_TEST(!has(*after, diagnostic, eic::diagnostics::moved(diagnostic.span.begin, choice, whole)), what << ": still there after " << fix.text);
        BOOST_TEST(!worse(*before, *after), what << ": " << before->errors() << " errors, " << after->errors() << " after " << fix.text);
        tried++;
      }
    }
  }
  BOOST_TEST(tried >= 40u);
  BOOST_TEST_MESSAGE(tried << " fixes tried");
}

BOOST_AUTO_TEST_CASE(fixing_never_makes_a_model_worse) {
  size_t lines = 0;
  for (Certainty least : {Certainty::Sure, Certainty::Guess})
    for (const std::string& model : models) {
      std::string whole = text(model);
      auto before = look(model, whole);
      eic::cli::Fixed fixed = eic::cli::fix_text(model, whole, {}, least);
      auto after = look(model, fixed.text);
      BOOST_TEST(!worse(*before, *after), model << ": " << before->errors() << " errors, then " << after->errors());
      BOOST_TEST((fixed.said.empty() == (fixed.text == whole)), model);
      BOOST_TEST(eic::cli::fix_text(model, fixed.text, {}, least).said.empty(), model << " is not done");
      lines += fixed.said.size();
      for (const std::string& line : fixed.said) BOOST_TEST_MESSAGE(line);
    }
  BOOST_TEST(lines >= 60u);
}

BOOST_AUTO_TEST_SUITE_END()
