#include <cstdio>
#include <cstdlib>

#include "cli/command.h"

int main(int argc, char** argv) {
  int status = eic::cli::main(argc, argv);
  std::fflush(nullptr);
  // Past the destructors of tables (the parser's automata, LLVM's options) that the system frees faster as a whole. Where
  // leaks are looked for, at exit, there is nothing to be gained.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  std::quick_exit(status);
#endif
  return status;
}
