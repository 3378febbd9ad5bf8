// In: how far a run is and how long it took so far. Out: one line of text, without a line end. The command decides whether
// stderr is a terminal, how often to print, and how to overwrite.
#pragma once
#include <cstdint>
#include <string>

namespace eic::report {

struct Progress {
  uint64_t step = 0, steps = 0;  // done, of
  double dt_ms = 0;
  double wall_s = 0;             // since `first_step`
  uint64_t first_step = 0;       // where this process began (after a resume)
};

// " 42 %  420 ms of 1 s  4,902 steps/s  1.2 s left"
std::string progress_line(const Progress& progress);

}  // namespace eic::report
