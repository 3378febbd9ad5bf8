#include "cli/paths.h"

#include <algorithm>
#include <filesystem>

namespace eic::cli {

namespace fs = std::filesystem;

std::vector<std::string> model_files(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code ec;
    if (!fs::is_directory(path, ec)) {
      files.push_back(path);
      continue;
    }
    std::vector<std::string> found;
    fs::recursive_directory_iterator entries(path, fs::directory_options::skip_permission_denied, ec);
    for (; !ec && entries != fs::recursive_directory_iterator(); entries.increment(ec))
      if (entries->path().extension() == ".eic") found.push_back(entries->path().string());
    std::sort(found.begin(), found.end());
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

}  // namespace eic::cli
