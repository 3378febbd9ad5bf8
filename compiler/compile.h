// The walk, as one page: file → Program → Model → plan and IR → kernels. Called by the commands, which print what the
// emitter holds when a step gives nothing.
#pragma once
#include <map>
#include <memory>
#include <optional>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/jit/jit.h"
#include "compiler/plan/plan.h"
#include "compiler/sema/check.h"
#include "compiler/source/source.h"

namespace eic {

// `--set path=value` as typed.
struct SetOption {
  std::string path, value;
};

// What the front half reads and keeps: spans of the Model and of diagnostics point into its sources.
struct Front {
  source::SourceSet sources;
  diagnostics::Emitter emitter;
  std::optional<sema::Program> program;
  std::optional<sema::Model> model;
  sema::Index index;  // also of what has errors
};

// The file, or `text`, named `path`, when given. Nothing after an error.
const source::Source* open_source(Front& front, const std::string& path, const std::string* text);
// Opens it and checks it. False after an error.
bool read_model(Front& front, const std::string& path, const std::string* text, const std::vector<SetOption>& settings);

struct Compiled {
  plan::Planned planned;
  std::unique_ptr<jit::Jit> jit;   // owns the code
  KernelSet kernels;
  double seconds = 0;              // planning and compiling
  double plan_seconds = 0;         // planning alone
};

struct CompileOptions {
  plan::Choices choices;
  uint32_t width = 0;
  bool avx512 = true;              // false: code for a processor without it
  std::optional<std::filesystem::path> cache;
  passes::Watch watch;
  bool keep_text = false;          // of the LLVM module, for `dump`
  bool gdb = false, perf = false;  // shall see the kernels, with their lines in the model
  std::string texts;               // then: the folder that holds the library's texts
};

// The code of several plans of one precision: what is the same is compiled once and lives as long as this does.
class KernelStore {
 public:
  // Of the simulation's precision, unless the options choose; nothing after a diagnostic.
  static std::optional<KernelStore> create(Front& front, const sema::Simulation& simulation, const CompileOptions& options);
  std::optional<KernelSet> kernels(Front& front, const plan::Planned& planned, source::Span at);
  uint32_t width() const { return jit_->width(); }
  size_t compiles() const { return made_.size(); }

 private:
  std::unique_ptr<jit::Jit> jit_;
  std::map<std::string, KernelSet> made_;  // by key
};

std::optional<plan::Planned> plan_run(Front& front, const sema::Simulation& simulation, const CompileOptions& options);
std::optional<Compiled> compile(Front& front, const sema::Simulation& simulation, const CompileOptions& options);
// The functions of a plan as the JIT takes them.
std::vector<jit::Unit> jit_units(const plan::Planned& planned);

}  // namespace eic
