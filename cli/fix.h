// In: models with mistakes. Out: the same models with the fixes of their diagnostics written, and a line on stderr for each.
// Called by `eic check --fix`.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "cli/command.h"
#include "compiler/diagnostics/apply.h"

namespace eic::cli {

struct Fixed {
  std::string text;
  std::vector<std::string> said;  // `m.eic:3:9: fixed E0202: write `0 mV``
};
// Fixes until nothing more can be fixed. A fix stays only if a check of the text with it gets further than before, or as far
// without its mistake and with no more errors. `file` says where the text is from; `-` is standard input.
Fixed fix_text(const std::string& file, std::string text, const Common& common, diagnostics::Certainty least);

// The files of these paths, each as a model of its own, again and again while one changes: a file may import another.
// A link met in a folder is left alone. 5 when a file could not be written.
int fix_files(const std::vector<std::string>& paths, const Common& common, diagnostics::Certainty least);

}  // namespace eic::cli
