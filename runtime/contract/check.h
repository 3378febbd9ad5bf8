// Broken invariants. A user's mistake never comes here: it is a Diagnostic (compiler) or a RunError (runtime).
#pragma once
#include <fmt/core.h>

#include <cstdlib>

namespace eic {

constexpr int k_exit_internal = 70;

[[noreturn]] inline void internal_error(const char* file, int line, const char* what) {
  fmt::print(stderr, "eic: internal error at {}:{}: {}\nThis is a fault of eic, not of your model. Please report it with the model and the command.\n",
             file, line, what);
  std::_Exit(k_exit_internal);
}

}  // namespace eic

#define EIC_CHECK(condition, what) \
  do {                             \
    if (!(condition)) ::eic::internal_error(__FILE__, __LINE__, what); \
  } while (false)
