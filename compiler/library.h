// The table of the standard library (library.def): the families that `eic list` shows, and older names of what it holds. Read by
// load.cpp, suggest_import.cpp, `eic list` and the language server; the texts themselves are in stdlib.h.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eic {

struct LibraryEntry {
  std::string_view part, family, name;  // "channels", "sodium", "Na_TM1991"
  std::string_view older;               // "INa_TM1991": any number of names, a blank between two

  std::vector<std::string> older_names() const;
};
// A family's members stand beside each other.
std::span<const LibraryEntry> library_entries();
// The file that a name of `use std.part { name }` means: of an older name the one it has now, else itself.
std::string name_in_library(std::string_view part, std::string_view name);

}  // namespace eic
