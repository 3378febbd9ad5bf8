// In: the expanded functions of every population. Out: a KernelSet whose code stays alive as long as the Jit does.
// Host CPU and features, LLVM ORC, an object cache keyed by everything that decides the code. Called by compile.cpp.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/ir/ir.h"
#include "compiler/source/source.h"
#include "runtime/contract/kernel.h"
#include "runtime/contract/result.h"

namespace eic::jit {

enum class Role : uint8_t {
  Init, Step, Prime, Observe, Event, Pair,
  SourceStep, TargetStep, PreCells, PreSynapses, PostCells, PostSynapses, Look  // of a plasticity rule
};

// The folder below which `Options::perf` writes what `perf inject --jit` reads.
std::filesystem::path perf_folder();

struct Unit {                // one function to compile
  uint32_t population = 0;   // or, of a rule, its projection; of a pair its place among them
  Role role = Role::Step;
  uint32_t port = 0;         // Event
  ir::Function function;     // expanded; Event: column slots as the population's, and the last uniform is the weight
  std::optional<ir::Function> quick = {};  // Step: the same for cells inside its guard
};

struct Options {
  ir::Precision precision = ir::Precision::Double;
  uint32_t width = 0;                             // cells a vector, a power of two up to 64; 0: the native choice
  std::optional<std::filesystem::path> cache;     // folder of the object cache; none: no cache
  bool avx512 = true;                             // false: code for a processor without it
  bool debug_info = true;                         // locations in the .eic file
  bool gdb = false, perf = false;                 // are told of the code; want debug_info
  std::string texts;                              // folder where debuggers find what the library's files say
  bool keep_text = false;                         // for llvm_text(); the cache is then not asked
};

// Where the milliseconds of the last compile went; what did not happen is 0.
struct Timings {
  double key_ms = 0, lower_ms = 0, codegen_ms = 0, link_ms = 0;
};

class Jit {
 public:
  // Fails with a message for the user where the host lacks what is needed (x86-64-v3 or NEON).
  static Result<std::unique_ptr<Jit>, std::string> create(const Options& options);
  ~Jit();
  Result<KernelSet, std::string> compile(const std::vector<Unit>& units, size_t populations, const source::SourceSet& sources);
  // The same for functions that give the same code.
  std::string key(const std::vector<Unit>& units, const source::SourceSet& sources) const;
  uint32_t width() const;
  bool cache_hit() const;               // of the last compile
  const Timings& timings() const;       // of the last compile
  const std::string& llvm_text() const; // of the last compile before optimisation, for `eic dump --after=lower`
  static std::string host_description();

 private:
  struct State;
  explicit Jit(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace eic::jit
