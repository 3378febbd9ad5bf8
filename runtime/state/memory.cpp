#include "runtime/state/memory.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <limits>

namespace eic::state {

namespace {

constexpr double k_unbounded = std::numeric_limits<double>::infinity();

double free_of_machine() {
  std::ifstream file("/proc/meminfo");
  std::string word;
  while (file >> word) {
    double kilobytes = 0;
    if (word == "MemAvailable:" && file >> kilobytes) return kilobytes * 1024;
  }
  return k_unbounded;
}

double number_in(const char* path) {
  std::ifstream file(path);
  double value = 0;
  return file >> value ? value : k_unbounded;  // "max" is no number
}

double free_of_group() {
  const double most = number_in("/sys/fs/cgroup/memory.max");
  if (most == k_unbounded) return k_unbounded;
  const double used = number_in("/sys/fs/cgroup/memory.current");
  return used == k_unbounded ? most : std::max(0.0, most - used);
}

double free_address_space() {
  struct rlimit limit {};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return k_unbounded;
  const double pages = number_in("/proc/self/statm");  // its first number
  const double used = pages == k_unbounded ? 0 : pages * 4096;
  return std::max(0.0, static_cast<double>(limit.rlim_cur) - used);
}

}  // namespace

FreeMemory free_memory() { return {free_of_machine(), free_of_group(), free_address_space()}; }

double available_bytes() {
  FreeMemory free = free_memory();
  return std::min({free.machine, free.group, free.address_space});
}

std::string bytes_text(double bytes) {
  static constexpr const char* k_units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  uint32_t unit = 0;
  for (; bytes >= 999.5 && unit + 1 < std::size(k_units); ++unit) bytes /= 1000;
  return unit == 0 ? fmt::format("{:.0f} B", bytes) : fmt::format("{:.1f} {}", bytes, k_units[unit]);
}

std::optional<RunError> Budget::need(double bytes, const std::string& what, Origin origin) {
  needed_ += bytes;
  if (bytes > greatest_) {
    greatest_ = bytes;
    greatest_name_ = what;
    greatest_origin_ = origin;
  }
  if (needed_ <= limit_) return std::nullopt;
  return RunError{RunError::Kind::Memory, fmt::format("the run needs {}, has {}", bytes_text(needed_), bytes_text(limit_)),
                  fmt::format("most of it, {}, is for {}", bytes_text(greatest_), greatest_name_), greatest_origin_};
}

}  // namespace eic::state
