// SIGINT and SIGTERM: the first asks the run to stop after its step, a second ends the process at once. SIGPIPE and
// SIGXFSZ become write errors, which are reported where they happen.
#pragma once
#include <atomic>

namespace eic::cli {

void watch_signals();       // of commands that look at the flag; the others end as any process does
void ignore_broken_pipes();
const std::atomic<int>& interrupt_flag();  // 0, or the signal's number

}  // namespace eic::cli
