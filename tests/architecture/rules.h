// In: the project's files, as paths and texts. Out: a line for every breach of the house's order: an include against the
// direction, a library outside its folder, a folder nobody listed, a circle of headers, a file that grew too long.
#pragma once
#include <string>
#include <vector>

namespace eic::architecture {

struct File {
  std::string path, text;  // the path from the project's root
};

std::vector<std::string> breaches(const std::vector<File>& files);

}  // namespace eic::architecture
