// The standard library's text, embedded at build time from models/std (cmake/embed.cmake), and that of models/cobahh.eic, for
// those who have the program alone.
#pragma once
#include <span>
#include <string_view>

namespace eic {

struct StdFile {
  std::string_view path;  // "channels/Na_TM1991.eic"
  std::string_view text;
};
std::span<const StdFile> std_files();
std::string_view example_text();

}  // namespace eic
