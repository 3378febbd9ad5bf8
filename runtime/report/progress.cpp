#include "runtime/report/progress.h"

#include <fmt/format.h>

#include "runtime/report/format.h"

namespace eic::report {

std::string progress_line(const Progress& progress) {
  double share = progress.steps == 0 ? 1 : static_cast<double>(progress.step) / static_cast<double>(progress.steps);
  auto time = [&](uint64_t step) { return biological_text(static_cast<double>(step) * progress.dt_ms); };
  std::string line = fmt::format("{:3d} %  {} of {}", static_cast<int>(100 * share), time(progress.step), time(progress.steps));
  uint64_t taken = progress.step - progress.first_step;
  if (taken == 0 || progress.wall_s <= 0) return line;
  double per_second = static_cast<double>(taken) / progress.wall_s;
  double left = static_cast<double>(progress.steps - progress.step) / per_second;
  return line + fmt::format("  {} steps/s  {} left", significant(per_second, per_second < 1000 ? 3 : 4),
                            left == 0 ? "0 s" : seconds_text(left));
}

}  // namespace eic::report
