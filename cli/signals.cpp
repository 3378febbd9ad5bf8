#include "cli/signals.h"

#include <unistd.h>

#include <csignal>

namespace eic::cli {

namespace {

std::atomic<int> g_signal{0};
static_assert(std::atomic<int>::is_always_lock_free);

void on_signal(int number) {
  if (g_signal.exchange(number) != 0) _exit(128 + number);
}

}  // namespace

void watch_signals() {
  struct sigaction action{};
  action.sa_handler = on_signal;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

void ignore_broken_pipes() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

const std::atomic<int>& interrupt_flag() { return g_signal; }

}  // namespace eic::cli
