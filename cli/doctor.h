// In: this machine, its user's folders. Out: what eic found there and whether compiled code does what the interpreter does.
// `eic doctor` looks and reports; the test of the report gives it findings of its own.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "compiler/jit/about.h"
#include "compiler/self_test.h"
#include "runtime/state/memory.h"

namespace eic::cli {

struct Cache {
  std::optional<std::string> folder;  // none: there is no cache
  std::string why_none;
  bool exists = false;
  std::string obstacle;  // why nothing can be written to it; empty: it can
  size_t objects = 0;
  uint64_t bytes = 0;
};
Cache look_at_cache();

struct Checkup {
  std::string processor;  // as the system names it; empty where it does not
  Result<jit::About, std::string> host = Failure{std::string()};
  size_t library_files = 0;
  unsigned threads = 0;  // that this process may use
  state::FreeMemory memory{};
  Cache cache;
  std::vector<SelfTest> tests;
  bool well() const;
};

int announce(const Checkup& checkup, bool json);  // prints it; the exit status
std::string report(const Checkup& checkup);
std::string report_json(const Checkup& checkup);

}  // namespace eic::cli
