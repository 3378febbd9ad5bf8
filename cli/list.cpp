// `eic list`: what the standard library holds, with the first line of each file's comment; or the simulations of a model.
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

// As the file was parsed: a shell completes the names while the rest is still being written.
static int list_simulations(const std::string& file) {
  Front front;
  bool good = read(front, file, {});
  std::string out;
  if (front.program && !front.program->modules.empty())
    for (const ast::Item& item : front.program->modules[0].ast.items)
      if (auto* simulate = std::get_if<ast::Simulate>(&item.node)) out += simulate->name.text + "\n";
  if (!good && out.empty()) {
    print_diagnostics(front);
    return exit_status(front);
  }
  return print_out(out) ? Ok : File;
}

Command list_command() {
  auto file = std::make_shared<std::string>();
  return {"list",
          "list the standard library, or the simulations of a model",
          {{"--simulations", "FILE", "list the names of a model's simulations instead", file.get(), Completes::Model}},
          [file] { return file->empty() ? list() : list_simulations(*file); }};
}

}  // namespace eic::cli
