// The table of the library: what it lists is there, and every name means one file.
#include <boost/test/unit_test.hpp>
#include <set>

#include "compiler/library.h"
#include "compiler/stdlib.h"

using namespace eic;

static std::set<std::string> files() {
  std::set<std::string> paths;
  for (const StdFile& file : std_files()) paths.emplace(file.path);
  return paths;
}

BOOST_AUTO_TEST_CASE(the_library_lists_files_that_are_there) {
  std::set<std::string> there = files();
  for (const LibraryEntry& entry : library_entries()) {
    std::string path = std::string(entry.part) + "/" + std::string(entry.name) + ".eic";
    BOOST_TEST(there.contains(path), path);
  }
}

BOOST_AUTO_TEST_CASE(families_stand_together) {
  std::set<std::pair<std::string_view, std::string_view>> closed;
  const LibraryEntry* last = nullptr;
  for (const LibraryEntry& entry : library_entries()) {
    if (last && (last->part != entry.part || last->family != entry.family)) closed.emplace(last->part, last->family);
    BOOST_TEST(!closed.contains({entry.part, entry.family}), std::string(entry.name));
    last = &entry;
  }
}

BOOST_AUTO_TEST_CASE(a_name_means_one_file) {
  std::set<std::string> there = files(), names;
  for (const LibraryEntry& entry : library_entries()) {
    std::string part(entry.part);
    BOOST_TEST(names.insert(part + "/" + std::string(entry.name)).second, std::string(entry.name));
    for (const std::string& older : entry.older_names()) {
      BOOST_TEST(names.insert(part + "/" + older).second, older);
      BOOST_TEST(!there.contains(part + "/" + older + ".eic"), older);
      BOOST_TEST(name_in_library(part, older) == entry.name);
    }
  }
  BOOST_TEST(name_in_library("channels", "Na_TM1991") == "Na_TM1991");
  BOOST_TEST(name_in_library("synapses", "INa_TM1991") == "INa_TM1991");  // older names are those of their part
}
