#include "runtime/threads/processors.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <string>
#include <thread>

#ifdef __linux__
#include <sched.h>
#endif

namespace eic::threads {

namespace {

constexpr double k_unlimited = std::numeric_limits<double>::infinity();

// Processors' worth of time, of version 2 of the control groups and of version 1.
double quota() {
  double most = 0, period = 0;
  if (std::ifstream file("/sys/fs/cgroup/cpu.max"); file >> most >> period && period > 0) return most / period;  // "max" is no number
  std::ifstream quota_file("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"), period_file("/sys/fs/cgroup/cpu/cpu.cfs_period_us");
  if (quota_file >> most && period_file >> period && most > 0 && period > 0) return most / period;
  return k_unlimited;
}

}  // namespace

#ifdef __linux__
std::vector<unsigned> allowed_processors() {
  std::vector<unsigned> allowed;
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) != 0) return allowed;  // more processors than a set holds
  for (unsigned i = 0; i < CPU_SETSIZE; ++i)
    if (CPU_ISSET(i, &set)) allowed.push_back(i);
  return allowed;
}

bool bind_to(const std::vector<unsigned>& processors) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const unsigned processor : processors) {
    if (processor >= CPU_SETSIZE) return false;
    CPU_SET(processor, &set);
  }
  return sched_setaffinity(0, sizeof(set), &set) == 0;
}
#else
std::vector<unsigned> allowed_processors() { return {}; }
bool bind_to(const std::vector<unsigned>&) { return false; }
#endif

bool bind_to(unsigned processor) { return bind_to(std::vector<unsigned>{processor}); }

unsigned processors() {
  const auto allowed = static_cast<unsigned>(allowed_processors().size());
  const unsigned there = allowed > 0 ? allowed : std::max(1u, std::thread::hardware_concurrency());
  return static_cast<unsigned>(std::clamp(std::floor(quota()), 1.0, static_cast<double>(there)));
}

}  // namespace eic::threads
