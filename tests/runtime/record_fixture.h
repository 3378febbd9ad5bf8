// What the tests of recordings and reports share: a folder of their own, a small plan, whole files as text.
#pragma once
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "runtime/contract/plan.h"

namespace eic::test {

class Folder {
 public:
  Folder() {
    static int counter = 0;
    path_ = std::filesystem::temp_directory_path() / ("eic-record-" + std::to_string(::getpid()) + "-" + std::to_string(counter++));
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::string path() const { return path_.string(); }
  std::set<std::string> names() const {
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) found.insert(entry.path().filename());
    return found;
  }

 private:
  std::filesystem::path path_;
};

// Files of this process can grow no further than this, while it lives: a full disk without a disk.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_;
  void (*handler_)(int);
};

inline std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

// Populations N (views E, I) and M (no view); nothing is recorded.
inline plan::Run small_run(const std::string& dt_text = "0.1", uint64_t steps = 100) {
  plan::Run run;
  run.model = "small";
  run.simulation = "run";
  run.dt_text = dt_text;
  run.dt = std::stod(dt_text);
  run.steps = steps;
  plan::Population n, m;
  n.name = "N";
  n.size = 10;
  n.views = {{"E", 0, 8}, {"I", 8, 10}};
  n.columns = {{"v", plan::ColumnRole::State, "mV"},
               {"INa.m", plan::ColumnRole::State, ""},
               {"exc.s", plan::ColumnRole::Synaptic, "nS", 1000}};
  m.name = "M";
  m.size = 3;
  run.populations = {n, m};
  return run;
}

}  // namespace eic::test
