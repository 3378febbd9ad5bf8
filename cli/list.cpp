// `eic list`: what the standard library holds, with the first line of each file's comment.
#include <fmt/format.h>

#include "cli/session.h"
#include "compiler/stdlib.h"

namespace eic::cli {

static int list() {
  std::string out, folder;
  for (const StdFile& file : std_files()) {
    size_t slash = file.path.find('/');
    std::string here(file.path.substr(0, slash)), name(file.path.substr(slash + 1, file.path.size() - slash - 5));
    if (here != folder) out += fmt::format("{}std.{}\n", folder.empty() ? "" : "\n", here);
    folder = here;
    std::string_view text = file.text;
    text.remove_prefix(std::min(text.size(), text.find_first_not_of("# \n")));
    out += fmt::format("  {:<14} {}\n", name, text.substr(0, text.find('\n')));
  }
  return print_out(out) ? Ok : File;
}

Command list_command() { return {"list", "list the standard library", {}, list}; }

}  // namespace eic::cli
