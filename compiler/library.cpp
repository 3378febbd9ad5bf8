#include "compiler/library.h"

#include <algorithm>

namespace eic {

static constexpr LibraryEntry k_entries[] = {
#define EIC_LIBRARY(part, family, name, older) {#part, family, #name, older},
#include "compiler/library.def"
#undef EIC_LIBRARY
};

std::span<const LibraryEntry> library_entries() { return k_entries; }

std::vector<std::string> LibraryEntry::older_names() const {
  std::vector<std::string> names;
  for (size_t at = 0; at < older.size();) {
    size_t end = std::min(older.find(' ', at), older.size());
    names.emplace_back(older.substr(at, end - at));
    at = end + 1;
  }
  return names;
}

std::string name_in_library(std::string_view part, std::string_view name) {
  for (const LibraryEntry& entry : k_entries) {
    if (entry.part != part || entry.older.empty()) continue;
    std::vector<std::string> older = entry.older_names();
    if (std::find(older.begin(), older.end(), name) != older.end()) return std::string(entry.name);
  }
  return std::string(name);
}

}  // namespace eic
