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
    fs::recursive_directory_iterator entries(path, fs::directory_options::none, ec);
    if (ec) files.push_back(path);  // reading it says why not
    for (; !ec && entries != fs::recursive_directory_iterator(); entries.increment(ec)) {
      bool hidden = entries->path().filename().string().starts_with('.');  // an editor's lock, .git
      std::error_code ignored;
      if (hidden && entries->is_directory(ignored)) entries.disable_recursion_pending();
      if (!hidden && entries->path().extension() == ".eic") found.push_back(entries->path().string());
    }
    std::sort(found.begin(), found.end());
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

}  // namespace eic::cli
