// In: a model that has no errors, with its program and index. Out: warnings L001 … L013 in the emitter, save those that an
// `allow(CODE, "why")` silences in the block they concern. Bands and their sources: docs/lint.md. Called by the commands.
#pragma once
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/sema/index.h"
#include "compiler/sema/model.h"
#include "compiler/sema/program.h"
#include "compiler/source/source.h"

namespace eic::lint {

struct Input {
  const sema::Model& model;
  const sema::Program& program;
  const sema::Index& index;
  const source::SourceSet& sources;
};

enum class Level : uint8_t {
  Quick,  // what takes no time worth mentioning: for `eic run`
  Full    // also what integrates a cell: for `eic check`
};

void check(const Input& input, Level level, diagnostics::Emitter& emitter);

}  // namespace eic::lint
