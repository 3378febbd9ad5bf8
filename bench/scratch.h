// A folder that goes when its owner does.
#pragma once
#include <stdlib.h>

#include <filesystem>
#include <string>

namespace eic::bench {

struct Scratch {
  Scratch() {
    std::string pattern = std::filesystem::temp_directory_path() / "eic-bench-XXXXXX";
    folder = mkdtemp(pattern.data());
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  std::filesystem::path folder;
};

}  // namespace eic::bench
