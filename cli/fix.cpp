#include "cli/fix.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "cli/paths.h"
#include "cli/rewrite.h"
#include "cli/session.h"
#include "compiler/load.h"

namespace eic::cli {

using diagnostics::Certainty;
using diagnostics::Choice;
using diagnostics::Diagnostic;
using diagnostics::Severity;

namespace {

constexpr int k_most_rounds = 10;

// How far a check came: what it could not reach has not been counted.
enum class Stage : uint8_t { Reading, Meaning, Planning };

struct Checked {
  Front front;
  Stage stage = Stage::Planning;

  const source::Source& source() const { return front.sources.get(0); }
  size_t errors() const { return front.emitter.error_count(); }
};

Stage stage_of(const Front& front, const std::string& file, const std::string& text, const Common& common) {
  if (front.model) return Stage::Planning;
  Front again;
  add_roots(again, file, common);
  load(again.sources.add_text(front.sources.get(0).name(), text), again.sources, again.emitter);
  return again.emitter.has_errors() ? Stage::Reading : Stage::Meaning;
}

std::unique_ptr<Checked> check_again(const std::string& file, const std::string& text, const Common& common) {
  auto made = std::make_unique<Checked>();
  check_text(made->front, file, text, common);
  made->stage = stage_of(made->front, file, text, common);
  return made;
}

bool is_error(const Diagnostic& diagnostic) { return diagnostics::info(diagnostic.kind).severity == Severity::Error; }

// Whether what was found at its place is still found there, or an error took its place.
bool remains(const Choice& choice, const std::vector<Choice>& choices, const Checked& before, const Checked& after) {
  const Diagnostic& was = *choice.diagnostic;
  if (was.span.file != before.source().id()) return false;
  uint32_t place = diagnostics::moved(was.span.begin, choices, before.source().text());
  auto stood_there = [&](const Diagnostic& now) {
    return std::any_of(before.front.emitter.all().begin(), before.front.emitter.all().end(), [&](const Diagnostic& other) {
      return &other != &was && other.kind == now.kind && other.span.file == was.span.file && other.span.begin == was.span.begin;
    });
  };
  for (const Diagnostic& now : after.front.emitter.all()) {
    if (now.span.file != after.source().id() || now.span.begin != place) continue;
    if ((now.kind == was.kind || (is_error(was) && is_error(now))) && !stood_there(now)) return true;
  }
  return false;
}

bool is_better(const Checked& before, const Checked& after, const std::vector<Choice>& choices) {
  if (after.stage != before.stage) return after.stage > before.stage;
  if (after.errors() > before.errors()) return false;
  auto is_left = [&](const Choice& choice) { return remains(choice, choices, before, after); };
  return std::none_of(choices.begin(), choices.end(), is_left);
}

std::string line_on(const Choice& choice, const source::Source& source) {
  source::Position at = source.position(choice.fix->span.begin);
  return fmt::format("{}:{}:{}: fixed {}: {}", source.name(), at.line, at.column, diagnostics::info(choice.diagnostic->kind).code,
                     choice.fix->action());
}

class Fixer {
 public:
  Fixer(std::string file, std::string text, const Common& common, Certainty least)
      : file_(std::move(file)), common_(common), least_(least), now_(check_again(file_, text, common)) {
    out_.text = std::move(text);
  }

  Fixed run() {
    for (int round = 0; round < k_most_rounds; round++) {
      auto choices = diagnostics::applicable(now_->front.emitter, now_->source(), least_);
      if (choices.empty() || !(write(choices) || one_by_one(choices))) break;
    }
    return std::move(out_);
  }

 private:
  bool write(const std::vector<Choice>& choices) {
    std::string text = diagnostics::apply(out_.text, choices);
    auto after = check_again(file_, text, common_);
    if (!is_better(*now_, *after, choices)) return false;
    for (const Choice& choice : choices) out_.said.push_back(line_on(choice, now_->source()));
    past_.push_back(std::move(now_));
    now_ = std::move(after);
    out_.text = std::move(text);
    return true;
  }

  // From the last: what is written then leaves the places of the others where they are.
  bool one_by_one(const std::vector<Choice>& choices) {
    size_t before = out_.said.size();
    if (choices.size() > 1)
      for (auto choice = choices.rbegin(); choice != choices.rend(); ++choice) write({*choice});
    std::reverse(out_.said.begin() + static_cast<std::ptrdiff_t>(before), out_.said.end());
    return out_.said.size() > before;
  }

  std::string file_;
  const Common& common_;
  Certainty least_;
  std::unique_ptr<Checked> now_;
  std::vector<std::unique_ptr<Checked>> past_;  // what choices at hand point into
  Fixed out_;
};

std::vector<std::string> fixable_files(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  std::error_code ignored;
  for (const std::string& file : model_files(paths)) {
    bool named = std::find(paths.begin(), paths.end(), file) != paths.end();
    if (file != "-" && (named || !std::filesystem::is_symlink(file, ignored))) files.push_back(file);
  }
  return files;
}

}  // namespace

Fixed fix_text(const std::string& file, std::string text, const Common& common, Certainty least) {
  return Fixer(file, std::move(text), common, least).run();
}

int fix_files(const std::vector<std::string>& paths, const Common& common, Certainty least) {
  std::vector<std::string> files = fixable_files(paths);
  int status = Ok;
  bool changed = true;
  for (int round = 0; round < k_most_rounds && changed; round++) {
    changed = false;
    std::erase_if(files, [&](const std::string& file) {
      source::SourceSet sources;
      auto source = sources.load(file, file);
      if (!source) return true;  // the check says why
      std::string text((*source)->text());
      Fixed fixed = fix_text(file, text, common, least);
      if (fixed.text == text) return false;
      if (auto fault = rewrite(file, fixed.text)) {
        Front nowhere;
        status = report_error(nowhere, *fault);
        return true;
      }
      for (const std::string& line : fixed.said) say("{}\n", line);
      changed = true;
      return false;
    });
  }
  return status;
}

}  // namespace eic::cli
