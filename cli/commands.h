// The commands of `eic`, one file each; the only place where compiler and runtime meet. Each gives an exit status of
// docs/promises.md.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "compiler/compile.h"

namespace eic::cli {

enum Exit : int { Ok = 0, ModelError = 1, Usage = 2, Numerical = 3, Limit = 4, File = 5, Internal = k_exit_internal };

// What several commands take.
struct Common {
  std::vector<SetOption> settings;
  std::vector<std::string> roots;
  bool json = false;
};

struct RunOptions {
  Common common;
  std::string file, simulation, out, raster;
  std::optional<std::string> seed, dt, duration, precision, memory_limit, time_limit;
  unsigned threads = 1, width = 0;
  bool quiet = false, no_progress = false;
};

struct CheckOptions {
  Common common;
  std::vector<std::string> paths;
  std::string format = "text";
};

struct TestOptions {
  Common common;
  std::vector<std::string> paths;
  std::string filter;
};

struct DumpOptions {
  Common common;
  std::string file, after, simulation;
  std::optional<std::string> precision;
  unsigned width = 0;
};

int run(const RunOptions& options);
int check(const CheckOptions& options);
int test(const TestOptions& options);
int dump(const DumpOptions& options);
int list();
int main(int argc, const char* const* argv);

}  // namespace eic::cli
